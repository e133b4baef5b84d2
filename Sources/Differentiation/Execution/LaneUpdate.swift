internal import CKernels

/// The steps of an optimizer that is made of graphs, for several nets at once.
final class LaneUpdate {
  private let parts: [Part]

  /// - Parameters:
  ///   - updater: whose steps these are; others that are alike may join.
  ///   - store: of the net that the updater is for.
  ///   - arrays: the values, the gradients and the states of all nets, in the order in which the
  ///     updater takes them.
  init(
    _ updater: UpdateProgram, in store: ParameterStore, shared: LaneProgram.Shared, states: [Memory]
  ) {
    let own = [store.values, store.gradients] + store.states
    let common = [shared.values, shared.gradients] + states
    parts = updater.parts.map { Part($0, own, common) }
  }

  func isAlike(_ other: UpdateProgram) -> Bool {
    parts.count == other.parts.count && zip(parts, other.parts).allSatisfy { $0.isAlike($1) }
  }

  func take(_ other: UpdateProgram, lane: Int) {
    for (part, theirs) in zip(parts, other.parts) { part.program.take(theirs.program, lane: lane) }
  }

  /// Takes over the numbers of a net's next step.
  func set(_ other: UpdateProgram, lane: Int, rate: Double, step: Int) {
    for place in 0..<parts.count {
      parts[place].set(other.parts[place], lane: lane, rate: rate, step: Double(step))
    }
  }

  /// One step of the nets that move.
  func run(moves: UnsafePointer<Bool>) {
    for part in parts { part.run(moves) }
  }

  private final class Part {
    let program: LaneProgram
    private let part: UpdateProgram.Part
    private let width: Int
    private let lanes: BPLanes
    private let precision: Precision
    private let inputs: [UnsafeMutableRawPointer?]
    private let loads: [(array: UnsafeMutableRawPointer, place: UnsafeMutableRawPointer)]
    private let stores: [(array: UnsafeMutableRawPointer, place: UnsafeMutableRawPointer)]
    /// Room for an array that is kept transposed.
    private let room: Memory

    init(_ part: UpdateProgram.Part, _ own: [Memory], _ common: [Memory]) {
      self.part = part
      precision = part.program.precision
      lanes = precision.kernels.pointee.lanes
      width = precision.width * lanes.count
      let store = part.program.parameters
      let program = LaneProgram(
        part.program, shared: LaneProgram.Shared(store, lanes: lanes.count))
      self.program = program
      func places(_ transfers: UnsafeMutableBufferPointer<UpdateProgram.Part.Transfer>)
        -> [(array: UnsafeMutableRawPointer, place: UnsafeMutableRawPointer)]
      {
        transfers.compactMap { transfer in
          guard let array = own.firstIndex(where: { $0.base == transfer.array }),
            let place = program.address(of: UnsafeRawPointer(transfer.place))
          else { return nil }
          return (common[array].base, place)
        }
      }
      loads = places(part.loads)
      stores = places(part.stores)
      inputs = part.inputs.map { input in
        program.address(of: input.map { UnsafeRawPointer($0) })
      }
      room = Memory(bytes: part.turned == nil ? 0 : part.block * width)
    }

    func isAlike(_ other: UpdateProgram.Part) -> Bool {
      part.block == other.block && part.turned?.rows == other.turned?.rows
        && part.turned?.columns == other.turned?.columns
        && part.ranges.elementsEqual(other.ranges) && part.loads.count == other.loads.count
        && part.stores.count == other.stores.count && part.inputs.count == other.inputs.count
        && program.isAlike(other.program)
    }

    func set(_ other: UpdateProgram.Part, lane: Int, rate: Double, step: Double) {
      other.computeNumbers(rate: rate, step: step)
      for index in 0..<inputs.count {
        if let input = inputs[index] {
          precision.store(other.number(index), to: input + lane * precision.width)
        }
      }
    }

    func run(_ moves: UnsafePointer<Bool>) {
      for place in 0..<part.ranges.count {
        let range = part.ranges[place]
        var start = range.lowerBound
        while start < range.upperBound {
          let count = min(part.block, range.upperBound - start)
          for (array, place) in loads {
            turn(array + start * width, to: place, isLoad: true)
              ?? place.copyMemory(from: array + start * width, byteCount: count * width)
          }
          program.run()
          for (array, place) in stores {
            var source = UnsafeRawPointer(place)
            if turn(place, to: room.base, isLoad: false) != nil {
              source = UnsafeRawPointer(room.base)
            }
            lanes.choose(source, array + start * width, count, moves)
          }
          start += count
        }
      }
    }

    /// Turns an array that is kept transposed; nil where none is.
    private func turn(
      _ source: UnsafeMutableRawPointer, to target: UnsafeMutableRawPointer, isLoad: Bool
    ) -> Void? {
      guard let (rows, columns) = part.turned else { return nil }
      var step = BPStep.transpose(
        source, target, rows: isLoad ? columns : rows, columns: isLoad ? rows : columns)
      lanes.run(&step, 1)
      return ()
    }
  }
}
