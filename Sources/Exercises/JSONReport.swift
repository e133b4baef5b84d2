import Rendering
import Syntax

extension ExerciseReport {
  /// The report as one JSON object on one line; `errors` as `bp --json` writes them.
  package func json(_ renderer: DiagnosticRenderer) -> String {
    object([
      ("file", quoted(file)), ("solved", "\(isSolved)"), ("points", number(points)),
      ("possible", number(pointsPossible)), ("exercises", list(exercises.map { $0.json })),
      ("open", list(openLines.map(String.init))), ("errors", list(errors.map(renderer.json))),
      ("notes", list(notes.map(renderer.json))), ("output", quoted(output)),
    ])
  }
}

extension ExerciseReport.Exercise {
  fileprivate var json: String {
    object(
      [
        ("title", title.map(quoted) ?? "null"), ("line", "\(line)"), ("solved", "\(isSolved)"),
        ("points", number(points)), ("possible", number(pointsPossible)),
        ("checks", list(checks.map { $0.json })), ("answers", list(answers.map { $0.json })),
        ("open", list(openLines.map(String.init))),
        ("mistakes", list(mistakes.map(quoted))), ("hints", list(hints.map(quoted))),
      ] + (waitingTests.map { [("tests", "\($0)")] } ?? []))
  }
}

extension ExerciseReport.Answer {
  fileprivate var json: String {
    object([
      ("name", quoted(name)), ("description", description.map(quoted) ?? "null"),
      ("filled", "\(isFilledIn)"),
    ])
  }
}

extension ExerciseReport.Check {
  fileprivate var json: String {
    object([
      ("file", file.map(quoted) ?? "null"), ("line", "\(line)"), ("text", quoted(text)),
      ("result", quoted(result.rawValue)), ("found", found.map(quoted) ?? "null"),
      ("message", message.map(quoted) ?? "null"),
      ("misconception", misconception.map(quoted) ?? "null"),
    ])
  }
}

private func object(_ fields: [(name: String, value: String)]) -> String {
  "{" + fields.map { "\(quoted($0.name)):\($0.value)" }.joined(separator: ",") + "}"
}

private func list(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }

private func quoted(_ text: String) -> String { DiagnosticRenderer.quoted(text) }

private func number(_ value: Double) -> String { NumberStyle.standard.text(value) }
