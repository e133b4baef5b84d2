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
    let answers = try answers(of: state, model)
    // Numbers rather than labels, the last layer rather than one before it.
    let isBetter = { (a: ONNXAnswer, b: ONNXAnswer) in
      (a.units.layer, a.isLabel ? 0 : 1) < (b.units.layer, b.isLabel ? 0 : 1)
    }
    guard let best = answers.max(by: { isBetter($0.answer, $1.answer) }),
      let last = model.operations.last(where: { $0.outputs.contains(best.name) })
    else { throw FormatError("no output of the model depends on its input") }
    let labels = answers.filter {
      $0.answer.isLabel
        && ($0.answer.units.layer == best.answer.units.layer
          || $0.answer.classes?.count == best.answer.count)
    }
    for (name, answer) in answers
    where answer.units.layer < best.answer.units.layer
      && !labels.contains(where: { $0.name == name })
    {
      notes.append(
        "the output \(visible(name)) of the model, of a layer before the last, is left out")
    }
    try state.finish(best.answer.units, last)
    guard !state.layers.isEmpty else { throw FormatError("the model has no layer") }
    let isSigned = best.answer.isSigned || labels.contains { $0.answer.isSigned }
    let network = try network(of: state, isSigned: isSigned)
    if labels.contains(where: { $0.answer.isMultiple }) {
      network.learnedCode = .labels(low: 0, high: 1)
      network.classes = best.answer.labels
    } else {
      network.classes = labels.first?.answer.classes ?? best.answer.classes
    }
    notes += state.notes
    return network
  }

  /// What the outputs of the model are that depend on its inputs.
  /// - Throws: where they are some of the columns of an answer, not all.
  private static func answers(
    of state: ONNXInterpreter, _ model: ONNXModel
  ) throws(FormatError) -> [(name: String, answer: ONNXAnswer)] {
    var answers: [(name: String, answer: ONNXAnswer)] = []
    var parts: [(name: String, answer: ONNXAnswer, places: [Int])] = []
    for name in model.outputs {
      switch state.values[name] {
      case .units(let units): answers.append((name, ONNXAnswer(units: units)))
      case .answer(let answer): answers.append((name, answer))
      case .part(let answer, let places): parts.append((name, answer, places))
      default: break
      }
    }
    for (name, answer, _) in parts {
      if answers.contains(where: { $0.answer.units.isSame(as: answer.units) && !$0.answer.isLabel })
      {
        continue
      }
      let same = parts.filter { $0.answer.units.isSame(as: answer.units) }
      let places = Set(same.flatMap { $0.places })
      guard places == Set(0..<answer.count) else {
        throw FormatError(
          "the output \(visible(name)) is one of \(answer.count) columns of what the net answers",
          help: ["export the model with all columns, or with the whole answer as an output"])
      }
      answers.append((name, answer))
    }
    return answers
  }

  private static func network(
    of state: ONNXInterpreter, isSigned: Bool
  ) throws(FormatError) -> Network {
    var state = state
    let pipeline = try pipeline(&state)
    var options = Network.Options()
    options.hasBias = state.layers.contains { $0.hasBias }
    let sizes =
      [state.layers[0].weights.shape.columns] + state.layers.map { $0.weights.shape.rows }
    do throws(LearningError) {
      let linear = try Activation.required("linear", as: .activation(0))
      // Its scores are those that the sign tells classes by.
      if isSigned { options.loss = try Loss.required("hinge", as: .option("loss")) }
      let network = try Network(
        sizes: sizes, activations: state.layers.map { $0.activation ?? linear }, options: options)
      for (place, layer) in state.layers.enumerated() {
        try network.set("W\(place + 1)", to: layer.weights)
        if options.hasBias { try network.set("b\(place + 1)", to: Tensor(vector: layer.bias)) }
        if let activation = layer.activation, activation.traits.contains(.learnedSlope) {
          try network.set("slope\(place + 1)", to: Tensor(activation.values.number("slope")))
        }
      }
      network.pipeline = pipeline
      return network
    } catch { throw FormatError(error.message, help: error.help) }
  }

  /// How raw rows become the inputs of the first layer, whose weights get the order that these
  /// have here: each feature in its place, or one column for each of its categories; nil where raw
  /// rows are those inputs.
  private static func pipeline(_ state: inout ONNXInterpreter) throws(FormatError) -> Pipeline? {
    let names = state.featureNames
    var prepared: [ONNXColumn] = []
    for feature in names.indices {
      guard let categories = state.categories[feature] else {
        prepared.append(.feature(feature))
        continue
      }
      prepared += categories.indices.map { .category(feature: feature, place: $0) }
    }
    let scaling = state.arrangeFirstLayer(prepared)
    var steps: [Preparation] = []
    if !state.fills.isEmpty {
      // A category that is missing stays one: 0 is the number of none.
      let fills = names.indices.map { state.fills[$0] ?? 0 }
      if let left = names.indices.first(where: {
        state.fills[$0] == nil && state.categories[$0] == nil
      }) {
        throw FormatError(
          "gaps of some features are filled, and those of \(names[left]) are not",
          help: ["let the imputer fill all columns of numbers"])
      }
      steps.append(.impute(Imputation(method: .mean, fills: fills)))
    }
    if !state.categories.isEmpty {
      let columns = state.categories.sorted { $0.key < $1.key }.map {
        OneHotEncoding.Column(feature: $0.key, values: $0.value)
      }
      steps.append(.encode(OneHotEncoding(columns: columns, leavesOutFirst: false)))
    }
    if let scaling {
      // scale·x + shift is (x - mean)/deviation.
      let deviations = scaling.scale.map { 1 / $0 }
      let means = scaling.shift.combined(deviations) { 0 - $0 * $1 }
      steps.append(
        .scale(
          Scaling(
            kind: .standardize, shift: means.expanded(to: prepared.count),
            scale: deviations.expanded(to: prepared.count))))
    }
    guard !steps.isEmpty || state.hasSeveralInputs else { return nil }
    return Pipeline(featureNames: names, categories: state.categories, steps: steps)
  }
}
