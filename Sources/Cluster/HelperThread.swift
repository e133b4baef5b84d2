import Glibc

/// A thread that does one thing beside the one that works for the user, which gets all signals.
final class HelperThread {
  private final class Work {
    let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }
  }

  private var thread = pthread_t()

  /// Nil where there can be none.
  init?(_ body: @escaping () -> Void) {
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let work = Unmanaged.passRetained(Work(body))
    let failure = pthread_create(
      &thread, nil,
      { pointer in
        if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard failure == 0 else {
      work.release()
      return nil
    }
  }

  /// Waits until it is done; once.
  func join() { pthread_join(thread, nil) }

  /// Lets it end with the process; nothing is waited for.
  func leave() { pthread_detach(thread) }
}
