import Differentiation
import Glibc
import Synchronization

/// Rank 0 has the deck and works itself: a thread beside it answers the others, however long its own
/// steps take.
extension Ranks {
  /// Words of a question: which dealing, group, how many, whether they are the first, and whether the
  /// rank was told to stop. The answer has two, where the members begin and end.
  private static let (questionWords, answerWords) = (5, 2)
  private static let nothingMore = UInt64.max

  func deal(_ counts: [Int]) -> Dealing {
    dealings += 1
    let dealing = UInt64(dealings)
    return rank == 0 ? dealFirst(counts, dealing) : dealOther(dealing)
  }

  private func dealOther(_ dealing: UInt64) -> Dealing {
    let lock = Lock()
    var isAnswered = true
    return Dealing(
      next: { [self] group, most, isFirst in
        lock.held {
          guard isAnswered else { return 0..<0 }
          let question = [dealing, UInt64(group), UInt64(most), isFirst ? 1 : 0, 0]
          var answer = [UInt64](repeating: 0, count: Self.answerWords)
          isAnswered = question.withUnsafeBytes { question in
            answer.withUnsafeMutableBytes { answer in
              carry(
                .deal, [Team.Outgoing(to: 0, question)], [Team.Incoming(from: 0, answer)])
            }
          }
          guard isAnswered, answer[0] <= answer[1], answer[1] <= UInt64(Int32.max) else {
            return 0..<0
          }
          return Int(answer[0])..<Int(answer[1])
        }
      },
      finish: { [self] isStopped in
        let words = [dealing, Self.nothingMore, 0, 0, isStopped ? 1 : 0]
        return isAnswered
          && words.withUnsafeBytes { carry(.deal, [Team.Outgoing(to: 0, $0)], []) }
      })
  }

  /// What the thread that answers and the one that works tell each other.
  private final class Service: Sendable {
    let isAwaited = Atomic<Bool>(false)
    let isDone = Atomic<Bool>(false)
  }

  private func dealFirst(_ counts: [Int], _ dealing: UInt64) -> Dealing {
    let deck = Deck(counts, for: count)
    let service = Service()
    let body = { [self] in
      let isDone = answer(dealing, deck, service)
      if !isDone { deck.close() }
      service.isDone.store(isDone, ordering: .releasing)
    }
    let thread = HelperThread(body)
    return Dealing(
      next: { deck.take(of: $0, most: $1, isFirst: $2) },
      finish: { isStopped in
        if isStopped { deck.close() }
        service.isAwaited.store(true, ordering: .releasing)
        if let thread { thread.join() } else { body() }
        return service.isDone.load(ordering: .acquiring)
      })
  }

  /// Answers all others until none wants anything more.
  /// - Returns: false where one does not answer any more, or is elsewhere.
  private func answer(_ dealing: UInt64, _ deck: Deck, _ service: Service) -> Bool {
    var working = Set(1..<count)
    var question = [UInt64](repeating: 0, count: Self.questionWords)
    var awaitedSince: Double?
    var idleSince = Self.now
    var nextLook = Self.suspicion
    while !working.isEmpty {
      if Interruption.isRequested { deck.close() }
      if let message = mpi.waitingFromAnybody(tag: Kind.deal.rawValue) {
        idleSince = Self.now
        nextLook = Self.suspicion
        guard message.bytes == 8 * question.count,
          question.withUnsafeMutableBytes({
            carry(.deal, [], [Team.Incoming(from: message.rank, $0)])
          })
        else { return fail("rank \(message.rank) asks for what cannot be understood") }
        guard question[0] == dealing else {
          return fail("rank \(message.rank) is at another place of the script than rank 0")
        }
        if question[1] == Self.nothingMore {
          working.remove(message.rank)
          if question[4] != 0 { deck.close() }
          continue
        }
        let taken = deck.take(
          of: Int(truncatingIfNeeded: question[1]), most: Int(truncatingIfNeeded: question[2]),
          isFirst: question[3] != 0)
        let answer = [UInt64(taken.lowerBound), UInt64(taken.upperBound)]
        guard
          answer.withUnsafeBytes({ carry(.deal, [Team.Outgoing(to: message.rank, $0)], []) })
        else { return false }
        continue
      }
      if awaitedSince == nil, service.isAwaited.load(ordering: .acquiring) {
        awaitedSince = Self.now
      }
      if let awaitedSince, Interruption.isRequested,
        Self.now - max(awaitedSince, idleSince) > Self.patience
      {
        return false
      }
      if Self.now - idleSince > nextLook {
        nextLook += Self.suspicion
        if let other = elsewhere(working.sorted(), .deal) { return fail(other) }
      }
      usleep(200)
    }
    return true
  }
}
