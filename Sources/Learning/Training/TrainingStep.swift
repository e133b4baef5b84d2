import Differentiation

/// The nodes of one step: the loss, and for every parameter that is trained the direction it is
/// moved against.
struct TrainingStep {
  let graph: LossGraph
  /// One for each of the plan's `trained`.
  let slopes: [Node]
}

extension TrainingPlan {
  /// The step for a batch.
  /// - Parameters:
  ///   - parameters: one node for each of the net's parameters.
  ///   - x: rows × inputs.
  ///   - t: rows × outputs.
  ///   - weights: one factor a row, a vector.
  ///   - masks: what leaves units of the hidden layers out, rows × units each.
  func step(
    parameters: [Node], x: Node, t: Node, weights: Node?, masks: [Node] = []
  ) throws -> TrainingStep {
    let graph = try network.lossGraph(
      x: x, t: t, weights: weights, parameters: parameters, masks: masks)
    var slopes: [Node]
    switch options.order {
    case .together:
      slopes = try gradients(of: graph.loss, by: trained.map { graph.parameters[$0] })
    case .outputFirst:
      let all = try outputFirstSlopes(graph)
      slopes = trained.map { all[$0] }
    }
    for (position, index) in trained.enumerated() {
      slopes[position] = try penalized(
        slopes[position], of: graph.parameters[index], network.parameters[index].role)
    }
    return TrainingStep(graph: graph, slopes: try clipped(slopes))
  }

  /// Adds the slopes of the penalties l1·Σ|w| and l2/2·Σw² on weights; the slope of |w| at 0 is 0.
  private func penalized(
    _ slope: Node, of parameter: Node, _ role: Network.Parameter.Role
  ) throws(ShapeError) -> Node {
    var result = slope
    let decay = options.optimizer.decayOfSlope
    if decay > 0 { result = try result + Node(number: decay) * parameter }
    guard role == .weights else { return result }
    if options.l2 > 0 { result = try result + Node(number: options.l2) * parameter }
    if options.l1 > 0 {
      let isAbove = try Node.apply(.greater, to: [parameter, 0])
      let isBelow = try Node.apply(.less, to: [parameter, 0])
      result = try result + Node(number: options.l1) * (isAbove - isBelow)
    }
    return result
  }

  /// Shortens all slopes by one factor where their common norm exceeds `clip`.
  private func clipped(_ slopes: [Node]) throws(ShapeError) -> [Node] {
    guard let limit = options.clip, let first = slopes.first else { return slopes }
    var squares = try first.applying(.square).applying(.sum())
    for slope in slopes.dropFirst() {
      squares = try squares + slope.applying(.square).applying(.sum())
    }
    let norm = try Node.apply(.maximum, to: [squares.applying(.sqrt), 1e-300])
    let factor = try Node.apply(.minimum, to: [1, Node(number: limit) / norm])
    var result: [Node] = []
    for slope in slopes { result.append(try slope * factor) }
    return result
  }

  /// Backpropagation with the slip of `order=output_first`: the error goes back through weights
  /// that have been moved already.
  /// - Returns: one slope for each of the net's parameters.
  private func outputFirstSlopes(_ graph: LossGraph) throws -> [Node] {
    var slopes = Array(repeating: Node?.none, count: network.parameters.count)
    var delta = try gradients(of: graph.loss, by: [graph.z[network.layers.count - 1]])[0]
    for layer in network.layers.reversed() {
      let index = layer.number - 1
      let below = index == 0 ? graph.x : graph.a[index - 1]
      for (position, parameter) in network.parameters.enumerated()
      where parameter.layer == layer.number {
        slopes[position] =
          parameter.role == .weights
          ? try delta.transposed().product(below) : try delta.applying(.sum(axis: .rows))
      }
      guard index > 0, let position = network.parameterNames.firstIndex(of: "W\(layer.number)"),
        let slope = slopes[position]
      else { continue }
      let isMoved = !network.parameters[position].isFrozen(by: options.frozen)
      let weights = graph.parameters[position]
      let used = isMoved ? try weights - Node(number: rate) * slope : weights
      // The activations of hidden layers work unit by unit, so this is f'(z) unit by unit.
      let total = try graph.a[index - 1].applying(.sum())
      let local = try gradients(of: total, by: [graph.z[index - 1]])[0]
      delta = try delta.product(used) * local
    }
    return slopes.compactMap { $0 }
  }
}
