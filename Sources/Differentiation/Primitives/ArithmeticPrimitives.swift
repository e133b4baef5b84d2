internal import CKernels
import Glibc

// Arithmetic, comparison and choice, element by element.

extension Primitive {
  private static func binary(
    _ name: String, _ summary: String, formula: String, verb: String, _ function: BPZip,
    domain: [ClosedRange<Double>] = [-3...3], kinks: [Double] = [], derivative: Derivative,
    scalar: @escaping @Sendable (Double, Double) -> Double
  ) -> Primitive {
    Primitive(
      name, summary, formula: formula, arity: 2, kernel: .zip(function), derivative: derivative,
      scalar: .two(scalar), domain: domain, kinks: kinks,
      samples: [
        [.matrix(2, 3), .matrix(2, 3)], [.matrix(2, 3), .vector(3)], [.scalar, .matrix(3, 2)],
        [.matrix(2, 1), .matrix(2, 3)], [.vector(4), .scalar], [.scalar, .scalar],
      ]
    ) { shapes throws(ShapeError) in
      try Shape.broadcast(shapes[0], shapes[1], for: verb)
    }
  }

  package static let add: Primitive = binary(
    "add", "The sum.", formula: "x + y", verb: "add", BPZip.add,
    derivative: .local { _, _, _ in 1 }
  ) { $0 + $1 }

  package static let subtract: Primitive = binary(
    "subtract", "The difference.", formula: "x - y", verb: "subtract", BPZip.subtract,
    derivative: .local { _, _, index in index == 0 ? 1 : -1 }
  ) { $0 - $1 }

  package static let multiply: Primitive = binary(
    "multiply", "The product, element by element.", formula: "x*y", verb: "multiply",
    BPZip.multiply, derivative: .local { inputs, _, index in inputs[1 - index] }
  ) { $0 * $1 }

  package static let divide: Primitive = binary(
    "divide", "The quotient, element by element.", formula: "x/y", verb: "divide", BPZip.divide,
    domain: [-3...3, 0.5...3],
    derivative: .local { inputs, output, index throws(ShapeError) in
      index == 0 ? try 1 / inputs[1] : try -output / inputs[1]
    }
  ) { $0 / $1 }

  package static let power: Primitive = binary(
    "power", "x to the power of y.", formula: "x^y", verb: "raise", BPZip.power,
    domain: [0.2...3, -2...2],
    derivative: .local { inputs, output, index throws(ShapeError) in
      let base = inputs[0]
      let exponent = inputs[1]
      if index == 0 {
        switch exponent.literal {
        case 0: return 0
        case 1: return 1
        case 2: return try 2 * base
        default:
          return try exponent * Node.apply(.power, to: [base, exponent - 1])
        }
      }
      // 0^y does not vary with y, where ln(0) would give nan.
      let isZero = try Node.apply(.equal, to: [base, 0])
      return try output * Node.apply(.choose, to: [isZero, 1, base]).applying(.log)
    }
  ) { raise($0, to: $1) }

  package static let remainder: Primitive = binary(
    "remainder", "What is left of a division, with the sign of the divisor.", formula: "x % y",
    verb: "take the remainder of", BPZip.remainder, domain: [0.2...0.8, 1...2],
    derivative: .local { inputs, _, index throws(ShapeError) in
      index == 0 ? 1 : try -(inputs[0] / inputs[1]).applying(.floor)
    }
  ) { x, divisor in
    let rest = fmod(x, divisor)
    return rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest
  }

  package static let minimum: Primitive = binary(
    "minimum", "The smaller of two.", formula: "where(x <= y, x, y)", verb: "compare",
    BPZip.minimum, derivative: chosen(by: .lessOrEqual)
  ) { x, y in x.isNaN || x <= y ? x : y }

  package static let maximum: Primitive = binary(
    "maximum", "The larger of two.", formula: "where(x >= y, x, y)", verb: "compare",
    BPZip.maximum, derivative: chosen(by: .greaterOrEqual)
  ) { x, y in x.isNaN || x >= y ? x : y }

  private static func chosen(by comparison: Primitive) -> Derivative {
    .local { inputs, _, index throws(ShapeError) in
      let first = try Node.apply(comparison, to: inputs)
      return try Node.apply(.choose, to: index == 0 ? [first, 1, 0] : [first, 0, 1])
    }
  }

  package static let negate: Primitive = Primitive(
    "negate", "The number with the other sign.", formula: "-x", derivativeFormula: "-1",
    kernel: .map(BPMap.negate), derivative: .local { _, _, _ in -1 }, scalar: .one { -$0 })

  private static func comparison(
    _ name: String, _ sign: String, _ function: BPZip,
    _ holds: @escaping @Sendable (Double, Double) -> Bool
  ) -> Primitive {
    binary(
      name, "1 where x \(sign) y, else 0.", formula: sign == "==" ? "eq(x, y)" : "x \(sign) y",
      verb: "compare", function,
      derivative: .none(
        "a comparison jumps between 0 and 1; where(c, a, b) chooses between derivatives")
    ) { holds($0, $1) ? 1 : 0 }
  }

  package static let less: Primitive = comparison("less", "<", BPZip.less) { $0 < $1 }
  package static let lessOrEqual: Primitive =
    comparison("lessOrEqual", "<=", BPZip.lessOrEqual) { $0 <= $1 }
  package static let greater: Primitive = comparison("greater", ">", BPZip.greater) { $0 > $1 }
  package static let greaterOrEqual: Primitive =
    comparison("greaterOrEqual", ">=", BPZip.greaterOrEqual) { $0 >= $1 }
  package static let equal: Primitive = comparison("equal", "==", BPZip.equal) { $0 == $1 }

  package static let choose: Primitive = Primitive(
    "where", "The second operand where the first is not 0, else the third.",
    formula: "where(x, y, z)", arity: 3, kernel: .choose,
    derivative: .rule { adjoint, inputs, _, index throws(ShapeError) in
      switch index {
      case 1: try Node.apply(.choose, to: [inputs[0], adjoint, 0])
      case 2: try Node.apply(.choose, to: [inputs[0], 0, adjoint])
      default: nil
      }
    },
    samples: [
      [.matrix(2, 3), .matrix(2, 3), .matrix(2, 3)], [.matrix(2, 3), .scalar, .vector(3)],
      [.vector(3), .vector(3), .scalar],
    ]
  ) { shapes throws(ShapeError) in
    let branches = try Shape.broadcast(shapes[1], shapes[2], for: "choose between")
    return try Shape.broadcast(shapes[0], branches, for: "choose by")
  }
}

/// x^p, exact for the powers people write, where the library's pow may round.
func raise(_ x: Double, to p: Double) -> Double {
  switch p {
  case 2: x * x
  case 1: x
  case -1: 1 / x
  default: pow(x, p)
  }
}
