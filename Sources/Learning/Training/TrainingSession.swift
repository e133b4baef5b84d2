import Differentiation

/// Trains a net on data from its present weights.
///
/// The net changes: it has the weights of the last step, or the best ones where `patience` ended
/// the training.
/// - Parameters:
///   - isStopped: asked before every step; once true, the net and the run are exactly those of the
///     steps before.
///   - onEvent: called before the first epoch, after every epoch and at the end; the answer after
///     an epoch may end the training.
/// - Throws: `LearningError` where options, data and net do not fit, or the loss is no finite
///   number any more (the net then has its last finite weights back); what a user's function
///   throws, and where rows of a stream cannot be read any more.
package func train(
  _ network: Network, on data: Samples, _ options: TrainingOptions = TrainingOptions(),
  isStopped: @escaping () -> Bool = { false },
  onEvent: (TrainingEvent) throws(LearningError) -> TrainingAnswer = { _ in .proceed }
) throws(LearningError) -> TrainingRun {
  try makeSession(network, on: data, options, isStopped: isStopped).run(onEvent)
}

/// A training that has not begun.
/// - Throws: where options, data and net do not fit.
func makeSession(
  _ network: Network, on data: Samples, _ options: TrainingOptions, isStopped: @escaping () -> Bool
) throws(LearningError) -> TrainingSession {
  try options.check(parameterNames: network.parameterNames, rows: data.count)
  let data = try network.preparedForTraining(data)
  try data.checkIsNumeric()
  var options = options
  if case .samples(let held) = options.validation, let pipeline = data.pipeline {
    options.validation = .samples(try pipeline.applied(to: held))
  }
  if data.pipeline?.targetScaling != nil, let range = network.output.activation.range,
    let odd = try data.telling().t.elements.first(where: { !range.contains($0) })
  {
    throw LearningError(
      "the output \(network.output.activation.title) does not reach the scaled targets",
      (.network, "gives no \(brief(shortened(odd)))"),
      help: ["build it with a linear output, as in \(network.call(output: "linear"))"])
  }
  let plan = try TrainingPlan(adapting: network, data, options)
  let history = TrainingRun(plan, on: plan.all)
  network.remember(plan.all)
  return TrainingSession(plan: plan, history: history, isStopped: isStopped)
}

/// What is told of a training, and what it is told in return.
typealias TrainingListener = (TrainingEvent) throws(LearningError) -> TrainingAnswer

/// One training under way: alone (`run`), or pass by pass beside others.
final class TrainingSession {
  let plan: TrainingPlan
  /// Asked before every step.
  var isStopped: () -> Bool
  private var history: TrainingRun
  /// Those who compute the steps together.
  private let team: Team?
  private var best: TrainingState.Best?
  /// From the first pass to the last.
  private(set) var runner: EpochRunner?
  /// Whether the values are with the runner.
  private var lendsValues = false
  /// Epochs whose events are still to be skipped.
  private var skipped = 0
  private var knownIdentity: String?
  private let hasConstantRate: Bool
  /// Fewer steps say nothing about the size of steps.
  private static let fewSteps = 20

  fileprivate init(plan: TrainingPlan, history: TrainingRun, isStopped: @escaping () -> Bool) {
    self.plan = plan
    self.history = history
    self.isStopped = isStopped
    team = plan.team
    hasConstantRate = plan.options.schedule.isConstant
  }

  /// Whether the training ends between two steps: one of a team ends with all others, as agreed in a
  /// step.
  private var isEnded: Bool { team?.isStopped ?? isStopped() }

  /// Makes all passes.
  func run(_ onEvent: TrainingListener) throws(LearningError) -> TrainingRun {
    if try begin(onEvent) {
      try TrainingLoop.withoutDenormals { () throws(LearningError) in
        guard let runner else { return }
        while try pass(runner, onEvent) == .proceed {}
      }
    }
    return try end(onEvent)
  }

  /// - Returns: whether there are passes to make.
  func begin(_ onEvent: TrainingListener) throws(LearningError) -> Bool {
    let network = plan.network
    if let state = plan.options.resumed {
      try plan.check(state, try identity())
      network.setValues(state.values)
      history.epochs = state.epochs
      history.steps = state.epochs.last?.steps ?? 0
      best = state.best
      if let ending = state.ending {
        try takeUp(ending, state, onEvent)
        return false
      }
    }
    if let loss = plan.options.resumed?.firstLoss {
      history.firstLoss = loss
    } else {
      history.firstLoss = try plan.together { () throws(LearningError) in
        try network.loss(on: plan.data, plan.options.objective.withoutPenalties)
      }
    }
    guard history.firstLoss.isFinite else { throw plan.divergence(in: history, epoch: 0) }
    history.lastLoss = history.firstLoss
    let isRefused = try tell(.started(start), onEvent) == .stop
    // A stream is read once for it, and not when it is too late for an error.
    if plan.data.streamed != nil, plan.options.checkpoint != nil { _ = try identity() }
    guard !isEnded, team != nil || !isRefused else {
      history.ending = .interrupted
      history.penalty = network.penalty(plan.options.objective)
      return false
    }
    let runner = try EpochRunner(plan, firstLoss: history.firstLoss)
    if let state = plan.options.resumed { runner.resume(state) }
    if let live = runner.live {
      try network.lendValues(to: live)
      lendsValues = true
    }
    self.runner = runner
    return true
  }

  /// The identity of the plan, found once.
  private func identity() throws(LearningError) -> String {
    if let knownIdentity { return knownIdentity }
    let identity = try plan.identity
    knownIdentity = identity
    return identity
  }

  private func takeValuesBack() {
    if lendsValues { plan.network.takeValuesBack() }
    lendsValues = false
  }

  /// The result, once no pass is left.
  func end(_ onEvent: TrainingListener) throws(LearningError) -> TrainingRun {
    takeValuesBack()
    runner = nil
    history.metric = try plan.together { () throws(LearningError) in
      try plan.metric.value(of: plan.network, on: plan.validation ?? plan.data)
    }
    _ = try onEvent(.finished(history))
    return history
  }

  /// Whether it was stopped from outside.
  var isInterrupted: Bool { history.ending == .interrupted }

  /// The result of the same training that was made elsewhere.
  func takeOver(_ message: inout TrainingMessage) -> TrainingRun {
    takeValuesBack()
    runner = nil
    history.take(&message)
    return history
  }

  /// Gives up a training that was stopped among others.
  func abandon() { takeValuesBack() }

  private var start: TrainingStart {
    TrainingStart(
      epochs: plan.options.epochs, stepsAnEpoch: plan.stepsAnEpoch, rows: plan.data.count,
      loss: history.firstLoss, metricName: history.metricName, names: history.names,
      earlier: history.epochs)
  }

  /// A training that its condition or its patience ended stays ended.
  private func takeUp(
    _ ending: TrainingRun.Ending, _ state: TrainingState, _ onEvent: TrainingListener
  ) throws(LearningError) {
    history.ending = ending
    if ending == .noImprovement, let best {
      plan.network.setValues(best.values)
      history.bestEpoch = best.epoch
    }
    history.firstLoss = state.firstLoss
    history.lastLoss = try plan.together { () throws(LearningError) in
      try plan.network.loss(on: plan.data, plan.options.objective.withoutPenalties)
    }
    history.penalty = plan.network.penalty(plan.options.objective)
    _ = try tell(.started(start), onEvent)
  }

  private func tell(
    _ event: TrainingEvent, _ onEvent: TrainingListener
  ) throws(LearningError) -> TrainingAnswer {
    let answer = try TrainingLoop.withDenormals { () throws(LearningError) in
      try onEvent(event)
    }
    if case .proceedSkipping(let count) = answer { skipped = count }
    return answer
  }

  /// Tells of an epoch unless it is to be skipped.
  private func tell(
    _ epoch: EpochSummary, _ onEvent: TrainingListener
  ) throws(LearningError) -> TrainingAnswer {
    guard skipped == 0 else {
      skipped -= 1
      return .proceed
    }
    return try tell(.epoch(epoch), onEvent)
  }

  /// Makes one pass, or ends the passes where none is left.
  func pass(_ onEvent: TrainingListener) throws(LearningError) -> TrainingAnswer {
    guard let runner else { return .stop }
    return try pass(runner, onEvent)
  }

  private func pass(
    _ runner: EpochRunner, _ onEvent: TrainingListener
  ) throws(LearningError) -> TrainingAnswer {
    try guarded { () throws(LearningError) in
      guard hasNext else {
        try endPasses(runner, onEvent)
        return .stop
      }
      let outcome = try runner.epoch(rate: nextRate, isStopped: isStopped)
      if try take(outcome, runner, onEvent) == .stop {
        try endPasses(runner, onEvent)
        return .stop
      }
      return .proceed
    }
  }

  /// Whatever is thrown, the net has its values back.
  private func guarded<Result>(
    _ body: () throws(LearningError) -> Result
  ) throws(LearningError) -> Result {
    do throws(LearningError) {
      return try body()
    } catch {
      takeValuesBack()
      throw error
    }
  }

  /// Whether an epoch is left.
  var hasNext: Bool { history.epochs.count < plan.options.epochs }

  /// The learning rate of the next epoch.
  var nextRate: Double {
    hasConstantRate
      ? plan.rate
      : plan.rate
        * plan.options.schedule.factor(epoch: history.epochs.count, of: plan.options.epochs)
  }

  /// The next pass, to be made in a lane beside others; nil where the passes are over.
  func lanePass(_ onEvent: TrainingListener) throws(LearningError) -> LaneLoop.Pass? {
    guard let runner else { return nil }
    if hasNext { return runner.lanePass(rate: nextRate) }
    try guarded { () throws(LearningError) in try endPasses(runner, onEvent) }
    return nil
  }

  /// Takes what came of a pass in a lane.
  /// - Returns: whether there are more.
  func take(
    _ epoch: TrainingLoop.Epoch, _ onEvent: TrainingListener
  ) throws(LearningError) -> TrainingAnswer {
    guard let runner else { return .stop }
    return try guarded { () throws(LearningError) in
      if try take(runner.end(epoch), runner, onEvent) == .proceed { return .proceed }
      try endPasses(runner, onEvent)
      return .stop
    }
  }

  private func endPasses(
    _ runner: EpochRunner, _ onEvent: TrainingListener
  ) throws(LearningError) {
    if let best, history.ending == .allEpochs || history.ending == .noImprovement {
      plan.network.setValues(best.values)
      history.bestEpoch = best.epoch
    }
    // The last update has not been tried by any step.
    history.lastLoss = try runner.loss()
    history.penalty = plan.network.penalty(plan.options.objective)
    if !history.lastLoss.isFinite {
      throw try failure(history.epochs.count, runner, after: .max, onEvent)
    }
    try measureStepSizes(runner)
  }

  /// Measures what one more step would do, unless the training is interrupted.
  private func measureStepSizes(_ runner: EpochRunner) throws(LearningError) {
    guard history.ending != .interrupted, history.steps >= Self.fewSteps,
      let rate = history.epochs.last?.rate
    else { return }
    history.updateRatios = try runner.updateRatios(rate: rate)
  }

  private func take(
    _ outcome: EpochOutcome, _ runner: EpochRunner, _ onEvent: TrainingListener
  ) throws(LearningError) -> TrainingAnswer {
    let (epoch, rate) = (history.epochs.count + 1, nextRate)
    guard outcome.steps > 0 else {
      history.ending = .interrupted
      try plan.options.checkpoint?(true) { state(runner) }
      return .stop
    }
    guard outcome.loss.isFinite else {
      throw try failure(epoch, runner, after: outcome.steps, onEvent)
    }
    history.steps += outcome.steps
    let validation = try runner.validation?.evaluate()
    let isLookedAt = plan.options.until != nil || plan.options.evaluatesEpochs
    let loss = isLookedAt ? try runner.loss() : outcome.loss
    guard loss.isFinite else { throw try failure(epoch, runner, after: .max, onEvent) }
    let summary = EpochSummary(
      epoch: epoch, steps: history.steps, rate: rate, loss: loss,
      validationLoss: validation?.loss, metric: validation?.metric ?? outcome.metric)
    history.epochs.append(summary)
    let isRefused = try tell(summary, onEvent) == .stop
    if outcome.isCut {
      history.ending = .interrupted
      try plan.options.checkpoint?(true) { state(runner) }
      return .stop
    }
    // What a training stops by is the same whether or not somebody looks at its losses.
    let patience = try checkPatience(epoch, validation?.loss ?? outcome.loss)
    var ending: TrainingRun.Ending?
    if isEnded || (team == nil && isRefused) {
      ending = .interrupted
    } else if outcome.isDone {
      ending = .nothingLeft
    } else if let until = plan.options.until,
      try TrainingLoop.withDenormals({ () throws(LearningError) in try until(summary) })
    {
      ending = .conditionMet
    } else if patience == .stop {
      ending = .noImprovement
    }
    try plan.options.checkpoint?(ending != nil || epoch == plan.options.epochs) {
      state(runner, ending)
    }
    guard let ending else { return .proceed }
    history.ending = ending
    return .stop
  }

  /// Where this training is; an epoch under way is none of the history yet.
  private func state(
    _ runner: EpochRunner, _ ending: TrainingRun.Ending? = nil
  ) -> TrainingState {
    let memories = runner.memories
    let partial = runner.partialEpoch
    return TrainingState(
      identity: (try? identity()) ?? "", values: plan.network.parameters.map { $0.value },
      memories: memories.values, firstLoss: history.firstLoss,
      epochs: partial == nil ? history.epochs : history.epochs.dropLast(),
      steps: memories.steps, best: best, partial: partial,
      ending: ending == .interrupted ? nil : ending)
  }

  /// Stops where the watched loss has not become better for a while.
  private func checkPatience(
    _ epoch: Int, _ watched: Double
  ) throws(LearningError) -> TrainingAnswer {
    guard let patience = plan.options.patience else { return .proceed }
    if watched < (best?.loss ?? .infinity) - plan.options.improvement {
      best = TrainingState.Best(
        epoch: epoch, loss: watched, values: plan.network.parameters.map { $0.value })
    }
    return epoch - (best?.epoch ?? 0) >= patience ? .stop : .proceed
  }

  /// Reports the failure and restores the last finite weights.
  private func failure(
    _ epoch: Int, _ runner: EpochRunner, after steps: Int,
    _ onEvent: TrainingListener
  ) throws(LearningError) -> LearningError {
    // Saying what went wrong looks at the net.
    let looked = plan.network.lastReadValues
    let error = plan.divergence(in: history, epoch: epoch)
    runner.putBack(after: steps, looked)
    _ = try onEvent(.diverged(epoch: epoch, lastLosses: history.epochs.suffix(3).map { $0.loss }))
    return error
  }
}
