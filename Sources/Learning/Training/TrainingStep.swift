import Differentiation

/// The nodes of one step: the loss, and for every parameter that is trained the direction it is
/// moved against.
struct TrainingStep {
  let graph: LossGraph
  /// Of the loss and the penalties, one for each of the plan's `trained`.
  let gradients: [Node]
}

extension TrainingPlan {
  /// The step for a batch.
  /// - Parameters:
  ///   - parameters: one node for each of the net's parameters.
  ///   - x: rows × inputs.
  ///   - t: rows × outputs.
  ///   - weights: one factor a row, a vector.
  ///   - masks: what leaves units of the hidden layers out, rows × units each.
  ///   - batch: the rows of the batch that these are a part of. The loss is then the part's, and the
  ///     gradients are its own, for `finished` to make of their sum what the step follows.
  func step(
    parameters: [Node], x: Node, t: Node, weights: Node?, masks: [Node] = [],
    outOf batch: Int? = nil
  ) throws(LearningError) -> TrainingStep {
    let graph = try network.lossGraph(
      x: x, t: t, weights: weights, parameters: parameters, masks: masks, outOf: batch)
    var derivatives: [Node]
    switch options.order {
    case .together:
      derivatives = try deriving(
        gradients(of: graph.loss, by: trained.map { graph.parameters[$0] }))
    case .outputFirst:
      let all = try outputFirstGradients(graph)
      derivatives = trained.map { all[$0] }
    }
    let gradients =
      batch == nil ? try building(finished(derivatives, graph.parameters)) : derivatives
    return TrainingStep(graph: graph, gradients: gradients)
  }

  /// Whether a step follows something else than the gradients of the loss of its rows.
  var finishesGradients: Bool { options.l1 > 0 || options.l2 > 0 || options.clip != nil }

  /// Gradients with the penalties, shortened to the norm they may have.
  /// - Parameters:
  ///   - gradients: one for each of `trained`.
  ///   - parameters: one for each of the net's.
  func finished(_ gradients: [Node], _ parameters: [Node]) throws(ShapeError) -> [Node] {
    var gradients = gradients
    for (position, index) in trained.enumerated() {
      gradients[position] = try penalized(
        gradients[position], of: parameters[index], network.parameters[index].role)
    }
    return try clipped(gradients)
  }

  /// Adds the gradients of the penalties l1·Σ|w| and l2/2·Σw² on weights; the gradient of |w| at 0 is 0.
  private func penalized(
    _ gradient: Node, of parameter: Node, _ role: Network.Parameter.Role
  ) throws(ShapeError) -> Node {
    var result = gradient
    guard role == .weights else { return result }
    if options.l2 > 0 { result = try result + Node(number: options.l2) * parameter }
    if options.l1 > 0 {
      result = try result + Node(number: options.l1) * parameter.slopeOfAbsoluteValue()
    }
    return result
  }

  /// Shortens all gradients by one factor where their common norm exceeds `clip`.
  private func clipped(_ gradients: [Node]) throws(ShapeError) -> [Node] {
    guard let limit = options.clip, let first = gradients.first else { return gradients }
    var squares = try first.applying(.square).applying(.sum())
    for gradient in gradients.dropFirst() {
      squares = try squares + gradient.applying(.square).applying(.sum())
    }
    let norm = try Node.apply(.maximum, to: [squares.applying(.sqrt), 1e-300])
    let factor = try Node.apply(.minimum, to: [1, Node(number: limit) / norm])
    var result: [Node] = []
    for gradient in gradients { result.append(try gradient * factor) }
    return result
  }

  /// Backpropagation with the misconception of `order=output_first`: the error goes back through weights
  /// that have been moved already.
  /// - Returns: one gradient for each of the net's parameters.
  private func outputFirstGradients(_ graph: LossGraph) throws(LearningError) -> [Node] {
    var derivatives = Array(repeating: Node?.none, count: network.parameters.count)
    var delta = try deriving(gradients(of: graph.loss, by: [graph.z[network.layers.count - 1]])[0])
    for layer in network.layers.reversed() {
      let index = layer.number - 1
      let below = index == 0 ? graph.x : graph.a[index - 1]
      for (position, parameter) in network.parameters.enumerated()
      where parameter.layer == layer.number {
        derivatives[position] = try building { () throws(ShapeError) in
          parameter.role == .weights
            ? try delta.transposed().product(below) : try delta.applying(.sum(axis: .rows))
        }
      }
      guard index > 0, let position = network.parameterNames.firstIndex(of: "W\(layer.number)"),
        let gradient = derivatives[position]
      else { continue }
      let isMoved = !network.parameters[position].isFrozen(by: options.frozen)
      let weights = graph.parameters[position]
      // The activations of hidden layers work unit by unit, so this is f'(z) unit by unit.
      let local = try deriving(
        elementwiseDerivative(of: graph.a[index - 1], by: graph.z[index - 1]))
      delta = try building { () throws(ShapeError) in
        let used = isMoved ? try weights - Node(number: rate) * gradient : weights
        return try delta.product(used) * local
      }
    }
    return derivatives.compactMap { $0 }
  }
}
