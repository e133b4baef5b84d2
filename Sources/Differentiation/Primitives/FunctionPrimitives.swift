internal import CKernels
import Glibc

// The functions of a pocket calculator, element by element.

extension Primitive {
  private static func function(
    _ name: String, _ summary: String, formula: String? = nil, derivativeFormula: String,
    _ map: BPMap,
    domain: ClosedRange<Double> = -3...3, kinks: [Double] = [],
    scalar: @escaping @Sendable (Double) -> Double,
    derivative: @escaping @Sendable (_ x: Node, _ y: Node) throws(ShapeError) -> Node
  ) -> Primitive {
    Primitive(
      name, summary, formula: formula ?? "\(name)(x)", derivativeFormula: derivativeFormula,
      kernel: .map(map),
      derivative: .local { inputs, output, _ throws(ShapeError) in
        try derivative(inputs[0], output)
      },
      scalar: .one(scalar), domain: [domain], kinks: kinks)
  }

  package static let identity: Primitive = function(
    "linear", "The number itself.", formula: "x", derivativeFormula: "1", BPMap.copy,
    scalar: { $0 },
    derivative: { _, _ in 1 })

  package static let square: Primitive = function(
    "square", "The square.", formula: "x^2", derivativeFormula: "2*x", BPMap.square,
    scalar: { $0 * $0 },
    derivative: { x, _ throws(ShapeError) in try 2 * x })

  package static let sqrt: Primitive = function(
    "sqrt", "The square root.", derivativeFormula: "1/(2*y)", BPMap.sqrt, domain: 0.2...4,
    scalar: { $0.squareRoot() },
    derivative: { _, y throws(ShapeError) in try 0.5 / y })

  package static let abs: Primitive = function(
    "abs", "The number without its sign.",
    derivativeFormula: "where(x > 0, 1, where(x < 0, -1, 0))", BPMap.abs, kinks: [0],
    scalar: { Swift.abs($0) },
    derivative: { x, _ throws(ShapeError) in try x.slopeOfAbsoluteValue() })

  package static let exp: Primitive = function(
    "exp", "The exponential: e to the power of x.", derivativeFormula: "y", BPMap.exp,
    scalar: { Glibc.exp($0) },
    derivative: { _, y in y })

  package static let log: Primitive = function(
    "log", "The natural logarithm.", derivativeFormula: "1/x", BPMap.log, domain: 0.2...4,
    scalar: { Glibc.log($0) },
    derivative: { x, _ throws(ShapeError) in try 1 / x })

  package static let log2: Primitive = function(
    "log2", "The logarithm to base 2.", derivativeFormula: "1/(x*log(2))", BPMap.log2,
    domain: 0.2...4,
    scalar: { Glibc.log2($0) },
    derivative: { x, _ throws(ShapeError) in try Node(number: 1 / Glibc.log(2.0)) / x })

  package static let log10: Primitive = function(
    "log10", "The logarithm to base 10.", derivativeFormula: "1/(x*log(10))", BPMap.log10,
    domain: 0.2...4,
    scalar: { Glibc.log10($0) },
    derivative: { x, _ throws(ShapeError) in try Node(number: 1 / Glibc.log(10.0)) / x })

  package static let sin: Primitive = function(
    "sin", "The sine of an angle in radians.", derivativeFormula: "cos(x)", BPMap.sin,
    scalar: { Glibc.sin($0) },
    derivative: { x, _ throws(ShapeError) in try x.applying(.cos) })

  package static let cos: Primitive = function(
    "cos", "The cosine of an angle in radians.", derivativeFormula: "-sin(x)", BPMap.cos,
    scalar: { Glibc.cos($0) },
    derivative: { x, _ throws(ShapeError) in try -x.applying(.sin) })

  package static let tan: Primitive = function(
    "tan", "The tangent of an angle in radians.", derivativeFormula: "1 + y^2", BPMap.tan,
    domain: -1.2...1.2,
    scalar: { Glibc.tan($0) },
    derivative: { _, y throws(ShapeError) in try 1 + y.applying(.square) })

  package static let asin: Primitive = function(
    "asin", "The angle in radians whose sine is x.", derivativeFormula: "1/sqrt(1 - x^2)",
    BPMap.asin,
    domain: -0.9...0.9, scalar: { Glibc.asin($0) },
    derivative: { x, _ throws(ShapeError) in try 1 / (1 - x.applying(.square)).applying(.sqrt) })

  package static let acos: Primitive = function(
    "acos", "The angle in radians whose cosine is x.", derivativeFormula: "-1/sqrt(1 - x^2)",
    BPMap.acos,
    domain: -0.9...0.9, scalar: { Glibc.acos($0) },
    derivative: { x, _ throws(ShapeError) in try -1 / (1 - x.applying(.square)).applying(.sqrt) })

  package static let atan: Primitive = function(
    "atan", "The angle in radians whose tangent is x.", derivativeFormula: "1/(1 + x^2)",
    BPMap.atan,
    scalar: { Glibc.atan($0) },
    derivative: { x, _ throws(ShapeError) in try 1 / (1 + x.applying(.square)) })

  package static let sinh: Primitive = function(
    "sinh", "The hyperbolic sine.", derivativeFormula: "cosh(x)", BPMap.sinh,
    scalar: { Glibc.sinh($0) },
    derivative: { x, _ throws(ShapeError) in try x.applying(.cosh) })

  package static let cosh: Primitive = function(
    "cosh", "The hyperbolic cosine.", derivativeFormula: "sinh(x)", BPMap.cosh,
    scalar: { Glibc.cosh($0) },
    derivative: { x, _ throws(ShapeError) in try x.applying(.sinh) })

  package static let erf: Primitive = function(
    "erf", "The error function.", derivativeFormula: "2/sqrt(pi)*exp(-x^2)", BPMap.erf,
    scalar: { Glibc.erf($0) },
    derivative: { x, _ throws(ShapeError) in
      try Node(number: 2 / Double.pi.squareRoot()) * (-x.applying(.square)).applying(.exp)
    })

  private static func rounding(
    _ name: String, _ summary: String, _ map: BPMap,
    scalar: @escaping @Sendable (Double) -> Double
  ) -> Primitive {
    Primitive(
      name, summary, formula: "\(name)(x)", kernel: .map(map),
      derivative: .none("\(name) is flat between its jumps: its derivative is 0 or does not exist"),
      scalar: .one(scalar))
  }

  package static let floor: Primitive = rounding(
    "floor", "The largest integer that is not larger.", BPMap.floor, scalar: { Glibc.floor($0) })
  package static let ceil: Primitive = rounding(
    "ceil", "The smallest integer that is not smaller.", BPMap.ceil, scalar: { Glibc.ceil($0) })
  package static let round: Primitive = rounding(
    "round", "The nearest integer, halves away from 0.", BPMap.round, scalar: { Glibc.round($0) })
}

extension Node {
  /// The slope of |x|: 1 above 0, -1 below, and 0 at 0, the middle between both sides.
  /// - Throws: never for numbers of one shape.
  package func slopeOfAbsoluteValue() throws(ShapeError) -> Node {
    let below = try Node.apply(.choose, to: [Node.apply(.less, to: [self, 0]), -1, 0])
    return try Node.apply(.choose, to: [Node.apply(.greater, to: [self, 0]), 1, below])
  }
}
