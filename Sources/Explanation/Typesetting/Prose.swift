/// Running text in which symbols are formulas.
package struct Prose {
  package enum Span: Hashable, Sendable {
    case text(String)
    /// A formula, and the same as it stands in the text.
    case formula(MathLayout, String)
  }

  private let formulas: [String: MathLayout]
  /// Whether what looks like a symbol is one, though none of those given is it.
  private let readsNames: Bool

  /// A user's `a` is not told from the article.
  private static let words = ["a", "A", "I"]

  /// - Parameters:
  ///   - symbols: those that are formulas wherever they stand.
  ///   - readsNames: whether `net_h1` and `η` are symbols though none of these is it; derivatives are.
  package init(symbols: Set<Symbol>, readsNames: Bool = true) {
    var formulas: [String: MathLayout] = [:]
    for symbol in symbols where !Self.words.contains(symbol.text) && formulas[symbol.text] == nil {
      formulas[symbol.text] = symbol.layout.inline
    }
    self.formulas = formulas
    self.readsNames = readsNames
  }

  package func spans(_ text: String) -> [Span] {
    var spans: [Span] = []
    func append(_ text: String) {
      guard !text.isEmpty else { return }
      if case .text(let before)? = spans.last {
        spans[spans.count - 1] = .text(before + text)
      } else {
        spans.append(.text(text))
      }
    }
    for (place, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
      if place > 0 { append(" ") }
      let name = [",", ":", ";", "."].contains(word.last) ? word.dropLast() : word
      let isDivided = name.contains("(") || name.contains(")") || name.first == "["
      if let formula = formulas[String(name)] ?? (isDivided ? nil : formula(String(name))) {
        spans.append(.formula(formula, String(name)))
        append(String(word.dropFirst(name.count)))
      } else if Self.isPlace(name) {
        append(String(word))
      } else {
        for piece in Self.pieces(of: word) {
          if let formula = formulas[String(piece)] ?? formula(String(piece)) {
            spans.append(.formula(formula, String(piece)))
          } else {
            append(String(piece))
          }
        }
      }
    }
    return spans
  }

  /// Whether a word is a place in an array as programs write it: `W2[1,2]`.
  private static func isPlace(_ word: Substring) -> Bool {
    guard let open = word.firstIndex(of: "["), word.last == "]" else { return false }
    return word[..<open].last.map { $0.isLetter || $0.isNumber } ?? false
  }

  /// A word divided at its brackets and signs: `(t`, `w*x`.
  private static func pieces(of word: Substring) -> [Substring] {
    let signs: Set<Character> = ["(", ")", "[", "]", ",", "=", "*", "·", "+", "-", "/", "^"]
    var pieces: [Substring] = []
    var rest = word
    while let first = rest.first {
      let isSign = signs.contains(first)
      let piece = rest.prefix { signs.contains($0) == isSign }
      pieces.append(piece)
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }

  /// A word of running text that is a formula though no equation has it: `net_o1`, `∂E/∂net_o1`,
  /// `-η·∂E/∂w5`, `w5⁺`; nil where it is a word.
  private func formula(_ word: String) -> MathLayout? {
    if let indexed = Self.indexed(word) { return indexed }
    guard readsNames || word.contains("∂") else { return nil }
    let marks: Set<Character> = ["_", "∂", "·", "⁺", "Δ"]
    guard word.contains(where: { marks.contains($0) || Symbol.greek[$0] != nil }),
      word.contains("∂") || !word.contains("["),
      word.allSatisfy({ $0.isLetter || $0.isNumber || "_∂·⁺⁽⁾/-−[]".contains($0) })
    else { return nil }
    if let sign = word.first, sign == "-" || sign == "−" {
      let inner = String(word.dropFirst())
      return (formula(inner) ?? formulas[inner]).map { .row([.sign(.negative), $0]) }
    }
    guard word.contains("·") else { return part(word[...]) }
    var parts: [MathLayout] = []
    for factor in word.split(separator: "·") {
      if !parts.isEmpty { parts.append(.sign(.dot)) }
      parts.append(part(factor))
    }
    return .joined(parts)
  }

  /// Letters with indexes and exponents of their own: `w₁₁⁽¹⁾x₁`, `XW¹`, `x2`; nil for other words.
  private static func indexed(_ word: String) -> MathLayout? {
    func isScript(_ character: Character) -> Bool {
      PlainTeX.plain(raised: character) != nil || PlainTeX.plain(lowered: character) != nil
    }
    let digits = word.dropFirst()
    if let first = word.first, first.isLetter, !isScript(first), (1...2).contains(digits.count),
      digits.allSatisfy({ $0.isASCII && $0.isNumber })
    {
      return Symbol.layout(ofName: word)
    }
    var parts: [MathLayout] = []
    var letters = 0
    var rest = Substring(word)
    var isIndexed = false
    while let first = rest.first {
      let scripts = rest.dropFirst().prefix(while: isScript)
      let isAlone = PlainTeX.plain(raised: first) != nil
      guard isAlone || first.isLetter && PlainTeX.plain(lowered: first) == nil else { return nil }
      // What is raised at the beginning belongs to a bracket before it.
      parts.append(
        isAlone
          ? .raised(.row([]), Symbol.layout(raisedIn: String(rest.prefix(1 + scripts.count))))
          : Symbol.layout(ofName: String(rest.prefix(1 + scripts.count))))
      isIndexed = isIndexed || isAlone || !scripts.isEmpty
      letters += isAlone ? 0 : 1
      rest = rest.dropFirst(1 + scripts.count)
    }
    return isIndexed && letters <= 4 ? .joined(parts) : nil
  }

  /// One factor of a word that is a formula.
  private func part(_ word: Substring) -> MathLayout {
    if let known = formulas[String(word)] { return known }
    if word.hasPrefix("-") { return .row([.sign(.negative), part(word.dropFirst())]) }
    if word.hasSuffix("⁺") { return .raised(part(word.dropLast()), .mark("+")) }
    if word.hasPrefix("Δ"), word.count > 1 {
      return .row([.letter("Δ"), part(word.dropFirst())])
    }
    let quotient = word.split(separator: "/", maxSplits: 1)
    if quotient.count == 2, quotient.allSatisfy({ $0.hasPrefix("∂") }) {
      return .row([
        .letter("∂"), part(quotient[0].dropFirst()), .mark("/"), .letter("∂"),
        part(quotient[1].dropFirst()),
      ])
    }
    return Symbol.layout(ofName: String(word))
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

  package static func escaped(_ text: String) -> String {
    text.map { character in
      special[character] ?? Symbol.greek[character].map { "$\($0)$" } ?? String(character)
    }.joined()
  }
}
