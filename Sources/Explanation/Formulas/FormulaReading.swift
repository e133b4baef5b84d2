import Differentiation
import Learning

/// Reads the graph behind a value as a formula, down to the nodes that have symbols.
package struct FormulaReader {
  /// The symbol of a node, nil where its own computation is to be written out.
  let symbol: (Node) -> Symbol?

  package init(symbol: @escaping (Node) -> Symbol?) { self.symbol = symbol }

  /// The formula of a node by its symbol, or written out.
  package func formula(_ node: Node) -> Formula {
    if let symbol = symbol(node) { return .symbol(symbol) }
    return computation(of: node)
  }

  /// The formula of a node from its inputs, whether or not it has a symbol of its own.
  package func computation(of node: Node) -> Formula {
    guard let primitive = node.primitive else {
      guard let value = node.value else { return .symbol(Symbol(name: node.name ?? "?")) }
      return value.number.map { .number($0) } ?? .tensor(value)
    }
    let inputs = node.inputs.map(formula)
    return operation(primitive, inputs, node)
  }

  private func operation(_ primitive: Primitive, _ inputs: [Formula], _ node: Node) -> Formula {
    switch primitive.name {
    case "add": return .adding(inputs)
    case "subtract":
      if inputs[0] == .number(0) { return .negating(inputs[1]) }
      return inputs[1] == .number(0) ? inputs[0] : .sum([inputs[0], .negating(inputs[1])])
    case "multiply": return .multiplying(inputs)
    case "divide": return .quotient(inputs[0], inputs[1])
    case "power": return inputs[1] == .number(1) ? inputs[0] : .power(inputs[0], inputs[1])
    case "square": return .power(inputs[0], .number(2))
    case "negate": return .negating(inputs[0])
    case "matmul": return .matrixProduct(inputs[0], inputs[1])
    case "transpose": return .transposed(inputs[0])
    case "less": return .comparison("<", inputs[0], inputs[1])
    case "lessOrEqual": return .comparison("<=", inputs[0], inputs[1])
    case "greater": return .comparison(">", inputs[0], inputs[1])
    case "greaterOrEqual": return .comparison(">=", inputs[0], inputs[1])
    case "equal": return .call("eq", inputs)
    case "minimum": return .call("min", inputs)
    case "maximum": return .call("max", inputs)
    // What only changes a shape is not written.
    case "linear", "reshape", "broadcast": return inputs[0]
    case "collapse":
      return node.inputs[0].shape.count == node.shape.count ? inputs[0] : .call("sum", inputs)
    case "leaky'", "clip'": return piecewiseDerivative(primitive, inputs[0])
    case "bce_logits":
      let softplus = Formula.call("log", [.sum([.number(1), .call("exp", [inputs[0]])])])
      return .sum([softplus, .negating(.multiplying(inputs))])
    case "bce_logits'": return .sum([.call("sigmoid", [inputs[0]]), .negating(inputs[1])])
    case "ce_logits":
      let first = Formula.multiplying([
        .call("sum", [inputs[1]]), .call("logsumexp", [inputs[0]]),
      ])
      return .sum([first, .negating(.call("sum", [.multiplying([inputs[1], inputs[0]])]))])
    case "sum", "mean", "max", "min":
      if primitive.formula.hasSuffix("axis=1)") {
        return .call(primitive.name, inputs + [.number(1)])
      }
      if primitive.formula.hasSuffix("axis=2)") {
        return .call(primitive.name, inputs + [.number(2)])
      }
    default: break
    }
    return .call(primitive.name, inputs + settings(of: primitive))
  }

  /// What an activation was set to, where that is not what its name alone stands for: the 0.5 of
  /// `leaky(x, 0.5)`.
  private func settings(of primitive: Primitive) -> [Formula] {
    guard let standard = Activation.named(primitive.name), !standard.settings.isEmpty,
      standard.settings.count == primitive.constantNames.count
    else { return [] }
    let values = Array(primitive.constants.prefix(standard.settings.count))
    let standardValues = standard.settings.map { standard.values.number($0.name) }
    return values == standardValues ? [] : values.map { .number($0) }
  }

  /// A derivative that jumps, by cases.
  private func piecewiseDerivative(_ primitive: Primitive, _ x: Formula) -> Formula {
    guard let low = primitive.kinks.first, case .one(let function)? = primitive.scalar else {
      return .call(primitive.name, [x])
    }
    var inside: Formula = .number(function(low))
    if let high = primitive.kinks.dropFirst().first {
      inside = .call("where", [.comparison("<=", x, .number(high)), inside, .number(0)])
    }
    return .call(
      "where", [.comparison(">=", x, .number(low)), inside, .number(function(low - 1))])
  }
}
