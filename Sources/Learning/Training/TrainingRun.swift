import Differentiation

/// The result of one epoch.
package struct EpochSummary: Hashable, Sendable {
  /// From 1.
  package let epoch: Int
  /// Steps since the training began.
  package let steps: Int
  package let rate: Double
  /// Of the rows trained on, weighted as they are minimised, without penalties. The running loss:
  /// the mean over the samples of the losses before each step, as Keras reports it (with
  /// `reduction=sum`, their sum), which lags behind the loss of the weights reached. Where `until`
  /// or `every` looks at the epochs, the loss of the weights reached.
  package let loss: Double
  /// Of the weights reached, on the validation rows.
  package let validationLoss: Double?
  /// Of the weights reached, on the validation rows if there are any; else gathered batch by batch
  /// from the outputs before each step, as the loss is.
  package let metric: Double

  package init(
    epoch: Int, steps: Int, rate: Double, loss: Double, validationLoss: Double?, metric: Double
  ) {
    self.epoch = epoch
    self.steps = steps
    self.rate = rate
    self.loss = loss
    self.validationLoss = validationLoss
    self.metric = metric
  }
}

package struct TrainingStart: Hashable, Sendable {
  package let epochs: Int
  package let stepsAnEpoch: Int
  package let rows: Int
  package let loss: Double
  /// `accuracy` for classes, `r2` or `mse` for numbers.
  package let metricName: String
  package let names: TrainingNames
  /// The epochs that a training that goes on had made before.
  package let earlier: [EpochSummary]
}

package enum TrainingEvent {
  // What is large lies elsewhere: an epoch is told of without copying as much.
  indirect case started(TrainingStart)
  case epoch(EpochSummary)
  /// The loss was no finite number in this epoch; the last finite weights are back.
  case diverged(epoch: Int, lastLosses: [Double])
  indirect case finished(TrainingRun)
}

package enum TrainingAnswer: Hashable, Sendable {
  case proceed
  /// Continues and skips the events of this number of epochs.
  case proceedSkipping(Int)
  case stop
}

/// A training that is over, with its history.
package struct TrainingRun {
  package enum Ending: Hashable, Sendable {
    case allEpochs
    /// Stopped from outside after this number of steps of its epoch.
    case interrupted
    case conditionMet
    /// A perceptron made no error in an epoch.
    case nothingLeft
    /// No better loss for `patience` epochs.
    case noImprovement
  }

  package private(set) var network: Network
  /// All that was handed over, rows set apart included.
  package let data: Samples
  /// As they were carried out: rate, loss and reduction are filled in.
  package let options: TrainingOptions
  /// Whether the net had seen no training before.
  let isFirst: Bool
  /// The net's parameters before the first step, those of large nets left out.
  let start: [Tensor]?
  package internal(set) var epochs: [EpochSummary] = []
  package internal(set) var steps = 0
  /// On all the rows trained on, before the first step; weighted as it is minimised, without
  /// penalties.
  package internal(set) var firstLoss: Double
  /// On all the rows trained on, after the last step, as `firstLoss` is taken.
  package internal(set) var lastLoss: Double
  /// The parts into which batches were cut; 1 for whole batches.
  package let shards: Int
  /// How many rows of an epoch each process computed.
  package let rowsAnEpoch: [Int]
  /// `accuracy` for classes, `r2` or `mse` for numbers.
  package let metricName: String
  package internal(set) var metric: Double
  package internal(set) var ending = Ending.allEpochs
  /// With `patience` the epoch whose weights the net has.
  package internal(set) var bestEpoch: Int?
  /// How far one step moves the weights of a layer at the end, as a share of their own size:
  /// ‖Δw‖/‖w‖. Empty after an interruption or a handful of steps.
  package internal(set) var updateRatios: [(name: String, ratio: Double)] = []
  /// Seconds from start to end; nil where no clock was at hand.
  package var seconds: Double?
  /// Where it ended, to go on from there; nil where nobody kept it.
  package var reached: TrainingState?

  /// Above this number of parameters the initial values are not kept.
  package static let largestKept = 1 << 20

  init(_ plan: TrainingPlan, on data: Samples) {
    var options = plan.options
    options.rate = plan.rate
    options.loss = plan.network.loss
    options.reduction = plan.network.reduction
    options.checkpoint = nil
    options.team = nil
    let keepsStart = plan.network.count <= Self.largestKept
    if !keepsStart { options.resumed = nil }
    network = plan.network
    self.data = data
    self.options = options
    isFirst = plan.network.lastData == nil
    start = keepsStart ? plan.network.parameters.map { $0.value } : nil
    firstLoss = .nan
    lastLoss = .nan
    metricName = plan.metric.rawValue
    shards = plan.shards
    rowsAnEpoch = plan.rows(ofRanks: plan.options.team?.count ?? 1)
    names = TrainingNames(plan)
    metric = .nan
  }

  package let names: TrainingNames
  /// Whether rows were set apart: the metrics are of those then.
  package var isValidated: Bool { options.validation != nil }
  /// What the losses of the rows trained on are weighted by: `class_weights`.
  package var weightings: [String] { options.objective.weightings }
  /// l1·Σ|w| + l2/2·Σw² of the final weights, which no loss here includes.
  package internal(set) var penalty = 0.0

  /// Whether nothing but this run holds the net.
  package mutating func isOnlyHolder() -> Bool { isKnownUniquelyReferenced(&network) }

  package var losses: [Double] { epochs.map { $0.loss } }
  package var metrics: [Double] { epochs.map { $0.metric } }
  package var validationLosses: [Double] { epochs.compactMap { $0.validationLoss } }

  /// The validation loss of the final weights.
  package var bestValidationLoss: Double? {
    if let bestEpoch, bestEpoch <= epochs.count { return epochs[bestEpoch - 1].validationLoss }
    return epochs.last?.validationLoss
  }
}

extension TrainingRun {
  /// Trains a copy of the net once more from where this training began: the same steps give the
  /// same values.
  /// - Parameters:
  ///   - isStopped: asked before every step.
  ///   - onEpoch: sees the net before the first epoch and after each.
  /// - Throws: where the start is not known any more, and what a user's function throws.
  package func retraced(
    isStopped: @escaping () -> Bool, onEpoch: (Network) throws(LearningError) -> Void
  ) throws(LearningError) {
    guard let start else {
      throw LearningError(
        "the start of this training is not kept: the net is too large", (.network, network.title))
    }
    let walker = network.copy()
    walker.setValues(start)
    try onEpoch(walker)
    var options = options
    options.until = nil
    options.evaluatesEpochs = false
    options.patience = nil
    let last = epochs.count
    guard last > 0 else { return }
    _ = try train(walker, on: data, options, isStopped: isStopped) {
      event throws(LearningError) in
      guard case .epoch(let summary) = event else { return .proceed }
      try onEpoch(walker)
      return summary.epoch < last ? .proceed : .stop
    }
  }
}

/// Trains a net on a table from its present weights, as `train` does on samples.
/// - Throws: as there.
package func train(
  _ network: Network, on data: DataSet, _ options: TrainingOptions = TrainingOptions(),
  isStopped: @escaping () -> Bool = { false },
  onEvent: (TrainingEvent) throws(LearningError) -> TrainingAnswer = { _ in .proceed }
) throws(LearningError) -> TrainingRun {
  try train(network, on: .table(data), options, isStopped: isStopped, onEvent: onEvent)
}
