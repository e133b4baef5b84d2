import Syntax

/// Looking at a source that is not run: what resolving its names finds wrong, and what single
/// statements come to within a budget.
extension Interpreter {
  /// The name of the list of a script's arguments.
  package static let argumentsName = "args"

  /// Takes a source up without running it.
  package func adopt(_ source: SourceText) -> SourceID {
    let id = session.add(source)
    session.source = id
    return id
  }

  /// What is wrong with a statement before it is run: a name that is read before the function makes
  /// it its own, a jump out of a value.
  package func resolutionError(
    of statement: Statement, in text: SourceText, _ source: SourceID
  ) -> Diagnostic? {
    var resolver = Resolver(runtime: runtime, source: source, text: text)
    do throws(Failure) {
      _ = try resolver.code(for: statement, keepsValue: true)
    } catch {
      if case .diagnostic(let diagnostic) = error.reason { return diagnostic }
    }
    return nil
  }

  /// Runs a statement with a budget of its own.
  /// - Returns: whether it came to its end.
  package func tries(_ statement: Statement, in text: SourceText, _ source: SourceID) -> Bool {
    runtime.beginStack()
    runtime.beginRun(isEntry: true)
    do throws(Failure) {
      try runtime.run([statement], of: text, source, echoes: false)
      return true
    } catch {
      return false
    }
  }
}
