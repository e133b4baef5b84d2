import Differentiation

/// The computation from samples and parameters to one loss, every step with its name: the one
/// construction behind losses, gradients, explanations, gradient checks and training.
package struct LossGraph {
  /// `x`, rows × inputs.
  package let x: Node
  /// `t`, rows × outputs.
  package let t: Node
  /// `W1`, `b1`, … in the order of the net's parameters.
  package let parameters: [Node]
  /// `z1`, …: the net inputs by layer, rows × units.
  package let z: [Node]
  /// `a1`, …: the activations by layer, rows × units.
  package let a: [Node]
  /// The losses of the samples, a vector of rows, before any weighting.
  package let losses: Node
  /// One factor a row; nil where all are 1.
  package let weights: Node?
  /// What the activations of the hidden layers are multiplied by, 0 or 1/(1 - p) of dropout, rows ×
  /// units each; empty where all units take part.
  package let masks: [Node]
  /// `L`: the one number, penalties included.
  package let loss: Node

  /// The net's output.
  package var y: Node { a[a.count - 1] }
}

/// The forward half of a `LossGraph`.
package struct ForwardGraph {
  package let x: Node
  package let parameters: [Node]
  package let z: [Node]
  package let a: [Node]

  package var y: Node { a[a.count - 1] }
}

extension Network {
  /// A node for each parameter, with its name and present value.
  package func parameterNodes() -> [Node] {
    parameters.map { Node.parameter($0.value, name: $0.name) }
  }

  /// A node for each parameter, whose values a program's store is given.
  func openParameterNodes() -> [Node] {
    parameters.map { Node.parameter($0.value.shape, name: $0.name) }
  }

  /// Puts the present values into a store.
  func writeValues(of nodes: [Node], to store: ParameterStore) {
    for (node, parameter) in zip(nodes, parameters) { store.set(node, to: parameter.value) }
  }

  /// Whether the steps between samples and loss fit into memory for so many rows: 1 GB of
  /// binary64 for net inputs and activations together.
  func fits(rows: Int) -> Bool {
    let units = layers.reduce(0) { $0 + 2 * $1.units }
    return rows <= (1 << 27) / units
  }

  /// The net inputs and activations of all layers for rows of samples.
  /// - Parameters:
  ///   - x: rows × inputs.
  ///   - parameters: one for each of the net's; new ones with the present values where nil.
  ///   - masks: factors for the activations of the hidden layers, rows × units each, that leave
  ///     units out; the net as it answers where empty.
  /// - Throws: where the samples do not fit the net, and what a user's activation throws.
  package func forwardGraph(
    _ x: Node, parameters shared: [Node]? = nil, masks: [Node] = []
  ) throws(LearningError) -> ForwardGraph {
    guard case .matrix(let rows, inputCount) = x.shape else {
      var given = "\(x.shape)"
      // A vector comes as one row.
      if case .matrix(1, let columns) = x.shape { given = "a row of \(columns)" }
      throw LearningError(
        "the net takes rows of \(counted(inputCount, "input")), not \(given)",
        (.network, "takes \(counted(inputCount, "input"))"), (.data, given))
    }
    guard fits(rows: rows) else {
      throw LearningError(
        "\(rows) rows at once are too many for a net of this size", (.data, "\(x.shape)"),
        (.network, title), help: ["take fewer rows"])
    }
    let nodes = shared ?? parameterNodes()
    var next = nodes.startIndex
    func nextParameter() -> Node {
      next += 1
      return nodes[next - 1]
    }
    var z: [Node] = []
    var a = [x]
    for layer in layers {
      let net = try building { () throws(ShapeError) in
        let products = try a[layer.number - 1].product(nextParameter().transposed())
        return layer.hasBias ? try products + nextParameter() : products
      }
      net.name = "z\(layer.number)"
      z.append(net)
      let slope = layer.activation.hasLearnedSlope ? nextParameter() : nil
      var output = try layer.activation.output(of: net, slope: slope)
      if layer.number <= masks.count {
        output = try building(output * masks[layer.number - 1])
      }
      if output !== net { output.name = "a\(layer.number)" }
      a.append(output)
    }
    a.removeFirst()
    return ForwardGraph(x: x, parameters: nodes, z: z, a: a)
  }

  /// The graph from samples to the loss.
  /// - Parameters:
  ///   - x: rows × inputs.
  ///   - t: rows × outputs.
  ///   - weights: one factor a row, a vector; all 1 where nil. A mean still divides by the rows.
  ///   - loss, reduction: other than the net's own, for this graph.
  ///   - penalties: whose l1 and l2 are added.
  ///   - parameters: one for each of the net's; new ones with the present values where nil.
  ///   - masks: as in `forwardGraph`.
  ///   - batch: how many rows a mean divides by, where these are a part of them; nil for these alone.
  /// - Throws: where the samples or targets do not fit, and what a user's function throws.
  package func lossGraph(
    x: Node, t: Node, weights: Node? = nil, loss choice: Loss? = nil,
    reduction choiceOfReduction: Reduction? = nil, penalties: Objective = Objective(),
    parameters: [Node]? = nil, masks: [Node] = [], outOf batch: Int? = nil
  ) throws(LearningError) -> LossGraph {
    let forward = try forwardGraph(x, parameters: parameters, masks: masks)
    guard forward.y.shape == t.shape else {
      throw LearningError(
        "the net's outputs are \(forward.y.shape), the targets \(t.shape)",
        (.network, counted(outputCount, "output")), (.data, "targets are \(t.shape)"))
    }
    let loss = choice ?? self.loss
    try loss.check(output: output.activation, target: .option("loss"))
    let losses = try loss.samples(
      y: forward.y, t: t, z: forward.z[layers.count - 1], activation: output.activation.name)
    let total = try building { () throws(ShapeError) in
      var weighted = losses
      if let weights { weighted = try losses * weights }
      let isMean = (choiceOfReduction ?? reduction) == .mean
      var loss = try weighted.applying(isMean && batch == nil ? .mean() : .sum())
      if let batch, isMean { loss = try loss * Node(number: 1 / Double(batch)) }
      guard let penalty = try penalty(penalties, on: forward.parameters) else { return loss }
      return try loss + penalty
    }
    total.name = "L"
    return LossGraph(
      x: x, t: t, parameters: forward.parameters, z: forward.z, a: forward.a, losses: losses,
      weights: weights, masks: masks, loss: total)
  }

  /// The graph over all rows of a data set, with all values computed.
  /// - Throws: where rows, net and loss do not fit; what a user's activation or loss throws.
  package func lossGraph(
    _ data: DataSet, _ objective: Objective = Objective()
  ) throws(LearningError) -> LossGraph {
    let targets = try self.targets(of: data, for: objective.loss ?? loss)
    let factors = try objective.factors(for: data, of: self)
    return try lossGraph(
      x: .constant(data.x, name: "x"), t: .constant(targets, name: "t"),
      weights: factors.map { .constant(Tensor(vector: $0), name: "weights") },
      loss: objective.loss, reduction: objective.reduction, penalties: objective,
      masks: try self.factors(of: objective.masks, rows: data.count))
  }

  /// - Throws: where the rows have another number of features than the net has inputs.
  package func requireFeatures(of data: DataSet) throws(LearningError) {
    guard data.featureCount == inputCount else {
      throw LearningError(
        "the data set has \(counted(data.featureCount, "feature")), but the net takes "
          + counted(inputCount, "input"),
        (.network, "takes \(counted(inputCount, "input"))"),
        (.data, counted(data.featureCount, "feature")),
        help: data.asOneSample(of: self).map { ["for one sample, write \($0)"] }
          ?? ["build it with \(call([data.featureCount] + sizes.dropFirst()))"])
    }
  }

  /// The targets of a data set as this net's outputs should be, rows × outputs.
  /// - Throws: where the data do not fit the net or the loss.
  package func targets(of data: DataSet, for loss: Loss? = nil) throws(LearningError) -> Tensor {
    try requireFeatures(of: data)
    return try targets(ofRead: try reading(data, for: loss), for: loss)
  }

  /// The targets of rows whose classes are read already, as those of a part of more rows.
  /// - Throws: where the targets are none of the loss, or do not fit the net.
  func targets(ofRead data: DataSet, for loss: Loss? = nil) throws(LearningError) -> Tensor {
    try requireFeatures(of: data)
    guard var targets = data.targets(outputs: outputCount) else { throw outputMismatch(data) }
    let loss = loss ?? self.loss
    if loss.outputRequirement == .signedScores {
      // Classes say 0 and 1 where a margin needs -1 and 1.
      if data.classes != nil { targets.elements = targets.elements.map { 2 * $0 - 1 } }
      guard targets.elements.allSatisfy({ $0 == 1 || $0 == -1 }) else {
        throw LearningError(
          "\(loss.name) needs targets of -1 and 1", (.data, "other targets"),
          help: helpForTargets(data))
      }
    }
    if loss.outputRequirement == .probabilities || loss.outputRequirement == .distribution {
      for target in targets.elements where !(target >= 0 && target <= 1) {
        let areSigns = targets.elements.allSatisfy { $0 == 1 || $0 == -1 }
        throw LearningError(
          "\(loss.name) needs targets from 0 to 1", (.data, "has the target \(brief(target))"),
          help: (areSigns ? ["(t + 1)/2 makes 0 and 1 of labels -1 and 1"] : [])
            + helpForTargets(data))
      }
    }
    return targets
  }

  /// A net for this number of classes.
  private func rebuilt(classes count: Int) -> String {
    call(
      sizes.dropLast() + [count <= 2 ? 1 : count],
      output: count <= 2
        ? (output.activation.isDistribution ? "sigmoid" : nil)
        : output.activation.isDistribution || output.activation.traits.contains(.custom)
          ? nil : "softmax")
  }

  /// A net for this number of numeric targets a row.
  private func rebuilt(numbers count: Int) -> String {
    let isBounded =
      output.activation.isDistribution || output.activation.traits.contains(.probability)
    return call(sizes.dropLast() + [count], output: isBounded ? "linear" : nil)
  }

  private func outputMismatch(_ data: DataSet) -> LearningError {
    let outputs = counted(outputCount, "output")
    if let classes = data.classes {
      let what = counted(classes.count, "class", "classes")
      return LearningError(
        "the data set has \(what), but the net has \(outputs)", (.network, outputs), (.data, what),
        help: ["build it with \(rebuilt(classes: classes.count))"])
    }
    let needed = data.outputCount
    let what = counted(needed, "target column")
    var help: [String] = []
    if let labels = data.wholeLabels, labels.count > 1, outputCount > 1 {
      if labels.count == outputCount {
        help.append("data X T categories=true makes classes of whole numbers")
      } else {
        help.append(
          "for the \(labels.count) classes \(labels.prefix(6).map { String($0) }.joined(separator: ", "))"
            + "\(labels.count > 6 ? ", …" : "") build it with \(rebuilt(classes: labels.count))")
        if labels.count < outputCount {
          help.append("data X T categories=[…] names classes of which the data have no row")
        }
      }
    }
    let isForClasses = data.ownClasses != nil
    help.append(
      (help.isEmpty ? "" : "for numbers ") + "build it with "
        + (isForClasses && needed > 1 && !output.activation.isDistribution
          ? call(sizes.dropLast() + [needed])
          : isForClasses && needed == 1 ? rebuilt(classes: 2) : rebuilt(numbers: needed)))
    return LearningError(
      "the data set has \(what), but the net has \(outputs)", (.network, outputs), (.data, what),
      help: help)
  }

  /// What would work where targets are none of the loss.
  private func helpForTargets(_ data: DataSet) -> [String] {
    let numbers = "for numbers build it with \(rebuilt(numbers: outputCount))"
    guard outputCount == 1, let labels = data.wholeLabels, labels.count > 1 else {
      return [numbers]
    }
    let classes =
      labels.count == 2
      ? "data X T categories=true makes classes of \(labels[0]) and \(labels[1])"
      : "for \(labels.count) classes build it with \(rebuilt(classes: labels.count))"
    return [classes, numbers]
  }
}
