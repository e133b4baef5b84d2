/// Work that is dealt to the ranks of a team: who is free takes what is next. Which rank gets what
/// depends on how fast each is, so that nothing may depend on who made it.
package final class Dealing {
  private let next: (_ group: Int, _ most: Int, _ isFirst: Bool) -> Range<Int>
  private let finish: (_ isStopped: Bool) -> Bool

  /// - Parameters:
  ///   - next: what this rank gets of a group; any thread may ask.
  ///   - finish: tells the others that this rank asks for nothing more; false where they do not
  ///     answer any more.
  package init(
    next: @escaping (_ group: Int, _ most: Int, _ isFirst: Bool) -> Range<Int>,
    finish: @escaping (_ isStopped: Bool) -> Bool
  ) {
    self.next = next
    self.finish = finish
  }

  /// Members of a group that nobody has.
  /// - Parameters:
  ///   - most: how many are wanted.
  ///   - isFirst: whether so many are begun at once; else there may be fewer, so that the last ones
  ///     end at about the same time everywhere.
  /// - Returns: their places; none where all have been taken.
  package func take(of group: Int, most: Int, isFirst: Bool) -> Range<Int> {
    next(group, most, isFirst)
  }

  func end(isStopped: Bool) -> Bool { finish(isStopped) }

  /// Blocks of neighbours, as many for each rank, for a team that cannot ask while it works.
  static func byBlocks(_ counts: [Int], rank: Int, among ranks: Int) -> Dealing {
    let all = counts.reduce(0, +)
    let own = rank * all / ranks..<(rank + 1) * all / ranks
    var taken = counts.map { _ in false }
    return Dealing(
      next: { group, _, _ in
        Backends.exclusively {
          guard !taken[group] else { return 0..<0 }
          taken[group] = true
          let start = counts.prefix(group).reduce(0, +)
          let block = own.clamped(to: start..<start + counts[group])
          return block.lowerBound - start..<block.upperBound - start
        }
      }, finish: { _ in true })
  }
}

/// What nobody has taken yet of some groups; one process has it.
package final class Deck {
  private let counts: [Int]
  private var next: [Int]
  private let ranks: Int
  private var isClosed = false

  /// - Parameter counts: how many members each group has.
  package init(_ counts: [Int], for ranks: Int) {
    self.counts = counts
    next = counts.map { _ in 0 }
    self.ranks = ranks
  }

  /// Members of a group, which are nobody else's from now on.
  package func take(of group: Int, most: Int, isFirst: Bool) -> Range<Int> {
    Backends.exclusively {
      guard !isClosed, counts.indices.contains(group) else { return 0..<0 }
      let start = next[group]
      let left = counts[group] - start
      // As C. Polychronopoulos and D. Kuck (Guided Self-Scheduling, 1987), with half of what they give.
      let share = isFirst ? left : (left + 2 * ranks - 1) / (2 * ranks)
      next[group] += max(0, min(most, share))
      return start..<next[group]
    }
  }

  /// Gives nothing more.
  package func close() { Backends.exclusively { isClosed = true } }
}
