/// Adds up the gradients of all ranks in the order of the tree.
///
/// Small ones go to everybody at once. Of larger ones each rank adds up a piece, for which it gets
/// the parts of all, and sends the sum of its piece to all: twice the bytes of the gradients leave a
/// rank, however many there are. Those of large nets go bucket by bucket, the last layers first, as
/// the backward pass comes to them: a bucket is on its way while the layers before are computed (as
/// S. Li et al., PyTorch Distributed, VLDB 2020).
final class GradientExchange {
  private let team: Team
  private let parameters: ParameterStore
  /// Bytes of gradients that are exchanged together, in the order in which they become known.
  let buckets: [Range<Int>]
  /// Of each rank: step, wish, check, and the loss and metric of each of its shards.
  private var headers: [Memory] = []
  private var received: [[Memory]] = []
  private var plannedFor = 0
  /// Whether the others have answered so far in this step.
  private var isAnswered = true

  private static let fewBytes = 1 << 15
  private static let mostBuckets = 16
  private static let fixedWords = 3

  init(_ team: Team, _ parameters: ParameterStore) {
    self.team = team
    self.parameters = parameters
    buckets = Self.buckets(
      parameters.trainable.compactMap { parameters.gradientBytes(of: $0) },
      bytes: parameters.gradients.bytes, least: team.leastBucket)
  }

  /// - Parameters:
  ///   - places: of the gradients of each parameter, one behind the other.
  ///   - bytes: of all.
  ///   - least: of a bucket.
  static func buckets(_ places: [Range<Int>], bytes: Int, least: Int) -> [Range<Int>] {
    let least = max(least, bytes / mostBuckets)
    var buckets: [Range<Int>] = []
    var end = bytes
    for place in places.reversed() where end - place.lowerBound >= least {
      buckets.append(place.lowerBound..<end)
      end = place.lowerBound
    }
    guard end > 0 else { return buckets }
    // What is left at the front is too little for itself.
    return buckets.dropLast() + [0..<(buckets.last?.upperBound ?? bytes)]
  }

  private var goesToEverybody: Bool { parameters.gradients.bytes <= Self.fewBytes }

  /// The bytes of a bucket that a rank adds up.
  private func piece(_ bucket: Range<Int>, of rank: Int) -> Range<Int> {
    if goesToEverybody { return bucket }
    let blocks = bucket.count / Memory.alignment
    let start = bucket.lowerBound + rank * blocks / team.count * Memory.alignment
    return start..<bucket.lowerBound + (rank + 1) * blocks / team.count * Memory.alignment
  }

  private func plan(_ tree: ShardTree) {
    guard plannedFor != tree.shards else { return }
    plannedFor = tree.shards
    let most = buckets.map { piece($0, of: team.rank).count }.max() ?? 0
    headers = (0..<team.count).map { rank in
      let shards = tree.shards(of: rank, among: team.count).count
      return Memory(bytes: (Self.fixedWords + 2 * shards) * MemoryLayout<UInt64>.stride)
    }
    received = (0..<team.count).map { rank in
      guard rank != team.rank else { return [] }
      return tree.parts(of: tree.shards(of: rank, among: team.count)).map { _ in
        Memory(bytes: most)
      }
    }
  }

  /// Begins a step.
  func begin(_ tree: ShardTree) {
    plan(tree)
    isAnswered = true
  }

  /// Exchanges all buckets but the last, each as soon as it is known, while others are computed.
  func send(_ bucket: Int, _ tree: ShardTree, _ own: PartialSums) {
    let bytes = buckets[bucket]
    team.exchangeBeside { [self] in
      isAnswered = isAnswered && exchange(bytes, tree, own, withHeaders: false)
    }
  }

  /// Exchanges the last bucket, and waits for the others.
  /// - Returns: false where the others do not answer any more.
  /// - Throws: where ranks are at different steps or weights.
  func finish(
    _ tree: ShardTree, _ own: PartialSums, step: Int, wantsStop: Bool, checks: Bool,
    _ losses: inout [Double], _ metrics: inout [Double]
  ) throws(DifferentiationError) -> Bool {
    let mine = headers[team.rank].base.assumingMemoryBound(to: UInt64.self)
    mine[0] = UInt64(step)
    mine[1] = wantsStop ? 1 : 0
    mine[2] = checks ? parameters.checksum : 0
    for (place, shard) in tree.shards(of: team.rank, among: team.count).enumerated() {
      mine[Self.fixedWords + 2 * place] = losses[shard].bitPattern
      mine[Self.fixedWords + 2 * place + 1] = metrics[shard].bitPattern
    }
    team.awaitExchanges()
    guard isAnswered, exchange(buckets.last ?? 0..<0, tree, own, withHeaders: true) else {
      return false
    }
    var isWished = wantsStop
    for rank in team.others {
      let theirs = headers[rank].base.assumingMemoryBound(to: UInt64.self)
      guard theirs[0] == mine[0], theirs[2] == mine[2] else {
        throw .shape(
          ShapeError(
            theirs[0] == mine[0]
              ? "rank \(rank) has come to other weights than rank \(team.rank)"
              : "rank \(rank) is at another step than rank \(team.rank)"))
      }
      if theirs[1] != 0 { isWished = true }
      for (place, shard) in tree.shards(of: rank, among: team.count).enumerated() {
        losses[shard] = Double(bitPattern: theirs[Self.fixedWords + 2 * place])
        metrics[shard] = Double(bitPattern: theirs[Self.fixedWords + 2 * place + 1])
      }
    }
    if isWished { team.stop() }
    return true
  }

  private func exchange(
    _ bucket: Range<Int>, _ tree: ShardTree, _ own: PartialSums, withHeaders: Bool
  ) -> Bool {
    guard sendParts(bucket, own, withHeaders: withHeaders) else { return false }
    add(bucket, tree, own)
    return sendSums(bucket)
  }

  private func sendParts(_ bucket: Range<Int>, _ own: PartialSums, withHeaders: Bool) -> Bool {
    let piece = piece(bucket, of: team.rank)
    var sent: [Team.Outgoing] = []
    var awaited: [Team.Incoming] = []
    for rank in team.others {
      if withHeaders {
        sent.append(Team.Outgoing(to: rank, headers[team.rank].all))
        awaited.append(Team.Incoming(from: rank, headers[rank].all))
      }
      for part in own.parts where !self.piece(bucket, of: rank).isEmpty {
        sent.append(Team.Outgoing(to: rank, part.memory.bytes(self.piece(bucket, of: rank))))
      }
      for memory in received[rank] where !piece.isEmpty {
        awaited.append(Team.Incoming(from: rank, memory.bytes(0..<piece.count)))
      }
    }
    return team.exchange(sent, awaited)
  }

  /// Adds the piece of this rank over all ranks, in the order of the tree: of several shards, as no
  /// others are exchanged.
  private func add(_ bucket: Range<Int>, _ tree: ShardTree, _ own: PartialSums) {
    let piece = piece(bucket, of: team.rank)
    guard !piece.isEmpty else { return }
    let precision = parameters.precision
    let target = parameters.gradients.base + piece.lowerBound
    var sums: [(part: ShardTree.Part, at: UnsafeMutableRawPointer)] = []
    for rank in 0..<team.count {
      let parts = tree.parts(of: tree.shards(of: rank, among: team.count))
      for (place, part) in parts.enumerated() {
        var part = part
        let at =
          rank == team.rank
          ? own.parts[place].memory.base + piece.lowerBound : received[rank][place].base
        var sum = at
        while part.isRight, let last = sums.last, last.part.level == part.level,
          last.part.index == part.index - 1
        {
          part = part.parent
          let total = part == tree.root ? target : last.at
          precision.add(last.at, sum, into: total, bytes: piece.count)
          sum = total
          sums.removeLast()
        }
        sums.append((part, sum))
      }
    }
  }

  private func sendSums(_ bucket: Range<Int>) -> Bool {
    guard !goesToEverybody else { return true }
    let gradients = parameters.gradients
    let piece = piece(bucket, of: team.rank)
    let sent = team.others.filter { _ in !piece.isEmpty }.map {
      Team.Outgoing(to: $0, gradients.bytes(piece))
    }
    let awaited = team.others.filter { !self.piece(bucket, of: $0).isEmpty }.map {
      Team.Incoming(from: $0, gradients.bytes(self.piece(bucket, of: $0)))
    }
    return team.exchange(sent, awaited)
  }
}

extension Memory {
  fileprivate var all: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: base, count: bytes)
  }

  fileprivate func bytes(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }
}

extension ParameterStore {
  /// Of the values' bits, by the rounds of xxHash64 (Collet): four sums run side by side, as one would wait
  /// for each multiplication. Turned after each, signs and exponents reach all bits of the sum.
  var checksum: UInt64 {
    func round(_ sum: UInt64, _ word: UInt64) -> UInt64 {
      let sum = sum &+ word &* 0xC2B2_AE3D_27D4_EB4F
      return (sum << 31 | sum >> 33) &* 0x9E37_79B1_85EB_CA87
    }
    let words = values.base.assumingMemoryBound(to: UInt64.self)
    var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
    // What is kept of each parameter fills whole lines of the cache.
    for place in stride(from: 0, to: values.bytes / MemoryLayout<UInt64>.stride, by: 4) {
      a = round(a, words[place])
      b = round(b, words[place + 1])
      c = round(c, words[place + 2])
      d = round(d, words[place + 3])
    }
    return round(round(round(a, b), c), d)
  }
}
