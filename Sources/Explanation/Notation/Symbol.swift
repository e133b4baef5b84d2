/// The name of a quantity, as it stands in text and in TeX.
package struct Symbol: Hashable, Sendable {
  package let text: String
  package let tex: String

  package init(text: String, tex: String) {
    self.text = text
    self.tex = tex
  }

  /// A name as a user writes it: `out_h1`, `w5`, `δ`.
  package init(name: String) {
    text = name
    tex = Self.tex(ofName: name)
  }

  /// A name as TeX writes it, `z_{1}^{(2)}`; in text indexes become raised and lowered digits
  /// where there are characters for all of them.
  package init(tex: String) {
    self.tex = tex
    text = PlainTeX.text(tex)
  }

  /// ∂top/∂bottom.
  package static func derivative(of top: Symbol, by bottom: Symbol) -> Symbol {
    Symbol(
      text: "∂\(top.text)/∂\(bottom.text)",
      tex: "\\frac{\\partial \(top.tex)}{\\partial \(bottom.tex)}")
  }

  /// A derivative with all other values held fast.
  static func direct(_ derivative: Symbol) -> Symbol {
    Symbol(
      text: "\(derivative.text)|direct",
      tex: "\\left.\(derivative.tex)\\right|_{\\mathrm{direct}}")
  }

  static let greek: [Character: String] = [
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\epsilon",
    "ζ": "\\zeta", "η": "\\eta", "θ": "\\theta", "ι": "\\iota", "κ": "\\kappa", "λ": "\\lambda",
    "μ": "\\mu", "ν": "\\nu", "ξ": "\\xi", "π": "\\pi", "ρ": "\\rho", "σ": "\\sigma",
    "τ": "\\tau", "υ": "\\upsilon", "φ": "\\phi", "χ": "\\chi", "ψ": "\\psi", "ω": "\\omega",
    "Γ": "\\Gamma", "Δ": "\\Delta", "Θ": "\\Theta", "Λ": "\\Lambda", "Ξ": "\\Xi", "Π": "\\Pi",
    "Σ": "\\Sigma", "Φ": "\\Phi", "Ψ": "\\Psi", "Ω": "\\Omega",
  ]

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
    base = base.map { greek[$0].map { "\($0) " } ?? String($0) }.joined()
    while base.last == " " { base.removeLast() }
    if stem.count > 1, base.allSatisfy({ $0.isASCII && $0.isLetter }), base.count > 1 {
      base = "\\mathrm{\(base)}"
    }
    return index.isEmpty ? base : "\(base)_{\(index)}"
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
  private static let commands: [(String, String)] = [
    ("\\partial", "∂"), ("\\delta", "δ"), ("\\Delta", "Δ"), ("\\eta", "η"), ("\\alpha", "α"),
    ("\\epsilon", "ε"), ("\\mu", "μ"), ("\\beta", "β"), ("\\hat y", "ŷ"), ("\\hat{y}", "ŷ"),
    ("\\ell", "ℓ"), ("\\sigma", "σ"), ("\\mathrm", ""), ("\\,", ""), ("\\ ", " "),
  ]

  static func text(_ tex: String) -> String {
    var source = tex
    for (command, replacement) in commands {
      source = replaced(command, by: replacement, in: source)
    }
    var result = ""
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

  private static func replaced(_ part: String, by replacement: String, in text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while !rest.isEmpty {
      if rest.hasPrefix(part) {
        result += replacement
        rest = rest.dropFirst(part.count)
        if rest.first == " ", part.last?.isLetter == true { rest = rest.dropFirst() }
      } else {
        result.append(rest.removeFirst())
      }
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
