import Differentiation
import Foundation

/// Ranks that are threads of this process.
final class ThreadTeam: @unchecked Sendable {
  private let condition = NSCondition()
  private var messages: [[Int]: [[UInt8]]] = [:]
  /// A rank that sends nothing any more.
  private var silent: Set<Int> = []
  private var decks: [Deck] = []

  /// Runs the body on so many threads.
  /// - Returns: what each rank came to.
  static func run<Result>(
    _ count: Int, _ body: @escaping @Sendable (Team, ThreadTeam) throws -> Result
  ) throws -> [Result] {
    let team = ThreadTeam()
    let results = Results<Result>(count)
    let isDone = DispatchSemaphore(value: 0)
    for rank in 0..<count {
      let thread = Thread {
        results.put(rank, Swift.Result { try body(team.member(rank, of: count), team) })
        team.leave(rank)
        isDone.signal()
      }
      thread.stackSize = 1 << 24
      thread.start()
    }
    for _ in 0..<count { isDone.wait() }
    return try results.all()
  }

  private final class Results<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var values: [Swift.Result<Value, any Error>?]

    init(_ count: Int) { values = Array(repeating: nil, count: count) }

    func put(_ rank: Int, _ value: Swift.Result<Value, any Error>) {
      lock.withLock { values[rank] = value }
    }

    func all() throws -> [Value] { try values.compactMap { try $0?.get() } }
  }

  private func member(_ rank: Int, of count: Int) -> Team {
    let carry: ([Team.Outgoing], [Team.Incoming]) -> Bool = { [self] sent, received in
      condition.lock()
      defer { condition.unlock() }
      guard !silent.contains(rank) else { return false }
      for message in sent {
        messages[[rank, message.rank], default: []].append(Array(message.bytes))
      }
      condition.broadcast()
      for message in received {
        let way = [message.rank, rank]
        while messages[way, default: []].isEmpty {
          if silent.contains(message.rank) { return false }
          condition.wait()
        }
        if let bytes = messages[way]?.removeFirst(), bytes.count == message.bytes.count {
          message.bytes.copyBytes(from: bytes)
        } else {
          return false
        }
      }
      return true
    }
    var dealings = 0
    let queue = Queue()
    return Team(
      rank: rank, count: count, leastBucket: 1 << 14, onStop: {}, carry: carry,
      deal: { [self] counts in
        let deck = condition.withLock {
          if decks.count == dealings { decks.append(Deck(counts, for: count)) }
          return decks[dealings]
        }
        dealings += 1
        return Dealing(
          next: { deck.take(of: $0, most: $1, isFirst: $2) },
          finish: { isStopped in
            if isStopped { deck.close() }
            return true
          })
      },
      beside: Team.Beside(add: { queue.add($0) }, wait: { queue.wait() }))
  }

  /// A thread for each job, which waits for the one before: those of Dispatch are too few to wait for
  /// each other.
  private final class Queue: @unchecked Sendable {
    private final class Job: @unchecked Sendable {
      let body: () -> Void
      let isDone = DispatchSemaphore(value: 0)

      init(_ body: @escaping () -> Void) { self.body = body }

      /// Any number of times.
      func wait() {
        isDone.wait()
        isDone.signal()
      }
    }

    private var last: Job?

    func add(_ body: @escaping () -> Void) {
      let (before, job) = (last, Job(body))
      last = job
      Thread {
        before?.wait()
        job.body()
        job.isDone.signal()
      }.start()
    }

    func wait() { last?.wait() }
  }

  /// The rank sends nothing more, as if it had died.
  func leave(_ rank: Int) {
    condition.lock()
    silent.insert(rank)
    condition.broadcast()
    condition.unlock()
  }
}
