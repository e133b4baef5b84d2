import Differentiation

/// A metric gathered batch by batch while training, from the outputs before each step.
struct RunningMeasure {
  private let code: TargetCode
  private let kind: Metric
  private let network: Network
  /// For numbers: one factor an output, 1/(outputs · Σ(t - mean t)²) for r2, 1/outputs for mse.
  private let factors: [Double]

  /// - Parameter samples: all rows, their classes read.
  /// - Throws: where rows cannot be read.
  init(_ network: Network, _ metric: Metric, _ samples: Samples) throws(LearningError) {
    self.network = network
    kind = metric
    // Numbers that were scaled may look like classes.
    code =
      metric == .accuracy ? network.code(of: try network.targets(of: samples.telling())) : .numbers
    let width = network.outputCount
    switch metric {
    case .accuracy: factors = []
    case .meanSquaredError: factors = Array(repeating: 1 / Double(width), count: width)
    case .rSquared:
      var variance = ExplainedVariance(width: width)
      try samples.forEachTargets { part throws(LearningError) in
        variance.addToMeans(try network.targets(ofRead: part))
      }
      variance.finishMeans()
      try samples.forEachTargets { part throws(LearningError) in
        variance.add(outputs: nil, targets: try network.targets(ofRead: part))
      }
      factors = variance.spreads.map { 1 / (Double(width) * $0) }
    }
  }

  /// Whether it can be had so: the variance of targets that do not vary has no shares.
  var isFinite: Bool { factors.allSatisfy { $0.isFinite } }

  /// What is added up: rows answered rightly, squared errors, or the share of the
  /// variance not explained.
  func node(_ graph: LossGraph) throws(ShapeError) -> Node {
    let last = network.layers.count - 1
    switch code {
    case .two(let low, let high):
      let guess = try isHigh(graph)
      // 0 and 1 are what the comparison gives.
      let truth =
        (low, high) == (0, 1)
        ? graph.t : try Node.apply(.greater, to: [graph.t, Node(number: code.threshold)])
      return try Node.apply(.equal, to: [guess, truth]).applying(.sum())
    case .labels:
      let truth = try Node.apply(.greater, to: [graph.t, Node(number: code.threshold)])
      return try Node.apply(.equal, to: [isHigh(graph), truth]).applying(.min(axis: .columns))
        .applying(.sum())
    case .oneHot, .shares:
      // softmax keeps the order of its net inputs. Outputs that tie share the row.
      let isSoftmax = network.output.activation.isDistribution
      let score = isSoftmax ? graph.z[last] : graph.y
      let best = try score.applying(.max(axis: .columns)).reshaped(.matrix(score.shape.rows, 1))
      let guess = try Node.apply(.equal, to: [score, best])
      let hits = try (guess * isTrueClass(graph)).applying(.sum(axis: .columns))
      return try (hits / guess.applying(.sum(axis: .columns))).applying(.sum())
    case .numbers:
      let error = try (graph.t - graph.y).applying(.square)
      return try (error * .constant(Tensor(.matrix(1, factors.count), factors))).applying(.sum())
    }
  }

  /// Which outputs count as the second class, or as a label that holds.
  private func isHigh(_ graph: LossGraph) throws(ShapeError) -> Node {
    // sigmoid(z) ≥ 0.5 where z ≥ 0, and z is at hand.
    let isSigmoid =
      network.output.activation.traits.contains(.probability) && code.threshold == 0.5
    let score = isSigmoid ? graph.z[network.layers.count - 1] : graph.y
    return try Node.apply(
      .greaterOrEqual, to: [score, Node(number: isSigmoid ? 0 : code.threshold)])
  }

  /// 1 for the class of a row and 0 for the others.
  private func isTrueClass(_ graph: LossGraph) throws(ShapeError) -> Node {
    if code == .oneHot(low: 0, high: 1) { return graph.t }
    let most = try graph.t.applying(.max(axis: .columns)).reshaped(.matrix(graph.t.shape.rows, 1))
    return try Node.apply(.equal, to: [graph.t, most])
  }

  func metric(sum: Double, rows: Int) -> Double {
    kind == .rSquared ? 1 - sum : sum / Double(rows)
  }
}
