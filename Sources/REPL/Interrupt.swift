import Glibc
import Synchronization

/// What Ctrl-C and SIGTERM leave behind: one flag that computations read between steps.
///
/// The handlers are installed without SA_RESTART, so that a read of the prompt ends too.
package enum Interrupt {
  /// Handlers cannot hold state of their own: the one flag of the process.
  private static let signal = Atomic<Int32>(0)

  /// Takes over SIGINT and SIGTERM.
  package static func install() {
    // Made here, since the first use of a global is not allowed in a handler.
    signal.store(0, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      Interrupt.signal.store(number, ordering: .relaxed)
    }
    sigemptyset(&action.sa_mask)
    action.sa_flags = 0
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
  }

  /// True from the signal on until `clear`.
  package static var isRequested: Bool { signal.load(ordering: .relaxed) != 0 }

  /// The signal that came; nil for none. The exit status by signal is 128 + this.
  package static var received: Int32? {
    let number = signal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  package static func clear() { signal.store(0, ordering: .relaxed) }
}
