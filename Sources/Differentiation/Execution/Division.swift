internal import CKernels

/// How the steps of a training are divided: each batch is cut into shards, and the gradients of the
/// shards are added in a tree, so that every number is the same for any number of processes.
package struct Division {
  /// A power of two.
  package let shards: Int
  /// Who else computes shards; nobody where nil.
  package let team: Team?
  /// Makes the graph of a shard of so many rows of a batch; its loss and metric are the shard's part of
  /// those of the batch.
  package let graph: (_ rows: Int, _ batch: Int) throws(DifferentiationError) -> TrainingLoop.Graph
  /// What the rule follows, made of the gradients of the batch; those themselves where nil.
  package let finished: (([Node]) throws(DifferentiationError) -> [Node])?

  package init(
    shards: Int, team: Team?,
    graph: @escaping (_ rows: Int, _ batch: Int) throws(DifferentiationError) -> TrainingLoop.Graph,
    finished: (([Node]) throws(DifferentiationError) -> [Node])? = nil
  ) {
    self.shards = shards
    self.team = team
    self.graph = graph
    self.finished = finished
  }

  /// The graph of the first shard of a batch.
  func firstGraph(batch: Int) throws(DifferentiationError) -> TrainingLoop.Graph {
    try graph(ShardTree(most: shards, rows: batch).rows(of: 0, in: batch).count, batch)
  }

  /// The rows that shards of a batch may have.
  package static func shardSizes(_ shards: Int, batch: Int) -> Set<Int> {
    ShardTree.sizes(most: shards, batch: batch)
  }

  /// The rows of a batch of so many that one rank computes.
  package static func rows(_ batch: Int, shards: Int, of rank: Int, among count: Int) -> Int {
    let tree = ShardTree(most: shards, rows: batch)
    guard tree.shards > 1 else { return batch }
    return tree.shards(of: rank, among: count).reduce(0) {
      $0 + tree.rows(of: $1, in: batch).count
    }
  }
}

/// The steps of a training loop whose batches are divided.
final class DividedSteps {
  private let division: Division
  private let parameters: ParameterStore
  private let sums: PartialSums
  private let exchange: GradientExchange?
  private var stages: [(rows: Int, batch: Int, stage: TrainingLoop.Stage)] = []
  private var finishing: (program: Program, inputs: [(from: Int, node: Node)])?

  /// - Throws: where what is made of the gradients has no program.
  init(_ division: Division, _ parameters: ParameterStore) throws(DifferentiationError) {
    self.division = division
    self.parameters = parameters
    sums = PartialSums(parameters.precision, source: parameters.gradients)
    exchange = division.team.map { GradientExchange($0, parameters) }
    if let finished = division.finished { try prepareFinish(finished) }
  }

  /// What is made of the gradients of a batch, from copies of them.
  private func prepareFinish(
    _ finished: ([Node]) throws(DifferentiationError) -> [Node]
  ) throws(DifferentiationError) {
    var inputs: [(from: Int, node: Node)] = []
    var gradients: [Node] = []
    for node in parameters.trainable {
      guard let range = parameters.range(of: node) else { continue }
      // Gradients lie as their parameters do, perhaps transposed.
      let isTurned = parameters.address(of: node)?.isTransposed ?? false
      let shape = isTurned ? Shape.matrix(node.shape.columns, node.shape.rows) : node.shape
      let input = Node.input(shape, name: "gradient")
      inputs.append((range.lowerBound, input))
      do throws(ShapeError) {
        gradients.append(isTurned ? try input.transposed() : input)
      } catch {
        throw .shape(error)
      }
    }
    let program = Program(
      [], gradients: try finished(gradients), of: parameters.trainable, parameters: parameters)
    finishing = (program, inputs)
  }

  private func finish() {
    guard let finishing else { return }
    let width = parameters.precision.width
    for (from, node) in finishing.inputs {
      finishing.program.address(of: node)?.copyMemory(
        from: parameters.gradients.base + from * width, byteCount: node.shape.count * width)
    }
    finishing.program.run()
  }

  private func stage(
    _ rows: Int, of batch: Int, of loop: TrainingLoop
  ) throws(DifferentiationError) -> TrainingLoop.Stage {
    if let made = stages.first(where: { $0.rows == rows && $0.batch == batch }) {
      return made.stage
    }
    let stage = try loop.makeStage(division.graph(rows, batch), sendsEarly: true)
    stages.append((rows, batch, stage))
    return stage
  }

  /// Leaves the gradient of a batch where the rule finds it.
  /// - Parameters:
  ///   - batch: how many rows it has.
  ///   - wantsStop: whether this process is to stop; all will then stop behind this step.
  ///   - isFirst: whether it is held now that all have the same weights.
  ///   - fill: puts rows of the batch and their masks in place; false where they cannot be read.
  /// - Returns: the loss and the metric; nil where rows cannot be read, or the others do not answer
  ///   any more.
  func run(
    _ batch: Int, of loop: TrainingLoop, wantsStop: Bool, isFirst: Bool,
    fill: (_ stage: TrainingLoop.Stage, _ rows: Range<Int>, _ batch: Int) -> Bool
  ) throws(DifferentiationError) -> (loss: Double, metric: Double)? {
    let tree = ShardTree(most: division.shards, rows: batch)
    let team = division.team
    // What is not divided each computes for itself.
    let exchange = tree.shards > 1 ? exchange : nil
    let own =
      exchange == nil ? 0..<tree.shards : tree.shards(of: team?.rank ?? 0, among: team?.count ?? 1)
    var losses = [Double](repeating: 0, count: tree.shards)
    var metrics = losses
    sums.begin()
    exchange?.begin(tree)
    for shard in own {
      let rows = tree.rows(of: shard, in: batch)
      let stage = try stage(rows.count, of: batch, of: loop)
      guard fill(stage, rows, batch) else { return nil }
      let part = ShardTree.Part(level: 0, index: shard)
      if let exchange, shard == own.last {
        run(stage.program, part, tree, exchange)
      } else {
        stage.program.run()
        sums.add(part, root: tree.root)
      }
      losses[shard] = stage.program.number(0)
      if stage.isMeasured { metrics[shard] = stage.program.number(1) }
    }
    if let exchange {
      // Who has no shard gets the sums of the others all the same.
      if own.isEmpty {
        for bucket in exchange.buckets.indices.dropLast() { exchange.send(bucket, tree, sums) }
      }
      let isDone = try exchange.finish(
        tree, sums, step: loop.step, wantsStop: wantsStop, checks: isFirst, &losses, &metrics)
      guard isDone else { return nil }
    }
    finish()
    return (tree.sum(losses), tree.sum(metrics))
  }

  /// Computes the last shard of this rank, and sends what is known of the sums as soon as it is.
  private func run(
    _ program: Program, _ part: ShardTree.Part, _ tree: ShardTree, _ exchange: GradientExchange
  ) {
    let join = sums.join(part, root: tree.root, isLast: true)
    var made = 0
    for (number, bucket) in exchange.buckets.enumerated() {
      let isLast = number + 1 == exchange.buckets.count
      let needed = isLast ? program.stepCount : max(made, program.stepsUntilFree(bucket))
      program.run(made..<needed)
      made = needed
      sums.make(join, bucket)
      if !isLast { exchange.send(number, tree, sums) }
    }
  }

  var isStopped: Bool { division.team?.isStopped ?? false }
  var hasTeam: Bool { division.team != nil }
}
