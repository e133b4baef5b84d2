/// Running text for TeX, in which symbols are formulas.
struct TeXText {
  private let formulas: [String: String]

  /// - Parameter symbols: how each is written in plain text and in TeX.
  init(symbols: [(text: String, tex: String)]) {
    var formulas: [String: String] = [:]
    // A user's `a` is not told from the article.
    for (text, tex) in symbols where text != "a" && formulas[text] == nil { formulas[text] = tex }
    self.formulas = formulas
  }

  func typeset(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let name = [",", ":", ";", "."].contains(word.last) ? word.dropLast() : word
      guard let formula = formulas[String(name)] ?? formula(String(name)) else {
        return Self.escaped(String(word))
      }
      return "$\(formula)$\(Self.escaped(String(word.dropFirst(name.count))))"
    }.joined(separator: " ")
  }

  /// A word of running text that is a formula though no equation has it: `net_o1`, `∂E/∂net_o1`,
  /// `-η·∂E/∂w5`, `w5⁺`; nil where it is a word.
  private func formula(_ word: String) -> String? {
    let marks: Set<Character> = ["_", "∂", "·", "⁺", "Δ"]
    guard word.contains(where: { marks.contains($0) || Symbol.greek[$0] != nil }),
      word.allSatisfy({ $0.isLetter || $0.isNumber || "_∂·⁺⁽⁾/-−()[]".contains($0) })
    else { return nil }
    if let sign = word.first, sign == "-" || sign == "−" {
      return formula(String(word.dropFirst())).map { "-\($0)" }
        ?? formulas[String(word.dropFirst())].map { "-\($0)" }
    }
    if word.contains("·") {
      return word.split(separator: "·").map { part($0) }.joined(separator: " \\cdot ")
    }
    return part(word[...])
  }

  /// One factor of a word that is a formula.
  private func part(_ word: Substring) -> String {
    if let known = formulas[String(word)] { return known }
    if word.hasPrefix("-") { return "-\(part(word.dropFirst()))" }
    if word.hasSuffix("⁺") { return "{\(part(word.dropLast()))}^{+}" }
    if word.hasPrefix("Δ"), word.count > 1 { return "\\Delta \(part(word.dropFirst()))" }
    let quotient = word.split(separator: "/", maxSplits: 1)
    if quotient.count == 2, quotient.allSatisfy({ $0.hasPrefix("∂") }) {
      let (top, bottom) = (quotient[0].dropFirst(), quotient[1].dropFirst())
      return "\\frac{\\partial \(part(top))}{\\partial \(part(bottom))}"
    }
    return word.allSatisfy { $0.isASCII || Symbol.greek[$0] != nil }
      ? Symbol(name: String(word)).tex : "\\text{\(Self.escaped(String(word)))}"
  }

  private static let special: [Character: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#",
    "%": "\\%", "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}",
    "∂": "$\\partial$", "·": "$\\cdot$", "½": "$\\frac12$", "…": "\\dots{}",
    "−": "$-$", "×": "$\\times$", "ŷ": "$\\hat y$", "≈": "$\\approx$",
    "²": "$^2$", "¹": "$^1$", "³": "$^3$", "⁺": "$^+$", "⁻": "$^-$", "Δ": "$\\Delta$", "⁽": "$^($",
    "⁾": "$^)$", "ˡ": "$^l$",
    "₁": "$_1$", "₂": "$_2$", "₃": "$_3$", "ℓ": "$\\ell$", "←": "$\\leftarrow$",
    "ᵢ": "$_i$", "ⱼ": "$_j$", "ₖ": "$_k$", "ᵀ": "$^T$", "₀": "$_0$", "₄": "$_4$", "₅": "$_5$",
    "₆": "$_6$", "₇": "$_7$", "₈": "$_8$", "₉": "$_9$", "⁰": "$^0$", "⁴": "$^4$", "⁵": "$^5$",
    "⁶": "$^6$", "⁷": "$^7$", "⁸": "$^8$",
    "⁹": "$^9$",
  ]

  static func escaped(_ text: String) -> String {
    text.map { character in
      special[character] ?? Symbol.greek[character].map { "$\($0)$" } ?? String(character)
    }.joined()
  }
}
