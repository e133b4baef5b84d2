import Differentiation

/// How formulas are set on paper: fractions, exponents and brackets, and as few signs of
/// multiplication as can be read.
package struct FormulaLayout {
  private let number: (Double) -> String

  /// - Parameter number: how numbers are written.
  package init(number: @escaping (Double) -> String) { self.number = number }

  package func layout(_ formula: Formula) -> MathLayout { set(formula).layout }

  private typealias Binding = Formula.Binding

  private func set(_ formula: Formula) -> (layout: MathLayout, binding: Binding) {
    switch formula {
    case .number(let value): return set(value)
    case .tensor(let tensor): return (layout(tensor), .atom)
    case .symbol(let symbol): return (symbol.layout, .atom)
    case .sum(let terms): return (sum(terms), .sum)
    case .product(let factors): return (product(factors), .product)
    case .chain(let factors): return (chain(factors), .product)
    case .quotient(let a, let b): return (.fraction(layout(a), layout(b)), .atom)
    case .power(let a, let b): return (.raised(raisable(a), layout(b)), .power)
    case .negated(let a): return (.row([.sign(.negative), bound(a, .product)]), .sum)
    case .matrixProduct(let a, let b):
      return (
        .row([bound(a, .matrixProduct), .sign(.beside), bound(b, .sign)]), .matrixProduct
      )
    case .transposed(let a): return (.raised(raisable(a), .letter("T")), .atom)
    case .comparison(let sign, let a, let b):
      return (.row([bound(a, .sum), .sign(Self.sign(sign)), bound(b, .sum)]), .sum)
    case .call(let name, let arguments): return (call(name, arguments), .atom)
    case .omitted: return (.omitted, .atom)
    }
  }

  /// A number, with a power of ten in place of the exponent that programs write.
  package func layout(_ value: Double) -> MathLayout { set(value).layout }

  private func set(_ value: Double) -> (layout: MathLayout, binding: Binding) {
    let text = number(value)
    guard let mark = text.firstIndex(of: "e"), text[..<mark].last?.isNumber == true else {
      return (.number(text), text.hasPrefix("-") ? .sum : .atom)
    }
    let exponent = MathLayout.number(String(text[text.index(after: mark)...]))
    return (
      .row([
        .number(String(text[..<mark])), .sign(.dot),
        .raised(.number("10"), exponent),
      ]), text.hasPrefix("-") ? .sum : .product
    )
  }

  private static func sign(_ text: String) -> MathLayout.Sign {
    switch text {
    case "<": .less
    case "<=": .atMost
    case ">": .greater
    case ">=": .atLeast
    case "!=": .notEqual
    default: .equal
    }
  }

  private func bound(_ formula: Formula, _ needed: Binding) -> MathLayout {
    let (layout, binding) = set(formula)
    return binding < needed ? .bracketed(layout) : layout
  }

  /// What an exponent can stand behind: not a fraction, whose numerator alone it would seem to raise.
  private func raisable(_ formula: Formula) -> MathLayout {
    let layout = bound(formula, .atom)
    switch layout {
    case .fraction, .evaluated: return .bracketed(layout)
    default: return layout
    }
  }

  private func product(_ factors: [Formula]) -> MathLayout {
    var parts: [MathLayout] = []
    for (place, factor) in factors.enumerated() {
      // A quotient in front of a factor reads as meant; after one it needs brackets.
      let part = bound(factor, place == 0 ? .product : .matrixProduct)
      if place > 0 { parts.append(.sign(Self.startsWithDigit(part) ? .dot : .beside)) }
      parts.append(part)
    }
    return .joined(parts)
  }

  private static func startsWithDigit(_ layout: MathLayout) -> Bool {
    switch layout {
    case .number(let text): text.first?.isNumber ?? false
    case .row(let parts): parts.first.map(startsWithDigit) ?? false
    case .scripts(let base, _, _): startsWithDigit(base)
    default: false
    }
  }

  private func chain(_ factors: [Formula]) -> MathLayout {
    var parts: [MathLayout] = []
    for (place, factor) in factors.enumerated() {
      if place > 0 { parts.append(.sign(.dot)) }
      let (layout, binding) = set(factor)
      parts.append(binding < .matrixProduct ? .bracketed(layout) : layout)
    }
    return .joined(parts)
  }

  private func sum(_ terms: [Formula]) -> MathLayout {
    var parts: [MathLayout] = []
    for (place, term) in terms.enumerated() {
      if place == 0 {
        parts.append(bound(term, .sum))
      } else if case .negated(let inner) = term {
        parts += [.sign(.minus), bound(inner, .product)]
      } else {
        parts += [.sign(.plus), bound(term, .product)]
      }
    }
    return .joined(parts)
  }

  private func call(_ name: String, _ arguments: [Formula]) -> MathLayout {
    var list: [MathLayout] = []
    for argument in arguments {
      if !list.isEmpty { list.append(.sign(.comma)) }
      list.append(layout(argument))
    }
    let inner = MathLayout.joined(list)
    switch name {
    case "exp" where arguments.count == 1: return .raised(.letter("e"), inner)
    case "sqrt": return .root(inner)
    case "log": return .row([.function("ln"), .bracketed(inner)])
    default: return .row([Symbol.layout(ofFunction: name), .bracketed(inner)])
    }
  }

  /// More numbers than these are not written out.
  private static let mostNumbers = 12

  /// A vector or matrix; a large one by its shape.
  package func layout(_ tensor: Tensor) -> MathLayout {
    if let value = tensor.number { return layout(value) }
    guard tensor.elements.count <= Self.mostNumbers else { return .text("(\(tensor.shape))") }
    let columns = tensor.shape.columns
    let rows = (0..<tensor.shape.rows).map { row in
      (0..<columns).map { layout(tensor.elements[row * columns + $0]) }
    }
    // A vector counts as a column.
    return .matrix(tensor.shape.rank == 1 ? rows[0].map { [$0] } : rows)
  }
}
