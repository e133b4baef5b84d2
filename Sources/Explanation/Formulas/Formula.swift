import Differentiation

/// An expression on paper: numbers, named quantities and operations.
package indirect enum Formula: Hashable, Sendable {
  case number(Double)
  /// A vector or matrix of given numbers.
  case tensor(Tensor)
  case symbol(Symbol)
  /// A term of a sum that is taken away is `.negated`.
  case sum([Formula])
  case product([Formula])
  /// The factors of a chain rule, set apart by dots.
  case chain([Formula])
  case quotient(Formula, Formula)
  case power(Formula, Formula)
  case negated(Formula)
  case matrixProduct(Formula, Formula)
  case transposed(Formula)
  case comparison(String, Formula, Formula)
  case call(String, [Formula])
  /// So many terms are not written out; what they come to.
  case omitted(Int, Double)
}

extension Formula {
  /// How strongly a formula holds together.
  enum Binding: Int, Comparable {
    case sum, product, matrixProduct, sign, power, atom
    static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
  }

  /// The sum with numbers gathered and zeros left out.
  package static func adding(_ terms: [Formula]) -> Formula {
    var parts: [Formula] = []
    for term in terms {
      switch term {
      case .number(0): continue
      case .sum(let inner): parts += inner
      default: parts.append(term)
      }
    }
    if parts.isEmpty { return .number(0) }
    return parts.count == 1 ? parts[0] : .sum(parts)
  }

  /// The product with its numbers gathered in front and signs taken out.
  package static func multiplying(_ factors: [Formula]) -> Formula {
    var number = 1.0
    var parts: [Formula] = []
    func include(_ factor: Formula) {
      switch factor {
      case .number(let value): number *= value
      case .product(let inner): for part in inner { include(part) }
      case .negated(let inner):
        number = -number
        include(inner)
      default: parts.append(factor)
      }
    }
    for factor in factors { include(factor) }
    if number == 0 { return .number(0) }
    if parts.isEmpty { return .number(number) }
    let isNegative = number < 0
    if abs(number) != 1 { parts.insert(.number(abs(number)), at: 0) }
    let result: Formula = parts.count == 1 ? parts[0] : .product(parts)
    return isNegative ? .negated(result) : result
  }

  package static func negating(_ formula: Formula) -> Formula {
    switch formula {
    case .number(let value): .number(-value)
    case .negated(let inner): inner
    default: .negated(formula)
    }
  }

  /// The same with every symbol that has a value replaced by it.
  package func substituting(_ values: (Symbol) -> Tensor?) -> Formula {
    func inner(_ formula: Formula) -> Formula { formula.substituting(values) }
    switch self {
    case .number, .tensor, .omitted: return self
    case .symbol(let symbol):
      guard let value = values(symbol) else { return self }
      return value.number.map { .number($0) } ?? .tensor(value)
    case .sum(let terms): return .sum(terms.map(inner))
    case .product(let factors): return .product(factors.map(inner))
    case .chain(let factors): return .chain(factors.map(inner))
    case .quotient(let a, let b): return .quotient(inner(a), inner(b))
    case .power(let a, let b): return .power(inner(a), inner(b))
    case .negated(let a): return .negated(inner(a))
    case .matrixProduct(let a, let b): return .matrixProduct(inner(a), inner(b))
    case .transposed(let a): return .transposed(inner(a))
    case .comparison(let sign, let a, let b): return .comparison(sign, inner(a), inner(b))
    case .call(let name, let arguments): return .call(name, arguments.map(inner))
    }
  }

  package var symbols: Set<Symbol> {
    switch self {
    case .number, .tensor, .omitted: []
    case .symbol(let symbol): [symbol]
    case .sum(let parts), .product(let parts), .chain(let parts), .call(_, let parts):
      parts.reduce(into: []) { $0.formUnion($1.symbols) }
    case .quotient(let a, let b), .power(let a, let b), .matrixProduct(let a, let b),
      .comparison(_, let a, let b):
      a.symbols.union(b.symbols)
    case .negated(let a), .transposed(let a): a.symbols
    }
  }
}
