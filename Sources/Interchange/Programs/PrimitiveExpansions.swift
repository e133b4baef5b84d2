import Differentiation

// Primitives from other primitives, for languages that lack them. What would overflow or lose its
// last digits if it were written as on paper is written in its stable form.

extension PrimitiveRow {
  static let square: Expansion = { _, x throws(ShapeError) in try x[0] * x[0] }

  static func logarithm(to base: Double) -> Expansion {
    { _, x throws(ShapeError) in
      try x[0].applying(.log) / Node(number: base).applying(.log)
    }
  }

  static let tangent: Expansion = { _, x throws(ShapeError) in
    try x[0].applying(.sin) / x[0].applying(.cos)
  }

  /// The angle is halved three times by atan(x) = 2·atan(x/(1 + sqrt(1 + x²))), which leaves at most
  /// π/32 for the series x - x³/3 + x⁵/5 - …: nine terms of it are off by less than 1e-19.
  static let arcTangent: Expansion = { _, x throws(ShapeError) in
    // From 1 on the reciprocal has the rest of a right angle, and squares stay finite.
    let size = try x[0].applying(.abs)
    let isLarge = try Node.apply(.greater, to: [size, 1])
    var angle = try Node.apply(.choose, to: [isLarge, 1 / size, size])
    for _ in 0..<3 { angle = try angle / (1 + (1 + angle * angle).applying(.sqrt)) }
    let square = try angle * angle
    var series: Node = Node(number: 1.0 / 17)
    for power in stride(from: 15, through: 1, by: -2) {
      series = try Node(number: 1 / Double(power)) - square * series
    }
    let small = try 8 * (angle * series)
    let result = try Node.apply(.choose, to: [isLarge, Node(number: .pi / 2) - small, small])
    return try signed(result, as: x[0])
  }

  static let arcSine: Expansion = { _, x throws(ShapeError) in
    try (x[0] / ((1 - x[0]) * (1 + x[0])).applying(.sqrt)).applying(.atan)
  }

  static let arcCosine: Expansion = { _, x throws(ShapeError) in
    try Node(number: .pi / 2) - x[0].applying(.asin)
  }

  static let hyperbolicSine: Expansion = { _, x throws(ShapeError) in
    try (x[0].applying(.exp) - (-x[0]).applying(.exp)) * 0.5
  }

  static let hyperbolicCosine: Expansion = { _, x throws(ShapeError) in
    try (x[0].applying(.exp) + (-x[0]).applying(.exp)) * 0.5
  }

  /// 1 - 2q(√2·|x|) with the sign of x, where q is the probability beyond a normal number.
  static let errorFunction: Expansion = { _, x throws(ShapeError) in
    let beyond = try NormalTail.probability(
      beyond: x[0].applying(.abs) * Node(number: 2.0.squareRoot()))
    return try signed(1 - beyond * 2, as: x[0])
  }

  /// Halves away from 0.
  static let rounded: Expansion = { _, x throws(ShapeError) in
    let size = try x[0].applying(.abs)
    let whole = try size.applying(.floor)
    let isUp = try Node.apply(.greaterOrEqual, to: [size - whole, 0.5])
    return try signed(whole + isUp, as: x[0])
  }

  /// `size` where `x` is not negative, else `-size`; nan where x is.
  private static func signed(_ size: Node, as x: Node) throws(ShapeError) -> Node {
    let isNegative = try Node.apply(.less, to: [x, 0])
    return try Node.apply(.choose, to: [isNegative, -size, size])
  }

  // MARK: Activations

  static let tanhHalf: Expansion = { _, x throws(ShapeError) in
    try (x[0] * 0.5).applying(.tanh)
  }

  static let leaky: Expansion = { primitive, x throws(ShapeError) in
    try below(0, x[0], Node(number: primitive.constants[0]) * x[0], else: x[0])
  }

  static let leakyDerivative: Expansion = { primitive, x throws(ShapeError) in
    try below(0, x[0], Node(number: primitive.constants[0]), else: 1)
  }

  static let learnedLeaky: Expansion = { _, x throws(ShapeError) in
    try below(0, x[0], x[1] * x[0], else: x[0])
  }

  /// The exponential of what is not positive only: it may be computed where it is not chosen.
  static let elu: Expansion = { primitive, x throws(ShapeError) in
    let small = try Node.apply(.minimum, to: [x[0], 0]).applying(.exp) - 1
    return try below(0, x[0], Node(number: primitive.constants[0]) * small, else: x[0])
  }

  static let softplus: Expansion = { _, x throws(ShapeError) in
    let small = try (-x[0].applying(.abs)).applying(.exp)
    return try Node.apply(.maximum, to: [x[0], 0]) + (1 + small).applying(.log)
  }

  static let gelu: Expansion = { _, x throws(ShapeError) in
    let share = try 1 + (x[0] * Node(number: 0.5.squareRoot())).applying(.erf)
    return try x[0] * 0.5 * share
  }

  static let swish: Expansion = { _, x throws(ShapeError) in
    try x[0] * x[0].applying(.sigmoid)
  }

  static let geluTanh: Expansion = { _, x throws(ShapeError) in
    let inner = try x[0] + 0.044715 * (x[0] * x[0] * x[0])
    let tangent = try (Node(number: (2 / Double.pi).squareRoot()) * inner).applying(.tanh)
    return try x[0] * 0.5 * (1 + tangent)
  }

  static let mish: Expansion = { _, x throws(ShapeError) in
    try x[0] * x[0].applying(.softplus).applying(.tanh)
  }

  static let softsign: Expansion = { _, x throws(ShapeError) in
    try x[0] / (1 + x[0].applying(.abs))
  }

  static let selu: Expansion = { primitive, x throws(ShapeError) in
    try Node(number: primitive.constants[1]) * x[0].applying(.elu(alpha: primitive.constants[0]))
  }

  static let celu: Expansion = { primitive, x throws(ShapeError) in
    let alpha = Node(number: primitive.constants[0])
    return try alpha * (x[0] / alpha).applying(.elu())
  }

  static let hardSigmoid: Expansion = { primitive, x throws(ShapeError) in
    try (Node(number: primitive.constants[0]) * x[0] + 0.5).applying(.clip())
  }

  static let hardSwish: Expansion = { _, x throws(ShapeError) in
    try x[0] * (x[0] * Node(number: 1.0 / 6) + 0.5).applying(.clip())
  }

  static let clip: Expansion = { primitive, x throws(ShapeError) in
    let (low, high) = (Node(number: primitive.constants[0]), Node(number: primitive.constants[1]))
    let isAbove = try Node.apply(.greater, to: [x[0], high])
    return try below(low, x[0], low, else: Node.apply(.choose, to: [isAbove, high, x[0]]))
  }

  static let clipDerivative: Expansion = { primitive, x throws(ShapeError) in
    let (low, high) = (Node(number: primitive.constants[0]), Node(number: primitive.constants[1]))
    let isAbove = try Node.apply(.greater, to: [x[0], high])
    return try below(low, x[0], 0, else: Node.apply(.choose, to: [isAbove, 0, 1]))
  }

  static func step(below low: Double) -> Expansion {
    { _, x throws(ShapeError) in
      let isReached = try Node.apply(.greaterOrEqual, to: [x[0], 0])
      return try Node.apply(.choose, to: [isReached, 1, Node(number: low)])
    }
  }

  private static func below(
    _ limit: Node, _ x: Node, _ value: Node, else other: Node
  ) throws(ShapeError) -> Node {
    try Node.apply(.choose, to: [Node.apply(.less, to: [x, limit]), value, other])
  }

  static let binaryCrossEntropy: Expansion = { _, x throws(ShapeError) in
    try x[0].applying(.softplus) - x[0] * x[1]
  }

  static let binaryCrossEntropyDerivative: Expansion = { _, x throws(ShapeError) in
    try x[0].applying(.sigmoid) - x[1]
  }

  // MARK: Rows

  static let softmax: Expansion = { _, x throws(ShapeError) in
    let largest = try column(x[0].applying(.max(axis: .columns)))
    let powers = try (x[0] - largest).applying(.exp)
    return try powers / column(powers.applying(.sum(axis: .columns)))
  }

  /// Where the largest is infinite it is the answer; subtracting it would give nan.
  static let logSumExp: Expansion = { _, x throws(ShapeError) in
    let largest = try x[0].applying(.max(axis: .columns))
    let isFinite = try Node.apply(.equal, to: [largest - largest, 0])
    let shift = try Node.apply(.choose, to: [isFinite, largest, 0])
    let sum = try (x[0] - column(shift)).applying(.exp).applying(.sum(axis: .columns))
    return try sum.applying(.log) + shift
  }

  /// The terms of targets that are 0 count nothing, even where a net input is infinite.
  static let crossEntropy: Expansion = { _, x throws(ShapeError) in
    let terms = try x[1] * (column(x[0].applying(.logSumExp)) - x[0])
    let isOff = try Node.apply(.equal, to: [x[1], 0])
    return try Node.apply(.choose, to: [isOff, 0, terms]).applying(.sum(axis: .columns))
  }

  /// One number a row, so that it meets the rows of a matrix.
  private static func column(_ node: Node) throws(ShapeError) -> Node {
    try node.reshaped(.matrix(node.shape.count, 1))
  }
}
