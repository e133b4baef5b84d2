import Glibc
import Synchronization

/// What Ctrl-C, SIGTERM and SIGHUP leave behind: one flag that computations read between steps.
///
/// The handlers are installed without SA_RESTART, so that a read of the prompt ends too.
package enum Interrupt {
  /// Handlers cannot hold state of their own: the one flag of the process.
  private static let signal = Atomic<Int32>(0)
  /// The thread that reads the prompt and computes: the system may hand a signal to any other,
  /// whose waiting it then ends instead.
  private static let thread = Atomic<UInt>(0)

  /// Whether somebody asked since the signal came.
  private static let answered = Atomic<Bool>(false)
  /// Whether the process was stopped and goes on.
  private static let continued = Atomic<Bool>(false)

  /// Where computations look, besides; 0 for nowhere.
  private static let mirror = Atomic<UInt>(0)
  /// When the first signal came that nobody has answered by ending, in milliseconds; 0 for none.
  private static let firstMoment = Atomic<Int>(0)
  /// Whether a second one followed within two seconds.
  private static let repeated = Atomic<Bool>(false)
  /// Whether Ctrl-C only ends a computation, and the prompt goes on.
  private static let returns = Atomic<Bool>(false)
  /// What `wait` waits at: an address, since a handler can reach no state of its own.
  private static let bell = Atomic<UInt>(0)

  /// Takes over SIGINT, SIGTERM and SIGHUP, and the signals after which a read must look around; to
  /// be called on the thread that reads and computes. SIGHUP stays ignored where nohup ignores it.
  /// - Parameter mirror: where 1 is written while a signal is not answered, for computations to see.
  package static func install(mirror: UnsafeMutablePointer<UInt8>? = nil) {
    Self.mirror.store(UInt(bitPattern: mirror), ordering: .relaxed)
    firstMoment.store(0, ordering: .relaxed)
    repeated.store(false, ordering: .relaxed)
    returns.store(false, ordering: .relaxed)
    // Made here, since the first use of a global is not allowed in a handler.
    signal.store(0, ordering: .relaxed)
    answered.store(false, ordering: .relaxed)
    continued.store(false, ordering: .relaxed)
    thread.store(pthread_self(), ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { Interrupt.handle($0) }
    sigemptyset(&action.sa_mask)
    action.sa_flags = 0
    // Whoever started the process may have held them, and it would never hear of any.
    var own = sigset_t()
    sigemptyset(&own)
    for number in handled where number != SIGHUP || !isIgnored(number) {
      sigaction(number, &action, nil)
      sigaddset(&own, number)
    }
    pthread_sigmask(SIG_UNBLOCK, &own, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: UInt.self)
      == unsafeBitCast(SIG_IGN, to: UInt.self)
  }

  private static let handled = [SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGQUIT, SIGCONT, SIGWINCH]

  /// Runs `body` while no handler runs, and gives it the mask to wait with: between a look at what
  /// came and a waiting that lets handlers run, no signal is lost.
  static func withSignalsHeld<Result>(_ body: (inout sigset_t) -> Result) -> Result {
    var held = sigset_t()
    sigemptyset(&held)
    for number in handled { sigaddset(&held, number) }
    var mask = sigset_t()
    pthread_sigmask(SIG_BLOCK, &held, &mask)
    defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
    return body(&mask)
  }

  private static func handle(_ number: Int32) {
    switch number {
    case SIGINT, SIGTERM, SIGHUP: take(number)
    case SIGCONT: continued.store(true, ordering: .relaxed)
    case SIGQUIT:
      // The terminal is left as it was found.
      TerminalMode.leave()
      Glibc.signal(SIGQUIT, SIG_DFL)
      raise(SIGQUIT)
    default: break
    }
    // A signal that comes just before a read begins does not end it: a request to end is
    // repeated every second until somebody answers.
    let asked = signal.load(ordering: .relaxed)
    if asked == SIGTERM || asked == SIGHUP { alarm(1) }
    let thread = thread.load(ordering: .relaxed)
    if thread != pthread_self() { pthread_kill(thread, number) }
  }

  private static func take(_ number: Int32) {
    let now = milliseconds()
    let first = firstMoment.load(ordering: .relaxed)
    if first != 0, now - first < patienceInMilliseconds {
      // Passed on from another thread, one signal arrives twice.
      if now - first > 20 { repeated.store(true, ordering: .relaxed) }
    } else {
      firstMoment.store(now, ordering: .relaxed)
      repeated.store(false, ordering: .relaxed)
    }
    answered.store(false, ordering: .relaxed)
    signal.store(number, ordering: .relaxed)
    write(toMirror: 1)
    ring()
  }

  private static func write(toMirror value: UInt8) {
    UnsafeMutablePointer<UInt8>(bitPattern: mirror.load(ordering: .relaxed))?.pointee = value
  }

  private static func milliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  // MARK: Watching

  /// Milliseconds within which a second signal ends the process at once.
  private static let patienceInMilliseconds = 2000
  /// Milliseconds that a computation has to answer a signal that ends the process, and one that
  /// came twice.
  private static let (grace, leastGrace) = (350, 150)

  /// From now on Ctrl-C only ends a computation.
  package static func returnsToPrompt() { returns.store(true, ordering: .relaxed) }

  /// To be called before `wait` and `ring`, once.
  package static func makeBell() {
    guard bell.load(ordering: .relaxed) == 0 else { return }
    let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
    bell.store(UInt(bitPattern: semaphore), ordering: .relaxed)
  }

  /// Wakes whoever waits; may be called by a handler.
  package static func ring() {
    if let bell = UnsafeMutablePointer<sem_t>(bitPattern: bell.load(ordering: .relaxed)) {
      sem_post(bell)
    }
  }

  /// Waits until somebody rings, or for some seconds.
  package static func wait(atMost seconds: Double) {
    guard let bell = UnsafeMutablePointer<sem_t>(bitPattern: bell.load(ordering: .relaxed)) else {
      return
    }
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    let nanoseconds = end.tv_nsec + (Int(exactly: (max(0, min(seconds, 1e6)) * 1e9).rounded()) ?? 0)
    end.tv_sec += nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    sem_timedwait(bell, &end)
  }

  /// Whether the process is to end now, whatever is under way: it was asked to, and the computation
  /// has not ended in time. Nil where nobody asked; else the seconds until this is to be asked
  /// again, 0 for now.
  /// - Parameter isHeld: whether what is under way must be left to end.
  package static func secondsToEnd(isHeld: Bool) -> Double? {
    guard let number = received else { return nil }
    let waited = milliseconds() - firstMoment.load(ordering: .relaxed)
    let isRepeated = repeated.load(ordering: .relaxed)
    if !isRepeated {
      // The prompt ends by its own means, where it hears of it at all.
      if returns.load(ordering: .relaxed), number == SIGINT { return nil }
      if isHeld { return 0.05 }
    }
    return Double(max(0, (isRepeated ? leastGrace : grace) - waited)) / 1000
  }

  /// Ends the process by the signal that came, the terminal as it was found.
  package static func end() -> Never {
    TerminalMode.leave()
    _exit(128 + (received ?? SIGINT))
  }

  /// Leaves what a Ctrl-C leaves.
  package static func request() { take(SIGINT) }

  /// True from the signal on until `clear`.
  package static var isRequested: Bool {
    guard signal.load(ordering: .relaxed) != 0 else { return false }
    answered.store(true, ordering: .relaxed)
    return true
  }

  /// Whether `isRequested` has answered true since the signal.
  static var isAnswered: Bool { answered.load(ordering: .relaxed) }

  static var isContinued: Bool { continued.load(ordering: .relaxed) }

  /// Whether the process was stopped since this was asked last.
  static func takeContinuation() -> Bool { continued.exchange(false, ordering: .relaxed) }

  /// The signal that came; nil for none. The exit status by signal is 128 + this.
  package static var received: Int32? {
    let number = signal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Forgets a Ctrl-C that was answered; a request to end stays.
  package static func clear() {
    guard
      signal.compareExchange(expected: SIGINT, desired: 0, ordering: .relaxed).exchanged
        || received == nil
    else { return }
    firstMoment.store(0, ordering: .relaxed)
    repeated.store(false, ordering: .relaxed)
    write(toMirror: 0)
    // A signal may have come in between.
    if received != nil { write(toMirror: 1) }
  }
}
