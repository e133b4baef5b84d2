import Differentiation

/// What one epoch came to.
package struct EpochSummary: Hashable, Sendable {
  /// From 1.
  package let epoch: Int
  /// Steps since the training began.
  package let steps: Int
  package let rate: Double
  /// The running loss: the mean over the samples of the losses before each step, as Keras reports
  /// it (with `reduction=sum`, their sum). It lags behind the loss of the weights reached.
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
}

package enum TrainingEvent {
  case started(TrainingStart)
  case epoch(EpochSummary)
  /// The loss was no finite number in this epoch; the last finite weights are back.
  case diverged(epoch: Int, lastLosses: [Double])
  case finished(TrainingRun)
}

package enum TrainingAnswer: Hashable, Sendable {
  case proceed
  /// Goes on; so many epochs may pass without a word. What is told next is an epoch as ever.
  case proceedUntold(Int)
  case stop
}

/// A training that is over, with its history.
package struct TrainingRun {
  package enum Ending: Hashable, Sendable {
    case allEpochs
    /// Stopped from outside after so many steps of the epoch it was in.
    case interrupted
    case conditionMet
    /// A perceptron made no error in an epoch.
    case nothingLeft
    /// No better loss for `patience` epochs.
    case noImprovement
  }

  package let network: Network
  /// What the data are called.
  package let data: String
  package let options: TrainingOptions
  package internal(set) var epochs: [EpochSummary] = []
  package internal(set) var steps = 0
  /// On all the rows trained on, before the first step.
  package internal(set) var firstLoss: Double
  /// On all the rows trained on, after the last step.
  package internal(set) var lastLoss: Double
  /// `accuracy` for classes, `r2` or `mse` for numbers.
  package let metricName: String
  package internal(set) var metric: Double
  package internal(set) var ending = Ending.allEpochs
  /// With `patience` the epoch whose weights the net has.
  package internal(set) var bestEpoch: Int?

  package var losses: [Double] { epochs.map(\.loss) }
  package var metrics: [Double] { epochs.map(\.metric) }
  package var validationLosses: [Double] { epochs.compactMap(\.validationLoss) }
}
