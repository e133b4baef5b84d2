/// The processes that compute one program together, each with a rank from 0: what they need of each
/// other is that all of them send and receive some bytes at once.
///
/// All run the same script, so that each knows what the others send it; whoever carries the bytes
/// finds out where that is not so.
package final class Team {
  package struct Outgoing {
    package let rank: Int
    package let bytes: UnsafeRawBufferPointer

    package init(to rank: Int, _ bytes: UnsafeRawBufferPointer) {
      self.rank = rank
      self.bytes = bytes
    }

    package init(to rank: Int, _ bytes: UnsafeMutableRawBufferPointer) {
      self.init(to: rank, UnsafeRawBufferPointer(bytes))
    }
  }

  package struct Incoming {
    package let rank: Int
    package let bytes: UnsafeMutableRawBufferPointer

    package init(from rank: Int, _ bytes: UnsafeMutableRawBufferPointer) {
      self.rank = rank
      self.bytes = bytes
    }
  }

  package let rank: Int
  package let count: Int
  /// Bytes of gradients that are worth messages of their own.
  let leastBucket: Int
  /// Whether all have agreed to stop, or the others cannot be reached any more.
  package private(set) var isStopped = false
  private let carry: ([Outgoing], [Incoming]) -> Bool
  private let onStop: () -> Void
  private let makeDealing: (([Int]) -> Dealing)?
  private let beside: Beside?

  /// - Parameters:
  ///   - leastBucket: bytes of gradients that are worth messages of their own.
  ///   - carry: sends and receives, and returns when all of that is done; messages from one rank to
  ///     another keep their order. False where the others do not answer any more.
  ///   - onStop: told when others want to stop, or do not answer.
  ///   - deal: deals groups of so many members, as all ranks ask for at once; blocks where nil.
  ///   - beside: carries while something is computed; nothing where nil.
  package init(
    rank: Int, count: Int, leastBucket: Int = 1 << 18, onStop: @escaping () -> Void,
    carry: @escaping ([Outgoing], [Incoming]) -> Bool, deal: (([Int]) -> Dealing)? = nil,
    beside: Beside? = nil
  ) {
    self.rank = rank
    self.count = count
    self.leastBucket = leastBucket
    self.carry = carry
    self.onStop = onStop
    makeDealing = deal
    self.beside = beside
  }

  /// A thread that does one thing after the other, beside the one that computes.
  package struct Beside {
    let add: (@escaping () -> Void) -> Void
    let wait: () -> Void

    /// - Parameters:
    ///   - add: leaves it something to do.
    ///   - wait: returns when all of that is done.
    package init(add: @escaping (@escaping () -> Void) -> Void, wait: @escaping () -> Void) {
      self.add = add
      self.wait = wait
    }
  }

  /// Exchanges something while something else is computed, or at once where there is no thread for
  /// it. Nothing else may be exchanged before `awaitExchanges` returns.
  func exchangeBeside(_ body: @escaping () -> Void) {
    guard let beside else { return body() }
    beside.add { TrainingLoop.withoutDenormals(body) }
  }

  func awaitExchanges() { beside?.wait() }

  /// The others of the team, those behind this rank first: were all to send to rank 0 first, its
  /// link would take that in while the links of the rest are idle. MPICH orders its exchange of
  /// middle sizes in the same way (src/mpi/coll/alltoall).
  var others: [Int] { (1..<max(count, 1)).map { (rank + $0) % count } }

  /// Sends and receives.
  /// - Returns: false where the others do not answer any more; what was to be received is anything.
  func exchange(_ sent: [Outgoing], _ received: [Incoming]) -> Bool {
    guard !isStopped || hasAnswers else { return false }
    if carry(sent, received) { return true }
    hasAnswers = false
    stop()
    return false
  }

  private var hasAnswers = true

  /// Tells all what this rank has to say.
  /// - Returns: what each has said, in the order of the ranks; nil where they do not answer any more.
  package func everybodysWords(_ words: [UInt64]) -> [[UInt64]]? {
    var counts = [UInt64](repeating: UInt64(words.count), count: count)
    let own = UInt64(words.count)
    let isTold = counts.withUnsafeMutableBytes { counts in
      withUnsafeBytes(of: own) { own in
        exchange(
          others.map { Outgoing(to: $0, own) },
          others.map { Incoming(from: $0, .init(rebasing: counts[8 * $0..<8 * $0 + 8])) })
      }
    }
    guard isTold else { return nil }
    var start = [0]
    for count in counts { start.append(start[start.count - 1] + Int(count)) }
    var all = [UInt64](repeating: 0, count: start[count])
    let isHeard = all.withUnsafeMutableBytes { all in
      words.withUnsafeBytes { words in
        exchange(
          others.map { Outgoing(to: $0, words) },
          others.map {
            Incoming(from: $0, .init(rebasing: all[8 * start[$0]..<8 * start[$0 + 1]]))
          })
      }
    }
    guard isHeard else { return nil }
    return (0..<count).map { $0 == rank ? words : Array(all[start[$0]..<start[$0 + 1]]) }
  }

  /// How long this rank waits for the others where it is to stop, in seconds: for a step little, as all
  /// come to its end at the same time.
  package private(set) var patience = usualPatience
  private static let usualPatience = 0.5

  /// Completes numbers of which each rank has made a part.
  /// - Parameters:
  ///   - parts: where those of each rank stand.
  ///   - seconds: that the others may take longer for theirs.
  /// - Returns: false where the others do not answer any more.
  package func complete(
    _ numbers: inout [Double], _ parts: [Range<Int>], within seconds: Double
  ) -> Bool {
    patience = Self.usualPatience + seconds
    defer { patience = Self.usualPatience }
    return numbers.withUnsafeMutableBytes { bytes in
      func place(_ rank: Int) -> UnsafeMutableRawBufferPointer {
        .init(rebasing: bytes[8 * parts[rank].lowerBound..<8 * parts[rank].upperBound])
      }
      let own = place(rank)
      return exchange(
        others.filter { _ in !own.isEmpty }.map { Outgoing(to: $0, own) },
        others.filter { !parts[$0].isEmpty }.map { Incoming(from: $0, place($0)) })
    }
  }

  /// Begins to deal groups of so many members; all ranks do so at once.
  package func deal(_ counts: [Int]) -> Dealing {
    makeDealing?(counts) ?? .byBlocks(counts, rank: rank, among: count)
  }

  /// Ends it, once this rank wants nothing more.
  package func end(_ dealing: Dealing, isStopped: Bool) {
    guard !dealing.end(isStopped: isStopped) else { return }
    hasAnswers = false
    stop()
  }

  /// All have agreed to stop.
  package func stop() {
    guard !isStopped else { return }
    isStopped = true
    onStop()
  }
}
