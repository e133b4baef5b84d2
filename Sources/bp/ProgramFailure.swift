import Syntax

/// What goes wrong before a source is there: wrong usage, a file that cannot be read.
enum ProgramFailure {
  static func diagnostic(_ message: String, _ kind: Diagnostic.Kind = .runtime) -> Diagnostic {
    Diagnostic(kind, message, at: SourceRange(start: 0, end: 0))
  }

  /// The line that is written: JSON has the fields of every error, with null for the place.
  static func text(
    _ message: String, _ kind: Diagnostic.Kind = .runtime, isJSON: Bool
  ) -> String {
    let renderer = DiagnosticRenderer { _ in nil }
    let diagnostic = diagnostic(message, kind)
    return (isJSON ? renderer.json(diagnostic) : renderer.render(diagnostic)) + "\n"
  }
}
