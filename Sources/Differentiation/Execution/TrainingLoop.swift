internal import CKernels
import Glibc

/// Trains the parameters of a graph, batch by batch: gathers the rows, runs forward and backward
/// pass and updates, without allocating anything between the first step and the last.
package final class TrainingLoop {
  /// The graph of one step for some number of rows.
  package struct Graph {
    /// One input for each of the data tensors, a row of it for each row of the batch.
    package let inputs: [Node]
    package let loss: Node
    /// ∂loss/∂parameter, or what else the optimizer is to follow, in the parameters' order.
    package let gradients: [Node]
    /// Inputs that every step fills anew with 0, or with 1/keep at a rate of keep.
    package let masks: [(node: Node, keep: Double)]
    /// A number of each step that is only added up, as how many rows were answered rightly.
    package let metric: Node?

    package init(
      inputs: [Node], loss: Node, gradients: [Node], masks: [(node: Node, keep: Double)] = [],
      metric: Node? = nil
    ) {
      self.inputs = inputs
      self.loss = loss
      self.gradients = gradients
      self.masks = masks
      self.metric = metric
    }
  }

  package enum Ending: Sendable, Equatable {
    case finished
    /// The caller asked for it.
    case stopped
    /// The loss of the last step counted is not finite; its update was not made.
    case notFinite
    /// The rows of the next step cannot be read; the reader knows why.
    case unread
  }

  package struct Epoch: Sendable {
    /// Σ loss · rows and Σ loss over the steps made.
    package internal(set) var lossByRow = 0.0
    package internal(set) var lossByStep = 0.0
    /// Σ metric over the steps made.
    package internal(set) var metric = 0.0
    package internal(set) var rows = 0
    package internal(set) var steps = 0
    package internal(set) var ending = Ending.finished

    package init(
      lossByRow: Double = 0, lossByStep: Double = 0, metric: Double = 0, rows: Int = 0,
      steps: Int = 0
    ) {
      self.lossByRow = lossByRow
      self.lossByStep = lossByStep
      self.metric = metric
      self.rows = rows
      self.steps = steps
    }
  }

  private struct Counters {
    var step = 0
    var seed: UInt64 = 0
    /// Rows that lie in the inputs since the last epoch, where that was a single batch.
    var gathered = 0
    /// The stage of the last batches of this size, owned by `stages`.
    var rows = 0
    var stage: Unmanaged<Stage>?
  }

  package let parameters: ParameterStore
  /// Steps made so far; optimizers that correct their start count by it.
  package var step: Int {
    get { counters.pointee.step }
    set { counters.pointee.step = newValue }
  }
  /// Seeds the masks.
  package var seed: UInt64 {
    get { counters.pointee.seed }
    set { counters.pointee.seed = newValue }
  }

  // The kernel of a step, or the program where there is none. Kept apart, as a step of a small net
  // takes no longer than a few copies of what holds both.
  let function: BPUpdate
  let constantsOfStep: @Sendable (_ rate: Double, _ step: Int) -> SIMD8<Double>
  let hasFixedConstants: Bool
  let updater: UpdateProgram?
  let rowCount: Int
  private let widths: [Int]
  let data: [Memory]
  /// What reads the rows of a step where they are not held.
  let reader: RowReader?
  private let graph: (Int) throws(DifferentiationError) -> Graph
  private(set) var stages: [(rows: Int, stage: Stage)] = []
  let order: Memory
  // Behind a pointer, as an epoch of a small net takes no longer than a few checked accesses.
  private let counters: UnsafeMutablePointer<Counters>
  let constants: UnsafeMutablePointer<Double>
  let kernels: UnsafePointer<BPKernels>
  let values: UnsafeMutableRawPointer
  let gradients: UnsafeMutableRawPointer
  let firstState: UnsafeMutableRawPointer?
  let secondState: UnsafeMutableRawPointer?
  let parameterCount: Int
  /// Where batches are divided.
  private var divided: DividedSteps?

  /// - Parameters:
  ///   - trainable: what the rule updates, starting at the nodes' values.
  ///   - rows: what steps are made on.
  ///   - rule: of the optimizer, with one graph for each of `trainable` where it is made of graphs.
  ///   - division: how batches are divided; whole ones where nil.
  ///   - graph: makes the graph of a step for a number of rows.
  /// - Throws: where the update of an optimizer has no program.
  package init(
    trainable: [Node], rows source: Rows, rule: UpdateRule, precision: Precision = .float64,
    batch: Int, division: Division? = nil,
    graph: @escaping (Int) throws(DifferentiationError) -> Graph
  ) throws(DifferentiationError) {
    let (rows, widths) = try source.size()
    rowCount = rows
    self.widths = widths
    reader = source.reader
    self.graph = graph
    let usual = min(max(batch, 1), max(rows, 1))
    let first =
      if let division { try division.firstGraph(batch: usual) } else { try graph(usual) }
    parameters = ParameterStore(
      trainable: trainable,
      transposed: Compilation.transposedParameters(in: [first.loss] + first.gradients),
      starts: rule.starts, precision: precision)
    switch rule {
    case .kernel(let kernel):
      (function, constantsOfStep, updater) = (kernel.function, kernel.constants, nil)
      hasFixedConstants = kernel.isFixed
    case .graphs(let graphs, _):
      (function, constantsOfStep) = (BPUpdate.sgd, { _, _ in SIMD8() })
      hasFixedConstants = true
      do throws(ShapeError) {
        updater = try UpdateProgram(graphs, on: parameters)
      } catch {
        throw .shape(error)
      }
    }
    data = source.held.map { tensor in
      let memory = Memory(bytes: tensor.shape.count * precision.width)
      precision.write(tensor.elements, to: memory.base)
      return memory
    }
    order = Memory(bytes: rows * MemoryLayout<Int32>.stride)
    constants = .allocate(capacity: 8)
    constants.initialize(repeating: 0, count: 8)
    counters = .allocate(capacity: 1)
    counters.initialize(to: Counters())
    kernels = precision.kernels
    values = parameters.values.base
    gradients = parameters.gradients.base
    firstState = parameters.states.first?.base
    secondState = parameters.states.dropFirst().first?.base
    parameterCount = parameters.count
    if let division {
      divided = try DividedSteps(division, parameters)
    } else {
      try include(first, rows: usual)
    }
  }

  deinit {
    constants.deallocate()
    counters.deallocate()
  }

  @discardableResult
  private func include(_ graph: Graph, rows: Int) throws(DifferentiationError) -> Stage {
    let stage = try makeStage(graph)
    stage.complete(rows: rows, of: self)
    stages.append((rows, stage))
    return stage
  }

  /// - Parameter sendsEarly: whether the gradients of the last layers come first, to be on their way
  ///   to others while those of the layers before are computed.
  func makeStage(
    _ graph: Graph, sendsEarly: Bool = false
  ) throws(DifferentiationError) -> Stage {
    guard graph.loss.shape == .scalar else { throw .outputIsNotANumber(graph.loss.shape) }
    let outputs = [graph.loss] + (graph.metric.map { [$0] } ?? [])
    let program =
      sendsEarly
      ? Program(
        outputs, gradients: graph.gradients.reversed(), of: parameters.trainable.reversed(),
        parameters: parameters)
      : Program(
        outputs, gradients: graph.gradients, of: parameters.trainable, parameters: parameters)
    let feeds = zip(graph.inputs, widths).enumerated().compactMap { place, pair in
      program.address(of: pair.0).map { target in
        let source = reader == nil ? UnsafeRawPointer(data[place].base) : nil
        return (feed: BPFeed(source: source, target: target, width: pair.1), place: place)
      }
    }
    let masks = graph.masks.enumerated().compactMap { position, mask in
      program.address(of: mask.node).map {
        Mask(
          target: $0, count: mask.node.shape.count, keep: mask.keep,
          seed: Self.maskSeed(at: position))
      }
    }
    return Stage(program, feeds, masks, isMeasured: graph.metric != nil)
  }

  /// One pass over the rows in the given order.
  ///
  /// - Parameters:
  ///   - order: row numbers, counted from 0.
  ///   - batch: rows a step; the last step takes what is left.
  ///   - rate: the learning rate.
  ///   - earlier: the sums of steps made before, where this is the rest of a pass.
  ///   - proceed: asked before every step.
  /// - Throws: what making the graph of a shorter last batch throws.
  package func runEpoch(
    order rows: [Int32], batch: Int, rate: Double, after earlier: Epoch = Epoch(),
    while proceed: () -> Bool = { true }
  ) throws(DifferentiationError) -> Epoch {
    var epoch = earlier
    epoch.ending = .finished
    let batch = max(1, min(batch, rows.count))
    // One batch of all rows in the same order as before lies there already.
    let isOneBatch = batch == rows.count
    let isRepeated = isOneBatch && counters.pointee.gathered == rows.count && holds(rows)
    if !isRepeated { hold(rows) }
    counters.pointee.gathered = 0
    if let divided { return try run(divided, rows.count, batch, rate, epoch, proceed) }
    let whole = rows.count / batch
    if whole > 0 {
      // Not counted up and down, as an epoch of a small net takes no longer than that.
      let stage = try unmanagedStage(batch)
      stage._withUnsafeGuaranteedRef {
        run(
          $0, batch, rowNumbers, gathers: !isRepeated, steps: whole, rate, &epoch, proceed)
      }
    }
    let rest = rows.count - whole * batch
    if rest > 0, epoch.ending == .finished {
      run(
        try stage(rest), rest, rowNumbers + whole * batch, gathers: true, steps: 1, rate, &epoch,
        proceed)
    }
    if isOneBatch, epoch.steps > earlier.steps { counters.pointee.gathered = rows.count }
    return epoch
  }

  /// The order of the rows of the present pass, or of the last.
  var rowNumbers: UnsafePointer<Int32> {
    UnsafePointer(order.base.assumingMemoryBound(to: Int32.self))
  }

  /// Takes the order of the rows of a pass, which `rowNumbers` has then. Rows that there are not would
  /// be read from anywhere.
  func hold(_ rows: [Int32]) {
    precondition(rows.count <= rowCount)
    var (least, most) = (Int32.max, Int32(-1))
    // An iterator would be one more allocation a row where nothing is optimised.
    for place in rows.indices {
      let row = rows[place]
      if row < least { least = row }
      if row > most { most = row }
    }
    precondition(least >= 0 && Int(most) < rowCount)
    memcpy(order.base, rows, rows.count * MemoryLayout<Int32>.stride)
  }

  private func holds(_ rows: [Int32]) -> Bool {
    memcmp(order.base, rows, rows.count * MemoryLayout<Int32>.stride) == 0
  }

  @inline(__always)
  private func set(_ numbers: SIMD8<Double>) {
    UnsafeMutableRawPointer(constants).storeBytes(of: numbers, as: SIMD8<Double>.self)
  }

  func stage(_ rows: Int) throws(DifferentiationError) -> Stage {
    try unmanagedStage(rows).takeUnretainedValue()
  }

  /// Stages stay as long as the loop.
  @inline(__always)
  private func unmanagedStage(_ rows: Int) throws(DifferentiationError) -> Unmanaged<Stage> {
    if counters.pointee.rows == rows, let stage = counters.pointee.stage { return stage }
    return try findStage(rows)
  }

  private func findStage(_ rows: Int) throws(DifferentiationError) -> Unmanaged<Stage> {
    let made = stages.first { $0.rows == rows }?.stage
    let stage = if let made { made } else { try include(try graph(rows), rows: rows) }
    counters.pointee.rows = rows
    counters.pointee.stage = Unmanaged.passUnretained(stage)
    return Unmanaged.passUnretained(stage)
  }

  private func run(
    _ stage: Stage, _ rows: Int, _ order: UnsafePointer<Int32>, gathers: Bool, steps: Int,
    _ rate: Double, _ epoch: inout Epoch, _ proceed: () -> Bool
  ) {
    let plan = UnsafePointer(stage.plan)
    let constants = constants
    let masks = stage.masks
    let seed = seed
    let (constantsOfStep, updater) = (constantsOfStep, updater)
    let isRead = reader != nil
    let isFixed = hasFixedConstants
    if isFixed { set(constantsOfStep(rate, 1)) }
    let width = Double(rows)
    // Sums in registers: the epoch's own lie in memory.
    var lossByRow = epoch.lossByRow
    var lossByStep = epoch.lossByStep
    var metric = epoch.metric
    var step = step
    var made = 0
    var next = order
    for _ in 0..<steps {
      guard proceed() else {
        epoch.ending = .stopped
        break
      }
      if isRead, gathers, !take(next, rows, into: stage) {
        epoch.ending = .unread
        break
      }
      for index in 0..<masks.count {
        let mask = masks[index]
        let counter = UInt64(step) &* UInt64(mask.count)
        kernels.pointee.mask(seed ^ mask.seed, counter, mask.keep, mask.target, mask.count)
      }
      if !isFixed { set(constantsOfStep(rate, step + 1)) }
      let numbers = gathers && !isRead ? next : nil
      let loss = kernels.pointee.step(plan, numbers, constants, &metric)
      lossByRow += loss * width
      lossByStep += loss
      made += 1
      guard loss.isFinite else {
        epoch.ending = .notFinite
        break
      }
      step += 1
      updater?.run(rate: rate, step: step)
      next += rows
    }
    self.step = step
    epoch.lossByRow = lossByRow
    epoch.lossByStep = lossByStep
    epoch.metric = metric
    epoch.steps += made
    epoch.rows += made * rows
  }
}
