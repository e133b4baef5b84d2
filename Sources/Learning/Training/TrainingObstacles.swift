import Differentiation

// What keeps a training from working, however long it runs.

extension TrainingRun {
  /// Data with more features than this are not looked through for a line.
  private static let mostFeatures = 100
  private static let mostClasses = 10
  /// A net that gets this share right works, whatever a line could do.
  private static let goodShare = 0.95
  /// Targets above it move the first steps far beyond what usual rates are made for.
  static let largeTarget = 100.0

  /// - Parameter rows: some of the rows that it was trained on.
  func obstacles(on rows: DataSet) throws(LearningError) -> [HealthNote] {
    guard rows.featureCount == network.inputCount else { return [] }
    var notes: [HealthNote] = []
    let targets = try network.targets(of: rows)
    let outputs = try network.forward(rows.x).a
    let y = outputs[outputs.count - 1]
    if let note = outOfReach(targets) ?? stuck(y, targets) { notes.append(note) }
    if network.rule == .gradientDescent, network.dropout == 0, let note = try alike() {
      notes.append(note)
    }
    if let note = try linear(rows) { notes.append(note) }
    if notes.isEmpty, let note = large(y, targets, rows) { notes.append(note) }
    return notes
  }

  /// Targets outside of what the activation of the output gives.
  private func outOfReach(_ targets: Tensor) -> HealthNote? {
    let activation = network.output.activation
    guard let range = activation.range, network.loss.outputRequirement != .signedScores else {
      return nil
    }
    let outside = targets.elements.count { !range.contains($0) }
    guard outside > 0, let low = targets.elements.min(), let high = targets.elements.max() else {
      return nil
    }
    return .unreachableTargets(
      outside, of: targets.elements.count, from: low, to: high, output: activation.title,
      range: range, help: network.call(output: "linear"))
  }

  /// An output of the relu family that answers 0 to every row passes nothing back.
  private func stuck(_ y: Tensor, _ targets: Tensor) -> HealthNote? {
    guard network.output.activation.traits.contains(.dying), y.elements.allSatisfy({ $0 == 0 }),
      targets.elements.contains(where: { $0 > 0 })
    else { return nil }
    return .stuckOutput(network.output.activation.title, help: network.call(output: "linear"))
  }

  /// Units that begin alike get the same gradients and stay alike.
  private func alike() throws(LearningError) -> HealthNote? {
    for layer in network.layers.dropLast() where layer.units > 1 {
      let weights = try network.value(of: "W\(layer.number)")
      let next = try network.value(of: "W\(layer.number + 1)")
      let bias = layer.hasBias ? try network.value(of: "b\(layer.number)").elements : []
      let isAlike = (1..<layer.units).allSatisfy { unit in
        (0..<layer.inputs).allSatisfy { weights[unit, $0] == weights[0, $0] }
          && (0..<next.shape.rows).allSatisfy { next[$0, unit] == next[$0, 0] }
          && (bias.isEmpty || bias[unit] == bias[0])
      }
      guard isAlike else { continue }
      return .alikeUnits(layer.units, layer: layer.number, help: network.call())
    }
    return nil
  }

  /// A net without a bend on what no line separates, or on numbers that it does not meet.
  private func linear(_ rows: DataSet) throws(LearningError) -> HealthNote? {
    guard network.layers.dropLast().allSatisfy({ $0.activation.isLinear }), try outputRises() else {
      return nil
    }
    let isPerceptron = network.rule == .perceptron
    let output = isPerceptron ? "sigmoid" : network.output.activation.title
    let hasHidden = network.layers.count > 1
    let sizes =
      hasHidden ? network.sizes : [network.inputCount, 8, network.outputCount]
    let help = "mlp \(written(sizes)) tanh \(output)"
    guard let own = try network.classes(of: rows) else {
      guard hasHidden, network.output.activation.isLinear else { return nil }
      let share = try network.rSquared(on: rows)
      return share < 0.9 ? .linearNet(explained: share, help: help) : nil
    }
    // Labels of a row are told apart by lines of their own.
    guard !own.code.isMultiple else { return nil }
    let classes = try network.classification(on: rows)
    guard classes.accuracy < Self.goodShare, rows.featureCount <= Self.mostFeatures,
      let pair = inseparable(rows, classes.actual)
    else { return nil }
    let names = classes.classes
    return .noLine(
      names.count > 2 ? "\(names[pair.0 - 1]) and \(names[pair.1 - 1])" : "the classes",
      isDeep: hasHidden, help: help)
  }

  /// Whether a larger net input of an output unit always means a larger output.
  private func outputRises() throws(LearningError) -> Bool {
    let activation = network.output.activation
    if activation.isLinear || activation.isJoint { return true }
    guard !activation.traits.contains(.custom), !activation.hasLearnedSlope else { return false }
    let z = Tensor(.matrix(61, 1), (-30...30).map { Double($0) / 5 })
    let a = try activation.output(of: .constant(z)).value?.elements ?? []
    return zip(a, a.dropFirst()).allSatisfy { $0 <= $1 }
  }

  /// Two classes, from 1, that no hyperplane separates.
  private func inseparable(_ rows: DataSet, _ classes: [Int]) -> (Int, Int)? {
    let present = Set(classes).sorted().prefix(Self.mostClasses)
    let width = rows.featureCount
    for (place, first) in present.enumerated() {
      for second in present.dropFirst(place + 1) {
        let members = classes.indices.filter { classes[$0] == first || classes[$0] == second }
        let points = members.map { Array(rows.x.elements[$0 * width..<($0 + 1) * width]) }
        let test = Separability(points, isSecond: members.map { classes[$0] == second })
        if !test.isSeparable { return (first, second) }
      }
    }
    return nil
  }

  /// Targets so large that the outputs stayed far below them.
  private func large(_ y: Tensor, _ targets: Tensor, _ rows: DataSet) -> HealthNote? {
    guard TargetCode(of: targets) == .numbers, data.hasLargeTargets,
      !(rSquared(outputs: y, targets: targets) > 0.5)
    else { return nil }
    return .largeTargets(data.largestTarget)
  }

}

extension Network {
  /// The call that makes the net anew, as it is typed, with another output where one is named.
  /// - Parameter others: its sizes; the net's own where nil.
  func call(_ others: [Int]? = nil, output: String? = nil) -> String {
    let sizes = others ?? self.sizes
    if rule == .perceptron { return "perceptron \(written(Array(sizes.dropLast())))" }
    var names = layers.map { $0.activation.title }
    if let output { names[names.count - 1] = output }
    if Set(names).count == 1 {
      names = [names[0]]
    } else if Set(names.dropLast()).count == 1 {
      names = [names[0], names[names.count - 1]]
    }
    return "mlp \(written(sizes)) \(names.joined(separator: " "))"
  }
}

extension DataSet {
  /// Whether features are far from the size that usual rates and first weights are made for, and
  /// nothing was done about it.
  var hasLargeFeatures: Bool { !isScaled && x.elements.contains { abs($0) > 10 } }

  /// Whether a step has brought the features to one scale.
  var isScaled: Bool {
    pipeline?.steps.contains { if case .scale = $0 { true } else { false } } ?? false
  }

  var largestTarget: Double {
    guard case .values(let values) = target else { return 0 }
    return values.elements.map { abs($0) }.max() ?? 0
  }

  /// Whether targets are numbers so large that they call for scaling.
  var hasLargeTargets: Bool { largestTarget > TrainingRun.largeTarget }
}

extension Samples {
  /// Whether features are far from the size that usual rates are made for, and nothing was done
  /// about it.
  var hasLargeFeatures: Bool {
    switch self {
    case .table(let data): data.hasLargeFeatures
    case .stream(let stream):
      !stream.pattern.isScaled && stream.knownSurvey.map { $0.largestFeature > 10 } ?? false
    }
  }

  var largestTarget: Double {
    switch self {
    case .table(let data): data.largestTarget
    case .stream(let stream): stream.knownSurvey?.largestTarget ?? 0
    }
  }

  /// Whether targets are numbers so large that they call for scaling.
  var hasLargeTargets: Bool { largestTarget > TrainingRun.largeTarget }
}
