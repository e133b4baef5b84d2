import Differentiation
import Glibc

/// What a rising learning rate does to the loss, step by step (L. N. Smith, "Cyclical Learning
/// Rates for Training Neural Networks", 2017).
package struct RateRangeTest {
  /// The rate of each step, each a constant factor above the one before.
  package private(set) var rates: [Double] = []
  /// The loss after each step, on all rows or the first thousand.
  package private(set) var losses: [Double] = []
  /// The loss before the first step.
  package let firstLoss: Double
  /// Whether it ended because the loss grew beyond all bounds.
  package private(set) var isDiverged = false

  /// Rows that the loss is evaluated on.
  private static let sample = 1000
  /// The loss that ends the test, in losses before it.
  private static let bound = 4.0

  /// Trains a copy of the net for this number of steps; the net itself is unchanged.
  /// - Parameters:
  ///   - rates: the first and the last, both above 0.
  ///   - isStopped: asked before every step.
  ///   - onStep: sees how many steps are done, and the loss behind the last one.
  /// - Throws: where options, data and net do not fit, and what a user's function throws.
  package init(
    of network: Network, on data: DataSet, _ options: TrainingOptions, rates ends: (Double, Double),
    steps: Int, isStopped: () -> Bool, onStep: (Int, Double) -> Void = { _, _ in }
  ) throws(LearningError) {
    guard network.rule == .gradientDescent else {
      throw LearningError(
        "the perceptron's rule gains nothing from another rate", (.network, network.title))
    }
    try options.check(parameterNames: network.parameterNames, rows: data.count)
    try data.checkIsNumeric()
    let walker = network.copy()
    let plan = try TrainingPlan(adapting: walker, data, options)
    firstLoss = try walker.loss(on: plan.data, plan.options.objective)
    guard firstLoss.isFinite else {
      throw LearningError(
        "the loss is \(firstLoss) before any training", (.network, network.title),
        (.data, "gives no finite loss"))
    }
    let runner = try EpochRunner(plan, firstLoss: firstLoss)
    let rows = min(plan.data.count, Self.sample)
    var objective = plan.options.objective
    objective.sampleWeights = objective.sampleWeights.map { Array($0.prefix(rows)) }
    let probe = try runner.probe(
      rows == plan.data.count ? plan.data : .table(plan.data.first(rows)), objective)
    let factor = steps > 1 ? ends.1 / ends.0 : 1
    let rising = (0..<steps).map { ends.0 * pow(factor, Double($0) / Double(max(steps - 1, 1))) }
    guard let live = runner.live else { return }
    try walker.withValues(in: live) { () throws(LearningError) in
      try climb(rising, runner, probe, isStopped, onStep)
    }
  }

  private mutating func climb(
    _ rising: [Double], _ runner: EpochRunner, _ probe: ValidationProbe, _ isStopped: () -> Bool,
    _ onStep: (Int, Double) -> Void
  ) throws(LearningError) {
    var lowest = firstLoss
    for rate in rising {
      if isStopped() { return }
      try runner.step(rate: rate)
      let loss = try probe.evaluate().loss
      guard loss.isFinite else {
        isDiverged = true
        return
      }
      rates.append(rate)
      losses.append(loss)
      onStep(losses.count, loss)
      lowest = min(lowest, loss)
      // A loss that was almost 0 may grow much and still be small.
      if loss > Self.bound * max(lowest, firstLoss / 10), loss > firstLoss {
        isDiverged = true
        return
      }
    }
  }

  /// The losses evened out over five neighbours.
  package var smoothed: [Double] {
    losses.indices.map { place in
      let near = losses[max(0, place - 2)...min(losses.count - 1, place + 2)]
      return near.reduce(0, +) / Double(near.count)
    }
  }

  /// The lowest place of the way down: behind it the loss jumps up by more than a quarter of its
  /// fall, or it ends.
  package var turn: Int? {
    guard var lowest = losses.indices.first else { return nil }
    for place in losses.indices {
      if losses[place] < losses[lowest] { lowest = place }
      let fall = firstLoss - losses[lowest]
      if fall > 0.01 * firstLoss, losses[place] - losses[lowest] > fall / 4 { break }
    }
    return lowest
  }

  /// The rate at which the loss falls fastest before it turns, per factor in the rate; nil where it
  /// falls by less than a hundredth.
  package var suggestion: Double? {
    let curve = smoothed
    guard let turn, turn > 0, curve[turn] < 0.99 * firstLoss else { return nil }
    let steepest = (1...turn).min {
      curve[$0] - curve[$0 - 1] < curve[$1] - curve[$1 - 1]
    }
    return steepest.map { rates[$0] }
  }
}
