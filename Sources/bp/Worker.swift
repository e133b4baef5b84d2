import Differentiation
import Glibc
import REPL

/// A thread with a stack deep enough for everything that the parser's limits let through.
enum Worker {
  /// Reserved, not used: only the pages that recursion reaches are ever taken.
  private static let stackSize = 1 << 29

  private final class Task {
    let body: () -> Int32
    var status: Int32 = 0

    init(_ body: @escaping () -> Int32) {
      self.body = body
    }
  }

  /// Runs `body` with the output of the process and gives the exit status: that of `body`, or of
  /// an output that could not be written.
  /// - Parameter reportsAsJSON: whether failures of the program itself are JSON.
  static func run(
    reportsAsJSON: Bool = false, _ body: @escaping (StandardOutput) -> Int32
  ) -> Int32 {
    runOnThread {
      signal(SIGPIPE, SIG_IGN)
      // A file that grows beyond what is allowed is an error of its writing.
      signal(SIGXFSZ, SIG_IGN)
      Interrupt.install(mirror: Interruption.signal)
      let output = StandardOutput(reportsAsJSON: reportsAsJSON)
      Supervisor.output.store(
        UInt(bitPattern: Unmanaged.passUnretained(output).toOpaque()), ordering: .releasing)
      defer { Supervisor.output.store(0, ordering: .releasing) }
      let status = body(output)
      let isWritten = output.flush()
      if output.isClosed { return ExitStatus.signal(SIGPIPE) }
      guard isWritten || status != ExitStatus.done else {
        output.reportFailure("the output could not be written")
        return ExitStatus.runtimeError
      }
      return status
    }
  }

  /// Without a thread, right here.
  private static func runOnThread(_ body: @escaping () -> Int32) -> Int32 {
    let task = Task(body)
    Interrupt.makeBell()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, &attributes,
      { pointer in
        guard let pointer else { return nil }
        let task = Unmanaged<Task>.fromOpaque(pointer).takeUnretainedValue()
        task.status = task.body()
        Supervisor.end()
        return nil
      }, Unmanaged.passUnretained(task).toOpaque())
    guard failure == 0 else { return body() }
    // Signals go to the thread that works: a read of the prompt must end with them.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    Supervisor.watch()
    pthread_join(thread, nil)
    return withExtendedLifetime(task) { task.status }
  }
}
