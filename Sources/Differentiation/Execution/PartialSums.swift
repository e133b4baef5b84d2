/// The sums of gradients of parts of a batch, until all parts are added.
final class PartialSums {
  private(set) var parts: [(part: ShardTree.Part, memory: Memory)] = []
  private var spare: [Memory] = []
  private let precision: Precision
  private let bytes: Int

  /// - Parameter bytes: of all gradients, padded.
  init(_ precision: Precision, bytes: Int) {
    self.precision = precision
    self.bytes = bytes
  }

  func begin() {
    spare += parts.map { $0.memory }
    parts.removeAll(keepingCapacity: true)
  }

  /// Takes in the sum of one more part, behind those that are here.
  /// - Parameters:
  ///   - source: where it lies; free again afterwards.
  ///   - root: the whole tree, whose sum goes to `source`.
  func add(_ part: ShardTree.Part, at source: UnsafeMutableRawPointer, root: ShardTree.Part) {
    var part = part
    // Where the sum is; nil for `source`.
    var resting: Memory?
    while part.isRight, let last = parts.last, last.part.level == part.level,
      last.part.index == part.index - 1
    {
      part = part.parent
      parts.removeLast()
      let target = part == root ? source : last.memory.base
      precision.add(last.memory.base, resting?.base ?? source, into: target, bytes: bytes)
      if let resting { spare.append(resting) }
      resting = last.memory
    }
    if part == root {
      if let resting { spare.append(resting) }
      return
    }
    parts.append((part, resting ?? copy(source)))
  }

  private func copy(_ source: UnsafeMutableRawPointer) -> Memory {
    let memory = spare.popLast() ?? Memory(bytes: bytes)
    memory.base.copyMemory(from: source, byteCount: bytes)
    return memory
  }
}
