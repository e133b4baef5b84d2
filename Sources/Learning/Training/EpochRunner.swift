import Differentiation

/// The result of one pass over the data.
struct EpochOutcome {
  /// The running loss: the mean (or sum) over the samples seen, each before its step.
  let loss: Double
  let steps: Int
  /// The metric of the outputs before each step.
  let metric: Double
  /// Whether the pass was cut short from outside.
  var isCut = false
  /// Whether there is nothing left to learn.
  var isDone = false
}

/// What carries out the steps of a training, epoch by epoch.
final class EpochRunner {
  private let plan: TrainingPlan
  private let nodes: [Node]
  private let loop: TrainingLoop?
  /// What reads the rows of steps where they are streamed.
  private let streamed: StreamedRows?
  private let metric: RunningMeasure
  /// Of each of the net's parameters, whether it holds weights.
  private let isWeights: [Bool]
  /// On the rows set apart, where there are any.
  let validation: ValidationProbe?
  /// The values before this epoch and before the one before it. A larger net keeps only those
  /// before some epoch, in the net itself: two more copies would be half of all memory.
  private let kept: KeptValues?
  private var random: RandomSource
  private var order: [Int32]
  /// The sums of an epoch that was stopped, until it is gone on with.
  private var partial = TrainingLoop.Epoch()
  /// Where the next single step begins.
  private var position = 0

  /// Steps since the values were kept.
  private var stepsSinceKept = 0
  /// The largest loss of values worth keeping so far.
  private var usualLoss: Double

  private static let mostKeptTwice = 1 << 16
  private static let mostCopied = 1 << 20
  /// Between two times that the values of a larger net are kept: it takes as long as a step or two.
  private static let stepsBetween = 32

  /// - Throws: what a user's function throws, and where something has no derivative.
  /// - Parameter firstLoss: of the values as they are.
  init(_ plan: TrainingPlan, firstLoss: Double) throws(LearningError) {
    self.plan = plan
    usualLoss = firstLoss
    isWeights = plan.network.parameters.map { $0.role == .weights }
    metric = try RunningMeasure(plan.network, plan.metric, plan.data)
    streamed = plan.data.streamed.map { StreamedRows(plan, $0) }
    let nodes = plan.network.openParameterNodes()
    self.nodes = nodes
    random = plan.options.makeShuffling()
    order = (0..<plan.data.count).map { Int32(truncatingIfNeeded: $0) }
    guard plan.network.rule == .gradientDescent else {
      loop = nil
      kept = nil
      validation = try plan.validation.map { rows throws(LearningError) in
        try ValidationProbe(plan, rows, parameters: nodes, in: nil)
      }
      return
    }
    // A user's function may throw what the loop does not, so the graphs are made before it asks.
    let sizes = [plan.batch, plan.data.count % plan.batch]
    var graphs: [Int: TrainingLoop.Graph] = [:]
    for rows in Set(sizes) where rows > 0 && plan.shards == 1 {
      graphs[rows] = try Self.graph(plan, nodes, rows: rows, metric)
    }
    let division = try Self.division(plan, nodes, batches: sizes, metric)
    let rows = streamed.map { TrainingLoop.Rows.read($0.reader) } ?? plan.heldRows
    let trained = plan.trained.map { nodes[$0] }
    let rule = try plan.options.optimizer.update(for: trained.map { $0.shape })
    let loop = try deriving(
      TrainingLoop(
        trainable: trained, rows: rows, rule: rule, precision: plan.network.precision,
        batch: plan.batch, division: division
      ) { rows throws(DifferentiationError) in
        guard let graph = graphs[rows] else {
          throw .shape(ShapeError("no step was planned for \(rows) rows"))
        }
        return graph
      })
    loop.seed = plan.options.maskSeed
    self.loop = loop
    validation = try plan.validation.map { rows throws(LearningError) in
      try ValidationProbe(plan, rows, parameters: nodes, in: loop.parameters)
    }
    plan.network.writeValues(of: nodes, to: loop.parameters)
    kept = plan.network.count <= Self.mostKeptTwice ? KeptValues(loop.parameters) : nil
  }

  private static func graph(
    _ plan: TrainingPlan, _ nodes: [Node], rows: Int, outOf batch: Int? = nil,
    _ metric: RunningMeasure
  ) throws(LearningError) -> TrainingLoop.Graph {
    let x = Node.input(.matrix(rows, plan.network.inputCount), name: "x")
    let t = Node.input(.matrix(rows, plan.network.outputCount), name: "t")
    let weights = plan.isWeighted ? Node.input(.vector(rows), name: "weights") : nil
    let dropout = plan.network.dropout
    let masks =
      dropout == 0
      ? []
      : plan.network.layers.dropLast().map { Node.input(.matrix(rows, $0.units), name: "mask") }
    let step = try plan.step(
      parameters: nodes, x: x, t: t, weights: weights, masks: masks, outOf: batch)
    let measured = try building(metric.node(step.graph))
    return TrainingLoop.Graph(
      inputs: [x, t] + (weights.map { [$0] } ?? []), loss: step.graph.loss,
      gradients: step.gradients, masks: masks.map { ($0, 1 - dropout) }, metric: measured)
  }

  /// How batches are divided; nil where they are not.
  private static func division(
    _ plan: TrainingPlan, _ nodes: [Node], batches: [Int], _ metric: RunningMeasure
  ) throws(LearningError) -> Division? {
    guard plan.shards > 1 else { return nil }
    var graphs: [Int: [Int: TrainingLoop.Graph]] = [:]
    for batch in Set(batches) where batch > 0 {
      for rows in Division.shardSizes(plan.shards, batch: batch) {
        graphs[batch, default: [:]][rows] = try graph(
          plan, nodes, rows: rows, outOf: batch, metric)
      }
    }
    return Division(
      shards: plan.shards, team: plan.options.team,
      graph: { rows, batch throws(DifferentiationError) in
        guard let graph = graphs[batch]?[rows] else {
          throw .shape(ShapeError("no step was planned for \(rows) rows"))
        }
        return graph
      },
      finished: plan.finishesGradients
        ? { gradients throws(DifferentiationError) in
          do throws(ShapeError) { return try plan.finished(gradients, nodes) } catch {
            throw .shape(error)
          }
        } : nil)
  }

  /// Looks at the loss on other rows with the values as they are.
  /// - Parameter objective: what is minimised on them.
  func probe(_ data: Samples, _ objective: Objective) throws(LearningError) -> ValidationProbe {
    try ValidationProbe(plan, data, objective, parameters: nodes, in: loop?.parameters)
  }

  /// Where the values are meanwhile; nil where they stay in the net. A net that keeps the values to
  /// be put back itself never sees any that are not finite.
  var live: Network.LiveValues? {
    guard let store = loop?.parameters else { return nil }
    let nodes = nodes
    let isKeptInNet = kept == nil
    return Network.LiveValues(
      read: { index, numbers in
        guard !isKeptInNet || store.isFinite else { return }
        store.read(nodes[index], into: &numbers)
      },
      write: { store.set(nodes[$0], to: $1) })
  }

  /// Restores the values from before an epoch that failed.
  /// - Parameters:
  ///   - steps: how many steps of it were made: if even the first loss was not finite, the epoch
  ///     began with values that were spoiled already.
  ///   - looked: what the net itself kept.
  func putBack(after steps: Int, _ looked: [Tensor]) {
    if let kept {
      kept.putBack(last: steps > 1)
    } else {
      for (node, value) in zip(nodes, looked) { loop?.parameters.set(node, to: value) }
    }
  }

  private func keep(_ loop: TrainingLoop) {
    if let kept {
      kept.keep()
    } else if stepsSinceKept >= Self.stepsBetween, loop.parameters.isFinite {
      // The net reads them in.
      _ = plan.network.parameters
      stepsSinceKept = 0
    }
  }

  /// Counts an epoch whose values may be kept. Just before a loss is not finite any more it is
  /// enormous, and so might be that of the next step.
  private func count(_ epoch: EpochOutcome) {
    guard epoch.loss.isFinite, epoch.loss <= 10 * usualLoss else {
      stepsSinceKept = .min
      return
    }
    usualLoss = max(usualLoss, epoch.loss)
    stepsSinceKept = max(stepsSinceKept, 0) + epoch.steps
  }

  /// The loss of all rows trained on, without penalties.
  func loss() throws(LearningError) -> Double {
    let live = kept == nil ? loop.map { (nodes: nodes, store: $0.parameters) } : nil
    return try plan.together { () throws(LearningError) in
      try plan.network.loss(on: plan.data, plan.options.objective.withoutPenalties, live: live)
    }
  }

  /// What the optimizer keeps beside each parameter that is trained, and the steps it counts.
  var memories: (values: [[Tensor]], steps: Int) {
    guard let loop else { return ([], 0) }
    return (plan.trained.map { loop.parameters.state(of: nodes[$0]) }, loop.step)
  }

  /// The epoch under way, where it was stopped behind a step.
  var partialEpoch: TrainingState.Partial? {
    partial.steps == 0
      ? nil
      : TrainingState.Partial(
        steps: partial.steps, rows: partial.rows, lossByRow: partial.lossByRow,
        lossByStep: partial.lossByStep, metric: partial.metric)
  }

  /// Goes on where a training of the same plan was.
  func resume(_ state: TrainingState) {
    if plan.options.isShuffled {
      for _ in state.epochs { random.shuffle(&order) }
    }
    guard let loop else { return }
    for (node, value) in zip(nodes, state.values) { loop.parameters.set(node, to: value) }
    for (index, memory) in zip(plan.trained, state.memories) {
      loop.parameters.setState(of: nodes[index], to: memory)
    }
    loop.step = state.steps
    if let part = state.partial {
      partial = TrainingLoop.Epoch(
        lossByRow: part.lossByRow, lossByStep: part.lossByStep, metric: part.metric,
        rows: part.rows, steps: part.steps)
    }
  }

  /// One pass over the data, or the rest of one, cut short as soon as `isStopped`.
  func epoch(rate: Double, isStopped: () -> Bool) throws(LearningError) -> EpochOutcome {
    guard let loop else { return try perceptronEpoch(rate: rate) }
    begin(loop)
    let rows = partial.rows == 0 ? order : Array(order[partial.rows...])
    return end(
      try read(
        try deriving(
          loop.runEpoch(order: rows, batch: plan.batch, rate: rate, after: partial) {
            !isStopped()
          })))
  }

  /// - Throws: where rows of the steps could not be read.
  @discardableResult
  private func read(_ epoch: TrainingLoop.Epoch) throws(LearningError) -> TrainingLoop.Epoch {
    if epoch.ending == .unread, let failure = streamed?.failure { throw failure }
    return epoch
  }

  private func begin(_ loop: TrainingLoop) {
    if plan.options.isShuffled { random.shuffle(&order) }
    keep(loop)
  }

  /// Whether its steps may be made beside those of other nets.
  var goesInLanes: Bool {
    plan.shards == 1 && (loop.map { LaneLoop.isFor($0, rows: plan.batch) } ?? false)
  }

  /// The rows of its steps.
  var stepSizes: [Int] { [plan.batch, plan.data.count % plan.batch] }

  /// Whether it makes the same steps as another, from other numbers.
  func isAlike(_ other: EpochRunner) -> Bool {
    guard let loop, let theirs = other.loop, plan.batch == other.plan.batch else { return false }
    return loop.isAlike(theirs, rows: plan.batch)
  }

  /// Lanes that others may join who are alike; nil where there are no steps of gradient descent.
  func makeLanes() -> LaneLoop? { loop.map { LaneLoop($0) } }

  /// Joins others.
  /// - Returns: whether it could.
  func enter(_ lanes: LaneLoop, at lane: Int) throws(LearningError) -> Bool {
    guard let loop else { return false }
    return try deriving(lanes.enter(loop, lane: lane, sizes: stepSizes))
  }

  /// The next pass over the data, to be made in a lane; `end` takes what comes of it.
  func lanePass(rate: Double) -> LaneLoop.Pass? {
    guard let loop else { return nil }
    begin(loop)
    return LaneLoop.Pass(loop, order: order, batch: plan.batch, rate: rate)
  }

  func end(_ epoch: TrainingLoop.Epoch) -> EpochOutcome {
    let isStopped = if case .stopped = epoch.ending { true } else { false }
    partial = isStopped ? epoch : TrainingLoop.Epoch()
    let loss =
      plan.network.reduction == .mean ? epoch.lossByRow / Double(epoch.rows) : epoch.lossByStep
    let outcome = EpochOutcome(
      loss: loss, steps: epoch.steps,
      metric: metric.metric(sum: epoch.metric, rows: epoch.rows),
      isCut: isStopped)
    count(outcome)
    return outcome
  }

  /// One step on the next rows, a pass over the data behind another.
  func step(rate: Double) throws(LearningError) {
    guard let loop else { return }
    if position == 0, plan.options.isShuffled { random.shuffle(&order) }
    let end = min(position + plan.batch, order.count)
    try read(
      try deriving(
        loop.runEpoch(order: Array(order[position..<end]), batch: plan.batch, rate: rate)))
    position = end == order.count ? 0 : end
  }

  /// How far one more step would move the weights of each layer, as a share of their size. The
  /// optimizer's memory is not put back: this is for the end of a training.
  /// - Returns: nothing for a net so large that its values are better not copied.
  func updateRatios(rate: Double) throws(LearningError) -> [(name: String, ratio: Double)] {
    guard let loop, plan.network.count <= Self.mostCopied else { return [] }
    let snapshot = loop.parameters.makeSnapshot()
    defer { loop.parameters.putBack(snapshot) }
    try read(
      try deriving(
        loop.runEpoch(order: Array(order.prefix(plan.batch)), batch: plan.batch, rate: rate)))
    return zip(plan.trained, loop.parameters.changes(since: snapshot)).compactMap { index, ratio in
      isWeights[index] && ratio.isFinite ? (plan.network.parameterNames[index], ratio) : nil
    }
  }

  /// The perceptron's rule works row by row, in the order of the data.
  private func perceptronEpoch(rate: Double) throws(LearningError) -> EpochOutcome {
    var errors = 0
    switch plan.data {
    case .table(let data):
      errors = plan.network.learnOnce(
        data.x, targets: plan.targets, order: order.lazy.map { Int($0) }, rate: rate)
    case .stream(let stream):
      for start in stride(from: 0, to: order.count, by: stream.partRows) {
        let places = order[start..<min(order.count, start + stream.partRows)]
        let part = try stream.rows(at: Array(places))
        errors += plan.network.learnOnce(
          part.x, targets: try plan.network.targets(ofRead: part),
          order: 0..<part.count, rate: rate)
      }
    }
    let outputs = order.count * plan.network.outputCount
    let wrong = Double(errors) / Double(outputs)
    return EpochOutcome(
      loss: wrong, steps: order.count,
      metric: 1 - wrong, isDone: errors == 0)
  }
}
