import Differentiation

/// One layer of a net: a = f(W x + b).
package struct Layer {
  /// From 1.
  package let number: Int
  package let inputs: Int
  package let units: Int
  package internal(set) var activation: Activation
  package let hasBias: Bool

  /// The numbers that are learned: weights, biases and slopes.
  package var count: Int {
    inputs * units + (hasBias ? units : 0) + (activation.hasLearnedSlope ? 1 : 0)
  }
}

/// How the losses of samples become one number.
package enum Reduction: String, Hashable, Sendable, CaseIterable {
  case mean
  case sum
}

/// How a net learns.
package enum LearningRule: Hashable, Sendable {
  case gradientDescent
  /// Rosenblatt's rule for one layer of threshold units: w += lr·(t - y)·x.
  case perceptron
}

/// A multi-layer perceptron: the one value with identity. Training and setting a parameter change
/// it; `copy()` makes another.
package final class Network {
  package struct Options {
    package var initializer: Initializer
    package var hasBias = true
    package var seed = 1
    /// Chosen by the output activation where nil.
    package var loss: Loss?
    package var reduction = Reduction.mean
    package var precision = Precision.float64
    package var rule = LearningRule.gradientDescent
    /// The share of hidden units left out of every training step, from 0 to below 1.
    package var dropout = 0.0

    package init(initializer: Initializer = .standard) { self.initializer = initializer }
  }

  /// One array of learned numbers, as `W1`.
  package struct Parameter: Hashable, Sendable {
    package enum Role: Hashable, Sendable {
      /// Units × inputs.
      case weights
      /// One a unit.
      case bias
      /// One a layer of prelu.
      case slope
    }

    package let name: String
    package let role: Role
    /// The layer's number, from 1.
    package let layer: Int
    package internal(set) var value: Tensor
  }

  /// Reads and sets the values of parameters that lie in a training's memory.
  struct LiveValues {
    /// Leaves the numbers of a parameter that plays no part as they are.
    let read: (_ index: Int, _ numbers: inout [Double]) -> Void
    let write: (_ index: Int, Tensor) -> Void
  }

  /// The most parameters a net may have: 1 GB of binary64.
  package static let largestCount = 1 << 27
  package static let deepest = 1000

  package let layers: [Layer]
  package let seed: Int
  package let initializer: Initializer
  package let precision: Precision
  package let rule: LearningRule
  /// The share of hidden units left out of every training step; the others count the more for it.
  /// Nothing is left out when the net answers.
  package let dropout: Double
  private var stored: [Parameter]
  /// Where the values are while the net is being trained.
  private var training: LiveValues?
  /// Who evaluates rows together with this process, as all of them do at once; nobody where nil.
  var team: Team?
  package private(set) var loss: Loss
  /// Whether the loss was chosen by the output activation.
  package private(set) var isLossAutomatic: Bool
  package var reduction: Reduction
  /// What the net was last trained on.
  package internal(set) var lastData: Samples?
  /// What the columns of the data were called that a loaded net was trained on.
  package var loadedNames: (features: [String], targets: [String]) = ([], [])
  /// The names of the classes it was trained to tell apart, where it was given any.
  package var classes: [String]?
  /// How the targets that it was trained on tell classes apart; nil for numbers.
  package var learnedCode: TargetCode?
  /// What the data it was trained on went through: raw rows go the same way.
  package var pipeline: Pipeline?

  /// - Parameters:
  ///   - sizes: the inputs, then the units of each layer.
  ///   - activations: one for all layers, one for the hidden layers and one for the output, or
  ///     one a layer.
  /// - Throws: where sizes or activations do not make a net, the net would be too large, or the
  ///   loss makes no sense with the output activation.
  package init(
    sizes: [Int], activations: [Activation], options: Options = Options()
  ) throws(LearningError) {
    try Self.check(sizes: sizes)
    let chosen = try Self.spread(activations, over: sizes.count - 1)
    layers = chosen.enumerated().map { index, activation in
      Layer(
        number: index + 1, inputs: sizes[index], units: sizes[index + 1], activation: activation,
        hasBias: options.hasBias)
    }
    seed = options.seed
    initializer = options.initializer
    precision = options.precision
    rule = options.rule
    dropout = options.dropout
    guard dropout >= 0, dropout < 1 else {
      throw LearningError(
        "dropout must be a number from 0 to below 1", (.option("dropout"), "is \(brief(dropout))"))
    }
    guard dropout == 0 || sizes.count > 2 else {
      throw LearningError(
        "dropout leaves hidden units out, and this net has none",
        (.option("dropout"), "nothing to leave out"), (.sizes, "no hidden layer"))
    }
    reduction = options.reduction
    let output = chosen[chosen.count - 1]
    if output.isDistribution, sizes[sizes.count - 1] == 1 {
      throw LearningError(
        "\(output.name) of one unit is always 1: there is nothing to learn",
        (.activation(activations.count - 1), "has one unit"),
        help: ["use sigmoid for two classes and one output"])
    }
    isLossAutomatic = options.loss == nil
    if let choice = options.loss { loss = choice } else { loss = .automatic(for: output) }
    stored = []
    try loss.check(output: output, target: .option("loss"))
    stored = initialParameters()
  }

  private init(copying other: Network) {
    layers = other.layers
    seed = other.seed
    initializer = other.initializer
    precision = other.precision
    rule = other.rule
    dropout = other.dropout
    reduction = other.reduction
    isLossAutomatic = other.isLossAutomatic
    loss = other.loss
    pipeline = other.pipeline
    stored = other.parameters
    lastData = other.lastData
    loadedNames = other.loadedNames
    classes = other.classes
    learnedCode = other.learnedCode
  }

  package func copy() -> Network { Network(copying: self) }

  /// The inputs, then the units of each layer.
  package var sizes: [Int] { [inputCount] + layers.map { $0.units } }
  package var inputCount: Int { layers[0].inputs }
  package var outputCount: Int { layers[layers.count - 1].units }
  package var output: Layer { layers[layers.count - 1] }
  /// How many numbers are learned.
  package var count: Int { layers.reduce(0) { $0 + $1.count } }

  /// As it was built: `mlp [2, 20, 1] relu sigmoid`.
  package var title: String {
    if rule == .perceptron { return "perceptron \(listed(sizes))" }
    let names = layers.map { $0.activation.title }
    let hidden = Set(names.dropLast())
    let shown =
      if Set(names).count == 1 {
        [names[0]]
      } else if hidden.count == 1 {
        [names[0], names[names.count - 1]]
      } else {
        names
      }
    return "mlp \(listed(sizes)) \(shown.joined(separator: " "))"
  }

  func remember(_ data: Samples) {
    lastData = data
    pipeline = data.pipeline
  }

  // MARK: Parameters

  package var parameters: [Parameter] {
    if let training {
      for index in stored.indices { training.read(index, &stored[index].value.elements) }
    }
    return stored
  }

  /// The values when they were last read from outside, also during a training.
  var lastReadValues: [Tensor] { stored.map { $0.value } }

  package var parameterNames: [String] { stored.map { $0.name } }

  /// - Throws: where the net has no parameter of this name.
  package func value(of name: String) throws(LearningError) -> Tensor {
    parameters[try index(of: name)].value
  }

  /// Gives a parameter other values; a vector is taken for a matrix of one row or one column,
  /// a number for a parameter of one element.
  /// - Throws: where there is no such parameter or the shapes differ.
  package func set(_ name: String, to value: Tensor) throws(LearningError) {
    let index = try index(of: name)
    let shape = stored[index].value.shape
    guard value.shape == shape || Self.isReadable(value.shape, as: shape) else {
      let layer = layers[stored[index].layer - 1]
      let sizes =
        switch stored[index].role {
        case .weights: "\(counted(layer.units, "unit")) of \(counted(layer.inputs, "input"))"
        case .bias: counted(layer.units, "unit")
        case .slope: "one slope"
        }
      throw LearningError(
        "\(name) is \(shape) (layer \(layer.number) has \(sizes)), not \(value.shape)",
        (.parameter(name), "is \(shape)"))
    }
    stored[index].value = Tensor(shape, value.elements)
    training?.write(index, stored[index].value)
  }

  private func index(of name: String) throws(LearningError) -> Int {
    if let index = stored.firstIndex(where: { $0.name == name }) { return index }
    throw LearningError(
      "the net has no parameter \(name)", (.parameter(name), "unknown"),
      help: ["it has \(parameterNames.joined(separator: ", "))"])
  }

  private static func isReadable(_ shape: Shape, as wanted: Shape) -> Bool {
    guard shape.count == wanted.count else { return false }
    switch (shape, wanted) {
    case (.scalar, _): return true
    case (.vector, .matrix(let rows, let columns)): return rows == 1 || columns == 1
    case (.matrix(let rows, let columns), .vector): return rows == 1 || columns == 1
    case (.vector, .scalar), (.matrix, .scalar): return true
    default: return false
    }
  }

  /// Draws the initial weights, the same for the same seed and sizes.
  private func initialParameters() -> [Parameter] {
    var random = RandomSource(seed: seed, stream: "init")
    var result: [Parameter] = []
    for layer in layers {
      let fan = Initializer.Fan(
        inputs: Double(layer.inputs), units: Double(layer.units),
        isRectified: layer.activation.isRectified)
      let weights = (0..<layer.inputs * layer.units).map { _ in initializer.weight(fan, &random) }
      result.append(
        Parameter(
          name: "W\(layer.number)", role: .weights, layer: layer.number,
          value: Tensor(.matrix(layer.units, layer.inputs), weights)))
      if layer.hasBias {
        result.append(
          Parameter(
            name: "b\(layer.number)", role: .bias, layer: layer.number,
            value: Tensor(repeating: 0, shape: .vector(layer.units))))
      }
      if let slope = layer.activation.learnedSlope {
        result.append(
          Parameter(
            name: "slope\(layer.number)", role: .slope, layer: layer.number, value: Tensor(slope)))
      }
    }
    return result
  }

  /// Whether a training is under way, which owns the values.
  package var isBeingTrained: Bool { training != nil }

  /// Puts all values at once, as after training.
  func setValues(_ values: [Tensor]) {
    for (index, value) in values.enumerated() {
      stored[index].value = value
      training?.write(index, value)
    }
  }

  /// Calls the body while the values are kept elsewhere; afterwards the net has the last ones.
  /// - Throws: what the body throws, and an error where this net is being trained already.
  func withValues<Result>(
    in live: LiveValues, _ body: () throws(LearningError) -> Result
  ) throws(LearningError) -> Result {
    try lendValues(to: live)
    defer { takeValuesBack() }
    return try body()
  }

  /// Keeps the values elsewhere until they are taken back.
  /// - Throws: where this net is being trained already.
  func lendValues(to live: LiveValues) throws(LearningError) {
    guard training == nil else {
      throw LearningError(
        "this net is being trained: it cannot be trained again from within",
        (.network, "is being trained"), help: ["train a copy of it"])
    }
    training = live
  }

  func takeValuesBack() {
    _ = parameters
    training = nil
  }

  // MARK: Loss

  /// Sets the loss, nil for the one that goes with the output activation.
  /// - Throws: where the loss makes no sense with the output activation.
  package func setLoss(_ choice: Loss?) throws(LearningError) {
    let chosen: Loss
    if let choice { chosen = choice } else { chosen = .automatic(for: output.activation) }
    try chosen.check(output: output.activation, target: .option("loss"))
    isLossAutomatic = choice == nil
    loss = chosen
  }

  // MARK: Checks

  private static func check(sizes: [Int]) throws(LearningError) {
    guard sizes.count >= 2 else {
      throw LearningError(
        "a net needs at least two sizes: inputs and outputs",
        (.sizes, "\(counted(sizes.count, "size"))"), help: ["for example [2, 20, 1]"])
    }
    guard sizes.count <= deepest + 1 else {
      throw LearningError(
        "a net may have at most \(deepest) layers", (.sizes, "\(sizes.count - 1) layers"))
    }
    for size in sizes where size < 1 {
      throw LearningError(
        "the sizes of a net are whole numbers of at least 1", (.sizes, "has \(size)"))
    }
    var count = 0
    for (inputs, units) in zip(sizes, sizes.dropFirst()) {
      let (product, overflows) = inputs.multipliedReportingOverflow(by: units)
      let (sum, tooLarge) = count.addingReportingOverflow(product)
      guard !overflows, !tooLarge, sum <= largestCount else {
        throw LearningError(
          "this net would have more than the \(largestCount) weights allowed",
          (.sizes, "\(inputs) × \(units) weights in one layer"))
      }
      count = sum
    }
  }

  private static func spread(
    _ activations: [Activation], over layers: Int
  ) throws(LearningError) -> [Activation] {
    let all: [Activation]
    switch activations.count {
    case 0:
      throw LearningError(
        "a net needs an activation", (.sizes, "no activation follows"),
        help: ["for example mlp [2, 20, 1] relu sigmoid"])
    case layers: all = activations
    case 1: all = Array(repeating: activations[0], count: layers)
    case 2 where layers > 1:
      all = Array(repeating: activations[0], count: layers - 1) + [activations[1]]
    default:
      let choices = layers <= 2 ? "1 or \(layers)" : "1, 2 or \(layers)"
      throw LearningError(
        "a net of \(counted(layers, "layer")) takes \(layers == 1 ? "1" : choices)"
          + " activations, not \(activations.count)",
        (.activation(activations.count - 1), "one too many"),
        (.sizes, counted(layers, "layer")))
    }
    for (index, activation) in all.dropLast().enumerated() where activation.isOutputOnly {
      throw LearningError(
        "\(activation.name) is for the output layer: in a hidden layer its units would compete",
        (.activation(min(index, activations.count - 1)), "in layer \(index + 1)"))
    }
    return all
  }
}
