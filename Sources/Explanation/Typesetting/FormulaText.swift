import Differentiation

/// How formulas are written: for reading, for the interpreter, or in TeX.
package struct Writing {
  package enum Style: Sendable {
    /// Chains with dots between the factors.
    case page
    /// What the language itself reads.
    case program
    case tex
  }

  package var style: Style
  package var number: (Double) -> String
  /// The name of a symbol, where it is not its own.
  package var name: (Symbol) -> String?

  package init(
    _ style: Style = .page, number: @escaping (Double) -> String,
    name: @escaping (Symbol) -> String? = { _ in nil }
  ) {
    self.style = style
    self.number = number
    self.name = name
  }

  /// How strongly a formula holds together.
  private enum Binding: Int, Comparable {
    case sum, product, matrixProduct, sign, power, atom
    static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
  }

  package func text(_ formula: Formula) -> String { written(formula).text }

  package func text(_ symbol: Symbol) -> String {
    name(symbol) ?? (style == .tex ? symbol.tex : symbol.text)
  }

  private func written(_ formula: Formula) -> (text: String, binding: Binding) {
    switch formula {
    case .number(let value):
      let text = number(value)
      if style == .tex, let mark = text.firstIndex(of: "e") {
        let exponent = text[text.index(after: mark)...]
        return ("\(text[..<mark]) \\cdot 10^{\(exponent)}", .product)
      }
      return (text, text.hasPrefix("-") ? .sum : .atom)
    case .tensor(let tensor): return (self.text(tensor), .atom)
    case .symbol(let symbol):
      let text = text(symbol)
      let isFraction = style == .page && text.contains("/")
      return (text, isFraction ? .product : .atom)
    case .sum(let terms): return (sum(terms), .sum)
    case .product(let factors):
      return (joined(factors, .product), .product)
    case .chain(let factors): return (chain(factors), .product)
    case .quotient(let a, let b):
      if style == .tex { return ("\\frac{\(text(a))}{\(text(b))}", .atom) }
      return ("\(bound(a, .product))/\(bound(b, .matrixProduct))", .product)
    case .power(let a, let b):
      if style == .tex { return ("\(raisable(a))^{\(text(b))}", .power) }
      return ("\(bound(a, .atom))^\(bound(b, .atom))", .power)
    case .negated(let a): return ("-\(bound(a, .product))", .sum)
    case .matrixProduct(let a, let b):
      let sign = style == .tex ? " \\, " : " @ "
      return ("\(bound(a, .matrixProduct))\(sign)\(bound(b, .sign))", .matrixProduct)
    case .transposed(let a):
      return (style == .tex ? "\(raisable(a))^{T}" : "\(bound(a, .atom))'", .atom)
    case .comparison(let sign, let a, let b):
      let shown = style == .tex ? (Self.texSigns[sign] ?? sign) : sign
      return ("\(bound(a, .sum)) \(shown) \(bound(b, .sum))", .sum)
    case .call(let name, let arguments): return (call(name, arguments), .atom)
    case .omitted(let count, let value):
      switch style {
      case .page: return ("… (\(count) more: \(number(value)))", .atom)
      case .program: return (number(value), value < 0 ? .sum : .atom)
      case .tex: return ("\\dots", .atom)
      }
    }
  }

  private static let texSigns = [">=": "\\ge", "<=": "\\le", "==": "=", "!=": "\\ne"]

  private func bound(_ formula: Formula, _ needed: Binding) -> String {
    let (text, binding) = written(formula)
    return binding < needed ? bracketed(text) : text
  }

  /// For TeX, which takes one superscript only.
  private func raisable(_ formula: Formula) -> String {
    let text = bound(formula, .atom)
    return text.contains("^") ? "{\(text)}" : text
  }

  private func bracketed(_ text: String) -> String {
    style == .tex ? "\\left(\(text)\\right)" : "(\(text))"
  }

  private func joined(_ factors: [Formula], _ binding: Binding) -> String {
    var result = ""
    for (index, factor) in factors.enumerated() {
      // A quotient in front of a factor reads as meant; after one it needs brackets.
      let text = bound(factor, index == 0 ? binding : .matrixProduct)
      if index > 0 {
        let isNumber = text.first?.isNumber ?? false
        result += style != .tex ? "*" : isNumber ? " \\cdot " : " \\, "
      }
      result += text
    }
    return result
  }

  private func chain(_ factors: [Formula]) -> String {
    let sign: String
    switch style {
    case .page: sign = " · "
    case .program: sign = "*"
    case .tex: sign = " \\cdot "
    }
    return factors.map { factor in
      let (text, binding) = written(factor)
      if case .symbol = factor { return text }
      return binding < .matrixProduct ? bracketed(text) : text
    }.joined(separator: sign)
  }

  private func sum(_ terms: [Formula]) -> String {
    var result = ""
    for (index, term) in terms.enumerated() {
      if index == 0 {
        result = bound(term, .sum)
        continue
      }
      if case .negated(let inner) = term {
        result += " - \(bound(inner, .product))"
      } else {
        result += " + \(bound(term, .product))"
      }
    }
    return result
  }

  private func call(_ name: String, _ arguments: [Formula]) -> String {
    let list = arguments.map(text).joined(separator: ", ")
    guard style == .tex else { return "\(name)(\(list))" }
    switch name {
    case "exp" where arguments.count == 1: return "e^{\(list)}"
    case "sqrt": return "\\sqrt{\(list)}"
    case "sigmoid": return "\\sigma\\left(\(list)\\right)"
    case "log": return "\\ln\\left(\(list)\\right)"
    case "tanh", "sin", "cos", "max", "min": return "\\\(name)\\left(\(list)\\right)"
    default:
      return "\\operatorname{\(name.filter { $0 != "_" && $0 != "'" })}\\left(\(list)\\right)"
    }
  }

  /// A vector or matrix on one line; a large one by its shape.
  package func text(_ tensor: Tensor) -> String {
    if let value = tensor.number { return number(value) }
    let most = 12
    guard tensor.elements.count <= most || style == .program else {
      return style == .tex ? "\\text{(\(tensor.shape))}" : "(\(tensor.shape))"
    }
    let rows = (0..<tensor.shape.rows).map { row in
      (0..<tensor.shape.columns).map { number(tensor.elements[row * tensor.shape.columns + $0]) }
    }
    if style == .tex {
      // A vector counts as a column.
      let lines =
        tensor.shape.rank == 1
        ? rows[0].joined(separator: " \\\\ ")
        : rows.map { $0.joined(separator: " & ") }.joined(separator: " \\\\ ")
      return "\\begin{pmatrix} \(lines) \\end{pmatrix}"
    }
    let lists = rows.map { "[\($0.joined(separator: ", "))]" }
    return tensor.shape.rank == 1 ? lists[0] : "[\(lists.joined(separator: ", "))]"
  }
}
