/// A batch cut into shards, whose sums are added pairwise in a binary tree: which number is added to
/// which depends on the number of shards alone, and not on who computes them.
struct ShardTree {
  /// A part of the tree: 2^level shards from index · 2^level on.
  struct Part: Hashable {
    var level: Int
    var index: Int

    /// Whether it is added to the part before it, and not to the one behind.
    var isRight: Bool { index % 2 == 1 }
    var parent: Part { Part(level: level + 1, index: index / 2) }
  }

  /// A power of two.
  let shards: Int

  /// The shards of a batch, no more than it has rows.
  init(most: Int, rows: Int) {
    var shards = 1
    while shards * 2 <= min(most, rows) { shards *= 2 }
    self.shards = shards
  }

  /// The whole tree.
  var root: Part { Part(level: shards.trailingZeroBitCount, index: 0) }

  /// The rows of a shard, counted from the first of the batch.
  func rows(of shard: Int, in batch: Int) -> Range<Int> {
    shard * batch / shards..<(shard + 1) * batch / shards
  }

  /// How many rows shards may have.
  static func sizes(most: Int, batch: Int) -> Set<Int> {
    let tree = ShardTree(most: most, rows: batch)
    return Set((0..<tree.shards).map { tree.rows(of: $0, in: batch).count })
  }

  /// The shards of one of so many ranks.
  func shards(of rank: Int, among count: Int) -> Range<Int> {
    rank * shards / count..<(rank + 1) * shards / count
  }

  /// What is left of shards once all are added that are both among them, from left to right.
  func parts(of range: Range<Int>) -> [Part] {
    var parts: [Part] = []
    for shard in range {
      var part = Part(level: 0, index: shard)
      while part.isRight, let last = parts.last, last.level == part.level,
        last.index == part.index - 1
      {
        parts.removeLast()
        part = part.parent
      }
      parts.append(part)
    }
    return parts
  }

  /// Adds up one number of each shard.
  func sum(_ numbers: [Double]) -> Double {
    var numbers = numbers
    while numbers.count > 1 {
      numbers = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] + numbers[$0 + 1] }
    }
    return numbers.first ?? 0
  }
}

extension Precision {
  /// y = a + b for padded blocks of memory.
  func add(
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, into y: UnsafeMutableRawPointer, bytes: Int
  ) {
    switch self {
    case .float64:
      let a = a.assumingMemoryBound(to: SIMD8<Double>.self)
      let b = b.assumingMemoryBound(to: SIMD8<Double>.self)
      let y = y.assumingMemoryBound(to: SIMD8<Double>.self)
      for index in 0..<bytes / Memory.alignment { y[index] = a[index] + b[index] }
    case .float32:
      let a = a.assumingMemoryBound(to: SIMD16<Float>.self)
      let b = b.assumingMemoryBound(to: SIMD16<Float>.self)
      let y = y.assumingMemoryBound(to: SIMD16<Float>.self)
      for index in 0..<bytes / Memory.alignment { y[index] = a[index] + b[index] }
    }
  }
}
