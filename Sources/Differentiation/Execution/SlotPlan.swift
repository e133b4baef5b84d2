/// Gives every value of a compilation a place in one block of memory; places are used again once
/// their value has been read for the last time.
struct SlotPlan {
  /// Byte offsets of the values that lie in the block.
  private(set) var offsets: [Compilation.Value: Int] = [:]
  private(set) var bytes = 0
  /// What a value that needs no memory of its own lies in.
  private var origins: [Compilation.Value: Compilation.Value] = [:]
  private var free: [(offset: Int, bytes: Int)] = []

  /// - Parameters:
  ///   - kept: values that stay to the end.
  ///   - elsewhere: values that lie outside the block.
  init(
    _ compilation: Compilation, width: Int, kept: Set<Compilation.Value>,
    inputs: [Compilation.Value], elsewhere: Set<Compilation.Value>
  ) {
    for instruction in compilation.instructions {
      if case .alias = instruction.work {
        origins[instruction.output] = origin(of: instruction.inputs[0])
      }
    }
    func size(_ value: Compilation.Value) -> Int {
      Memory.padded(max(compilation.nodes[value.node].shape.count, 1) * width)
    }
    var permanent = Set(kept.map(origin))
    for value in inputs where !elsewhere.contains(value) {
      permanent.insert(value)
      offsets[value] = take(size(value))
    }
    var lastReading: [Compilation.Value: Int] = [:]
    for (position, instruction) in compilation.instructions.enumerated() {
      for input in instruction.inputs { lastReading[origin(of: input)] = position }
    }
    for (position, instruction) in compilation.instructions.enumerated() {
      if case .alias = instruction.work { continue }
      let output = instruction.output
      if !elsewhere.contains(output) { offsets[output] = take(size(output)) }
      let read = Set(instruction.inputs.map(origin) + [output])
      for value in read
      where lastReading[value, default: position] == position && !permanent.contains(value) {
        if let offset = offsets[value] { giveBack(offset, size(value)) }
      }
    }
  }

  /// The value in whose memory this one lies.
  func origin(of value: Compilation.Value) -> Compilation.Value { origins[value] ?? value }

  private mutating func take(_ wanted: Int) -> Int {
    // The smallest gap that is large enough.
    let fitting = free.indices.filter { free[$0].bytes >= wanted }
    guard let gap = fitting.min(by: { free[$0].bytes < free[$1].bytes }) else {
      defer { bytes += wanted }
      return bytes
    }
    let offset = free[gap].offset
    free[gap] = (offset + wanted, free[gap].bytes - wanted)
    if free[gap].bytes == 0 { free.remove(at: gap) }
    return offset
  }

  private mutating func giveBack(_ offset: Int, _ bytes: Int) {
    free.append((offset, bytes))
    free.sort { $0.offset < $1.offset }
    var merged: [(offset: Int, bytes: Int)] = []
    for gap in free {
      if let last = merged.last, last.offset + last.bytes == gap.offset {
        merged[merged.count - 1].bytes += gap.bytes
      } else {
        merged.append(gap)
      }
    }
    free = merged
  }
}
