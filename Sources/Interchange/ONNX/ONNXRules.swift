import Differentiation
import Learning

// What operations mean to a net that are more than a function of each unit.

extension ONNXInterpreter {
  static let rules: [String: Rule] = [
    "Identity": passing, "Dropout": passing, "Cast": cast,
    "Reshape": reshaped, "Flatten": reshaped, "Squeeze": reshaped, "Unsqueeze": reshaped,
    "Transpose": reshaped, "Shape": shape,
    "Add": add, "Sub": subtract, "Mul": multiply, "Div": divide, "Neg": negate,
    "MatMul": product, "Gemm": layer, "BatchNormalization": normalize,
    "Softmax": together("softmax"), "LogSoftmax": together("logsoftmax"),
    "PRelu": slopes, "Scaler": scale, "Imputer": impute, "OneHotEncoder": encode,
    "Gather": choose, "Slice": choose, "ArrayFeatureExtractor": choose, "Concat": join,
  ]

  // MARK: Nothing to do

  static let passing: Rule = { state, operation throws(FormatError) in
    guard let name = operation.inputs.first, let value = state.values[name] else {
      throw operation.error("operand 1 is missing")
    }
    return value
  }

  private static let cast: Rule = { state, operation throws(FormatError) in
    let value = try passing(&state, operation)
    let type = operation.attributes.number("to").flatMap { ONNXConstant.type(numbered: $0) }
    if case .total = value { return type == .bool ? .isZero : value }
    guard case .units(let units) = value else { return value }
    switch type {
    case .float16?, .bfloat16?, .float32?, .float64?, .bool?: return value
    default:
      if units.layer == 0, case .netInputs = units.form { return .whole(units) }
      throw operation.error("it makes whole numbers or texts of the values of units")
    }
  }

  // MARK: Arithmetic

  private static let add: Rule = arithmetic(
    .add, straight: { c in Affine(scale: Coefficients(1), shift: c) })
  private static let subtract: Rule = arithmetic(
    .subtract, reversed: { c in Affine(scale: Coefficients(-1), shift: c) },
    straight: { c in Affine(scale: Coefficients(1), shift: c.map { -$0 }) })
  private static let multiply: Rule = arithmetic(
    .multiply, straight: { c in Affine(scale: c, shift: Coefficients(0)) })
  private static let divide: Rule = arithmetic(
    .divide, reversed: { _ in nil },
    straight: { c in Affine(scale: c.map { 1 / $0 }, shift: Coefficients(0)) })
  private static let negate: Rule = { state, operation throws(FormatError) in
    var units = try state.units(0, operation)
    units.post = units.post.then(Affine(scale: Coefficients(-1), shift: Coefficients(0)))
    return .units(units)
  }

  /// - Parameters:
  ///   - reversed: what the constant does as the first operand; as the second where left out, nothing
  ///     of this kind where nil.
  ///   - straight: what the constant does as the second operand.
  private static func arithmetic(
    _ primitive: Primitive, reversed: (@Sendable (Coefficients) -> Affine?)? = nil,
    straight affine: @escaping @Sendable (Coefficients) -> Affine
  ) -> Rule {
    { state, operation throws(FormatError) in
      guard operation.inputs.count == 2 else { throw operation.error("it takes two operands") }
      if let sum = try withTotal(primitive, &state, operation) { return sum }
      let isFirst = state.isConstant(operation.inputs[0])
      if isFirst || state.isConstant(operation.inputs[1]) {
        var units = try state.units(isFirst ? 1 : 0, operation)
        guard let constant = try state.constant(isFirst ? 0 : 1, operation) else {
          throw operation.error("an operand is missing")
        }
        let (numbers, axes) = try state.coefficients(constant, for: units, operation)
        if let done = isFirst ? (reversed ?? affine)(numbers) : affine(numbers) {
          if primitive === Primitive.add, units.layer > 0, case .netInputs = units.form,
            units.layer == state.layers.count
          {
            state.layers[units.layer - 1].hasBias = true
            if units.post.isIdentity { state.layers[units.layer - 1].netInput = done }
          }
          units.axes = axes
          units.post = units.post.then(done)
          return .units(units)
        }
      } else if primitive === Primitive.add || primitive === Primitive.subtract {
        let (a, b) = (try state.units(0, operation), try state.units(1, operation))
        if case .netInputs = a.form, case .netInputs = b.form, a.layer == b.layer, a.axes == b.axes
        {
          let sign: Double = primitive === Primitive.add ? 1 : -1
          var sum = a
          sum.post = Affine(
            scale: a.post.scale.combined(b.post.scale) { $0 + sign * $1 },
            shift: a.post.shift.combined(b.post.shift) { $0 + sign * $1 })
          return .units(sum)
        }
      }
      let rule: ONNXElementwise.Rule = { inputs, _ throws(ShapeError) in
        try Node.apply(primitive, to: inputs)
      }
      return .units(try state.applied(rule, operation))
    }
  }

  // MARK: Layers

  /// The axis of the units: the others have one place each.
  static func checkOneAxis(
    _ units: ONNXUnits, _ axis: Int, _ operation: ONNXModel.Operation
  ) throws(FormatError) {
    guard units.axes.indices.contains(axis), let size = units.axes[axis], size == units.count else {
      throw operation.error("it goes through a part of the units of a layer at a time")
    }
  }

  private static func matrix(
    _ constant: ONNXConstant, _ operation: ONNXModel.Operation
  ) throws(FormatError) -> Tensor {
    let shape = constant.shape.drop { $0 == 1 }
    guard constant.texts == nil, !constant.numbers.isEmpty, shape.count <= 2 else {
      throw operation.error("weights of the shape \(listed(constant.shape))")
    }
    let columns = constant.shape.count > 1 ? constant.shape[constant.shape.count - 1] : 1
    return Tensor(.matrix(constant.numbers.count / columns, columns), constant.numbers)
  }

  private static let product: Rule = { state, operation throws(FormatError) in
    guard operation.inputs.count == 2 else { throw operation.error("it takes two operands") }
    let isLeft = state.isConstant(operation.inputs[0])
    guard let constant = try state.constant(isLeft ? 0 : 1, operation) else {
      throw operation.error("weights are missing")
    }
    let units = try state.units(isLeft ? 1 : 0, operation)
    let weights = try matrix(constant, operation)
    if isLeft {
      let axis = units.axes.count > 1 ? units.axes.count - 2 : 0
      try checkOneAxis(units, axis, operation)
      try state.addLayer(weights, to: units, operation)
      var axes = units.axes
      axes[axis] = weights.shape.rows
      return .units(ONNXUnits(layer: state.layers.count, axes: axes))
    }
    try checkOneAxis(units, units.axes.count - 1, operation)
    try state.addLayer(weights.transposed, to: units, operation)
    let rest = Array(units.axes.dropLast())
    return .units(
      ONNXUnits(
        layer: state.layers.count,
        axes: constant.shape.count == 1 ? rest : rest + [weights.shape.columns]))
  }

  private static let layer: Rule = { state, operation throws(FormatError) in
    let settings = operation.attributes
    let units = try state.units(0, operation)
    guard settings.number("transA") ?? 0 == 0, units.axes.count == 2 else {
      throw operation.error("it takes columns for rows, which no layer of a net does")
    }
    guard let constant = try state.constant(1, operation), constant.shape.count == 2 else {
      throw operation.error("weights are missing")
    }
    try checkOneAxis(units, 1, operation)
    var weights = try matrix(constant, operation)
    if settings.number("transB") ?? 0 == 0 { weights = weights.transposed }
    if let factor = settings.setting("alpha"), factor != 1 {
      weights = Tensor(weights.shape, weights.elements.map { $0 * factor })
    }
    try state.addLayer(weights, to: units, operation)
    var result = ONNXUnits(layer: state.layers.count, axes: [units.axes[0], weights.shape.rows])
    if let bias = try state.constant(2, operation) {
      let (numbers, _) = try state.coefficients(bias, for: result, operation)
      let factor = settings.setting("beta") ?? 1
      result.post.shift = numbers.map { $0 * factor }
      state.layers[state.layers.count - 1].hasBias = true
      state.layers[state.layers.count - 1].netInput = result.post
    }
    return .units(result)
  }

  private static let normalize: Rule = { state, operation throws(FormatError) in
    var units = try state.units(0, operation)
    var parts: [Coefficients] = []
    for place in 1...4 {
      guard let constant = try state.constant(place, operation) else {
        throw operation.error("operand \(place + 1) is missing")
      }
      // The units are along the second axis, whatever follows.
      let shape = constant.shape + Array(repeating: 1, count: max(0, units.axes.count - 2))
      let spread = ONNXConstant(constant.numbers, shape: shape)
      parts.append(try state.coefficients(spread, for: units, operation).0)
    }
    let least = operation.attributes.setting("epsilon") ?? 1e-5
    let factor = parts[0].combined(parts[3]) { $0 / ($1 + least).squareRoot() }
    units.post = units.post.then(
      Affine(
        scale: factor, shift: parts[1].combined(factor.combined(parts[2], *)) { $0 - $1 }))
    return .units(units)
  }

  /// A slope for each unit is none of a layer's activations: x is relu x - relu(-x), and so a layer
  /// of twice as many rectifiers computes it, with one that adds them up.
  private static let slopes: Rule = { state, operation throws(FormatError) in
    guard let constant = try state.constant(1, operation) else {
      throw operation.error("its slopes are missing")
    }
    var units = try state.units(0, operation)
    let (numbers, _) = try state.coefficients(constant, for: units, operation)
    guard numbers.uniform == nil else {
      guard let rule = ONNXElementwise.rule(of: operation.type) else {
        throw operation.error("it has no rule")
      }
      return .units(try state.applied(rule, operation))
    }
    if case .netInputs = units.form, units.layer > 0 {
    } else {
      units = try state.passedOn(units, operation)
    }
    state.noteOnce(
      "PRelu with a slope for each unit is read as two rectifiers a unit, which compute the same")
    try state.addSlopes(numbers, to: units, operation)
    units.layer = state.layers.count
    units.post = .identity
    return .units(units)
  }

  private static func together(_ activation: String) -> Rule {
    { state, operation throws(FormatError) in
      var units = try state.units(0, operation)
      let axis = operation.attributes.number("axis") ?? units.axes.count - 1
      let place = axis < 0 ? axis + units.axes.count : axis
      try checkOneAxis(units, place, operation)
      if case .netInputs = units.form, units.layer > 0 {
      } else {
        units = try state.passedOn(units, operation)
      }
      units.form = .together(activation, of: units.post)
      units.post = .identity
      return .units(units)
    }
  }
}
