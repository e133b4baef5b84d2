/// The sums of gradients of parts of a batch, until all parts are added.
final class PartialSums {
  /// Sums that nothing here can be added to any more.
  private(set) var parts: [(part: ShardTree.Part, memory: Memory)] = []
  private var spare: [Memory] = []
  private let precision: Precision
  /// Where the gradients of a part lie when they are taken in.
  private let source: Memory

  /// - Parameter source: gradients, padded.
  init(_ precision: Precision, source: Memory) {
    self.precision = precision
    self.source = source
  }

  func begin() {
    spare += parts.map { $0.memory }.filter { $0 !== source }
    parts.removeAll(keepingCapacity: true)
  }

  /// The additions that take one more part in, which can be made piece by piece.
  struct Join {
    fileprivate var additions: [(a: Memory, b: Memory, into: Memory)] = []
    fileprivate var copy: Memory?
  }

  /// Takes in the sum of one more part, behind those that are here.
  /// - Parameters:
  ///   - root: the whole tree, whose sum goes where the gradients were.
  ///   - isLast: whether the gradients may stay where they are.
  /// - Returns: what is still to be added, by `make`.
  func join(_ part: ShardTree.Part, root: ShardTree.Part, isLast: Bool) -> Join {
    var join = Join()
    var part = part
    var sum = source
    while part.isRight, let last = parts.last, last.part.level == part.level,
      last.part.index == part.index - 1
    {
      part = part.parent
      parts.removeLast()
      let target = part == root ? source : last.memory
      join.additions.append((last.memory, sum, target))
      if sum !== source { spare.append(sum) }
      if target !== last.memory { spare.append(last.memory) }
      sum = target
    }
    if part == root { return join }
    if sum === source, !isLast {
      sum = spare.popLast() ?? Memory(bytes: source.bytes)
      join.copy = sum
    }
    parts.append((part, sum))
    return join
  }

  /// Makes the additions for some bytes, from one multiple of the alignment to another.
  func make(_ join: Join, _ bytes: Range<Int>) {
    for (a, b, sum) in join.additions {
      precision.add(
        a.base + bytes.lowerBound, b.base + bytes.lowerBound, into: sum.base + bytes.lowerBound,
        bytes: bytes.count)
    }
    (join.copy?.base)
      .map { $0 + bytes.lowerBound }?
      .copyMemory(from: source.base + bytes.lowerBound, byteCount: bytes.count)
  }

  /// Takes in a part whole, whose place is free again afterwards.
  func add(_ part: ShardTree.Part, root: ShardTree.Part) {
    make(join(part, root: root, isLast: false), 0..<source.bytes)
  }
}
