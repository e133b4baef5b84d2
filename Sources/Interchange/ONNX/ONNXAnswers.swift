import Differentiation
import Learning

// Linear models of scikit-learn, and what models answer: probabilities, classes and their names.

extension ONNXInterpreter {
  static let answerRules: [String: Rule] = [
    "LinearRegressor": regression, "LinearClassifier": classification,
    "ArgMax": largest, "Binarizer": threshold, "ZipMap": zipNames, "LabelEncoder": rename,
    "Normalizer": shares, "ReduceSum": total, "Not": not,
  ]

  // MARK: Linear models

  private static let regression: Rule = { state, operation throws(FormatError) in
    let settings = operation.attributes
    let targets = settings.number("targets") ?? 1
    guard settings.text("post_transform") ?? "NONE" == "NONE", targets > 0 else {
      throw operation.error("it does more than to add weighted features")
    }
    return .units(
      try state.weighted(
        try settings.floats("coefficients") ?? [], try settings.floats("intercepts") ?? [],
        count: targets, operation))
  }

  /// Sums of weighted features, one for each of `count` targets or classes, as a layer.
  private mutating func weighted(
    _ coefficients: [Double], _ intercepts: [Double], count: Int, _ operation: Operation
  ) throws(FormatError) -> ONNXUnits {
    let units = try units(0, operation)
    guard coefficients.count.isMultiple(of: count), coefficients.count / count == units.count,
      intercepts.isEmpty || intercepts.count == count, units.axes.count == 2
    else {
      throw operation.error(
        "\(coefficients.count) weights are not \(count) sums of \(units.count) features")
    }
    try Self.checkOneAxis(units, 1, operation)
    try addLayer(Tensor(.matrix(count, units.count), coefficients), to: units, operation)
    var result = ONNXUnits(layer: layers.count, axes: [units.axes[0], count])
    if !intercepts.isEmpty {
      result.post.shift = Coefficients(intercepts)
      layers[layers.count - 1].hasBias = true
      layers[layers.count - 1].netInput = result.post
    }
    return result
  }

  private static let classification: Rule = { state, operation throws(FormatError) in
    let settings = operation.attributes
    let texts = settings.texts("classlabels_strings")
    let numbers = try settings.numbers("classlabels_ints") ?? []
    let names = texts.isEmpty ? numbers.map { "\($0)" } : texts
    var coefficients = try settings.floats("coefficients") ?? []
    var intercepts = try settings.floats("intercepts") ?? []
    let transform = settings.text("post_transform") ?? "NONE"
    let isLogistic = transform == "LOGISTIC"
    guard names.count > 1, ["NONE", "LOGISTIC", "SOFTMAX"].contains(transform) else {
      throw operation.error("\(names.count) classes by \(visible(transform)) are not read here")
    }
    // Of two classes the second row says all where the first is its negative.
    let half = coefficients.count / 2
    let isMirrored =
      names.count == 2 && coefficients.count.isMultiple(of: 2) && intercepts.count == 2
      && transform != "SOFTMAX" && intercepts[0] == -intercepts[1]
      && (0..<half).allSatisfy { coefficients[$0] == -coefficients[half + $0] }
    if isMirrored { (coefficients, intercepts) = (Array(coefficients[half...]), [intercepts[1]]) }
    let isAlone = names.count == 2 && (isMirrored || intercepts.count == 1 && isLogistic)
    var units = try state.weighted(
      coefficients, intercepts, count: isAlone ? 1 : names.count, operation)
    if transform != "NONE" {
      units.form = .together(isLogistic ? "sigmoid" : "softmax", of: units.post)
      units.post = .identity
    }
    let answer = ONNXAnswer(
      units: units, isPair: isAlone, isSigned: isAlone && !isLogistic, classes: names)
    if operation.outputs.count > 1 { state.values[operation.outputs[1]] = .answer(answer) }
    var label = answer
    label.isLabel = true
    return .answer(label)
  }

  // MARK: Shares

  /// Every row divided by the sum of its sizes.
  private static let shares: Rule = { state, operation throws(FormatError) in
    let answer = try answer(0, state, operation)
    guard operation.attributes.text("norm") == "L1" else {
      throw operation.error(
        "it divides every row by its length, which is none of the preparing steps",
        help: ["standardize and normalize prepare features one by one"])
    }
    return .answer(try state.normalized(answer, operation))
  }

  /// The units divided by their sum.
  ///
  /// σ(z)/Σσ(z) is the softmax of log σ(z), which is -softplus(-z).
  private mutating func normalized(
    _ answer: ONNXAnswer, _ operation: Operation
  ) throws(FormatError) -> ONNXAnswer {
    if answer.units.isDistribution || answer.isPair && !answer.isSigned { return answer }
    var result = answer
    guard answer.units.layer == layers.count, answer.units.layer > 0, answer.units.count > 1,
      !answer.isLabel, !answer.isPair, let match = try matches(answer.units, operation).first,
      match.activation.name == "sigmoid", match.post.isIdentity
    else {
      throw operation.error("it divides by a sum what are no outputs of sigmoid")
    }
    var units = ONNXUnits(layer: layers.count, axes: answer.units.axes)
    units.form = .together("softplus", of: match.pre.then(Self.negation))
    units = try passedOn(units, operation)
    units.form = .together("softmax", of: Self.negation)
    result.units = units
    return result
  }

  private static let total: Rule = { state, operation throws(FormatError) in
    let units = try answer(0, state, operation).units
    let axes = try state.wholeNumbers("axes", operand: 1, operation) ?? []
    guard axes == [1] || axes == [-1], operation.attributes.number("keepdims") ?? 1 == 1,
      units.axes.count == 2, units.axes[1] == units.count
    else { throw operation.error("it adds the values of units up", help: [chainHelp]) }
    return .total(units)
  }

  private static let not: Rule = { state, operation throws(FormatError) in
    if let name = operation.inputs.first, case .isZero? = state.values[name] { return .isZero }
    guard let rule = ONNXElementwise.rule(of: operation.type) else {
      throw operation.error("it takes no truth")
    }
    return .units(try state.applied(rule, operation))
  }

  /// What arithmetic with a sum of units is; nil where there is none among the operands. The
  /// mark of rows whose sum is 0 changes nothing: outputs of sigmoid are above 0.
  static func withTotal(
    _ primitive: Primitive, _ state: inout ONNXInterpreter, _ operation: Operation
  ) throws(FormatError) -> ONNXValue? {
    guard let a = state.values[operation.inputs[0]], let b = state.values[operation.inputs[1]]
    else { return nil }
    switch (a, b) {
    case (.isZero, .constant) where primitive === Primitive.multiply: return .isZero
    case (_, .isZero) where primitive === Primitive.add: return a
    case (.isZero, _) where primitive === Primitive.add: return b
    case (_, .total(let sum)) where primitive === Primitive.divide:
      let answer = try answer(0, state, operation)
      guard answer.units.isSame(as: sum) else {
        throw operation.error("it divides by the sum of other units", help: [chainHelp])
      }
      return .answer(try state.normalized(answer, operation))
    default: return nil
    }
  }

  // MARK: Classes

  /// The answer that an operand is, or units as one.
  private static func answer(
    _ place: Int, _ state: ONNXInterpreter, _ operation: Operation
  ) throws(FormatError) -> ONNXAnswer {
    if operation.inputs.indices.contains(place),
      case .answer(let answer)? = state.values[operation.inputs[place]]
    {
      return answer
    }
    return ONNXAnswer(units: try state.units(place, operation))
  }

  private static let largest: Rule = { state, operation throws(FormatError) in
    var answer = try answer(0, state, operation)
    guard answer.count > 1 else { throw operation.error("it chooses among one output") }
    let axis = operation.attributes.number("axis") ?? 0
    let rank = answer.units.axes.count
    guard answer.isPair || (axis < 0 ? axis + rank : axis) == rank - 1 else {
      throw operation.error("it chooses among samples or a part of the outputs")
    }
    answer.classes = (0..<answer.count).map { "\($0)" }
    answer.isLabel = true
    return .answer(answer)
  }

  private static let threshold: Rule = { state, operation throws(FormatError) in
    var answer = try answer(0, state, operation)
    let threshold = operation.attributes.setting("threshold") ?? 0
    if threshold != 0.5 {
      state.noteOnce("labels of the model hold above \(threshold), here from 0.5 on")
    }
    answer.isLabel = true
    answer.isMultiple = answer.units.count > 1
    return .answer(answer)
  }

  /// The names of a constant: texts, or whole numbers as they are written.
  private static func names(_ constant: ONNXConstant) -> [String] {
    constant.texts ?? constant.numbers.map { Int(exactly: $0).map { "\($0)" } ?? "\($0)" }
  }

  static let chooseName: Rule = { state, operation throws(FormatError) in
    guard operation.type == "ArrayFeatureExtractor" || operation.type == "Gather",
      let constant = try state.constant(0, operation)
    else { throw operation.error("it takes a part of a constant by what is computed") }
    var answer = try answer(1, state, operation)
    let names = names(constant)
    guard answer.isLabel, names.count == answer.classes?.count else {
      throw operation.error("the names of the classes do not fit")
    }
    answer.classes = names
    return .answer(answer)
  }

  private static let zipNames: Rule = { state, operation throws(FormatError) in
    var answer = try answer(0, state, operation)
    let texts = operation.attributes.texts("classlabels_strings")
    let numbers = try operation.attributes.numbers("classlabels_int64s") ?? []
    let names = texts.isEmpty ? numbers.map { "\($0)" } : texts
    guard names.count == answer.count || answer.isPair && names.count == answer.units.count else {
      throw operation.error("\(names.count) classes for \(answer.units.count) outputs")
    }
    // Of outputs that do not exclude each other every one is a question of its own.
    if answer.isPair || answer.classes != nil || answer.units.isDistribution {
      answer.classes = names
    } else {
      answer.labels = names
    }
    return .answer(answer)
  }

  private static let rename: Rule = { state, operation throws(FormatError) in
    var answer = try answer(0, state, operation)
    let settings = operation.attributes
    let keys =
      settings.texts("keys_strings")
      + (try settings.numbers("keys_int64s") ?? []).map { "\($0)" }
    let values =
      settings.texts("values_strings")
      + (try settings.numbers("values_int64s") ?? []).map { "\($0)" }
    guard answer.isLabel, let classes = answer.classes, keys.count == values.count else {
      throw operation.error("it renames something else than classes")
    }
    answer.classes = classes.map { name in
      keys.firstIndex(of: name).map { values[$0] } ?? name
    }
    return .answer(answer)
  }
}

extension ONNXUnits {
  /// Whether all units together are probabilities of classes.
  var isDistribution: Bool {
    if case .together("softmax", _) = form { post.isIdentity } else { false }
  }
}
