import Differentiation
import Learning

/// Nets from ONNX models of any origin.
package enum ONNXReader {
  /// The net of a model, and what whoever loads it should know.
  ///
  /// The build that bp itself wrote into a model counts only while the graph still says the same;
  /// of any other model the graph is read.
  /// - Throws: where the model is no chain of layers, or damaged.
  package static func read(
    _ bytes: [UInt8], budget: NumberBudget = .standard
  ) throws(FormatError) -> (network: Network, notes: [String]) {
    var budget = budget
    let model = try ONNXModel(bytes, budget: &budget)
    var notes: [String] = []
    if let description = model.properties[ONNXWriter.descriptionName] {
      if let network = try? described(description, model),
        try isWritten(model, as: network)
      {
        return (network, [])
      }
      notes.append(
        "the graph is not the one that bp wrote: the net is read from the graph, without what bp"
          + " noted of it")
    }
    return (try network(model, budget, &notes), notes)
  }

  package static func network(
    _ bytes: [UInt8], budget: NumberBudget = .standard
  ) throws(FormatError) -> Network { try read(bytes, budget: budget).network }

  // MARK: Models of bp

  /// The net of this description with the numbers of the model.
  private static func described(
    _ text: String, _ model: ONNXModel
  ) throws(FormatError) -> Network {
    let network = try NetworkDescription.network(
      try JSON.parse(Array(text.utf8)),
      numbers: model.constants.values.reduce(0) { $0 + $1.numbers.count })
    for parameter in network.parameters {
      guard let array = model.constants[parameter.name],
        array.numbers.count == parameter.value.elements.count
      else { throw FormatError("the array \(parameter.name) is missing") }
      try NetworkFile.set(parameter, of: network, to: array.numbers)
    }
    return network
  }

  /// Whether the graph of a model is what the writer makes of a net.
  private static func isWritten(
    _ model: ONNXModel, as network: Network
  ) throws(FormatError) -> Bool {
    var budget = NumberBudget.standard
    let own = try ONNXModel(
      try ONNXWriter.bytes(network, precision: model.isFloat64 ? .float64 : .float32),
      budget: &budget)
    guard own.inputs.map({ $0.name }) == model.inputs.map({ $0.name }),
      own.operations.count == model.operations.count
    else { return false }
    // Names of values between operations say nothing.
    var names: [String: String] = [:]
    for input in own.inputs { names[input.name] = input.name }
    for (a, b) in zip(own.operations, model.operations) {
      guard a.type == b.type, a.inputs.count == b.inputs.count,
        a.outputs.count == b.outputs.count, try a.attributes.says(b.attributes)
      else { return false }
      for (mine, theirs) in zip(a.inputs, b.inputs) {
        if let array = own.constants[mine] {
          guard let other = model.constants[theirs], other.shape == array.shape,
            other.numbers.elementsEqual(array.numbers, by: { $0.bitPattern == $1.bitPattern })
          else { return false }
        } else if names[mine] != theirs {
          return false
        }
      }
      for (mine, theirs) in zip(a.outputs, b.outputs) { names[mine] = theirs }
    }
    return own.outputs.count == model.outputs.count
      && zip(own.outputs, model.outputs).allSatisfy { names[$0] == $1 }
  }

  // MARK: Any model

  private static func network(
    _ model: ONNXModel, _ budget: NumberBudget, _ notes: inout [String]
  ) throws(FormatError) -> Network {
    var state = try ONNXInterpreter(model, budget: budget)
    var answers: [(name: String, answer: ONNXAnswer)] = []
    for name in model.outputs {
      switch state.values[name] {
      case .units(let units): answers.append((name, ONNXAnswer(units: units)))
      case .answer(let answer): answers.append((name, answer))
      default: break
      }
    }
    // Numbers rather than labels, the last layer rather than one before it.
    let isBetter = { (a: ONNXAnswer, b: ONNXAnswer) in
      (a.units.layer, a.isLabel ? 0 : 1) < (b.units.layer, b.isLabel ? 0 : 1)
    }
    guard let best = answers.max(by: { isBetter($0.answer, $1.answer) }),
      let last = model.operations.last(where: { $0.outputs.contains(best.name) })
    else { throw FormatError("no output of the model depends on its input") }
    for (name, answer) in answers where answer.units.layer < best.answer.units.layer {
      notes.append(
        "the output \(visible(name)) of the model, of a layer before the last, is left out")
    }
    try state.finish(best.answer.units, last)
    guard !state.layers.isEmpty else { throw FormatError("the model has no layer") }
    let network = try network(of: state)
    let named = answers.first {
      $0.answer.units.layer == best.answer.units.layer && $0.answer.isLabel
    }
    network.classes = (named?.answer ?? best.answer).classes
    return network
  }

  private static func network(of state: ONNXInterpreter) throws(FormatError) -> Network {
    var options = Network.Options()
    options.hasBias = state.layers.contains { $0.hasBias }
    let sizes =
      [state.layers[0].weights.shape.columns] + state.layers.map { $0.weights.shape.rows }
    do throws(LearningError) {
      let linear = try Activation.required("linear", as: .activation(0))
      let network = try Network(
        sizes: sizes, activations: state.layers.map { $0.activation ?? linear }, options: options)
      for (place, layer) in state.layers.enumerated() {
        try network.set("W\(place + 1)", to: layer.weights)
        if options.hasBias { try network.set("b\(place + 1)", to: Tensor(vector: layer.bias)) }
        if let activation = layer.activation, activation.traits.contains(.learnedSlope) {
          try network.set("slope\(place + 1)", to: Tensor(activation.values.number("slope")))
        }
      }
      network.pipeline = pipeline(of: state)
      return network
    } catch { throw FormatError(error.message, help: error.help) }
  }

  /// How raw rows become the inputs of the first layer; nil where they are.
  private static func pipeline(of state: ONNXInterpreter) -> Pipeline? {
    var steps: [Preparation] = []
    if let fills = state.fills { steps.append(.impute(Imputation(method: .mean, fills: fills))) }
    let count = state.layers[0].weights.shape.columns
    if let scaling = state.scaling {
      // scale·x + shift is (x - mean)/deviation.
      let deviations = scaling.scale.map { 1 / $0 }
      let means = scaling.shift.combined(deviations) { 0 - $0 * $1 }
      steps.append(
        .scale(
          Scaling(
            kind: .standardize, shift: means.expanded(to: count),
            scale: deviations.expanded(to: count))))
    }
    guard !steps.isEmpty || state.inputs.count > 1 else { return nil }
    let names =
      state.inputs.count > 1
      ? state.featureOrder.map { visible(state.inputs[$0].name) } : (1...count).map { "x\($0)" }
    return Pipeline(featureNames: names, categories: [:], steps: steps)
  }
}
