import Differentiation
import Glibc
import Synchronization

/// The processes that mpirun started, all of which run the same script. Rank 0 reads, writes and
/// prints; what is divided is exchanged by messages.
package final class Ranks {
  package let rank: Int
  package let count: Int
  let mpi: MPI
  /// Whether other threads than this one may send and receive, one at a time.
  let isForThreads: Bool
  /// Why the others cannot be worked with any more.
  private(set) var problem: String?
  /// How often trainings were dealt.
  var dealings = 0
  /// What is exchanged while something is computed.
  private let queue = WorkQueue()

  /// What messages are about. A rank that sends another kind than is waited for is elsewhere.
  enum Kind: Int32 {
    case sums = 1
    case files, end, deal
  }

  /// Between two messages, in seconds: longer waits give way to other processes.
  private static let (spin, doze) = (0.002, 0.05)
  /// How long ranks have to answer one that is to stop, and one that ended with an error.
  static let patience = 0.5
  private static let errorPatience = 2.0
  /// How long the others leave rank 0 to write what it has.
  private static let lastPatience = 30.0
  /// How long MPI has to end, in seconds.
  private static let closingPatience: UInt32 = 10
  /// After so long it is looked whether a rank is elsewhere.
  static let suspicion = 1.0
  /// Messages are counted by an Int32.
  private static let largestMessage = 1 << 28

  /// Where some machines could do more than all of them do.
  package private(set) var note: String?

  /// - Parameter version: of bp.
  /// - Throws: where these processes cannot find each other, or would come to other bits.
  package init(_ launcher: Launcher, version: String) throws(ClusterError) {
    let started = "\(launcher.name) started \(launcher.count) processes"
    guard launcher.hasProcessManagement else {
      throw ClusterError(
        "\(started), but without what MPI finds the others by",
        help: ["use mpirun in the batch script, or srun --mpi=pmix or --mpi=pmi2"])
    }
    let wanted = getenv("BP_MPI").map { [String(cString: $0)] }
    guard let mpi = MPI.opened(wanted ?? launcher.libraries) else {
      throw ClusterError(
        "\(started), but no library of MPI is there",
        help: [
          "install Open MPI or MPICH on each machine (libopenmpi3 or libmpich12), or name the library in BP_MPI",
          "without mpirun a single process runs the script",
        ])
    }
    guard let (rank, count, isForThreads) = mpi.begin() else {
      throw ClusterError("\(started), and MPI cannot begin")
    }
    guard count == launcher.count else {
      mpi.end()
      throw ClusterError(
        "\(started), but this library of MPI finds \(count): it belongs to another launcher",
        help: ["name the library of this \(launcher.name) in BP_MPI"])
    }
    self.mpi = mpi
    (self.rank, self.count, self.isForThreads) = (rank, count, isForThreads)
    do throws(ClusterError) {
      try agree(version)
    } catch {
      if error.isOfAll { mpi.end() }
      throw error
    }
  }

  /// All take the instructions that each has.
  private func agree(_ version: String) throws(ClusterError) {
    guard let told = team.everybodysWords(Machine.own(version: version).words) else {
      throw ClusterError(problem ?? "the other ranks do not answer")
    }
    let machines = told.compactMap { Machine(words: $0) }
    guard machines.count == count else {
      throw ClusterError(
        "the ranks do not understand each other",
        help: ["install the same version of bp on all machines"], isOfAll: true)
    }
    let agreement = try Machine.agreement(of: machines)
    Backends.limit(to: agreement.instructions)
    note = agreement.note
  }

  /// Whom trainings are shared with.
  package private(set) lazy var team: Team = Team(
    rank: rank, count: count,
    onStop: {
      // Whoever was not asked itself ends as those do who were.
      // The thread that exchanges gets no signals: this one is for the process.
      if !Interruption.isRequested { kill(getpid(), SIGTERM) }
    },
    carry: { [unowned self] sent, received in
      carry(.sums, sent, received, patience: team.patience)
    },
    deal: isForThreads ? { [unowned self] counts in deal(counts) } : nil,
    beside: isForThreads
      ? Team.Beside(
        add: { [unowned self] in queue.add($0) }, wait: { [unowned self] in queue.wait() }) : nil)

  /// Sends and receives.
  /// - Parameter seconds: how long to wait; without end where nil.
  /// - Returns: false where a rank does not answer, or is elsewhere.
  func carry(
    _ kind: Kind, _ sent: [Team.Outgoing], _ received: [Team.Incoming],
    within seconds: Double? = nil,
    patience: Double = Ranks.patience
  ) -> Bool {
    var requests: [MPI.Request] = []
    for message in received {
      for piece in Self.pieces(message.bytes.count) {
        let bytes = UnsafeMutableRawBufferPointer(rebasing: message.bytes[piece])
        guard let request = mpi.receive(bytes, from: message.rank, tag: kind.rawValue) else {
          return fail("a message from rank \(message.rank) cannot be received")
        }
        requests.append(request)
      }
    }
    for message in sent {
      for piece in Self.pieces(message.bytes.count) {
        let bytes = UnsafeRawBufferPointer(rebasing: message.bytes[piece])
        guard let request = mpi.send(bytes, to: message.rank, tag: kind.rawValue) else {
          return fail("a message to rank \(message.rank) cannot be sent")
        }
        requests.append(request)
      }
    }
    return wait(for: &requests, kind, within: seconds, patience)
  }

  private static func pieces(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: largestMessage).map { $0..<min(count, $0 + largestMessage) }
  }

  private func wait(
    for requests: inout [MPI.Request], _ kind: Kind, within seconds: Double?, _ patience: Double
  ) -> Bool {
    var idleSince = Self.now
    var nextLook = Self.suspicion
    while !requests.isEmpty {
      let before = requests.count
      for place in requests.indices.reversed() {
        guard let isDone = mpi.isDone(&requests[place]) else {
          return fail("a message was cut off: ranks are at different places of the script")
        }
        if isDone { requests.remove(at: place) }
      }
      if requests.count < before {
        idleSince = Self.now
        nextLook = Self.suspicion
        continue
      }
      let idle = Self.now - idleSince
      if let seconds, idle > seconds { return false }
      if idle > patience, Interruption.isRequested { return false }
      if idle > nextLook {
        nextLook = idle + Self.suspicion
        if let other = elsewhere(requests, kind) { return fail(other) }
      }
      if queue.isUnhurried {
        // The thread that computes has the processor.
        usleep(100)
      } else if idle > Self.doze {
        usleep(200)
      } else if idle > Self.spin / 100 {
        sched_yield()
      }
    }
    return true
  }

  /// What a rank does that is waited for, where it is not what it is waited for.
  private func elsewhere(_ requests: [MPI.Request], _ kind: Kind) -> String? {
    elsewhere(Set(requests.compactMap { $0.source }).sorted(), kind)
  }

  func elsewhere(_ sources: [Int], _ kind: Kind) -> String? {
    for source in sources {
      guard let message = mpi.waiting(from: source), message.tag != kind.rawValue else { continue }
      guard message.tag == Kind.end.rawValue else {
        return "rank \(source) is at another place of the script than rank \(rank)"
      }
      guard rank == 0, let ending = receiveEnding(source, message.bytes) else {
        return "rank \(source) has ended"
      }
      return ending.words(of: source)
    }
    return nil
  }

  func fail(_ words: String) -> Bool {
    problem = problem ?? words
    return false
  }

  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  // MARK: Ending

  /// How the run of a rank ended.
  private struct Ending {
    let status: Int32
    let text: String

    func words(of rank: Int) -> String {
      let first = text.split(separator: "\n").first.map { ": " + String($0) } ?? ""
      return "rank \(rank) ended with status \(status)\(first)"
    }
  }

  /// Ends the work with the others, and all of them where they did not come to the same end.
  /// - Parameters:
  ///   - status: the exit status of this rank.
  ///   - text: what it reported last.
  ///   - report: takes the one error of all.
  /// - Returns: the exit status of the process.
  package func end(
    _ status: Int32, _ text: String, report: @escaping (String) -> Void
  ) -> Int32 {
    rank == 0 ? endFirst(status, report) : endOther(status, text)
  }

  private func endFirst(_ status: Int32, _ report: @escaping (String) -> Void) -> Int32 {
    if let problem {
      report(problem)
      return abort(status == 0 || status > 128 ? 3 : status)
    }
    var odd: String?
    for source in 1..<count {
      guard let ending = waitForEnding(source, within: status == 0 ? nil : Self.errorPatience)
      else {
        if let problem { report(problem) }
        return abort(status == 0 ? 3 : status)
      }
      if ending.status != status, odd == nil { odd = ending.words(of: source) }
    }
    if let odd, status == 0 {
      report(odd)
      return abort(3)
    }
    let done: [UInt8] = [1]
    let isHeard = done.withUnsafeBytes { bytes in
      carry(.end, (1..<count).map { Team.Outgoing(to: $0, bytes) }, [], within: Self.errorPatience)
    }
    guard isHeard else { return abort(status) }
    close(status, report)
    return status
  }

  private func endOther(_ status: Int32, _ text: String) -> Int32 {
    let message = withUnsafeBytes(of: status) { Array($0) } + Array(text.utf8.prefix(1 << 12))
    var answer: [UInt8] = [0]
    let isDone = message.withUnsafeBytes { message in
      answer.withUnsafeMutableBytes { answer in
        carry(
          .end, [Team.Outgoing(to: 0, message)], [Team.Incoming(from: 0, answer)],
          patience: Self.lastPatience)
      }
    }
    // What goes wrong here is for rank 0 to say, or it is gone.
    if isDone { close(status) { _ in } }
    return status
  }

  private final class Closing: Sendable {
    let isOver = Atomic<Bool>(false)
  }

  /// Ends the use of MPI. MPICH 4.0 over TCP may wait for ever here: by then all ranks have said how
  /// they ended, and everything is written.
  private func close(_ status: Int32, _ report: @escaping (String) -> Void) {
    let closing = Closing()
    let watch = HelperThread {
      sleep(Self.closingPatience)
      if closing.isOver.load(ordering: .acquiring) { return }
      report("all ranks have ended and everything is written, but MPI does not end")
      _exit(status)
    }
    mpi.end()
    closing.isOver.store(true, ordering: .releasing)
    watch?.leave()
  }

  private func waitForEnding(_ source: Int, within seconds: Double?) -> Ending? {
    let began = Self.now
    while true {
      if let message = mpi.waiting(from: source) {
        guard message.tag == Kind.end.rawValue else {
          _ = fail("rank \(source) is at another place of the script than rank 0, which has ended")
          return nil
        }
        return receiveEnding(source, message.bytes)
      }
      let idle = Self.now - began
      if let seconds, idle > seconds { return nil }
      if idle > Self.patience, Interruption.isRequested { return nil }
      usleep(idle > Self.doze ? 200 : 20)
    }
  }

  private func receiveEnding(_ source: Int, _ count: Int) -> Ending? {
    var bytes = [UInt8](repeating: 0, count: count)
    guard count >= 4,
      var request = bytes.withUnsafeMutableBytes({
        mpi.receive($0, from: source, tag: Kind.end.rawValue)
      })
    else { return nil }
    while mpi.isDone(&request) == false { sched_yield() }
    let status = bytes.withUnsafeBytes { $0.loadUnaligned(as: Int32.self) }
    return Ending(status: status, text: String(decoding: bytes.dropFirst(4), as: UTF8.self))
  }

  private func abort(_ status: Int32) -> Int32 {
    mpi.abort(status)
    return status
  }
}

/// Why several processes cannot work together.
package struct ClusterError: Error {
  package let message: String
  package let help: [String]
  /// Whether all have found it together: rank 0 fails for them, as a launcher may end it before it
  /// has said why where another fails first.
  package let isOfAll: Bool

  init(_ message: String, help: [String] = [], isOfAll: Bool = false) {
    self.message = message
    self.help = help
    self.isOfAll = isOfAll
  }
}
