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

  /// Takes over SIGINT and SIGTERM; to be called on the thread that reads and computes.
  package static func install() {
    // Made here, since the first use of a global is not allowed in a handler.
    signal.store(0, ordering: .relaxed)
    thread.store(pthread_self(), ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      if number != SIGALRM { Interrupt.signal.store(number, ordering: .relaxed) }
      // A signal that comes just before a read begins does not end it: a request to end is
      // repeated every second until somebody answers.
      if Interrupt.signal.load(ordering: .relaxed) == SIGTERM { alarm(1) }
      let thread = Interrupt.thread.load(ordering: .relaxed)
      if thread != pthread_self() { pthread_kill(thread, number) }
    }
    sigemptyset(&action.sa_mask)
    action.sa_flags = 0
    for number in [SIGINT, SIGTERM, SIGALRM] { sigaction(number, &action, nil) }
  }

  /// True from the signal on until `clear`.
  package static var isRequested: Bool { signal.load(ordering: .relaxed) != 0 }

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
