import Glibc

/// The process of one submission, as the one that asks sees it.
final class SubmissionProcess {
  /// What is over beyond the time of the submission before the process is ended.
  private static let patience = 2.0

  let place: Int
  private let submission: SubmissionRequest
  private let pid: pid_t
  /// -1 where they are closed.
  private(set) var input: Int32
  private(set) var output: Int32
  private var request: ArraySlice<UInt8>
  private var received: [UInt8] = []
  private let most: Int
  private let deadline: Double
  /// Why the process was ended from here.
  private var reason: SubmissionOutcome.Status?

  /// Starts the process; nil where the system has no room for one.
  init?(_ submission: SubmissionRequest, at place: Int, program: String) {
    self.place = place
    self.submission = submission
    guard let (input, output) = Self.pipes() else { return nil }
    defer {
      Glibc.close(input.read)
      Glibc.close(output.write)
    }
    guard let pid = Self.start(program, input: input.read, output: output.write) else {
      Glibc.close(input.write)
      Glibc.close(output.read)
      return nil
    }
    self.pid = pid
    self.input = input.write
    self.output = output.read
    for descriptor in [input.write, output.read] {
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }
    request = submission.message[...]
    most = SubmissionAnswers.mostBytes(to: submission)
    deadline = Self.now + submission.limits.seconds + Self.patience
  }

  deinit { closeAll() }

  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Writes what the pipe takes of the request.
  func send() {
    while input >= 0 {
      let count = request.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { return }
        // Nobody reads any more: how the process ended says the rest.
        request = []
      }
      request = request.dropFirst(max(0, count))
      if request.isEmpty { close(&input) }
    }
  }

  /// Reads what there is of the answer.
  func receive() {
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    while output >= 0 {
      let count = chunk.withUnsafeMutableBytes { read(output, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { return }
      }
      guard count > 0 else { return close(&output) }
      received += chunk[..<count]
      if received.count > most {
        end(.limit("its answer is larger than \(most) bytes"))
        return close(&output)
      }
    }
  }

  /// Ends a process whose time is over.
  func endIfLate() {
    guard reason == nil, Self.now > deadline else { return }
    end(.limit("stopped after \(Self.text(submission.limits.seconds)) seconds"))
  }

  /// Ends the process and what it may have made.
  func end(_ reason: SubmissionOutcome.Status) {
    self.reason = reason
    kill(-pid, SIGKILL)
  }

  /// How it ended; nil while it goes on.
  func outcome() -> SubmissionOutcome? {
    guard hasEnded else { return nil }
    // While the process is not buried, the group of what it may have begun has its number.
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    receive()
    closeAll()
    if let reason { return SubmissionOutcome(reason, submission) }
    if let answers = try? SubmissionAnswers(message: received, to: submission) {
      return SubmissionOutcome(answers, submission)
    }
    return SubmissionOutcome(Self.reason(of: status, submission.limits), submission)
  }

  private var hasEnded: Bool {
    var information = siginfo_t()
    let options = WEXITED | WNOWAIT | (reason == nil ? WNOHANG : 0)
    return waitid(P_PID, id_t(pid), &information, options) == 0 && information.si_signo == SIGCHLD
  }

  private static func reason(
    of status: Int32, _ limits: SubmissionLimits
  ) -> SubmissionOutcome.Status {
    let signal = status & 0x7F
    switch signal {
    case 0:
      let code = status >> 8 & 0xFF
      return .crash(
        code == 0 ? "ended without an answer" : "ended with status \(code) and without an answer")
    case SIGXCPU: return .limit("stopped after \(text(limits.seconds)) seconds")
    case SIGKILL: return .limit("the system ended it, probably because memory ran out")
    case SIGSYS: return .crash("called on the system for what the sandbox refuses")
    default:
      let name = strsignal(signal).map { " (\(String(cString: $0).lowercased()))" } ?? ""
      return .crash("ended by signal \(signal)\(name)")
    }
  }

  private static func text(_ seconds: Double) -> String {
    Int(exactly: seconds).map { "\($0)" } ?? "\(seconds)"
  }

  private func closeAll() {
    close(&input)
    close(&output)
  }

  private func close(_ descriptor: inout Int32) {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  // MARK: Starting

  private typealias Pipe = (read: Int32, write: Int32)

  private static func pipes() -> (input: Pipe, output: Pipe)? {
    guard let input = pipe() else { return nil }
    guard let output = pipe() else {
      Glibc.close(input.read)
      Glibc.close(input.write)
      return nil
    }
    return (input, output)
  }

  /// Both ends are closed in whatever program begins meanwhile.
  private static func pipe() -> Pipe? {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Starts the program in a group of processes of its own, without any environment.
  private static func start(_ program: String, input: Int32, output: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    let words = [strdup("bp"), strdup(SubmissionRunner.argument)]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let environment: [UnsafeMutablePointer<CChar>?] = [nil]
    return posix_spawn(&pid, program, &actions, &attributes, words + [nil], environment) == 0
      ? pid : nil
  }
}
