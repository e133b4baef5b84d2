/// Formulas for a display of seven-bit characters.
package enum PlainCharacters {
  private static let spelled: [Character: String] = [
    "∂": "d", "·": "*", "δ": "delta", "Δ": "Delta", "η": "eta", "α": "alpha", "ε": "epsilon",
    "μ": "mu", "σ": "sigma", "Σ": "sum", "½": "1/2", "…": "...", "−": "-", "×": "x", "≈": "~",
    "ŷ": "yhat", "ℓ": "l", "←": "<-", "→": "->", "ᵢ": "i", "ⱼ": "j", "ₖ": "k", "ᵀ": "T",
    "ˡ": "l", "ᴸ": "L", "⁽": "(", "⁾": ")", "’": "'", "–": "-", "—": "-",
    "⎧": "{", "⎨": "{", "⎪": "{", "⎩": "{", "≥": ">=", "≤": "<=", "─": "-", "═": "=",
  ]
  private static let digits = Dictionary(
    uniqueKeysWithValues: zip("₀₁₂₃₄₅₆₇₈₉", "0123456789").map { ($0, $1) }
      + zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789").map { ($0, $1) })

  /// `text` in seven-bit characters: Greek letters by name, indexes in line.
  package static func ascii(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    return text.map { character in
      if character.isASCII { return String(character) }
      if let word = spelled[character] { return word }
      return digits[character].map(String.init) ?? "?"
    }.joined()
  }

  private static let strokes: [Character: Character] = {
    var table: [Character: Character] = [
      "╱": "/", "╲": "\\", "▸": ">", "◂": "<", "▁": "_", "▂": "_", "▃": "_", "▄": "=", "▅": "=",
      "▆": "=", "▇": "#", "█": "#", "░": ".", "▒": ":", "▓": "%", "•": "*", "␣": "_",
    ]
    for character in "╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬" { table[character] = "+" }
    for character in "│┃║┊┆╎" { table[character] = "|" }
    for character in "─━═┄┈┅╌" { table[character] = "-" }
    return table
  }()

  /// `text` with the strokes of pictures and rules in seven-bit characters, each as wide as it was;
  /// letters stay as they are.
  package static func drawing(_ text: String) -> String {
    String(text.map { strokes[$0] ?? $0 })
  }
}
