import Differentiation

// The one table of primitives and target languages: a new primitive that activations or losses use
// is exported when it has a row here.

extension PrimitiveRow {
  static let all: [PrimitiveRow] = arithmetic + functions + activations + rows

  // MARK: Arithmetic, comparison and choice

  private static let arithmetic: [PrimitiveRow] = [
    PrimitiveRow(.add, everywhere: "x + y", onnx: .node("Add")),
    PrimitiveRow(.subtract, everywhere: "x - y", onnx: .node("Sub")),
    PrimitiveRow(.multiply, everywhere: "x * y", onnx: .node("Mul")),
    PrimitiveRow(.divide, everywhere: "x / y", onnx: .node("Div")),
    PrimitiveRow(.power, everywhere: "x ** y", c: "pow(x, y)", onnx: .node("Pow")),
    PrimitiveRow(
      .remainder, everywhere: "x % y", keras: "ops.mod(x, y)", c: "remainder_of(x, y)",
      onnx: .remainder),
    PrimitiveRow(
      .minimum, numpy: "np.minimum(x, y)", torch: "torch.minimum(tensor(x), tensor(y))",
      keras: "ops.minimum(x, y)", c: "x != x || x <= y ? x : y", onnx: .node("Min")),
    PrimitiveRow(
      .maximum, numpy: "np.maximum(x, y)", torch: "torch.maximum(tensor(x), tensor(y))",
      keras: "ops.maximum(x, y)", c: "x != x || x >= y ? x : y", onnx: .node("Max")),
    PrimitiveRow(.negate, everywhere: "-x", onnx: .node("Neg")),
    PrimitiveRow(.less, .comparison, everywhere: "x < y", onnx: .node("Less")),
    PrimitiveRow(.lessOrEqual, .comparison, everywhere: "x <= y", onnx: .node("LessOrEqual")),
    PrimitiveRow(.greater, .comparison, everywhere: "x > y", onnx: .node("Greater")),
    PrimitiveRow(.greaterOrEqual, .comparison, everywhere: "x >= y", onnx: .node("GreaterOrEqual")),
    PrimitiveRow(.equal, .comparison, everywhere: "x == y", onnx: .node("Equal")),
    PrimitiveRow(
      .choose, .choice, numpy: "np.where(x, y, z)", torch: "torch.where(x, tensor(y), tensor(z))",
      keras: "ops.where(x, y, z)", c: "x ? y : z", onnx: .node("Where")),
  ]

  // MARK: The functions of a pocket calculator

  private static let functions: [PrimitiveRow] = [
    PrimitiveRow(.identity, .unchanged),
    PrimitiveRow(
      .square, numpy: "np.square(x)", torch: "torch.square(x)", keras: "ops.square(x)", c: "x * x",
      expansion: square),
    .function(.sqrt, "sqrt", onnx: .node("Sqrt")),
    .function(.abs, "abs", c: "fabs", onnx: .node("Abs")),
    .function(.exp, "exp", onnx: .node("Exp")),
    .function(.log, "log", onnx: .node("Log")),
    .function(.log2, "log2", expansion: logarithm(to: 2)),
    .function(.log10, "log10", expansion: logarithm(to: 10)),
    .function(.sin, "sin", onnx: .node("Sin")),
    .function(.cos, "cos", onnx: .node("Cos")),
    .function(.tan, "tan", onnx: .float32("Tan"), expansion: tangent),
    .function(.asin, "asin", numpy: "arcsin", onnx: .float32("Asin"), expansion: arcSine),
    .function(.acos, "acos", numpy: "arccos", onnx: .float32("Acos"), expansion: arcCosine),
    .function(.atan, "atan", numpy: "arctan", onnx: .float32("Atan"), expansion: arcTangent),
    .function(.sinh, "sinh", onnx: .float32("Sinh"), expansion: hyperbolicSine),
    .function(.cosh, "cosh", onnx: .float32("Cosh"), expansion: hyperbolicCosine),
    PrimitiveRow(
      .erf, numpy: "np.vectorize(math.erf, otypes=[float])(x)", torch: "torch.erf(x)",
      keras: "ops.erf(x)", c: "erf(x)", onnx: .float32("Erf"), expansion: errorFunction),
    .function(.floor, "floor", onnx: .node("Floor")),
    .function(.ceil, "ceil", onnx: .node("Ceil")),
    // Elsewhere halves are rounded to the even neighbour.
    PrimitiveRow(.round, c: "round(x)", expansion: rounded),
  ]

  // MARK: What a unit makes of its net input

  private static let activations: [PrimitiveRow] = [
    PrimitiveRow(
      .sigmoid, numpy: "np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))",
      torch: "torch.sigmoid(x)", keras: "ops.sigmoid(x)",
      c: "x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))", onnx: .node("Sigmoid"),
      module: "nn.Sigmoid()", layer: .named("sigmoid")),
    PrimitiveRow(
      .tanh, numpy: "np.tanh(x)", torch: "torch.tanh(x)", keras: "ops.tanh(x)", c: "tanh(x)",
      onnx: .node("Tanh"), module: "nn.Tanh()", layer: .named("tanh")),
    PrimitiveRow(.tanhHalf, expansion: tanhHalf),
    PrimitiveRow(
      .relu, numpy: "np.maximum(x, 0)", torch: "torch.relu(x)", keras: "ops.relu(x)",
      c: "x < 0 ? 0 : x", onnx: .node("Relu"), module: "nn.ReLU()", layer: .named("relu")),
    // TensorFlow takes the constants of its own leaky relu and gelu as float32.
    PrimitiveRow(
      .leaky(), torch: "nn.functional.leaky_relu(x, a)",
      onnx: .float32("LeakyRelu", constant: "alpha"), module: "nn.LeakyReLU(a)",
      layer: .layer("keras.layers.LeakyReLU(negative_slope=a)", isFloat32Only: true),
      expansion: leaky),
    PrimitiveRow(.leakyDerivative(0.1), expansion: leakyDerivative),
    PrimitiveRow(
      .prelu, onnx: .float32("PRelu"), module: "nn.PReLU()",
      layer: .layer("keras.layers.PReLU(shared_axes=[1])"), expansion: learnedLeaky),
    PrimitiveRow(
      .elu(), numpy: "np.where(x < 0, a * np.expm1(np.minimum(x, 0)), x)",
      torch: "nn.functional.elu(x, a)", keras: "ops.elu(x, a)", c: "x < 0 ? a * expm1(x) : x",
      onnx: .float32("Elu", constant: "alpha"), module: "nn.ELU(a)",
      layer: .layer("keras.layers.ELU(alpha=a)"), expansion: elu),
    // Beyond its threshold PyTorch takes softplus for linear; at 20 that would be seen.
    PrimitiveRow(
      .softplus, numpy: "np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))",
      torch: "nn.functional.softplus(x, threshold=50)", keras: "ops.softplus(x)",
      c: "fmax(x, 0) + log1p(exp(-fabs(x)))", onnx: .float32("Softplus"),
      module: "nn.Softplus(threshold=50)", layer: .named("softplus"), expansion: softplus),
    PrimitiveRow(
      .gelu, torch: "nn.functional.gelu(x)", c: "0.5 * x * erfc(-x * 0.70710678118654752)",
      module: "nn.GELU()", layer: .named("gelu", isFloat32Only: true), expansion: gelu),
    PrimitiveRow(.swish, module: "nn.SiLU()", layer: .named("silu"), expansion: swish),
    PrimitiveRow(
      .geluTanh, torch: "nn.functional.gelu(x, approximate=\"tanh\")",
      module: "nn.GELU(approximate=\"tanh\")", expansion: geluTanh),
    PrimitiveRow(.mish, module: "nn.Mish()", layer: .named("mish"), expansion: mish),
    PrimitiveRow(
      .softsign, onnx: .float32("Softsign"), module: "nn.Softsign()", layer: .named("softsign"),
      expansion: softsign),
    PrimitiveRow(
      .selu, onnx: .float32("Selu"), module: "nn.SELU()",
      layer: .named("selu", isFloat32Only: true), expansion: selu),
    PrimitiveRow(
      .celu(), onnx: .float32("Celu", constant: "alpha"), module: "nn.CELU(a)", expansion: celu),
    PrimitiveRow(
      .hardSigmoid(), onnx: .float32("HardSigmoid", constant: "alpha"), expansion: hardSigmoid),
    PrimitiveRow(.hardSwish, module: "nn.Hardswish()", expansion: hardSwish),
    PrimitiveRow(.clip(), expansion: clip),
    PrimitiveRow(.clipDerivative(low: 0, high: 1), expansion: clipDerivative),
    // The derivative of a jump is taken as 1: the difference is 0 and has that derivative.
    PrimitiveRow(
      .step, torch: "(x >= 0).to(DTYPE) + (x - x.detach())",
      keras: "ops.cast(x >= 0, FLOAT) + (x - ops.stop_gradient(x))", expansion: step(below: 0)),
    PrimitiveRow(
      .sign, torch: "2 * (x >= 0).to(DTYPE) - 1 + (x - x.detach())",
      keras: "2 * ops.cast(x >= 0, FLOAT) - 1 + (x - ops.stop_gradient(x))",
      expansion: step(below: -1)),
    PrimitiveRow(.binaryCrossEntropy, expansion: binaryCrossEntropy),
    PrimitiveRow(.binaryCrossEntropyDerivative, expansion: binaryCrossEntropyDerivative),
  ]

  // MARK: Samples as rows

  private static let rows: [PrimitiveRow] = [
    PrimitiveRow(
      .sum(axis: .columns), .wholeArrays, numpy: "x.sum(axis=1, keepdims=True)",
      torch: "x.sum(dim=1, keepdim=True)", keras: "ops.sum(x, axis=1, keepdims=True)",
      c: "sum_of(n, x)", onnx: .sum),
    PrimitiveRow(
      .mean(axis: .columns), .wholeArrays, numpy: "x.mean(axis=1, keepdims=True)",
      torch: "x.mean(dim=1, keepdim=True)", keras: "ops.mean(x, axis=1, keepdims=True)",
      c: "sum_of(n, x) / n", onnx: .reduction("ReduceMean")),
    PrimitiveRow(
      .max(axis: .columns), .wholeArrays, numpy: "x.max(axis=1, keepdims=True)",
      torch: "x.amax(dim=1, keepdim=True)", keras: "ops.max(x, axis=1, keepdims=True)",
      c: "largest_of(n, x)", onnx: .reduction("ReduceMax")),
    PrimitiveRow(
      .min(axis: .columns), .wholeArrays, numpy: "x.min(axis=1, keepdims=True)",
      torch: "x.amin(dim=1, keepdim=True)", keras: "ops.min(x, axis=1, keepdims=True)",
      c: "smallest_of(n, x)", onnx: .reduction("ReduceMin")),
    PrimitiveRow(
      .softmax, .wholeArrays, torch: "torch.softmax(x, dim=1)", keras: "ops.softmax(x, axis=-1)",
      onnx: .softmax, module: "nn.Softmax(dim=-1)", layer: .named("softmax"), expansion: softmax),
    PrimitiveRow(
      .logSumExp, .wholeArrays, torch: "torch.logsumexp(x, dim=1, keepdim=True)",
      keras: "ops.logsumexp(x, axis=1, keepdims=True)", expansion: logSumExp),
    PrimitiveRow(.crossEntropy, .wholeArrays, expansion: crossEntropy),
    PrimitiveRow(
      .matmul, .wholeArrays, everywhere: "x @ y", keras: "ops.matmul(x, y)",
      c: "product_at(i, n, m, x, y)", onnx: .node("MatMul")),
    PrimitiveRow(
      .slice([0], of: .vector(1), as: .vector(1)), .wholeArrays, everywhere: "x[:, k]",
      keras: "ops.take(x, k, axis=1)", c: "x[k[i]]", onnx: .slice),
    PrimitiveRow(.reshape(to: .scalar), .unchanged),
    PrimitiveRow(
      .broadcast(to: .scalar), numpy: "np.repeat(x, m, axis=1)", torch: "x.expand(-1, m)",
      keras: "ops.repeat(x, m, axis=1)", c: "x", onnx: .broadcast),
  ]
}
