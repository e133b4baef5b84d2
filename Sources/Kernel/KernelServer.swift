import Assistance
import Glibc
import Interchange
import Language
import Rendering
import Synchronization

/// A Jupyter kernel: answers the requests of front ends with one interpreter.
///
/// Messages are those of https://jupyter-client.readthedocs.io/en/stable/messaging.html, version 5.5.
/// One thread serves the sockets and everything that must be answered while a cell runs: the
/// heartbeat, interrupting, shutting down. The thread that calls `run` has the interpreter.
package final class KernelServer: @unchecked Sendable {
  /// What the process provides.
  package struct Process {
    /// What Ctrl-C does.
    var interrupt: () -> Void
    var clearInterrupt: () -> Void
    /// Whether Ctrl-C came.
    var isInterrupted: () -> Bool
    /// The version of bp.
    var version: String

    package init(
      interrupt: @escaping () -> Void, clearInterrupt: @escaping () -> Void,
      isInterrupted: @escaping () -> Bool, version: String
    ) {
      self.interrupt = interrupt
      self.clearInterrupt = clearInterrupt
      self.isInterrupted = isInterrupted
      self.version = version
    }
  }

  let process: Process
  let format: MessageFormat
  let publisher: Publisher
  let outputs: Outputs
  let queue = RequestQueue()
  private let sockets: Sockets
  /// Made by the thread that runs.
  var interpreter: Interpreter?
  var history = InputHistory()
  /// Whether the last cell said `exit`.
  var isLeaving = false
  /// How many cells were run and kept.
  var executionCount = 0
  /// Whose child this is; a kernel whose parent has gone ends.
  private let parentProcess: pid_t?

  /// Milliseconds between two looks at whether the parent is still there.
  private static let parentInterval: Int32 = 1_000

  /// - Parameters:
  ///   - endsWithParent: whether the process that started the kernel ends it by ending itself.
  /// - Throws: where an address of the connection cannot be listened at.
  package init(
    _ connection: ConnectionFile, process: Process, endsWithParent: Bool
  ) throws(KernelError) {
    self.process = process
    format = MessageFormat(key: connection.key)
    sockets = try Sockets(connection)
    publisher = Publisher(sockets, format)
    outputs = Outputs(publisher)
    parentProcess = endsWithParent ? getppid() : nil
  }

  /// Serves until a front end shuts the kernel down, on this thread and another one.
  /// - Parameter makeInterpreter: is given what a session may do to the world, but for its outputs.
  package func run(_ makeInterpreter: (_ change: (inout Host) -> Void) -> Interpreter) {
    sockets.received = { [unowned self] peer, parts in
      guard let request = format.request(parts, from: peer) else { return }
      peer.channel == .control ? control(request) : queue.add(request)
    }
    sockets.subscribed = { [unowned self] peer, prefix in publisher.welcome(peer, prefix) }
    sockets.tick = { [unowned self] in tick() }
    let thread = serveSockets()
    interpreter = makeInterpreter { [outputs, process] host in
      host.write = { text in
        outputs.write(text, to: .stdout)
        return true
      }
      host.report = { outputs.write($0, to: .stderr) }
      host.showProgress = { outputs.showProgress($0) }
      host.showPicture = { outputs.show($0) }
      host.isInterrupted = process.isInterrupted
      host.display = { Outputs.display }
      host.images = { nil }
      host.page = nil
      host.clearScreen = { outputs.clear() }
      host.edit = nil
      host.hasColouredReports = false
    }
    interpreter?.setScriptArguments([])
    if let session = interpreter?.session { outputs.listen(to: session) }
    publisher.publish(state: "starting", parent: nil)
    while let request = queue.next() { answer(request) }
    publisher.flush()
    sockets.end()
    if let thread { pthread_join(thread, nil) }
  }

  /// Nil where no thread could be made; then nothing is served and `run` ends at once.
  private func serveSockets() -> pthread_t? {
    var thread = pthread_t()
    // Signals go to the thread that computes.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let failure = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Sockets>.fromOpaque(pointer).takeUnretainedValue().serve()
        return nil
      }, Unmanaged.passUnretained(sockets).toOpaque())
    guard failure == 0 else {
      queue.end()
      return nil
    }
    return thread
  }

  private func tick() -> Int32? {
    var wait: Int32?
    if let parentProcess {
      if getppid() != parentProcess { end() }
      wait = Self.parentInterval
    }
    if publisher.hasPending {
      // What came in the meantime goes along.
      usleep(UInt32(Publisher.delay) * 1_000)
      publisher.flush()
    }
    return wait
  }

  private func end() {
    queue.end()
    process.interrupt()
  }

  // MARK: Requests

  /// Says that the kernel is busy with a request while it is answered.
  private func whileBusy(_ request: Request, _ body: () -> Void) {
    publisher.publish(state: "busy", parent: request.header)
    body()
    publisher.publish(state: "idle", parent: request.header)
  }

  func reply(_ request: Request, _ content: JSON, metadata: JSON = .empty) {
    guard let stem = request.kind.withoutSuffix("_request") else { return }
    request.peer.send(
      format.parts(
        "\(stem)_reply", content, parent: request.header, route: request.route, metadata: metadata))
  }

  /// Answers on the thread of the sockets, while a cell may run.
  private func control(_ request: Request) {
    switch request.kind {
    case "kernel_info_request": whileBusy(request) { reply(request, information) }
    case "interrupt_request":
      whileBusy(request) {
        process.interrupt()
        reply(request, .ok)
      }
    case "shutdown_request": shutDown(request)
    default: queue.add(request)
    }
  }

  private func shutDown(_ request: Request) {
    let restart = JSON.truth(request.content["restart"]?.truth ?? false)
    let content = JSON.record([("status", .text("ok")), ("restart", restart)])
    whileBusy(request) {
      reply(request, content)
      publisher.publish("shutdown_reply", content, parent: request.header)
    }
    end()
  }

  private func answer(_ request: Request) {
    if request.kind == "shutdown_request" { return shutDown(request) }
    guard let interpreter else { return }
    whileBusy(request) {
      switch request.kind {
      case "execute_request": execute(request, interpreter)
      case "kernel_info_request": reply(request, information)
      case "complete_request": reply(request, completion(request.content, interpreter))
      case "inspect_request": reply(request, inspection(request.content, interpreter))
      case "is_complete_request": reply(request, isComplete(request.content, interpreter))
      case "history_request": reply(request, history.answer(to: request.content))
      case "comm_info_request":
        reply(request, .record([("status", .text("ok")), ("comms", .empty)]))
      case "comm_open":
        // Nothing here is a target of widgets.
        publisher.publish(
          "comm_close", [("comm_id", request.content["comm_id"] ?? .null), ("data", .empty)],
          parent: request.header)
      case "interrupt_request":
        process.interrupt()
        reply(request, .ok)
      default: break
      }
    }
  }

  private var information: JSON {
    .record([
      ("status", .text("ok")), ("protocol_version", .text(MessageFormat.version)),
      ("implementation", .text("bp")), ("implementation_version", .text(process.version)),
      (
        "language_info",
        .record([
          ("name", .text("bplang")), ("version", .text(process.version)),
          ("mimetype", .text("text/x-bplang")), ("file_extension", .text(".bp")),
          ("pygments_lexer", .text("bplang")), ("codemirror_mode", .text("bplang")),
        ])
      ),
      ("banner", .text("bp \(process.version): multi-layer perceptrons, explained")),
      ("help_links", .list([])), ("supported_features", .list([])), ("debugger", .truth(false)),
    ])
  }
}

extension JSON {
  static let ok = JSON.record([("status", .text("ok"))])
}

extension String {
  /// Nil where the text does not end so.
  fileprivate func withoutSuffix(_ suffix: String) -> String? {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : nil
  }
}
