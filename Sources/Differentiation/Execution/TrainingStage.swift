internal import CKernels

extension TrainingLoop {
  /// A program for steps on so many rows, and where these go.
  final class Stage {
    let program: Program
    // Arrays would be counted up and down, and in places copied, at every step.
    let feeds: UnsafeMutableBufferPointer<BPFeed>
    /// Which of the data tensors each of the feeds is.
    let places: [Int]
    let masks: UnsafeMutableBufferPointer<Mask>
    let isMeasured: Bool
    /// What C needs of it.
    let plan: UnsafeMutablePointer<BPNetStage>

    init(
      _ program: Program, _ feeds: [(feed: BPFeed, place: Int)], _ masks: [Mask], isMeasured: Bool
    ) {
      self.program = program
      self.feeds = .allocate(capacity: feeds.count)
      _ = self.feeds.initialize(from: feeds.map { $0.feed })
      places = feeds.map { $0.place }
      self.masks = .allocate(capacity: masks.count)
      _ = self.masks.initialize(from: masks)
      self.isMeasured = isMeasured
      plan = .allocate(capacity: 1)
      plan.initialize(to: BPNetStage())
      plan.pointee.steps = UnsafePointer(program.steps.baseAddress)
      plan.pointee.count = program.stepCount
      plan.pointee.feeds = UnsafePointer(self.feeds.baseAddress)
      plan.pointee.feedCount = feeds.count
      plan.pointee.loss = UnsafeRawPointer(program.address(ofOutput: 0))
      if isMeasured { plan.pointee.metric = UnsafeRawPointer(program.address(ofOutput: 1)) }
    }

    deinit {
      feeds.deallocate()
      masks.deallocate()
      plan.deallocate()
    }

    /// Has steps update what the loop trains, unless it does so itself.
    func complete(rows: Int, of loop: TrainingLoop) {
      plan.pointee.rows = rows
      guard loop.updater == nil else { return }
      plan.pointee.rule = loop.function
      plan.pointee.values = loop.values
      plan.pointee.gradients = UnsafeRawPointer(loop.gradients)
      plan.pointee.first = loop.firstState
      plan.pointee.second = loop.secondState
      plan.pointee.parameters = loop.parameterCount
    }
  }

  struct Mask {
    let target: UnsafeMutableRawPointer
    let count: Int
    let keep: Double
    let seed: UInt64
  }
}
