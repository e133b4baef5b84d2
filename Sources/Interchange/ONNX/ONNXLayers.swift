import Differentiation
import Learning

// The layers that a graph consists of, in the order in which they are found.

extension ONNXInterpreter {
  /// The units as net inputs of a further layer.
  mutating func passedOn(
    _ units: ONNXUnits, _ operation: Operation
  ) throws(FormatError) -> ONNXUnits {
    let post = try close(units, operation)
    try addIdentity(units, operation)
    layers[layers.count - 1].apply(post)
    return ONNXUnits(layer: layers.count, axes: units.axes)
  }

  /// These are what the first layer takes.
  private mutating func begin(
    _ units: ONNXUnits, _ operation: Operation
  ) throws(FormatError) {
    firstInputs = units.places
    for place in units.places {
      guard case .feature(let feature) = columns[place] else { continue }
      guard !textFeatures.contains(feature) else {
        throw operation.error(
          "it takes the texts of \(featureNames[feature]) as numbers")
      }
      guard categories[feature] == nil else {
        throw operation.error(
          "it takes \(featureNames[feature]) both as a number and as categories",
          help: ["a feature here is one or the other"])
      }
    }
  }

  private mutating func addIdentity(
    _ units: ONNXUnits, _ operation: Operation
  ) throws(FormatError) {
    if layers.isEmpty { try begin(units, operation) }
    let count = units.count
    let (size, overflows) = count.multipliedReportingOverflow(by: count)
    try budget.charge(overflows ? .max : size, at: operation.place)
    var elements = [Double](repeating: 0, count: size)
    for unit in 0..<count { elements[unit * count + unit] = 1 }
    layers.append(
      ONNXLayer(
        weights: Tensor(.matrix(count, count), elements),
        bias: Array(repeating: 0, count: count), hasBias: false))
  }

  /// Makes units the outputs of the last layer: gives it its activation, and where several follow
  /// each other, layers of their own to the others.
  /// - Returns: what is left to do to its outputs.
  /// - Throws: where they belong to an earlier layer, or no activation computes them.
  mutating func close(_ units: ONNXUnits, _ operation: Operation) throws(FormatError) -> Affine {
    guard units.layer == layers.count else {
      throw operation.error(
        "it takes the outputs of layer \(units.layer), which layer \(units.layer + 1) takes too",
        help: [Self.chainHelp])
    }
    if case .netInputs = units.form {
      guard units.layer > 0 else { return units.post }
      layers[units.layer - 1].apply(units.post)
      return .identity
    }
    var left: Affine?
    for match in try matches(units, operation) {
      // A function of the inputs themselves is that of a layer which passes them on.
      if layers.isEmpty || left != nil { try addIdentity(units, operation) }
      if let left { layers[layers.count - 1].apply(left) }
      layers[layers.count - 1].apply(match.pre)
      layers[layers.count - 1].activation = match.activation
      left = match.post
    }
    return left ?? .identity
  }

  /// The activations that compute units from net inputs, one after the other.
  /// - Throws: where there are none.
  func matches(
    _ units: ONNXUnits, _ operation: Operation
  ) throws(FormatError) -> [ActivationRecognition.Match] {
    switch units.form {
    case .netInputs: return []
    case .together(let name, let argument):
      let activation = try tracing(Activation.required(name, as: .activation(units.layer)))
      return [
        ActivationRecognition.Match(activation: activation, pre: argument, post: units.post)
      ]
    case .function(let node):
      let chain = ActivationChain(
        function: node, leaves: leaves,
        netInput: units.layer > 0 ? layers[units.layer - 1].netInput : .identity,
        learned: learnedNodes)
      if let found = chain.matches(post: units.post) { return found }
      let types = topologicalOrder(of: [node]).compactMap { typesOfNodes[ObjectIdentifier($0)] }
      var named: [String] = []
      for type in types where !named.contains(type) { named.append(type) }
      throw operation.error(
        "what stands before it is none of the activations: "
          + named.prefix(8).map { visible($0) }.joined(separator: ", "),
        help: ["activations are \(EntryKind.activation.names.joined(separator: ", "))"])
    }
  }

  /// A product with weights, units × inputs, begins a layer.
  mutating func addLayer(
    _ weights: Tensor, to units: ONNXUnits, _ operation: Operation
  ) throws(FormatError) {
    guard weights.shape.columns == units.count, weights.shape.rows > 0 else {
      throw operation.error(
        "weights for \(weights.shape.columns) inputs, the layer before has \(units.count) outputs")
    }
    try budget.charge(weights.elements.count, at: operation.place)
    let post = try close(units, operation)
    var layer = ONNXLayer(
      weights: weights, bias: Array(repeating: 0, count: weights.shape.rows), hasBias: false)
    if layers.isEmpty { try begin(units, operation) }
    if layers.isEmpty, !post.isIdentity, post.isInvertible {
      scaling = post
    } else {
      layer.absorb(post)
    }
    layers.append(layer)
  }

  /// Rectifiers for both signs of each unit's net input, and a layer that weighs those below zero.
  mutating func addSlopes(
    _ slopes: Coefficients, to units: ONNXUnits, _ operation: Operation
  ) throws(FormatError) {
    _ = try close(units, operation)
    let count = units.count
    let (size, overflows) = count.multipliedReportingOverflow(by: 2 * count)
    let doubled = layers[layers.count - 1].weights.elements.count
    try budget.charge(overflows ? .max : size, at: operation.place)
    try budget.charge(doubled, at: operation.place)
    layers[layers.count - 1].addNegatives()
    do throws(LearningError) {
      layers[layers.count - 1].activation = try Activation.required("relu", as: .activation(0))
    } catch { throw operation.error(error.message) }
    var elements = [Double](repeating: 0, count: size)
    for unit in 0..<count {
      elements[unit * 2 * count + unit] = 1
      elements[unit * 2 * count + count + unit] = -slopes[unit]
    }
    layers.append(
      ONNXLayer(
        weights: Tensor(.matrix(count, 2 * count), elements),
        bias: Array(repeating: 0, count: count), hasBias: false))
  }

  /// Brings the weights of the first layer into the order of the prepared features.
  /// - Returns: what is done to these before it.
  mutating func arrangeFirstLayer(_ prepared: [ONNXColumn]) -> Affine? {
    let inputs = firstInputs.map { columns[$0] }
    guard inputs != prepared else { return scaling }
    if let scaling, Set(inputs).count < inputs.count {
      layers[0].absorb(scaling)
      self.scaling = nil
    }
    var places: [ONNXColumn: Int] = [:]
    for (place, column) in prepared.enumerated() { places[column] = place }
    let targets = inputs.map { places[$0] ?? 0 }
    layers[0].moveColumns(to: targets, of: prepared.count)
    guard let scaling else { return nil }
    var scale = Array(repeating: 1.0, count: prepared.count)
    var shift = Array(repeating: 0.0, count: prepared.count)
    for (column, place) in targets.enumerated() {
      (scale[place], shift[place]) = (scaling.scale[column], scaling.shift[column])
    }
    return Affine(scale: Coefficients(scale), shift: Coefficients(shift))
  }

  /// What is left to do to the outputs of the last layer becomes a layer of its own.
  mutating func finish(_ units: ONNXUnits, _ operation: Operation) throws(FormatError) {
    let post = try close(units, operation)
    guard !post.isIdentity, !layers.isEmpty else { return }
    try addIdentity(units, operation)
    layers[layers.count - 1].apply(post)
  }
}
