import Learning
import Rendering
import Syntax

/// Runs source text: the whole language behind one value.
package final class Interpreter {
  /// How the run of a source ended.
  package enum Outcome: Hashable, Sendable {
    case done
    case syntaxError
    case runtimeError
    case limitReached
    case interrupted
    /// `exit` was called.
    case left(Int32)
  }

  package let session: Session
  let runtime: Runtime
  private let parserLimits: ParserLimits

  package init(
    host: Host, limits: Runtime.Limits = Runtime.Limits(),
    parserLimits: ParserLimits = .standard
  ) {
    session = Session(host: host, outputLimit: limits.outputBytes)
    runtime = Runtime(session: session, limits: limits)
    self.parserLimits = parserLimits
  }

  /// Runs a source to its end or its first error, which is written beside the output.
  /// - Parameters:
  ///   - name: what diagnostics call the source.
  ///   - path: the file it was read from: paths in it are relative to that.
  ///   - echoes: whether values are shown as at the prompt.
  package func run(
    _ text: String, name: String, path: String? = nil, echoes: Bool = false
  ) -> Outcome {
    runtime.beginStack()
    if let path { session.importsUnderWay = [path] }
    let source = SourceText(name: name, text: text)
    let parsed = Parser.parse(source, limits: parserLimits)
    let id = session.add(source)
    defer {
      if echoes {
        session.release(id)
        if !text.hasPrefix("edit") { session.lastEntry = text }
      }
    }
    guard parsed.diagnostics.isEmpty else {
      for var diagnostic in parsed.diagnostics {
        diagnostic.source = id
        session.report(diagnostic)
      }
      return .syntaxError
    }
    do throws(Failure) {
      try run(parsed.statements, of: source, id, echoes: echoes)
      return session.firstProblem.map { outcome(of: $0) } ?? .done
    } catch {
      switch error.reason {
      case .diagnostic(let diagnostic):
        session.report(diagnostic)
        return outcome(of: diagnostic.kind)
      case .interrupted: return .interrupted
      case .exit(let status): return .left(status)
      case .blank: return .done
      }
    }
  }

  private func outcome(of problem: Diagnostic.Kind) -> Outcome {
    switch problem {
    case .syntax: .syntaxError
    case .runtime: .runtimeError
    case .limit: .limitReached
    }
  }

  /// Makes the arguments behind the script's name its list `args`.
  package func setScriptArguments(_ arguments: [String]) {
    runtime.setGlobal("args", to: .list(arguments.map { .string($0) }))
  }

  /// Whether `text` is a whole entry, or what is still open in it.
  package func incompleteness(of text: String) -> Incompleteness? {
    Parser.parse(SourceText(name: "", text: text), limits: parserLimits).incomplete
  }

  private func run(
    _ statements: [Statement], of source: SourceText, _ id: SourceID, echoes: Bool
  ) throws(Failure) {
    for statement in statements {
      _ = try runtime.runAlone(statement, of: id) { () throws(Failure) -> Flow in
        try run(statement, of: source, id, echoes: echoes)
        if echoes, statement.isKept { session.log.add(source.text(of: statement.range)) }
        return .next
      }
    }
  }

  private func run(
    _ statement: Statement, of source: SourceText, _ id: SourceID, echoes: Bool
  ) throws(Failure) {
    if session.host.isInterrupted() { throw .interrupted }
    var resolver = Resolver(runtime: runtime, source: id, text: source)
    let code = try resolver.code(for: statement, keepsValue: true)
    runtime.result = .nothing
    runtime.importer = { [unowned self] text, name throws(Failure) in
      try self.importSource(text, name: name)
    }
    runtime.entryRunner = { [unowned self] text throws(Failure) in
      try self.importSource(text, name: "edit", echoes: true)
    }
    _ = try code.execute(runtime.top, runtime)
    let value = runtime.takeResult()
    try show(value, of: statement, echoes: echoes)
  }

  /// A report writes itself; at the prompt other values and assignments are echoed.
  private func show(
    _ value: Value, of statement: Statement, echoes: Bool
  ) throws(Failure) {
    switch statement.kind {
    case .expression(let expression):
      if case .report(let report) = value {
        if !statement.isSilent, echoes || !report.isEcho {
          try session.write(report, at: statement.range)
        }
        return
      }
      if case .function(let function) = value, case .builtin(let builtin) = function.body,
        case .name = expression, builtin.isCallableAlone
      {
        let result = try runtime.call(function, [], at: statement.range)
        if case .report(let report) = result, echoes || !report.isEcho {
          try session.write(report, at: statement.range)
        }
        return
      }
      guard echoes, !statement.isSilent else { return }
      switch value {
      case .nothing: return
      case .run where expression.isCall: return
      default:
        runtime.setGlobal("ans", to: value)
        try session.write(session.echo(value, name: nil) + "\n", at: statement.range)
      }
    case .assignment, .parameters, .definition:
      guard echoes, !statement.isSilent else { return }
      for name in statement.assignedNames {
        guard let value = runtime.global(name) else { continue }
        // A training has written its summary.
        if case .run = value, case .assignment(let assignment) = statement.kind,
          assignment.value.isCall
        {
          continue
        }
        try session.write(session.echo(value, name: name) + "\n", at: statement.range)
      }
    case .check:
      if echoes { session.note(session.lastCheckHeld ? "holds" : "does not hold") }
    default: return
    }
  }

  private func importSource(
    _ text: String, name: String, echoes: Bool = false
  ) throws(Failure) {
    let source = SourceText(name: name, text: text)
    let parsed = Parser.parse(source, limits: parserLimits)
    let id = session.add(source)
    if var first = parsed.diagnostics.first {
      first.source = id
      throw Failure(first)
    }
    try run(parsed.statements, of: source, id, echoes: echoes)
  }
}

extension Statement {
  /// Whether it belongs into a script of the session: what only looks or edits does not.
  fileprivate var isKept: Bool {
    guard case .expression(let expression) = kind else { return true }
    let head: Expression = if case .call(let call) = expression { call.callee } else { expression }
    guard case .name(let name) = head else { return true }
    return !["save", "edit", "help", "vars", "what", "exit", "quit"].contains(name.text)
  }
}

extension Expression {
  fileprivate var isCall: Bool { if case .call = self { true } else { false } }
}

extension Statement {
  /// The plain names that the statement gives a value to.
  var assignedNames: [String] {
    switch kind {
    case .assignment(let assignment):
      assignment.targets.compactMap { $0.rootName }
    case .definition(let definition): [definition.name.text]
    case .parameters(let fields): fields.map { $0.name.text }
    default: []
    }
  }
}

extension Expression {
  /// The name that `x[1].a` starts from.
  fileprivate var rootName: String? {
    switch self {
    case .name(let name): name.text
    case .index(let index): index.base.rootName
    case .field(let field): field.base.rootName
    default: nil
    }
  }
}
