import Differentiation

/// How formulas are written in one line of text: for reading, or for the interpreter.
package struct Writing {
  package enum Style: Sendable {
    /// Chains with dots between the factors.
    case page
    /// What the language itself reads.
    case program
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

  private typealias Binding = Formula.Binding

  package func text(_ formula: Formula) -> String { written(formula).text }

  package func text(_ symbol: Symbol) -> String {
    name(symbol) ?? symbol.text
  }

  private func written(_ formula: Formula) -> (text: String, binding: Binding) {
    switch formula {
    case .number(let value):
      let text = number(value)
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
      return ("\(bound(a, .product))/\(bound(b, .matrixProduct))", .product)
    case .power(let a, let b):
      return ("\(bound(a, .atom))^\(bound(b, .atom))", .power)
    case .negated(let a): return ("-\(bound(a, .product))", .sum)
    case .matrixProduct(let a, let b):
      return ("\(bound(a, .matrixProduct)) @ \(bound(b, .sign))", .matrixProduct)
    case .transposed(let a):
      return ("\(bound(a, .atom))'", .atom)
    case .comparison(let sign, let a, let b):
      return ("\(bound(a, .sum)) \(sign) \(bound(b, .sum))", .sum)
    case .call(let name, let arguments):
      return ("\(name)(\(arguments.map(text).joined(separator: ", ")))", .atom)
    case .omitted(let count, let value):
      switch style {
      case .page: return ("… (\(count) more: \(number(value)))", .atom)
      case .program: return (number(value), value < 0 ? .sum : .atom)
      }
    }
  }

  private func bound(_ formula: Formula, _ needed: Binding) -> String {
    let (text, binding) = written(formula)
    return binding < needed ? "(\(text))" : text
  }

  private func joined(_ factors: [Formula], _ binding: Binding) -> String {
    var result = ""
    for (index, factor) in factors.enumerated() {
      // A quotient in front of a factor reads as meant; after one it needs brackets.
      let text = bound(factor, index == 0 ? binding : .matrixProduct)
      result += index > 0 ? "*\(text)" : text
    }
    return result
  }

  private func chain(_ factors: [Formula]) -> String {
    let sign = style == .page ? " · " : "*"
    return factors.map { factor in
      let (text, binding) = written(factor)
      if case .symbol = factor { return text }
      return binding < .matrixProduct ? "(\(text))" : text
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

  /// A vector or matrix on one line; a large one by its shape.
  package func text(_ tensor: Tensor) -> String {
    if let value = tensor.number { return number(value) }
    let most = 12
    guard tensor.elements.count <= most || style == .program else {
      return "(\(tensor.shape))"
    }
    let rows = (0..<tensor.shape.rows).map { row in
      (0..<tensor.shape.columns).map { number(tensor.elements[row * tensor.shape.columns + $0]) }
    }
    let lists = rows.map { "[\($0.joined(separator: ", "))]" }
    return tensor.shape.rank == 1 ? lists[0] : "[\(lists.joined(separator: ", "))]"
  }
}
