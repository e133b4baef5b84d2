extension Primitive {
  /// Every primitive once; those with parameters with typical ones. What tests and catalogs run
  /// over.
  package static let all: [Primitive] =
    [
      add, subtract, multiply, divide, power, remainder, minimum, maximum, negate,
      less, lessOrEqual, greater, greaterOrEqual, equal, choose,
      identity, square, sqrt, abs, exp, log, log2, log10, sin, cos, tan, asin, acos, atan, sinh,
      cosh, erf, floor, ceil, round,
    ] + activations + [
      leakyDerivative(0.1), elu(alpha: 0.5), celu(alpha: 0.5), hardSigmoid(slope: 0.2),
      clip(low: -1, high: 2),
      clipDerivative(low: -1, high: 2), step, sign,
      sum(), sum(axis: .rows), sum(axis: .columns), mean(), mean(axis: .rows),
      mean(axis: .columns), max(), max(axis: .rows), max(axis: .columns), min(), min(axis: .rows),
      min(axis: .columns), norm, cumulativeSum, softmax, logSumExp, crossEntropy,
      binaryCrossEntropy, binaryCrossEntropyDerivative,
      matmul, outer, transpose,
      slice([3, 0, 3], of: .matrix(2, 3), as: .vector(3)),
      scatter([1, 4, 1], into: .matrix(2, 3)),
      join([.scalar, .vector(2), .scalar], as: .vector(4)),
      join([.vector(2), .vector(2)], as: .matrix(2, 2)),
      reshape(to: .matrix(2, 3)), broadcast(to: .matrix(2, 3)), collapse(to: .scalar),
      collapse(to: .vector(3)), collapse(to: .matrix(1, 3)), collapse(to: .matrix(3, 1)),
    ]

  /// The functions of one number that layers apply and that have a derivative of their own.
  private static let activations: [Primitive] = [
    sigmoid, tanh, tanhHalf, relu, leaky(), prelu, elu(), softplus, gelu, swish, clip(),
    geluTanh, mish, softsign, selu, celu(), hardSigmoid(), hardSwish,
  ]

  /// Their names, whatever their parameters.
  package static let activationNames = Set(activations.map { $0.name })
}
