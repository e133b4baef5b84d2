import Differentiation
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
  package let runtime: Runtime
  /// The last text that was asked whether it is complete, and its parse: the prompt asks and then
  /// runs the same text.
  private var lastParse: (text: String, result: ParseResult)?

  /// - Parameter catalog: made when a name is looked up for the first time.
  package init(
    catalog: @autoclosure @escaping () -> Catalog, host: Host,
    limits: Runtime.Limits = Runtime.Limits(),
    parserLimits: ParserLimits = .standard
  ) {
    session = Session(host: host, catalog: catalog(), outputLimit: limits.outputBytes)
    runtime = Runtime(session: session, limits: limits, parserLimits: parserLimits)
  }

  /// Runs a source to its end or its first error, which is written beside the output.
  /// - Parameters:
  ///   - name: what diagnostics call the source.
  ///   - path: the file it was read from: paths in it are relative to that.
  ///   - echoes: whether values are shown as at the prompt.
  ///   - skipsSyntaxErrors: whether statements without an error are run where others have one.
  package func run(
    _ text: String, name: String, path: String? = nil, echoes: Bool = false,
    skipsSyntaxErrors: Bool = false
  ) -> Outcome {
    runtime.beginStack()
    runtime.beginRun(isEntry: echoes)
    session.host.onRun(true)
    defer { session.host.onRun(false) }
    if let path { session.importsUnderWay = [path] }
    let source = SourceText(name: name, text: text)
    let parsed = parse(source, text: text)
    let id = session.add(source)
    defer {
      if echoes {
        session.release(id)
        let opensLast = parsed.statements.contains {
          runtime.traits(of: $0).contains(.opensLastEntry)
        }
        if !opensLast { session.lastEntry = text }
      }
    }
    for var diagnostic in parsed.diagnostics {
      diagnostic.source = id
      session.report(diagnostic)
    }
    guard parsed.diagnostics.isEmpty || skipsSyntaxErrors else { return .syntaxError }
    do throws(Failure) {
      try runtime.run(parsed.statements, of: source, id, echoes: echoes)
      return session.firstProblem.map { outcome(of: $0) } ?? .done
    } catch {
      // What was cut short is thrown away, with the errors that came of it.
      let isCut = Interruption.hasCutShort && session.host.isInterrupted()
      Interruption.begin()
      if isCut { return .interrupted }
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
    runtime.setGlobal(Self.argumentsName, to: .list(arguments.map { .string($0) }))
  }

  /// Whether `text` is a whole entry, or what is still open in it.
  package func incompleteness(of text: String) -> Incompleteness? {
    let result = Parser.parse(SourceText(name: "", text: text), limits: runtime.parserLimits)
    lastParse = (text, result)
    return result.incomplete
  }

  /// Takes the parse of a text that will be run, which many interpreters run.
  package func expect(_ text: String, parsed result: ParseResult) { lastParse = (text, result) }

  private func parse(_ source: SourceText, text: String) -> ParseResult {
    defer { lastParse = nil }
    if let lastParse, lastParse.text == text { return lastParse.result }
    return Parser.parse(source, limits: runtime.parserLimits)
  }
}
