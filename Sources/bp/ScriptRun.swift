import Cluster
import Glibc
import Language
import Library
import REPL
import Syntax

/// One call of the program: what it runs, and the exit status that comes of it.
struct ScriptRun {
  /// What lines of the command line are called.
  static let line = "-e"

  let code: [String]
  /// What the code is called in diagnostics.
  var name = Self.line
  let file: String?
  let arguments: [String]
  let staysOpen: Bool
  let json: Bool
  /// Whether notes are left out.
  var isQuiet = false
  var limits = Runtime.Limits()
  var parserLimits = ParserLimits.standard
  /// Files and folders that scripts may write though they are protected.
  var writable: [String] = []
  /// What there is in place of the system's files, where the run is sealed.
  var sealed: SealedRun?

  /// What its sweep is made for; its table where nil.
  var study: Study?

  /// The wish with which a prompt begins its tutorial; nil where it does not.
  var tutorial: String??

  /// Gives the exit status.
  func run(writingTo output: StandardOutput) -> Int32 {
    guard let launcher = Launcher.found() else { return run(nil, output) }
    guard !staysOpen, !code.isEmpty || file != nil || !Terminal.isTerminal(STDIN_FILENO) else {
      return output.reportFailure(
        "a prompt is for one process, and \(launcher.name) started \(launcher.count)", of: launcher)
    }
    do throws(ClusterError) {
      return try RankedOutput(Ranks(launcher, version: Version.title), output).run {
        run($0, output)
      }
    } catch {
      return output.reportFailure(error, of: launcher)
    }
  }

  private func run(_ ranks: RankedOutput?, _ output: StandardOutput) -> Int32 {
    var host = Host.system(
      writingTo: output,
      access: WriteAccess(
        script: code.isEmpty && file != "-" ? file : nil, allowed: writable,
        environment: Terminal.environment))
    if let sealed {
      host.files = sealed.files(host.files)
      host.edit = nil
    }
    ranks?.take(&host)
    host.study = study
    host.reportsAsJSON = json
    host.isQuiet = isQuiet
    Supervisor.setLimits(limits)
    let interpreter = Interpreter(
      catalog: .standard, host: host, limits: limits, parserLimits: parserLimits)
    if let missing = sealed?.missing { interpreter.session.note("sealed without \(missing)") }
    if let note = ranks?.note { interpreter.session.note(note) }
    return run(interpreter, output, ranks)
  }

  private func run(
    _ interpreter: Interpreter, _ output: StandardOutput, _ ranks: RankedOutput?
  ) -> Int32 {
    interpreter.setScriptArguments(code.isEmpty ? arguments : [file].compactMap { $0 } + arguments)
    if code.isEmpty, file == nil, sealed == nil {
      if Terminal.isTerminal(STDIN_FILENO) { return Prompt(interpreter, tutorial: tutorial).run() }
      return run("-", interpreter, output, ranks)
    }
    interpreter.session.writesValues = name == Self.line
    for text in code {
      let status = exitStatus(interpreter.run(text, name: name), interpreter)
      if status != 0 { return status }
    }
    interpreter.session.writesValues = false
    if code.isEmpty, let file = file ?? (sealed == nil ? nil : "-") {
      let status = run(file, interpreter, output, ranks)
      if status != 0 && !staysOpen { return status }
    }
    return staysOpen
      ? Prompt(interpreter, tutorial: tutorial).run() : exitStatus(.done, interpreter)
  }

  private func run(
    _ path: String, _ interpreter: Interpreter, _ output: StandardOutput, _ ranks: RankedOutput?
  ) -> Int32 {
    let source = sealed?.source ?? ranks?.read(path) ?? SystemFiles.read(path)
    switch source.flatMap(FileAccess.text) {
    case .success(let text):
      return exitStatus(
        interpreter.run(
          text, name: SystemFiles.title(of: path), path: path == "-" ? nil : path), interpreter)
    case .failure(let failure):
      let words = "\(path) cannot be read: \(failure.words)"
      if ranks?.isFirst ?? true { output.reportFailure(words) }
      return ExitStatus.runtimeError
    }
  }

  private func exitStatus(_ outcome: Interpreter.Outcome, _ interpreter: Interpreter) -> Int32 {
    // A training that a signal ended returns its run all the same, perhaps as the last statement.
    let outcome = outcome == .done && Interrupt.received != nil ? .interrupted : outcome
    return ExitStatus.of(outcome, isSolved: interpreter.session.checksFailed == 0)
  }
}
