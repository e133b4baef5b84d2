/// The name of a quantity, as it stands in text and as it is set in formulas.
///
/// Two symbols are equal if they stand for the same quantity: a notation may write two quantities
/// alike, and each keeps its own number.
package struct Symbol: Hashable, Sendable {
  package let text: String
  private let form: Form
  /// What it stands for: its name, or a place in a net.
  private let quantity: String

  /// What it is made of.
  private indirect enum Form: Sendable {
    case name(String)
    case tex(String)
    case derivative(Symbol, Symbol)
    case direct(Symbol)
    case sample(Symbol, Int)
    case next(Symbol)
    case owned(String, Symbol)
    case value(String, of: [String])
  }

  private init(text: String, _ form: Form, quantity: String? = nil) {
    self.text = text
    self.form = form
    self.quantity = quantity ?? text
  }

  /// A name as a user writes it: `out_h1`, `w5`, `δ`.
  /// - Parameter quantity: what it stands for; its text where nil.
  package init(name: String, quantity: String? = nil) {
    self.init(text: name, .name(name), quantity: quantity)
  }

  /// A name as TeX writes it, `z_{1}^{(2)}`; in text indexes become raised and lowered digits
  /// where there are characters for all of them.
  package init(tex: String, quantity: String? = nil) {
    self.init(text: PlainTeX.text(tex), .tex(tex), quantity: quantity)
  }

  /// The value of a function: `f(x, y)`.
  package init(function: String, of variables: [String]) {
    self.init(
      text: "\(function)(\(variables.joined(separator: ", ")))", .value(function, of: variables))
  }

  package static func == (a: Symbol, b: Symbol) -> Bool { a.quantity == b.quantity }

  package func hash(into hasher: inout Hasher) { hasher.combine(quantity) }

  /// Whether a name is meant as TeX: `z_{1}`, not `z_1`.
  static func isTeX(_ name: String) -> Bool {
    name.contains { $0 == "^" || $0 == "{" || $0 == "\\" }
  }

  /// As it is set in a formula.
  package var layout: MathLayout {
    switch form {
    case .name(let name): return Self.layout(ofName: name)
    case .tex(let tex): return .written(tex: tex, PlainTeX.layout(tex))
    case .derivative(let top, let bottom):
      return .fraction(
        .row([.letter("∂"), top.layout]), .row([.letter("∂"), bottom.layout]))
    case .direct(let derivative): return .evaluated(derivative.layout, at: .word("direct"))
    case .sample(let symbol, let number):
      return .indexed(
        symbol.layout, .row([.mark("["), .number("\(number)"), .mark("]")]))
    case .next(let symbol): return .raised(symbol.layout, Self.plus)
    case .owned(let name, let owner):
      let isNext = name.last == "⁺"
      let stem = Self.layout(ofName: isNext ? String(name.dropLast()) : name)
      return .row([isNext ? .raised(stem, Self.plus) : stem, .bracketed(owner.layout)])
    case .value(let function, let variables):
      var list: [MathLayout] = []
      for variable in variables {
        if !list.isEmpty { list.append(.sign(.comma)) }
        list.append(Self.layout(ofName: variable))
      }
      return .row([Self.layout(ofFunction: function), .mark("(")] + list + [.mark(")")])
    }
  }

  private static let plus = MathLayout.mark("+")

  /// ∂top/∂bottom.
  package static func derivative(of top: Symbol, by bottom: Symbol) -> Symbol {
    Symbol(
      text: "∂\(top.text)/∂\(bottom.text)", .derivative(top, bottom),
      quantity: "∂\(top.quantity)/∂\(bottom.quantity)")
  }

  /// A derivative with all other values held fast.
  static func direct(_ derivative: Symbol) -> Symbol {
    Symbol(
      text: "\(derivative.text)|direct", .direct(derivative),
      quantity: "\(derivative.quantity)|direct")
  }

  /// The same quantity of one row of the data: `E[2]`.
  func ofSample(_ number: Int) -> Symbol {
    Symbol(
      text: "\(text)[\(number)]", .sample(self, number), quantity: "\(quantity)[\(number)]")
  }

  /// The same quantity after a step: `w5⁺`.
  var next: Symbol { Symbol(text: "\(text)⁺", .next(self), quantity: "\(quantity)⁺") }

  /// What belongs to this quantity under a name of its own: an optimizer's `m(w5)`.
  func owning(_ name: String) -> Symbol {
    Symbol(
      text: "\(name)(\(text))", .owned(name, self), quantity: "\(name)(\(quantity))")
  }

  static let greek: [Character: String] = [
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\epsilon",
    "ζ": "\\zeta", "η": "\\eta", "θ": "\\theta", "ι": "\\iota", "κ": "\\kappa", "λ": "\\lambda",
    "μ": "\\mu", "ν": "\\nu", "ξ": "\\xi", "π": "\\pi", "ρ": "\\rho", "σ": "\\sigma",
    "τ": "\\tau", "υ": "\\upsilon", "φ": "\\phi", "χ": "\\chi", "ψ": "\\psi", "ω": "\\omega",
    "Γ": "\\Gamma", "Δ": "\\Delta", "Θ": "\\Theta", "Λ": "\\Lambda", "Ξ": "\\Xi", "Π": "\\Pi",
    "Σ": "\\Sigma", "Φ": "\\Phi", "Ψ": "\\Psi", "Ω": "\\Omega",
  ]

  /// The name of a function in a formula: σ of sigmoid, upright where it has several letters.
  package static func layout(ofFunction name: String) -> MathLayout {
    let marks = name.reversed().prefix { $0 == "'" }.count
    let stem = name == "sigmoid" + name.suffix(marks) ? "σ" : String(name.dropLast(marks))
    guard stem.count == 1 || !stem.allSatisfy({ $0.isASCII }) else { return .function(name) }
    let base = layout(ofName: stem)
    return marks == 0
      ? base : .raised(base, .row(Array(repeating: .letter("′"), count: marks)))
  }

  /// A name with its index: w5 is w with the index 5, W1 the same, and `net_h1` has the index h1.
  static func layout(ofName name: String) -> MathLayout {
    if name.contains(" ") { return .text(name) }
    let parts = name.split(separator: "_", omittingEmptySubsequences: true).map(String.init)
    guard let stem = parts.first else { return .letter("_") }
    var index: [MathLayout] = []
    var exponent: [MathLayout] = []
    var plain = ""
    for character in stem {
      if let lowered = PlainTeX.plain(lowered: character) {
        index += letters(String(lowered), wordsFrom: .max)
      } else if let raised = PlainTeX.plain(raised: character) {
        exponent += letters(String(raised), wordsFrom: .max)
      } else {
        plain.append(character)
      }
    }
    if parts.count == 1, index.isEmpty {
      let digits = String(plain.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
      if !digits.isEmpty, digits.count < plain.count {
        plain = String(plain.dropLast(digits.count))
        index = [.number(digits)]
      }
    }
    for part in parts.dropFirst() {
      if !index.isEmpty { index += [.mark(","), .space] }
      let raised = part.compactMap(PlainTeX.plain(raised:))
      exponent += letters(String(raised), wordsFrom: .max)
      index += letters(part.filter { PlainTeX.plain(raised: $0) == nil }, wordsFrom: 3)
    }
    let isWord = plain.count > 1 && plain.allSatisfy { $0.isASCII && $0.isLetter }
    let layout = isWord ? .word(plain) : MathLayout.joined(letters(plain, wordsFrom: .max))
    guard !index.isEmpty || !exponent.isEmpty else { return layout }
    return .scripts(
      layout, below: index.isEmpty ? nil : .joined(index),
      above: exponent.isEmpty ? nil : .joined(exponent))
  }

  /// Raised characters as an exponent.
  static func layout(raisedIn text: String) -> MathLayout {
    .joined(letters(String(text.compactMap(PlainTeX.plain(raised:))), wordsFrom: .max))
  }

  /// The characters of a name: letters one by one, those of words together, and numbers.
  static func letters(_ name: String, wordsFrom most: Int) -> [MathLayout] {
    var result: [MathLayout] = []
    var rest = Substring(name)
    while let first = rest.first {
      if first.isASCII, first.isNumber {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        result.append(.number(String(digits)))
        rest = rest.dropFirst(digits.count)
        continue
      }
      let word = rest.prefix { $0.isASCII && $0.isLetter }
      if word.count >= most {
        result.append(.word(String(word)))
        rest = rest.dropFirst(word.count)
        continue
      }
      rest.removeFirst()
      result.append(accented(first) ?? (first.isLetter ? .letter(first) : .mark(first)))
    }
    return result
  }

  /// Letters with a mark above them, and the letters below it.
  private static let accents:
    [(accent: MathLayout.Accent, mark: Unicode.Scalar, letters: String, plain: String)] =
      [
        (.hat, "\u{302}", "ŷŶâêîôûĉĝĥĵŝŵẑÂÊÎÔÛĈĜĤĴŜŴẐ", "yYaeioucghjswzAEIOUCGHJSWZ"),
        (.bar, "\u{304}", "āēīōūȳĀĒĪŌŪȲ", "aeiouyAEIOUY"),
        (.tilde, "\u{303}", "ãẽĩñõũỹÃẼĨÑÕŨỸ", "aeinouyAEINOUY"),
        (.dot, "\u{307}", "ẋẏżȧėȯẊẎŻȦĖȮ", "xyzaeoXYZAEO"),
      ]

  /// A letter with a mark above it; nil for others.
  private static func accented(_ character: Character) -> MathLayout? {
    for (accent, mark, letters, plain) in accents {
      if let place = letters.firstIndex(of: character) {
        let count = letters.distance(from: letters.startIndex, to: place)
        return .accented(accent, .letter(plain[plain.index(plain.startIndex, offsetBy: count)]))
      }
      let scalars = character.unicodeScalars
      if scalars.count == 2, scalars.last == mark, let first = scalars.first {
        return .accented(accent, .letter(Character(first)))
      }
    }
    return nil
  }
}
