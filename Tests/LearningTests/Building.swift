import Differentiation
import GoldenNumbers
import TestSupport

@testable import Learning

/// A net of named activations, with the weights and biases of a fixture's `setup` if given.
func net(
  _ sizes: [Int], _ activations: String..., loss: String? = nil, bias: Bool = true,
  reduction: Reduction = .mean, initializer: String = "auto", seed: Int = 1,
  precision: Precision = .float64
) throws -> Network {
  var options = Network.Options(
    initializer: try .required(initializer, as: .option("init")))
  options.hasBias = bias
  options.reduction = reduction
  options.seed = seed
  options.precision = precision
  if let loss { options.loss = try .required(loss, as: .option("loss")) }
  return try Network(
    sizes: sizes,
    activations: try activations.enumerated().map {
      try Activation.required($0.element, as: .activation($0.offset))
    }, options: options)
}

/// The net that a fixture's `setup` describes.
func net(_ setup: Fixture, loss: String = "half_sse", reduction: Reduction = .sum) throws
  -> Network
{
  let sizes = try setup.at("layers").numbers().map { Int($0) }
  let names = try setup.at("activations").list().map { try $0.text() }
  let biases = try? setup.at("b")
  var options = Network.Options()
  options.hasBias = biases.map { !$0.isNothing } ?? false
  options.loss = try .required(loss, as: .option("loss"))
  options.reduction = reduction
  let result = try Network(
    sizes: sizes,
    activations: try names.map { try Activation.required($0, as: .activation(0)) },
    options: options)
  for layer in result.layers {
    let index = String(layer.number - 1)
    try result.set("W\(layer.number)", to: try setup.at("W", index).matrix())
    if layer.hasBias, let biases {
      try result.set("b\(layer.number)", to: Tensor(vector: try biases.at(index).numbers()))
    }
  }
  return result
}

func dataSet(_ x: Tensor, _ t: Tensor) throws -> DataSet {
  try DataSet(x: x, target: .values(t))
}

func dataSet(_ setup: Fixture) throws -> DataSet {
  try dataSet(try setup.at("X").matrix(), try setup.at("T").matrix())
}

func dataSet(_ name: String, _ named: (name: String, value: Parameter.Value)...) throws -> DataSet {
  try DataGenerator.required(name, as: .data).configured(named: named).generated()
}

/// Plain training without shuffling.
func plainly(
  epochs: Int, rate: Double, batch: TrainingOptions.Batch = .full, optimizer: String = "sgd",
  _ named: (name: String, value: Parameter.Value)...
) throws -> TrainingOptions {
  var options = TrainingOptions(
    optimizer: try Optimizer.required(optimizer, as: .option("optimizer"))
      .configured(named: named))
  options.epochs = epochs
  options.rate = rate
  options.batch = batch
  options.isShuffled = false
  return options
}

extension Network {
  /// All values in the order W1, b1, W2, ….
  var numbers: [Double] { parameters.flatMap(\.value.elements) }
}

/// A fixture's weights and biases in the same order.
func numbers(_ state: Fixture) throws -> [Double] {
  let weights = try state.at("W").list()
  let biases = try? state.at("b")
  return try weights.indices.flatMap { index in
    let bias = try biases.flatMap { $0.isNothing ? nil : try $0.at(String(index)).numbers() }
    return try weights[index].numbers() + (bias ?? [])
  }
}

/// The same net in plain loops.
func textbook(_ network: Network) throws -> Textbook {
  Textbook(
    try network.layers.map { layer in
      let w = try network.value(of: "W\(layer.number)").elements
      return Textbook.Layer(
        weights: (0..<layer.units).map {
          Array(w[$0 * layer.inputs..<($0 + 1) * layer.inputs])
        },
        biases: try network.value(of: "b\(layer.number)").elements,
        activation: layer.activation.name, slope: layer.activation.learnedSlope)
    }, loss: network.loss.name)
}

/// What a test computes with nodes, as a user's function: an error about shapes is one of the
/// function, and any other is kept by whoever gave it.
func asUserFunction<Result>(_ body: () throws -> Result) throws(LearningError) -> Result {
  do {
    return try body()
  } catch let error as LearningError {
    throw error
  } catch let error as ShapeError {
    throw LearningError(error)
  } catch {
    throw .ofCaller
  }
}

extension Activation {
  init(written name: String, _ function: @escaping (Node) throws -> Node) {
    self.init(userFunction: name) { z throws(LearningError) in
      try asUserFunction { try function(z) }
    }
  }
}

extension Loss {
  init(written name: String, _ function: @escaping (Node, Node) throws -> Node) {
    self.init(userFunction: name) { y, t throws(LearningError) in
      try asUserFunction { try function(y, t) }
    }
  }
}

extension Optimizer {
  init(
    written name: String, rate: Double, settings: [Parameter], states: [State],
    _ rule: @escaping (UpdateOperands) throws -> [String: Node]
  ) {
    self.init(userFunction: name, rate: rate, settings: settings, states: states) {
      operands throws(LearningError) in try asUserFunction { try rule(operands) }
    }
  }
}

/// Trains where nobody can stop it but the answers to its events.
func train(
  _ network: Network, on data: DataSet, _ options: TrainingOptions = TrainingOptions(),
  onEvent: (TrainingEvent) throws -> TrainingAnswer = { _ in .proceed }
) throws -> TrainingRun {
  try Learning.train(
    network, on: data, options, isStopped: { false },
    onEvent: { event throws(LearningError) in try asUserFunction { try onEvent(event) } })
}
