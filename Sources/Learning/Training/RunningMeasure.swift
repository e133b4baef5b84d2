import Differentiation

/// A metric gathered batch by batch while training, from the outputs before each step.
struct RunningMeasure {
  private let code: TargetCode
  private let kind: Metric
  private let network: Network
  /// For numbers: one factor an output, 1/(outputs · Σ(t - mean t)²) for r2, 1/outputs for mse.
  private let factors: [Double]

  /// - Parameter targets: all of them, rows × outputs.
  init(_ network: Network, _ metric: Metric, _ targets: Tensor) {
    self.network = network
    kind = metric
    // Numbers that were scaled may look like classes.
    code = metric == .accuracy ? TargetCode(of: targets) : .numbers
    let width = network.outputCount
    let rows = targets.shape.rows
    let targets = targets.elements
    switch metric {
    case .accuracy: factors = []
    case .meanSquaredError: factors = Array(repeating: 1 / Double(width), count: width)
    case .rSquared:
      factors = (0..<width).map { column in
        let values = stride(from: column, to: rows * width, by: width).map { targets[$0] }
        let mean = values.reduce(0, +) / Double(rows)
        let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return 1 / (Double(width) * spread)
      }
    }
  }

  /// Whether it can be had so: the variance of targets that do not vary has no shares.
  var isFinite: Bool { factors.allSatisfy { $0.isFinite } }

  /// What is added up: rows answered rightly, squared errors, or the share of the
  /// variance not explained.
  func node(_ graph: LossGraph) throws(ShapeError) -> Node {
    let last = network.layers.count - 1
    switch code {
    case .zeroOne:
      // sigmoid(z) ≥ 0.5 where z ≥ 0, and z is at hand.
      let isSigmoid = network.output.activation.traits.contains(.probability)
      let (score, limit) = isSigmoid ? (graph.z[last], 0) : (graph.y, 0.5)
      let guess = try Node.apply(.greaterOrEqual, to: [score, Node(number: limit)])
      return try Node.apply(.equal, to: [guess, graph.t]).applying(.sum())
    case .signs:
      let guess = try Node.apply(.greaterOrEqual, to: [graph.y, 0])
      let truth = try Node.apply(.greater, to: [graph.t, 0])
      return try Node.apply(.equal, to: [guess, truth]).applying(.sum())
    case .oneHot:
      // softmax keeps the order of its net inputs. Outputs that tie share the row.
      let isSoftmax = network.output.activation.isDistribution
      let score = isSoftmax ? graph.z[last] : graph.y
      let best = try score.applying(.max(axis: .columns)).reshaped(.matrix(score.shape.rows, 1))
      let guess = try Node.apply(.equal, to: [score, best])
      let hits = try (guess * graph.t).applying(.sum(axis: .columns))
      return try (hits / guess.applying(.sum(axis: .columns))).applying(.sum())
    case .numbers:
      let error = try (graph.t - graph.y).applying(.square)
      return try (error * .constant(Tensor(.matrix(1, factors.count), factors))).applying(.sum())
    }
  }

  func metric(sum: Double, rows: Int) -> Double {
    kind == .rSquared ? 1 - sum : sum / Double(rows)
  }
}
