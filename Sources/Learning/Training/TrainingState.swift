import Differentiation

/// Everything a training needs to go on as if it had never stopped: with it and the
/// same net, data and options the remaining epochs give the same bits.
package struct TrainingState: Hashable, Sendable {
  package struct Best: Hashable, Sendable {
    package var epoch: Int
    package var loss: Double
    package var values: [Tensor]

    /// - Parameter values: of all parameters in their order, each in the shape of its parameter.
    package init(epoch: Int, loss: Double, values: [Tensor]) {
      self.epoch = epoch
      self.loss = loss
      self.values = values
    }
  }

  /// The part of an epoch that was made when a training was stopped in it: the sums of its steps.
  package struct Partial: Hashable, Sendable {
    package var steps: Int
    package var rows: Int
    package var lossByRow: Double
    package var lossByStep: Double
    package var metric: Double

    package init(
      steps: Int, rows: Int, lossByRow: Double, lossByStep: Double, metric: Double
    ) {
      self.steps = steps
      self.rows = rows
      self.lossByRow = lossByRow
      self.lossByStep = lossByStep
      self.metric = metric
    }
  }

  /// What must be the same when it goes on: sizes, optimizer, batch, seed and the like, in words.
  package var identity: String
  /// One tensor for each of the net's parameters.
  package var values: [Tensor]
  /// What the optimizer keeps beside each parameter that is trained.
  package var memories: [[Tensor]]
  package var firstLoss: Double
  package var epochs: [EpochSummary]
  /// The steps that the optimizer counts.
  package var steps: Int
  /// With `patience` the best epoch so far.
  package var best: Best?
  /// The steps already taken of the epoch after the last of `epochs`.
  package var partial: Partial?
  /// Why it ended before its last epoch, where it did so for good.
  package var ending: TrainingRun.Ending?

  /// - Parameters:
  ///   - values: of all parameters in their order, each in the shape of its parameter.
  ///   - memories: what the optimizer keeps of each parameter, arrays of the parameter's shape.
  package init(
    identity: String, values: [Tensor], memories: [[Tensor]], firstLoss: Double,
    epochs: [EpochSummary], steps: Int, best: Best?, partial: Partial? = nil,
    ending: TrainingRun.Ending? = nil
  ) {
    self.identity = identity
    self.values = values
    self.memories = memories
    self.firstLoss = firstLoss
    self.epochs = epochs
    self.steps = steps
    self.best = best
    self.partial = partial
    self.ending = ending
  }
}

extension TrainingPlan {
  /// - Throws: where the state is another training's.
  /// - Parameter identity: of the plan.
  func check(_ state: TrainingState, _ identity: String) throws(LearningError) {
    let (mine, theirs) = (TrainingIdentity(identity), TrainingIdentity(state.identity))
    if let difference = mine.difference(from: theirs) {
      throw LearningError(
        "the saved training is another one: \(difference)",
        (.option("resume"), "another training"),
        help: ["resume with the net, data and options that it was saved with"])
    }
    let shapes = network.parameters.map { $0.value.shape }
    let slots = options.optimizer.states.count
    let fits =
      state.values.map { $0.shape } == shapes
      && (state.best.map { $0.values.map { $0.shape } == shapes } ?? true)
      && state.memories.map { $0.map { $0.shape } }
        == trained.map { Array(repeating: shapes[$0], count: slots) }
      && state.epochs.indices.allSatisfy { state.epochs[$0].epoch == $0 + 1 } && state.steps >= 0
      && (state.partial.map { (1..<stepsAnEpoch).contains($0.steps) && $0.rows == $0.steps * batch }
        ?? true)
    guard fits else {
      throw LearningError(
        "the saved training does not fit this net", (.option("resume"), "does not fit"))
    }
  }
}
