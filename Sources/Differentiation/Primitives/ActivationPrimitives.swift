internal import CKernels
import Glibc

// What a unit makes of its net input, element by element.

extension Primitive {
  package static let sigmoid: Primitive = Primitive(
    "sigmoid", "The logistic function, from 0 to 1.", formula: "1/(1 + exp(-x))",
    derivativeFormula: "y*(1 - y)", kernel: .map(BPMap.sigmoid),
    derivative: .local { _, y, _ throws(ShapeError) in try y * (1 - y) },
    scalar: .one { logistic($0) },
    fusedDerivative: FusedDerivative(BPZip.sigmoidBack, from: .output))

  package static let tanh: Primitive = Primitive(
    "tanh", "The hyperbolic tangent, from -1 to 1.", formula: "tanh(x)",
    derivativeFormula: "1 - y^2",
    kernel: .map(BPMap.tanh),
    derivative: .local { _, y, _ throws(ShapeError) in try 1 - y.applying(.square) },
    scalar: .one { Glibc.tanh($0) },
    fusedDerivative: FusedDerivative(BPZip.tanhBack, from: .output, 1))

  package static let tanhHalf: Primitive = Primitive(
    "tanh_half", "tanh(x/2), the sigmoid stretched to -1 … 1.", formula: "tanh(x/2)",
    derivativeFormula: "(1 - y^2)/2", kernel: .map(BPMap.tanhHalf),
    derivative: .local { _, y, _ throws(ShapeError) in try (1 - y.applying(.square)) * 0.5 },
    scalar: .one { Glibc.tanh($0 / 2) },
    fusedDerivative: FusedDerivative(BPZip.tanhBack, from: .output, 0.5))

  package static let relu: Primitive = Primitive(
    "relu", "x where it is positive, else 0.", formula: "max(x, 0)",
    derivativeFormula: "where(x >= 0, 1, 0)",
    kernel: .map(BPMap.relu),
    derivative: .local { inputs, _, _ throws(ShapeError) in
      try inputs[0].applying(.leakyDerivative(0))
    },
    scalar: .one { $0 < 0 ? 0 : $0 },
    fusedDerivative: FusedDerivative(BPZip.leakyBack, from: .input, 0),
    kinks: [0])

  /// x where it is positive, else `slope`·x.
  package static func leaky(slope: Double = 0.1) -> Primitive {
    Primitive(
      "leaky", "x where it is positive, else a small part of it.",
      formula: "where(x >= 0, x, slope*x)", derivativeFormula: "where(x >= 0, 1, slope)",
      constantNames: ["slope"], kernel: .map(BPMap.leaky, slope),
      derivative: .local { inputs, _, _ throws(ShapeError) in
        try inputs[0].applying(.leakyDerivative(slope))
      },
      scalar: .one { $0 < 0 ? slope * $0 : $0 },
      fusedDerivative: FusedDerivative(BPZip.leakyBack, from: .input, slope), kinks: [0])
  }

  /// The derivative of `leaky`: 1 from 0 on, else `slope`.
  package static func leakyDerivative(_ slope: Double) -> Primitive {
    Primitive(
      "leaky'", "1 where x >= 0, else the slope of the other side.",
      formula: "where(x >= 0, 1, slope)", derivativeFormula: "0", constantNames: ["slope"],
      kernel: .map(BPMap.leakyDerivative, slope), derivative: .local { _, _, _ in 0 },
      scalar: .one { $0 < 0 ? slope : 1 }, kinks: [0])
  }

  package static let prelu: Primitive = Primitive(
    "prelu", "x where it is positive, else x times a slope that is learned.",
    formula: "where(x >= 0, x, slope*x)", derivativeFormula: "where(x >= 0, 1, slope)",
    operandNames: ["x", "slope"], arity: 2,
    kernel: .zip(BPZip.prelu),
    derivative: .local { inputs, _, index throws(ShapeError) in
      let below = try Node.apply(.less, to: [inputs[0], 0])
      return try Node.apply(
        .choose, to: index == 0 ? [below, inputs[1], 1] : [below, inputs[0], 0])
    },
    scalar: .two { $0 < 0 ? $0 * $1 : $0 }, kinks: [0],
    samples: [[.matrix(2, 3), .scalar], [.matrix(2, 3), .vector(3)]]
  ) { shapes throws(ShapeError) in
    try Shape.broadcast(shapes[0], shapes[1], for: "apply prelu to")
  }

  /// x where it is positive, else alpha·(e^x − 1).
  package static func elu(alpha: Double = 1) -> Primitive {
    Primitive(
      "elu", "x where it is positive, else an exponential that levels off.",
      formula: "where(x >= 0, x, alpha*(exp(x) - 1))",
      derivativeFormula: "where(x >= 0, 1, y + alpha)", constantNames: ["alpha"],
      kernel: .map(BPMap.elu, alpha),
      derivative: .local { inputs, y, _ throws(ShapeError) in
        let below = try Node.apply(.less, to: [inputs[0], 0])
        return try Node.apply(.choose, to: [below, y + Node(number: alpha), 1])
      },
      scalar: .one { $0 < 0 ? alpha * expm1($0) : $0 }, kinks: alpha == 1 ? [] : [0])
  }

  package static let softplus: Primitive = Primitive(
    "softplus", "A smooth relu.", formula: "log(1 + exp(x))", derivativeFormula: "1/(1 + exp(-x))",
    kernel: .map(BPMap.softplus),
    derivative: .local { inputs, _, _ throws(ShapeError) in try inputs[0].applying(.sigmoid) },
    scalar: .one { smoothed($0) })

  package static let gelu: Primitive = Primitive(
    "gelu", "x times the normal distribution function at x.",
    formula: "x/2*(1 + erf(x/sqrt(2)))",
    derivativeFormula: "(1 + erf(x/sqrt(2)))/2 + x*exp(-x^2/2)/sqrt(2*pi)",
    kernel: .map(BPMap.gelu),
    derivative: .local { inputs, _, _ throws(ShapeError) in
      let x = inputs[0]
      let below = try 0.5 * (1 + (x * Node(number: 0.5.squareRoot())).applying(.erf))
      let density = try (x.applying(.square) * -0.5).applying(.exp)
      return try below + x * (density * Node(number: 1 / (2 * Double.pi).squareRoot()))
    },
    scalar: .one { 0.5 * $0 * erfc(-$0 * 0.5.squareRoot()) })

  package static let swish: Primitive = Primitive(
    "swish", "x times its sigmoid.", formula: "x/(1 + exp(-x))",
    derivativeFormula: "y + (1 - y)/(1 + exp(-x))", kernel: .map(BPMap.swish),
    derivative: .local { inputs, y, _ throws(ShapeError) in
      try y + inputs[0].applying(.sigmoid) * (1 - y)
    },
    scalar: .one { $0 * logistic($0) })

  /// gelu with a tangent in place of the error function (Hendrycks and Gimpel, 2016).
  package static let geluTanh: Primitive = Primitive(
    "gelu_tanh", "x times about the normal distribution function at x.",
    formula: "x/2*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))",
    derivativeFormula: "(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))/2"
      + " + x/2*(1 - tanh(sqrt(2/pi)*(x + 0.044715*x^3))^2)*sqrt(2/pi)*(1 + 0.134145*x^2)",
    kernel: .map(BPMap.geluTanh),
    derivative: .local { inputs, _, _ throws(ShapeError) in
      let (x, factor) = (inputs[0], Node(number: (2 / Double.pi).squareRoot()))
      let square = try x.applying(.square)
      let tangent = try (factor * (x + 0.044715 * (x * square))).applying(.tanh)
      let slope = try factor * (1 + 0.134145 * square)
      return try 0.5 * (1 + tangent) + 0.5 * (x * ((1 - tangent.applying(.square)) * slope))
    },
    scalar: .one {
      let bend = (2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)
      return 0.5 * $0 * (1 + Glibc.tanh(bend))
    })

  package static let mish: Primitive = Primitive(
    "mish", "x times the tangent of its softplus.", formula: "x*tanh(log(1 + exp(x)))",
    derivativeFormula:
      "tanh(log(1 + exp(x))) + x*(1 - tanh(log(1 + exp(x)))^2)/(1 + exp(-x))",
    kernel: .map(BPMap.mish),
    derivative: .local { inputs, _, _ throws(ShapeError) in
      let x = inputs[0]
      let tangent = try x.applying(.softplus).applying(.tanh)
      return try tangent + x * ((1 - tangent.applying(.square)) * x.applying(.sigmoid))
    },
    scalar: .one { $0 * Glibc.tanh(smoothed($0)) })

  package static let softsign: Primitive = Primitive(
    "softsign", "x divided by 1 and its size, from -1 to 1.", formula: "x/(1 + abs(x))",
    derivativeFormula: "1/(1 + abs(x))^2", kernel: .map(BPMap.softsign),
    derivative: .local { inputs, _, _ throws(ShapeError) in
      try 1 / (1 + inputs[0].applying(.abs)).applying(.square)
    },
    scalar: .one { $0 / (1 + Swift.abs($0)) })

  /// elu with the constants that keep mean 0 and variance 1 (Klambauer and others, 2017).
  package static let selu: Primitive = {
    let (alpha, scale) = (1.6732632423543772, 1.0507009873554805)
    return Primitive(
      "selu", "x where it is positive, else an exponential that levels off, times a constant.",
      formula: "\(scale)*where(x >= 0, x, \(alpha)*(exp(x) - 1))",
      derivativeFormula: "where(x >= 0, \(scale), y + \(scale * alpha))",
      kernel: .map(BPMap.selu, alpha, scale),
      derivative: .local { inputs, y, _ throws(ShapeError) in
        let below = try Node.apply(.less, to: [inputs[0], 0])
        return try Node.apply(
          .choose, to: [below, y + Node(number: scale * alpha), Node(number: scale)])
      },
      scalar: .one { scale * ($0 < 0 ? alpha * expm1($0) : $0) }, kinks: [0])
  }()

  /// x where it is positive, else alpha·(e^(x/alpha) − 1); its slope is continuous.
  package static func celu(alpha: Double = 1) -> Primitive {
    Primitive(
      "celu", "x where it is positive, else an exponential that levels off smoothly.",
      formula: "where(x >= 0, x, alpha*(exp(x/alpha) - 1))",
      derivativeFormula: "where(x >= 0, 1, exp(x/alpha))", constantNames: ["alpha"],
      kernel: .map(BPMap.celu, alpha),
      derivative: .local { inputs, y, _ throws(ShapeError) in
        let below = try Node.apply(.less, to: [inputs[0], 0])
        return try Node.apply(.choose, to: [below, y / Node(number: alpha) + 1, 1])
      },
      scalar: .one { $0 < 0 ? alpha * expm1($0 / alpha) : $0 })
  }

  /// A line of this slope through ½, kept within 0 and 1.
  package static func hardSigmoid(slope: Double = 1.0 / 6) -> Primitive {
    Primitive(
      "hardsigmoid", "A straight line from 0 to 1.",
      formula: "min(max(slope*x + 1/2, 0), 1)",
      derivativeFormula: "where(abs(slope*x) > 1/2, 0, slope)", constantNames: ["slope"],
      kernel: .map(BPMap.hardSigmoid, slope),
      derivative: .local { inputs, _, _ throws(ShapeError) in
        let line = try Node(number: slope) * inputs[0] + 0.5
        return try Node(number: slope) * line.applying(.clipDerivative(low: 0, high: 1))
      },
      scalar: .one { Swift.min(Swift.max(slope * $0 + 0.5, 0), 1) },
      kinks: [-0.5 / slope, 0.5 / slope])
  }

  package static let hardSwish: Primitive = Primitive(
    "hardswish", "x times a straight line from 0 to 1.", formula: "x*min(max(x/6 + 1/2, 0), 1)",
    derivativeFormula: "where(x < -3, 0, where(x > 3, 1, x/3 + 1/2))",
    kernel: .map(BPMap.hardSwish),
    derivative: .local { inputs, _, _ throws(ShapeError) in
      let x = inputs[0]
      let isBelow = try Node.apply(.less, to: [x, -3])
      let isAbove = try Node.apply(.greater, to: [x, 3])
      let slope = try x * Node(number: 1.0 / 3) + 0.5
      return try Node.apply(
        .choose, to: [isBelow, 0, Node.apply(.choose, to: [isAbove, 1, slope])])
    },
    scalar: .one { $0 * Swift.min(Swift.max($0 / 6 + 0.5, 0), 1) }, kinks: [-3, 3])

  /// x kept within low … high; the derivative is 1 on the closed interval.
  package static func clip(low: Double = 0, high: Double = 1) -> Primitive {
    let derivative = clipDerivative(low: low, high: high)
    return Primitive(
      "clip", "x kept between two limits.",
      formula: "min(max(x, from), to)", derivativeFormula: derivative.formula,
      constantNames: ["from", "to"], kernel: .map(BPMap.clip, low, high),
      derivative: .local { inputs, _, _ throws(ShapeError) in try inputs[0].applying(derivative) },
      scalar: .one { $0 < low ? low : $0 > high ? high : $0 }, kinks: [low, high])
  }

  /// The derivative of `clip`.
  package static func clipDerivative(low: Double, high: Double) -> Primitive {
    Primitive(
      "clip'", "1 between two limits, else 0.",
      formula: "where(x < from, 0, where(x > to, 0, 1))", derivativeFormula: "0",
      constantNames: ["from", "to"], kernel: .map(BPMap.clipDerivative, low, high),
      derivative: .local { _, _, _ in 0 }, scalar: .one { $0 < low || $0 > high ? 0 : 1 },
      kinks: [low, high])
  }

  package static let step: Primitive = Primitive(
    "step", "1 where x is not negative, else 0.", formula: "where(x >= 0, 1, 0)",
    derivativeFormula: "1",
    kernel: .map(BPMap.step),
    derivative: .taken(
      as: 1, because: "the step is flat: its derivative is taken as 1, so that something is learned"
    ),
    scalar: .one { $0 >= 0 ? 1 : $0 < 0 ? 0 : $0 }, kinks: [0])

  package static let sign: Primitive = Primitive(
    "sign", "1 where x is not negative, else -1.", formula: "where(x >= 0, 1, -1)",
    derivativeFormula: "1",
    kernel: .map(BPMap.sign),
    derivative: .taken(
      as: 1, because: "the sign is flat: its derivative is taken as 1, so that something is learned"
    ),
    scalar: .one { $0 >= 0 ? 1 : $0 < 0 ? -1 : $0 }, kinks: [0])
}

/// 1/(1+e^−x) without overflow on either side.
func logistic(_ x: Double) -> Double {
  if x >= 0 { return 1 / (1 + exp(-x)) }
  let e = exp(x)
  return e / (1 + e)
}

/// ln(1+e^x) without overflow.
func smoothed(_ x: Double) -> Double {
  (x > 0 ? x : x.isNaN ? x : 0) + log1p(exp(-abs(x)))
}
