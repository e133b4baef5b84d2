internal import CKernels

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
    package let measure: Node?

    package init(
      inputs: [Node], loss: Node, gradients: [Node], masks: [(node: Node, keep: Double)] = [],
      measure: Node? = nil
    ) {
      self.inputs = inputs
      self.loss = loss
      self.gradients = gradients
      self.masks = masks
      self.measure = measure
    }
  }

  package enum Ending: Sendable, Equatable {
    case finished
    /// The caller asked for it.
    case stopped
    /// The loss of the last step counted is not finite; its update was not made.
    case notFinite
  }

  package struct Epoch: Sendable {
    /// Σ loss · rows and Σ loss over the steps made.
    package fileprivate(set) var lossByRow = 0.0
    package fileprivate(set) var lossByStep = 0.0
    /// Σ measure over the steps made.
    package fileprivate(set) var measure = 0.0
    package fileprivate(set) var rows = 0
    package fileprivate(set) var steps = 0
    package fileprivate(set) var ending = Ending.finished

    package init(
      lossByRow: Double = 0, lossByStep: Double = 0, measure: Double = 0, rows: Int = 0,
      steps: Int = 0
    ) {
      self.lossByRow = lossByRow
      self.lossByStep = lossByStep
      self.measure = measure
      self.rows = rows
      self.steps = steps
    }
  }

  /// A program and where its rows go.
  private final class Stage {
    let program: Program
    // Arrays would be counted up and down, and in places copied, at every step.
    let feeds: UnsafeMutableBufferPointer<Feed>
    let masks: UnsafeMutableBufferPointer<Mask>
    let isMeasured: Bool

    init(_ program: Program, _ feeds: [Feed], _ masks: [Mask], isMeasured: Bool) {
      self.program = program
      self.feeds = .allocate(capacity: feeds.count)
      _ = self.feeds.initialize(from: feeds)
      self.masks = .allocate(capacity: masks.count)
      _ = self.masks.initialize(from: masks)
      self.isMeasured = isMeasured
    }

    deinit {
      feeds.deallocate()
      masks.deallocate()
    }
  }

  private struct Mask {
    let target: UnsafeMutableRawPointer
    let count: Int
    let keep: Double
    let seed: UInt64
  }

  private struct Feed {
    let source: UnsafeRawPointer
    let target: UnsafeMutableRawPointer
    let width: Int
  }

  package let parameters: ParameterStore
  /// Steps made so far; optimizers that correct their start count by it.
  package var step = 0
  /// Seeds the masks.
  package var seed: UInt64 = 0

  private let rule: UpdateRule
  private let rowCount: Int
  private let widths: [Int]
  private let data: [Memory]
  private let graph: (Int) throws(DifferentiationError) -> Graph
  private var stages: [(rows: Int, stage: Stage)] = []
  private let order: Memory
  /// Rows that lie in the inputs since the last epoch, where that was a single batch.
  private var gathered = 0
  private let constants: UnsafeMutablePointer<Double>

  /// - Parameters:
  ///   - trainable: what the rule updates, starting at the nodes' values.
  ///   - data: tensors of equally many rows; a vector counts as one number a row.
  ///   - graph: makes the graph of a step for a number of rows.
  package init(
    trainable: [Node], data: [Tensor], rule: UpdateRule, precision: Precision = .float64,
    batch: Int, graph: @escaping (Int) throws(DifferentiationError) -> Graph
  ) throws(DifferentiationError) {
    let rows = data.first.map(TrainingLoop.rows) ?? 0
    guard data.allSatisfy({ TrainingLoop.rows(of: $0) == rows }), rows <= Int(Int32.max) else {
      throw .shape(ShapeError("inputs and targets have different numbers of rows"))
    }
    rowCount = rows
    widths = data.map { $0.shape.count / max(rows, 1) }
    self.rule = rule
    self.graph = graph
    let first = try graph(min(max(batch, 1), max(rows, 1)))
    parameters = ParameterStore(
      trainable: trainable,
      turned: Compilation.turnedParameters(in: [first.loss] + first.gradients),
      stateCount: rule.stateCount, precision: precision)
    self.data = data.map { tensor in
      let memory = Memory(bytes: tensor.shape.count * precision.width)
      precision.write(tensor.elements, to: memory.base)
      return memory
    }
    order = Memory(bytes: rows * MemoryLayout<Int32>.stride)
    constants = .allocate(capacity: 8)
    constants.initialize(repeating: 0, count: 8)
    try include(first, rows: min(max(batch, 1), max(rows, 1)))
  }

  deinit { constants.deallocate() }

  private static func rows(of tensor: Tensor) -> Int {
    if case .vector(let count) = tensor.shape { count } else { tensor.shape.rows }
  }

  @discardableResult
  private func include(_ graph: Graph, rows: Int) throws(DifferentiationError) -> Stage {
    guard graph.loss.shape == .scalar else { throw .outputIsNotANumber(graph.loss.shape) }
    let outputs = [graph.loss] + (graph.measure.map { [$0] } ?? [])
    let program = Program(
      outputs, gradients: graph.gradients, of: parameters.trainable, parameters: parameters)
    let feeds = zip(zip(graph.inputs, data), widths).compactMap { pair, width -> Feed? in
      guard let target = program.address(of: pair.0) else { return nil }
      return Feed(source: UnsafeRawPointer(pair.1.base), target: target, width: width)
    }
    let masks = graph.masks.enumerated().compactMap { position, mask in
      program.address(of: mask.node).map {
        Mask(
          target: $0, count: mask.node.shape.count, keep: mask.keep,
          seed: (UInt64(position) &+ 1) &* 0x9e37_79b9_7f4a_7c15)
      }
    }
    let stage = Stage(program, feeds, masks, isMeasured: graph.measure != nil)
    stages.append((rows, stage))
    return stage
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
    order rows: [Int], batch: Int, rate: Double, after earlier: Epoch = Epoch(),
    while proceed: () -> Bool = { true }
  ) throws(DifferentiationError) -> Epoch {
    var epoch = earlier
    let limit = rowCount
    precondition(rows.count <= limit)
    let batch = max(1, min(batch, rows.count))
    let order = order.base.assumingMemoryBound(to: Int32.self)
    var isRepeated = gathered == rows.count && batch == rows.count
    for position in 0..<rows.count {
      let row = rows[position]
      precondition(0 <= row && row < limit)
      let number = Int32(truncatingIfNeeded: row)
      if order[position] != number {
        order[position] = number
        isRepeated = false
      }
    }
    // One batch of all rows in the same order as before lies there already.
    defer { gathered = batch == rows.count && epoch.steps > earlier.steps ? rows.count : 0 }
    let denormals = bp_flush_denormals()
    defer { bp_restore_denormals(denormals) }
    let whole = rows.count / batch
    if whole > 0 {
      run(
        try stage(batch), batch, order, gathers: !isRepeated, steps: whole, rate, &epoch, proceed)
    }
    let rest = rows.count - whole * batch
    if rest > 0, epoch.ending == .finished {
      run(
        try stage(rest), rest, order + whole * batch, gathers: true, steps: 1, rate, &epoch,
        proceed)
    }
    return epoch
  }

  private func stage(_ rows: Int) throws(DifferentiationError) -> Stage {
    for made in stages where made.rows == rows { return made.stage }
    return try include(try graph(rows), rows: rows)
  }

  private func run(
    _ stage: Stage, _ rows: Int, _ order: UnsafePointer<Int32>, gathers: Bool, steps: Int,
    _ rate: Double, _ epoch: inout Epoch, _ proceed: () -> Bool
  ) {
    let kernels = parameters.precision.kernels
    let values = parameters.values.base
    let gradients = parameters.gradients.base
    let first = parameters.states.first?.base
    let second = parameters.states.count > 1 ? parameters.states[1].base : nil
    let count = parameters.count
    let program = stage.program
    let rule = rule
    let constants = constants
    let feeds = stage.feeds
    let masks = stage.masks
    let isMeasured = stage.isMeasured
    let seed = seed
    var step = step
    defer { self.step = step }
    var next = order
    for _ in 0..<steps {
      guard proceed() else {
        epoch.ending = .stopped
        return
      }
      if gathers {
        for index in 0..<feeds.count {
          let feed = feeds[index]
          kernels.pointee.takeRows(feed.source, next, feed.target, rows, feed.width)
        }
      }
      for index in 0..<masks.count {
        let mask = masks[index]
        let counter = UInt64(step) &* UInt64(mask.count)
        kernels.pointee.mask(seed ^ mask.seed, counter, mask.keep, mask.target, mask.count)
      }
      program.run()
      let loss = program.number(0)
      epoch.lossByRow += loss * Double(rows)
      epoch.lossByStep += loss
      if isMeasured { epoch.measure += program.number(1) }
      epoch.rows += rows
      guard loss.isFinite else {
        epoch.steps += 1
        epoch.ending = .notFinite
        return
      }
      step += 1
      epoch.steps += 1
      UnsafeMutableRawPointer(constants)
        .storeBytes(of: rule.constants(rate, step), as: SIMD8<Double>.self)
      kernels.pointee.update(rule.function, values, gradients, first, second, count, constants)
      next += rows
    }
  }
}
