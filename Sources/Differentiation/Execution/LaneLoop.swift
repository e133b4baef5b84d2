internal import CKernels
import Glibc

/// Trains nets of one shape side by side, a net a lane of a vector: the steps of one net's training
/// loop over memory that holds every number once a net. Each net comes to the bits that its own loop
/// would come to, with rows, rates and constants of its own.
package final class LaneLoop {
  /// One pass of one net.
  package struct Pass {
    package let loop: TrainingLoop
    /// Row numbers, counted from 0.
    package let order: [Int32]
    package let batch: Int
    package let rate: Double

    package init(_ loop: TrainingLoop, order: [Int32], batch: Int, rate: Double) {
      self.loop = loop
      self.order = order
      self.batch = max(1, min(batch, order.count))
      self.rate = rate
    }

    fileprivate var stepCount: Int { (order.count + batch - 1) / batch }
  }

  /// How many nets of a precision go side by side.
  package static func width(of precision: Precision) -> Int {
    precision.kernels.pointee.lanes.count
  }

  /// A number of rows a step, with the steps for it.
  private final class Stage {
    let rows: Int
    let program: LaneProgram
    let masks: [(target: UnsafeMutableRawPointer, count: Int)]
    private let feedCount: Int
    private let isMeasured: Bool
    /// What C needs of it.
    var plan: BPLaneStage
    private let targets: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private let widths: UnsafeMutablePointer<Int>
    private let sources: UnsafeMutablePointer<UnsafeRawPointer?>

    init?(_ rows: Int, _ stage: TrainingLoop.Stage, _ shared: LaneProgram.Shared) {
      self.rows = rows
      let program = LaneProgram(stage.program, shared: shared)
      func place(_ pointer: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        program.address(of: UnsafeRawPointer(pointer))
      }
      let feeds = stage.feeds.compactMap { feed in place(feed.target).map { ($0, feed.width) } }
      guard let loss = place(stage.program.address(ofOutput: 0)), feeds.count == stage.feeds.count
      else { return nil }
      self.program = program
      masks = stage.masks.compactMap { mask in place(mask.target).map { ($0, mask.count) } }
      feedCount = feeds.count
      isMeasured = stage.isMeasured
      targets = .allocate(capacity: max(feeds.count, 1))
      targets.initialize(repeating: nil, count: max(feeds.count, 1))
      widths = .allocate(capacity: max(feeds.count, 1))
      widths.initialize(repeating: 0, count: max(feeds.count, 1))
      let sourceCount = max(feeds.count, 1) * program.width
      sources = .allocate(capacity: sourceCount)
      sources.initialize(repeating: nil, count: sourceCount)
      plan = BPLaneStage()
      plan.rows = rows
      plan.steps = UnsafePointer(program.steps)
      plan.count = program.stepCount
      plan.feeds = feeds.count
      for (index, feed) in feeds.enumerated() { (targets[index], widths[index]) = feed }
      plan.targets = UnsafePointer(targets)
      plan.widths = UnsafePointer(widths)
      plan.sources = UnsafePointer(sources)
      plan.loss = UnsafeRawPointer(loss)
      if stage.isMeasured {
        plan.metric = place(stage.program.address(ofOutput: 1)).map { UnsafeRawPointer($0) }
      }
    }

    deinit {
      targets.deallocate()
      widths.deallocate()
      sources.deallocate()
    }

    func isAlike(_ other: TrainingLoop.Stage) -> Bool {
      feedCount == other.feeds.count && masks.count == other.masks.count
        && isMeasured == other.isMeasured && program.isAlike(other.program)
    }

    /// Where the rows of a lane come from.
    func feed(lane: Int, from loop: TrainingLoop) {
      for index in 0..<feedCount { sources[index * program.width + lane] = loop.source(of: index) }
    }
  }

  /// Where a net is in its pass.
  private struct Lane {
    var numbers: UnsafePointer<Int32>?
    var count = 0
    var batch = 1
    var epoch = TrainingLoop.Epoch()
    /// Steps whose update was made.
    var updates = 0

    /// The rows of a step, counted from 0; 0 behind the last one and behind a loss that was not
    /// finite.
    func rows(in step: Int) -> Int {
      epoch.ending == .finished ? max(0, min(batch, count - step * batch)) : 0
    }

    /// How many steps from this one on have as many rows as it has.
    func stepsAlike(from step: Int) -> Int { max(1, count / batch - step) }
  }

  private let template: TrainingLoop
  private let precision: Precision
  private let kernels: BPLanes
  private let shared: LaneProgram.Shared
  private let states: [Memory]
  private let updater: LaneUpdate?
  private var stages: [Stage] = []
  private var nets: BPLaneNets
  private let next: UnsafeMutablePointer<UnsafePointer<Int32>?>
  private let moves: UnsafeMutablePointer<Bool>
  /// Sums by row, by step and of the metric, a list of lanes each.
  private let sums: UnsafeMutablePointer<Double>
  private let steps: UnsafeMutablePointer<Int>
  private let constants: UnsafeMutablePointer<Double>
  private let lanes: UnsafeMutablePointer<Lane>
  /// Of each lane, whether its net has the rows that the template has.
  private let hasSameData: UnsafeMutablePointer<Bool>
  /// Where the values and states of each net lie in its own loop, a list of lanes each.
  private let values: UnsafeMutablePointer<UnsafeRawPointer?>
  private var masks = Memory(bytes: 0)
  /// Row numbers, all 0, for lanes that rest.
  private var rest = Memory(bytes: 0)
  /// How many nets it takes.
  package let width: Int
  /// Steps between two looks whether it is to stop.
  private static let mostSteps = 32

  /// - Parameter template: the loop of a net; nets whose loops are alike may join.
  package init(_ template: TrainingLoop) {
    self.template = template
    let store = template.parameters
    precision = store.precision
    kernels = precision.kernels.pointee.lanes
    let width = kernels.count
    let shared = LaneProgram.Shared(store, lanes: width)
    let states = store.states.map { Memory(bytes: $0.bytes * width) }
    updater = template.updater.map { LaneUpdate($0, in: store, shared: shared, states: states) }
    (self.width, self.shared, self.states) = (width, shared, states)
    next = .allocate(capacity: width)
    next.initialize(repeating: nil, count: width)
    moves = .allocate(capacity: width)
    moves.initialize(repeating: false, count: width)
    sums = .allocate(capacity: 3 * width)
    sums.initialize(repeating: 0, count: 3 * width)
    steps = .allocate(capacity: width)
    steps.initialize(repeating: 0, count: width)
    constants = .allocate(capacity: 8 * width * Self.mostSteps)
    constants.initialize(repeating: 0, count: 8 * width * Self.mostSteps)
    lanes = .allocate(capacity: width)
    lanes.initialize(repeating: Lane(), count: width)
    hasSameData = .allocate(capacity: width)
    hasSameData.initialize(repeating: false, count: width)
    values = .allocate(capacity: (1 + states.count) * width)
    values.initialize(repeating: nil, count: (1 + states.count) * width)
    nets = BPLaneNets()
    nets.next = next
    nets.moves = moves
    nets.lossByRow = sums
    nets.lossByStep = sums + width
    nets.metric = sums + 2 * width
    nets.steps = steps
    nets.rule = template.function
    if updater == nil {
      nets.values = shared.values.base
      nets.gradients = UnsafeRawPointer(shared.gradients.base)
      nets.first = states.first?.base
      nets.second = states.dropFirst().first?.base
      nets.count = store.count
    }
  }

  deinit {
    next.deallocate()
    moves.deallocate()
    sums.deallocate()
    steps.deallocate()
    constants.deallocate()
    lanes.deallocate()
    hasSameData.deallocate()
    values.deallocate()
  }

  /// Numbers of a net, memory of its optimizer and of a step included, up to which lanes pay: so many
  /// of all nets stay near the processor.
  private static let mostNumbers = 1 << 13

  /// Whether a net is of a size that gains from lanes, and its rows are held.
  package static func isFor(_ loop: TrainingLoop, rows: Int) -> Bool {
    let store = loop.parameters
    guard loop.reader == nil, let stage = try? loop.stage(rows) else { return false }
    let numbers =
      store.count * (2 + store.states.count) + stage.program.bytes / store.precision.width
    return numbers <= mostNumbers
  }

  /// Puts a net into a lane whose steps are like those of the others.
  /// - Parameter sizes: the rows of its steps.
  /// - Returns: false where they are not.
  /// - Throws: what making the graph for these rows throws.
  package func enter(
    _ loop: TrainingLoop, lane: Int, sizes: [Int]
  ) throws(DifferentiationError) -> Bool {
    var entered: [(stage: Stage, program: Program)] = []
    for size in sizes where size > 0 {
      let own = try loop.stage(size)
      if let stage = stages.first(where: { $0.rows == size }) {
        guard stage.isAlike(own) else { return false }
        entered.append((stage, own.program))
      } else {
        guard let made = Stage(size, own, shared) else { return false }
        stages.append(made)
        entered.append((made, own.program))
        let bytes = size * MemoryLayout<Int32>.stride
        if rest.bytes < bytes { rest = Memory(bytes: bytes) }
      }
    }
    if let updater, let other = loop.updater {
      guard updater.isAlike(other) else { return false }
      updater.take(other, lane: lane)
    }
    hasSameData[lane] = loop.hasSameData(as: template)
    for (stage, program) in entered { stage.program.take(program, lane: lane) }
    return true
  }

  /// A pass over the rows of every net that has one here, a lane each; the nets' own loops have
  /// the values at its end.
  /// - Parameters:
  ///   - passes: as many as there are lanes, nil for one that rests.
  ///   - proceed: asked before every few steps, with how many steps of how many nets are made.
  /// - Returns: the sums of each lane; nil where it was stopped.
  package func runEpoch(
    _ passes: [Pass?], while proceed: (Int) -> Bool
  ) -> [TrainingLoop.Epoch]? {
    guard let spare = passes.lazy.compactMap({ $0 }).first else { return [] }
    let most = take(passes, spare.loop)
    var number = 0
    while number < most {
      // As many steps as are alike for all lanes.
      var count = min(Self.mostSteps, most - number)
      var pending = 0
      for lane in 0..<width where lanes[lane].rows(in: number) > 0 {
        pending += 1
        count = min(count, lanes[lane].stepsAlike(from: number))
      }
      guard pending > 0 else { break }
      guard proceed(pending * count) else { return nil }
      for index in stages.indices { run(stages[index], passes, number, count) }
      number += count
    }
    moveOut(passes)
    return (0..<width).map { lane in
      passes[lane]?.loop.step += lanes[lane].updates
      return lanes[lane].epoch
    }
  }

  /// Puts what each net brings where the steps find it.
  /// - Returns: the steps of the longest pass.
  private func take(_ passes: [Pass?], _ spare: TrainingLoop) -> Int {
    var most = 0
    var first: Int?
    nets.isShared = true
    for lane in 0..<width {
      lanes[lane] = Lane()
      let loop = passes[lane]?.loop ?? spare
      values[lane] = UnsafeRawPointer(loop.parameters.values.base)
      for place in 0..<states.count {
        values[(place + 1) * width + lane] = UnsafeRawPointer(loop.parameters.states[place].base)
      }
      guard let pass = passes[lane] else { continue }
      loop.hold(pass.order)
      lanes[lane].numbers = loop.rowNumbers
      lanes[lane].count = pass.order.count
      lanes[lane].batch = pass.batch
      most = max(most, pass.stepCount)
      if template.hasFixedConstants { setConstants(pass, lane, from: 0, 1) }
      if let first {
        nets.isShared = nets.isShared && goAlike(first, lane)
      } else {
        first = lane
      }
    }
    for stage in stages {
      for lane in 0..<width { stage.feed(lane: lane, from: passes[lane]?.loop ?? spare) }
    }
    kernels.interleave(values, shared.values.base, template.parameters.count)
    for place in 0..<states.count {
      kernels.interleave(
        values + (place + 1) * width, states[place].base, template.parameters.count)
    }
    return most
  }

  /// Whether two lanes take the same rows of the same data.
  private func goAlike(_ one: Int, _ other: Int) -> Bool {
    guard lanes[one].count == lanes[other].count, hasSameData[one], hasSameData[other],
      let own = lanes[one].numbers, let theirs = lanes[other].numbers
    else { return false }
    return memcmp(own, theirs, lanes[one].count * MemoryLayout<Int32>.stride) == 0
  }

  /// Steps with so many rows of the lanes that have them.
  private func run(_ stage: Stage, _ passes: [Pass?], _ number: Int, _ count: Int) {
    let isSingle = updater != nil || !stage.masks.isEmpty
    let rest = UnsafePointer(rest.base.assumingMemoryBound(to: Int32.self))
    var done = 0
    while done < count {
      let wanted = isSingle ? 1 : count - done
      var moving = 0
      for lane in 0..<width {
        moves[lane] = lanes[lane].rows(in: number) == stage.rows
        guard moves[lane] else {
          next[lane] = rest
          continue
        }
        // The rows that all share are those of a lane that still moves.
        if moving == 0 { nets.firstShared = lane }
        moving += 1
        next[lane] = lanes[lane].numbers.map { $0 + (number + done) * lanes[lane].batch }
        sums[lane] = lanes[lane].epoch.lossByRow
        sums[width + lane] = lanes[lane].epoch.lossByStep
        sums[2 * width + lane] = lanes[lane].epoch.metric
        steps[lane] = 0
        if !template.hasFixedConstants, let pass = passes[lane] {
          setConstants(pass, lane, from: lanes[lane].updates, wanted)
        }
        if !stage.masks.isEmpty, let loop = passes[lane]?.loop { fillMasks(stage, loop, lane) }
      }
      guard moving > 0 else { return }
      let made = kernels.step(&stage.plan, &nets, wanted, constants, template.hasFixedConstants)
      for lane in 0..<width where lanes[lane].rows(in: number) == stage.rows {
        lanes[lane].epoch.lossByRow = sums[lane]
        lanes[lane].epoch.lossByStep = sums[width + lane]
        lanes[lane].epoch.metric = sums[2 * width + lane]
        lanes[lane].epoch.steps += steps[lane]
        lanes[lane].epoch.rows += steps[lane] * stage.rows
        // The update of a step whose loss is not finite is not made.
        lanes[lane].updates += moves[lane] ? steps[lane] : steps[lane] - 1
        if !moves[lane] { lanes[lane].epoch.ending = .notFinite }
        if let updater, moves[lane], let pass = passes[lane], let own = pass.loop.updater {
          updater.set(
            own, lane: lane, rate: pass.rate, step: pass.loop.step + lanes[lane].updates)
        }
      }
      updater?.run(moves: moves)
      done += made
    }
  }

  /// - Parameter updates: how many steps of this pass were made.
  private func setConstants(_ pass: Pass, _ lane: Int, from updates: Int, _ count: Int) {
    guard updater == nil else { return }
    for place in 0..<count {
      UnsafeMutableRawPointer(constants + 8 * (place * width + lane)).storeBytes(
        of: pass.loop.constantsOfStep(pass.rate, pass.loop.step + updates + 1 + place),
        as: SIMD8<Double>.self)
    }
  }

  private func fillMasks(_ stage: Stage, _ loop: TrainingLoop, _ lane: Int) {
    for index in 0..<stage.masks.count {
      let (target, count) = stage.masks[index]
      if masks.bytes < count * precision.width { masks = Memory(bytes: count * precision.width) }
      loop.fillMask(
        index, rows: stage.rows, step: loop.step + lanes[lane].updates, masks.base)
      precision.spread(masks, count: count, to: target, lane: lane, of: width)
    }
  }

  private func moveOut(_ passes: [Pass?]) {
    let count = template.parameters.count
    for lane in 0..<width {
      guard let store = passes[lane]?.loop.parameters else { continue }
      kernels.separate(shared.values.base, lane, store.values.base, count)
      for place in 0..<states.count {
        kernels.separate(states[place].base, lane, store.states[place].base, count)
      }
    }
  }
}
