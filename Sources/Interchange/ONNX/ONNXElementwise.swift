import Differentiation

/// What an element-wise operation of ONNX computes, in primitives of the engine.
///
/// Operations that are one primitive stand in the table of primitives, which writes them too; those
/// here are composed, or have attributes whose defaults are those of the specification of ONNX.
enum ONNXElementwise {
  typealias Rule =
    @Sendable (_ inputs: [Node], _ attributes: ONNXAttributes) throws(ShapeError) -> Node

  /// The rule of an operation; nil where it looks at more than one element of each operand.
  static func rule(of operation: String) -> Rule? { composed[operation] ?? primitives[operation] }

  /// Whether an operation has a slope that training changes.
  static func learns(_ operation: String) -> Bool { operation == "PRelu" }

  private static let primitives: [String: Rule] = {
    var table: [String: Rule] = [:]
    for row in PrimitiveRow.all where row.kind != .wholeArrays {
      if let operation = row.onnx?.operation { table[operation] = rule(of: row.primitive) }
    }
    return table
  }()

  private static func rule(of primitive: Primitive) -> Rule {
    { inputs, _ throws(ShapeError) in try Node.apply(primitive, to: inputs) }
  }

  private static let composed: [String: Rule] = [
    "LeakyRelu": one { x, settings throws(ShapeError) in
      try x.applying(.leaky(slope: settings.setting("alpha") ?? 0.01))
    },
    "ThresholdedRelu": one { x, settings throws(ShapeError) in
      let isAbove = try Node.apply(
        .greater, to: [x, Node(number: settings.setting("alpha") ?? 1)])
      return try Node.apply(.choose, to: [isAbove, x, 0])
    },
    "Elu": one { x, settings throws(ShapeError) in
      try x.applying(.elu(alpha: settings.setting("alpha") ?? 1))
    },
    "Celu": one { x, settings throws(ShapeError) in
      try x.applying(.celu(alpha: settings.setting("alpha") ?? 1))
    },
    "Selu": one { x, settings throws(ShapeError) in
      let alpha = settings.setting("alpha") ?? 1.6732632423543772
      return try Node(number: settings.setting("gamma") ?? 1.0507009873554805)
        * x.applying(.elu(alpha: alpha))
    },
    "HardSigmoid": one { x, settings throws(ShapeError) in
      let slope = Node(number: settings.setting("alpha") ?? 0.2)
      return try (x * slope + Node(number: settings.setting("beta") ?? 0.5)).applying(.clip())
    },
    "HardSwish": one { x, _ throws(ShapeError) in try x.applying(.hardSwish) },
    "Mish": one { x, _ throws(ShapeError) in try x.applying(.mish) },
    "Swish": one { x, settings throws(ShapeError) in
      try x * (x * Node(number: settings.setting("alpha") ?? 1)).applying(.sigmoid)
    },
    "Gelu": one { x, settings throws(ShapeError) in
      try x.applying(settings.text("approximate") == "tanh" ? .geluTanh : .gelu)
    },
    "Shrink": one { x, settings throws(ShapeError) in
      let limit = Node(number: settings.setting("lambd") ?? 0.5)
      let bias = Node(number: settings.setting("bias") ?? 0)
      let above = try Node.apply(.choose, to: [Node.apply(.greater, to: [x, limit]), x - bias, 0])
      return try Node.apply(.choose, to: [Node.apply(.less, to: [x, -limit]), x + bias, above])
    },
    "PRelu": { inputs, _ throws(ShapeError) in try Node.apply(.prelu, to: inputs) },
    "Clip": { inputs, settings throws(ShapeError) in
      var x = inputs[0]
      let low = inputs.count > 1 ? inputs[1] : settings.setting("min").map { Node(number: $0) }
      let high = inputs.count > 2 ? inputs[2] : settings.setting("max").map { Node(number: $0) }
      if let low { x = try Node.apply(.maximum, to: [x, low]) }
      if let high { x = try Node.apply(.minimum, to: [x, high]) }
      return x
    },
    // 0 at 0, where the sign of the language is 1.
    "Sign": one { x, _ throws(ShapeError) in
      let below = try Node.apply(.choose, to: [Node.apply(.less, to: [x, 0]), -1, 0])
      return try Node.apply(.choose, to: [Node.apply(.greater, to: [x, 0]), 1, below])
    },
    "Reciprocal": one { x, _ throws(ShapeError) in try 1 / x },
    "Not": one { x, _ throws(ShapeError) in try 1 - x },
    "And": folded { x, y throws(ShapeError) in try x * y },
    "Or": folded { x, y throws(ShapeError) in try Node.apply(.maximum, to: [x, y]) },
    "Sum": folded { x, y throws(ShapeError) in try x + y },
    "Max": folded { x, y throws(ShapeError) in try Node.apply(.maximum, to: [x, y]) },
    "Min": folded { x, y throws(ShapeError) in try Node.apply(.minimum, to: [x, y]) },
    "Mean": { inputs, _ throws(ShapeError) in
      var sum = inputs[0]
      for next in inputs.dropFirst() { sum = try sum + next }
      return try sum / Node(number: Double(inputs.count))
    },
  ]

  private static func one(
    _ rule: @escaping @Sendable (Node, ONNXAttributes) throws(ShapeError) -> Node
  ) -> Rule {
    { inputs, attributes throws(ShapeError) in try rule(inputs[0], attributes) }
  }

  /// The first two operands, then the result with the next.
  private static func folded(
    _ rule: @escaping @Sendable (Node, Node) throws(ShapeError) -> Node
  ) -> Rule {
    { inputs, _ throws(ShapeError) in
      var result = inputs[0]
      for next in inputs.dropFirst() { result = try rule(result, next) }
      return result
    }
  }
}
