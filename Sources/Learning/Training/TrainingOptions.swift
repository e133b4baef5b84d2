import Differentiation

/// The options of a training; what is nil is left out or follows from the others.
package struct TrainingOptions {
  package enum Batch: Hashable, Sendable {
    case rows(Int)
    /// All rows in one step.
    case full
  }

  package enum Validation: Hashable {
    /// This share of the rows, drawn at random, is not trained on.
    case fraction(Double)
    case samples(Samples)

    package static func data(_ data: DataSet) -> Validation { .samples(.table(data)) }
  }

  package enum Order: Hashable, Sendable {
    /// All gradients first, then all updates: gradient descent.
    case together
    /// The misconception behind a lecture's printed 0.291027924: the weights of later layers are updated
    /// before the error goes back through them.
    case outputFirst
  }

  /// The history keeps every epoch, and a run's losses are one vector: as many as that may hold.
  package static let longestTraining = DataSet.largestCount

  package var epochs = 100
  /// The optimizer's standard rate where nil.
  package var rate: Double?
  package var batch = Batch.rows(10)
  package var optimizer: Optimizer
  package var schedule: Schedule
  /// The penalty λ·Σ|w| on weights, not on biases.
  package var l1 = 0.0
  /// The penalty λ/2·Σw² on weights, not on biases.
  package var l2 = 0.0
  /// In place of the optimizer's setting of that name.
  package var weightDecay: Double?
  /// The largest norm of the whole gradient; a longer one is shortened to it.
  package var clip: Double?
  package var isShuffled = true
  package var seed = 1
  package var validation: Validation?
  /// Epochs without a better loss after which training stops, with the best weights put back.
  package var patience: Int?
  /// How much smaller a loss must be to count as better.
  package var improvement = 0.0
  /// Asked after every epoch; true stops.
  package var until: ((EpochSummary) throws(LearningError) -> Bool)?
  /// Whether the loss of an epoch is that of the weights reached in it, on all rows. It costs a
  /// pass more an epoch; where `until` reads the loss it is so in any case.
  package var evaluatesEpochs = false
  /// Names of parameters that stay as they are: `W1`, or `bias`, `weights`, `slopes` for all of them.
  package var frozen: [String] = []
  /// One factor a class, in the order of the data's classes.
  package var classWeights: [Double]?
  /// One factor a row.
  package var sampleWeights: [Double]?
  package var order = Order.together
  /// Into how many parts each batch is cut whose gradients are added in a tree, a power of two; the
  /// sizes of batch and net say it where nil.
  package var shards: Int?
  /// The processes that share the shards; one computes all where nil.
  package var team: Team?
  /// Where to go on; the epochs made before count as made.
  package var resumed: TrainingState?
  /// Handed, after every epoch, what makes the state to go on from.
  package var checkpoint:
    ((_ isLast: Bool, _ makeState: () -> TrainingState) throws(LearningError) -> Void)?
  /// Sets the net's loss before training.
  package var loss: Loss?
  /// Sets the net's reduction before training.
  package var reduction: Reduction?

  package init(optimizer: Optimizer = .standard, schedule: Schedule = .standard) {
    self.optimizer = optimizer
    self.schedule = schedule
  }

  /// The rows of a step, but for the last of an epoch.
  func batchSize(rows: Int) -> Int {
    switch batch {
    case .full: rows
    case .rows(let size): min(size, rows)
    }
  }

  /// What mixes the rows, once an epoch.
  func makeShuffling() -> RandomSource { RandomSource(seed: seed, stream: "shuffle") }

  /// Seeds the masks of dropout.
  var maskSeed: UInt64 { UInt64(bitPattern: Int64(seed)) }

  /// What a reader has to know to train in the same way: the options that are always told, and those
  /// that are not at their default.
  package var told: [(name: String, text: String)] {
    let standard = TrainingOptions()
    return TrainingOption.all.compactMap { option in
      guard let value = option.told(by: self)?.text else { return nil }
      // The epochs count; where the mixing of rows starts is bp's own.
      if option.name == "seed" { return nil }
      if option.name != "epochs", option.traits.contains(.isCommon),
        value == option.read(standard)?.text ?? Reduction.mean.rawValue
      {
        return nil
      }
      return (option.name, value)
    }
  }

  /// - Throws: where a value lies outside its range.
  func check(parameterNames: [String], rows: Int) throws(LearningError) {
    func require(
      _ holds: Bool, _ option: String, _ rule: String, _ value: String
    ) throws(LearningError) {
      if !holds {
        throw LearningError("\(option) must be \(rule)", (.option(option), "is \(value)"))
      }
    }
    for option in TrainingOption.all {
      guard let value = option.read(self), let bound = value.bound else { continue }
      try require(
        option.parameter.kind.accepts(bound), option.name, option.parameter.kind.expectation,
        value.brief)
    }
    for name in frozen
    where !["bias", "weights", "slopes"].contains(name) && !parameterNames.contains(name) {
      throw LearningError(
        "the net has no parameter \(name) to freeze", (.option("freeze"), "unknown"),
        help: ["choose bias, weights, slopes or one of \(parameterNames.joined(separator: ", "))"])
    }
    try objective.checkSampleWeights(rows: rows)
    try objective.checkSizes()
  }
}
