/// The name of a quantity, as it stands in text and in TeX.
///
/// Two symbols are equal if they stand for the same quantity: a notation may write two quantities
/// alike, and each keeps its own number.
package struct Symbol: Hashable, Sendable {
  package let text: String
  package let tex: String
  /// What it stands for: its name, or a place in a net.
  private let quantity: String

  /// - Parameter quantity: what it stands for; its text where nil.
  package init(text: String, tex: String, quantity: String? = nil) {
    self.text = text
    self.tex = tex
    self.quantity = quantity ?? text
  }

  /// A name as a user writes it: `out_h1`, `w5`, `δ`.
  package init(name: String, quantity: String? = nil) {
    self.init(text: name, tex: Self.tex(ofName: name), quantity: quantity)
  }

  /// A name as TeX writes it, `z_{1}^{(2)}`; in text indexes become raised and lowered digits
  /// where there are characters for all of them.
  package init(tex: String, quantity: String? = nil) {
    self.init(text: PlainTeX.text(tex), tex: tex, quantity: quantity)
  }

  package static func == (a: Symbol, b: Symbol) -> Bool { a.quantity == b.quantity }

  package func hash(into hasher: inout Hasher) { hasher.combine(quantity) }

  /// Whether a name is meant as TeX: `z_{1}`, not `z_1`.
  static func isTeX(_ name: String) -> Bool {
    name.contains { $0 == "^" || $0 == "{" || $0 == "\\" }
  }

  /// ∂top/∂bottom.
  package static func derivative(of top: Symbol, by bottom: Symbol) -> Symbol {
    Symbol(
      text: "∂\(top.text)/∂\(bottom.text)",
      tex: "\\frac{\\partial \(top.tex)}{\\partial \(bottom.tex)}",
      quantity: "∂\(top.quantity)/∂\(bottom.quantity)")
  }

  /// A derivative with all other values held fast.
  static func direct(_ derivative: Symbol) -> Symbol {
    Symbol(
      text: "\(derivative.text)|direct",
      tex: "\\left.\(derivative.tex)\\right|_{\\mathrm{direct}}",
      quantity: "\(derivative.quantity)|direct")
  }

  /// The same quantity of one row of the data: `E[2]`.
  func ofSample(_ number: Int) -> Symbol {
    Symbol(
      text: "\(text)[\(number)]", tex: "{\(tex)}_{[\(number)]}",
      quantity: "\(quantity)[\(number)]")
  }

  /// The same quantity after a step: `w5⁺`.
  var next: Symbol {
    Symbol(text: "\(text)⁺", tex: "{\(tex)}^{+}", quantity: "\(quantity)⁺")
  }

  /// What belongs to this quantity under a name of its own: an optimizer's `m(w5)`.
  func owning(_ name: String) -> Symbol {
    let isNext = name.last == "⁺"
    let stem = Symbol(name: isNext ? String(name.dropLast()) : name).tex
    let tex = isNext ? "{\(stem)}^{+}" : stem
    return Symbol(
      text: "\(name)(\(text))", tex: "\(tex)\\left(\(self.tex)\\right)",
      quantity: "\(name)(\(quantity))")
  }

  static let greek: [Character: String] = [
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\epsilon",
    "ζ": "\\zeta", "η": "\\eta", "θ": "\\theta", "ι": "\\iota", "κ": "\\kappa", "λ": "\\lambda",
    "μ": "\\mu", "ν": "\\nu", "ξ": "\\xi", "π": "\\pi", "ρ": "\\rho", "σ": "\\sigma",
    "τ": "\\tau", "υ": "\\upsilon", "φ": "\\phi", "χ": "\\chi", "ψ": "\\psi", "ω": "\\omega",
    "Γ": "\\Gamma", "Δ": "\\Delta", "Θ": "\\Theta", "Λ": "\\Lambda", "Ξ": "\\Xi", "Π": "\\Pi",
    "Σ": "\\Sigma", "Φ": "\\Phi", "Ψ": "\\Psi", "Ω": "\\Omega",
  ]

  /// The name of a function in a formula: `\sigma` of sigmoid, upright where it has several letters.
  package static func tex(ofFunction name: String) -> String {
    if name == "sigmoid" { return "\\sigma" }
    if ["tanh", "exp", "log", "sin", "cos", "max", "min"].contains(name) { return "\\\(name)" }
    let plain = name.split(separator: "_").joined(separator: "\\_")
    return name.count > 1 && name.allSatisfy({ $0.isASCII })
      ? "\\operatorname{\(plain)}" : tex(ofName: name)
  }

  private static func tex(ofName name: String) -> String {
    let parts = name.split(separator: "_", omittingEmptySubsequences: true).map(String.init)
    guard let stem = parts.first else { return "\\_" }
    var index = parts.dropFirst().joined(separator: ",\\,")
    var base = stem
    // w5 is w with the index 5, W1 the same.
    if parts.count == 1 {
      let digits = String(stem.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
      if !digits.isEmpty, digits.count < stem.count {
        base = String(stem.dropLast(digits.count))
        index = digits
      }
    }
    var exponent = ""
    base = base.map { character in
      if let digit = PlainTeX.digit(lowered: character) {
        index += digit
        return ""
      }
      if let digit = PlainTeX.digit(raised: character) {
        exponent += digit
        return ""
      }
      return greek[character].map { "\($0) " } ?? accented(character) ?? String(character)
    }.joined()
    while base.last == " " { base.removeLast() }
    if stem.count > 1, base.allSatisfy({ $0.isASCII && $0.isLetter }), base.count > 1 {
      base = "\\mathrm{\(base)}"
    }
    return base + (index.isEmpty ? "" : "_{\(index)}") + (exponent.isEmpty ? "" : "^{\(exponent)}")
  }

  /// Letters with a mark above them, and the letters below it.
  private static let accents:
    [(command: String, mark: Unicode.Scalar, letters: String, plain: String)] =
      [
        ("hat", "\u{302}", "ŷŶâêîôûĉĝĥĵŝŵẑÂÊÎÔÛĈĜĤĴŜŴẐ", "yYaeioucghjswzAEIOUCGHJSWZ"),
        ("bar", "\u{304}", "āēīōūȳĀĒĪŌŪȲ", "aeiouyAEIOUY"),
        ("tilde", "\u{303}", "ãẽĩñõũỹÃẼĨÑÕŨỸ", "aeinouyAEINOUY"),
        ("dot", "\u{307}", "ẋẏżȧėȯẊẎŻȦĖȮ", "xyzaeoXYZAEO"),
      ]

  /// A letter with a mark above it as TeX writes it in a formula; nil for others.
  private static func accented(_ character: Character) -> String? {
    for (command, mark, letters, plain) in accents {
      if let place = letters.firstIndex(of: character) {
        let count = letters.distance(from: letters.startIndex, to: place)
        return "\\\(command){\(plain[plain.index(plain.startIndex, offsetBy: count)])}"
      }
      let scalars = character.unicodeScalars
      if scalars.count == 2, scalars.last == mark, let first = scalars.first {
        return "\\\(command){\(Character(first))}"
      }
    }
    return nil
  }
}

/// The small part of TeX that names are written in, as text.
enum PlainTeX {
  private static let raised: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
    "9": "⁹", "(": "⁽", ")": "⁾", "+": "⁺", "-": "⁻", "T": "ᵀ", "L": "ᴸ", "l": "ˡ", "n": "ⁿ",
    "k": "ᵏ", "i": "ⁱ",
  ]
  private static let lowered: [Character: Character] = [
    "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈",
    "9": "₉", "i": "ᵢ", "j": "ⱼ", "k": "ₖ",
  ]
  /// Of the letters the longer names first.
  private static let commands: [(String, String)] =
    [
      ("\\partial", "∂"), ("\\hat y", "ŷ"), ("\\hat{y}", "ŷ"), ("\\ell", "ℓ"),
      ("\\varepsilon", "ε"), ("\\vartheta", "θ"), ("\\varphi", "φ"),
      ("\\mathrm", ""), ("\\,", ""), ("\\ ", " "), ("\\frac12", "½"), ("\\frac{1}{2}", "½"),
      ("\\cdot", "·"), ("\\times", "×"), ("\\approx", "≈"), ("\\sum", "Σ"), ("\\leq", "≤"),
      ("\\geq", "≥"), ("\\neq", "≠"), ("\\to", "→"),
    ] + Symbol.greek.map { ($0.value, String($0.key)) }.sorted { $0.0.count > $1.0.count }

  /// The digit that a lowered or raised one stands for.
  static func digit(lowered character: Character) -> String? {
    lowered.first { $0.value == character && $0.key.isNumber }.map { String($0.key) }
  }
  static func digit(raised character: Character) -> String? {
    raised.first { $0.value == character && $0.key.isNumber }.map { String($0.key) }
  }

  static func text(_ tex: String) -> String {
    var result = ""
    let source = withoutCommands(tex)
    var rest = Substring(source)
    while let character = rest.popFirst() {
      switch character {
      case "^": result += index(group(&rest), raised, mark: "^")
      case "_": result += index(group(&rest), lowered, mark: "_")
      case "{", "}": continue
      default: result.append(character)
      }
    }
    return result
  }

  /// Commands as the characters they stand for; unknown ones stay.
  private static func withoutCommands(_ tex: String) -> String {
    guard tex.contains("\\") else { return tex }
    var result = ""
    var rest = Substring(tex)
    while let first = rest.first {
      guard first == "\\", let (command, text) = commands.first(where: { rest.hasPrefix($0.0) })
      else {
        result.append(rest.removeFirst())
        continue
      }
      result += text
      rest = rest.dropFirst(command.count)
      if rest.first == " ", command.last?.isLetter == true { rest = rest.dropFirst() }
    }
    return result
  }

  private static func group(_ rest: inout Substring) -> String {
    guard rest.first == "{" else { return rest.popFirst().map(String.init) ?? "" }
    rest.removeFirst()
    var depth = 1
    var inner = ""
    while let character = rest.popFirst() {
      if character == "{" { depth += 1 }
      if character == "}" {
        depth -= 1
        if depth == 0 { break }
      }
      inner.append(character)
    }
    return inner
  }

  private static func index(
    _ inner: String, _ table: [Character: Character], mark: Character
  ) -> String {
    let small = inner.compactMap { table[$0] }
    if small.count == inner.count, inner.contains(where: { $0.isNumber || $0 == "T" }) {
      return String(small)
    }
    return "\(mark)\(inner)"
  }
}
