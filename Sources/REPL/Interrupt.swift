import Glibc
import Synchronization

/// What Ctrl-C and SIGTERM leave behind: one flag that computations read between steps.
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

  /// Takes over SIGINT and SIGTERM, and the signals after which a read must look around; to be called
  /// on the thread that reads and computes.
  package static func install() {
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
    for number in handled {
      sigaction(number, &action, nil)
      sigaddset(&own, number)
    }
    pthread_sigmask(SIG_UNBLOCK, &own, nil)
  }

  private static let handled = [SIGINT, SIGTERM, SIGALRM, SIGQUIT, SIGCONT, SIGWINCH]

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
    case SIGINT, SIGTERM:
      answered.store(false, ordering: .relaxed)
      signal.store(number, ordering: .relaxed)
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
    if signal.load(ordering: .relaxed) == SIGTERM { alarm(1) }
    let thread = thread.load(ordering: .relaxed)
    if thread != pthread_self() { pthread_kill(thread, number) }
  }

  /// Leaves what a Ctrl-C leaves.
  static func request() {
    answered.store(false, ordering: .relaxed)
    signal.store(SIGINT, ordering: .relaxed)
  }

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
    _ = signal.compareExchange(expected: SIGINT, desired: 0, ordering: .relaxed)
  }
}
