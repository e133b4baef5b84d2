import Glibc
import Language
import REPL
import Rendering

/// One call of the program: what it runs, and the exit status that comes of it.
struct ScriptRun {
  let code: [String]
  let file: String?
  let arguments: [String]
  let staysOpen: Bool
  let json: Bool
  var maxDepth: Int?
  var maxSteps: Int?

  func status() -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    Interrupt.install()
    let output = StandardOutput()
    let interpreter = interpreter(writingTo: output)
    let status = run(interpreter, output)
    guard output.flush() || status != 0 else {
      if errno == EPIPE { return 128 + SIGPIPE }
      output.report("error: the output could not be written\n")
      return 3
    }
    return status
  }

  private func interpreter(writingTo output: StandardOutput) -> Interpreter {
    let isErrorTerminal = Terminal.isTerminal(STDERR_FILENO)
    var host = Host(
      write: { output.write($0) }, report: { output.report($0) },
      showProgress: isErrorTerminal ? { output.showProgress($0) } : nil,
      isInterrupted: { Interrupt.isRequested }, clock: Self.clock,
      display: { Terminal.display() }, files: SystemFiles.access)
    host.hasColouredReports = Display.wantsColour(
      environment: Terminal.environment, isTerminal: isErrorTerminal)
    host.reportsAsJSON = json
    var limits = Machine.Limits()
    if let maxDepth { limits.callDepth = max(1, maxDepth) }
    limits.steps = maxSteps
    return Interpreter(host: host, limits: limits)
  }

  private func run(_ interpreter: Interpreter, _ output: StandardOutput) -> Int32 {
    interpreter.setScriptArguments(code.isEmpty ? arguments : [file].compactMap { $0 } + arguments)
    if code.isEmpty, file == nil {
      if Terminal.isTerminal(STDIN_FILENO) { return Prompt(interpreter).run() }
      return run("-", interpreter, output)
    }
    for text in code {
      let status = exitStatus(interpreter.run(text, name: "-e"), interpreter)
      if status != 0 { return status }
    }
    if code.isEmpty, let file {
      let status = run(file, interpreter, output)
      if status != 0 && !staysOpen { return status }
    }
    return staysOpen ? Prompt(interpreter).run() : exitStatus(.done, interpreter)
  }

  private func run(_ path: String, _ interpreter: Interpreter, _ output: StandardOutput) -> Int32 {
    switch SystemFiles.read(path) {
    case .success(let bytes):
      return exitStatus(
        interpreter.run(
          String(decoding: bytes, as: UTF8.self), name: path == "-" ? "stdin" : path,
          path: path == "-" ? nil : path), interpreter)
    case .failure(let failure):
      output.report("error: \(path) cannot be read: \(failure.words)\n")
      return 3
    }
  }

  private func exitStatus(_ outcome: Interpreter.Outcome, _ interpreter: Interpreter) -> Int32 {
    switch outcome {
    case .done: interpreter.session.checksFailed > 0 ? 1 : 0
    case .syntaxError: 2
    case .runtimeError: 3
    case .limitReached: 4
    case .interrupted: 128 + (Interrupt.received ?? SIGINT)
    case .left(let status): status
    }
  }

  private static func clock() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
