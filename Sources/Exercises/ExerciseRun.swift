import Language
import Syntax

/// Runs an exercise file to its end and gathers what its checks find.
package struct ExerciseRun {
  package let report: ExerciseReport
  /// How the run ended; errors that did not end it count as well, the first before others.
  package let outcome: Interpreter.Outcome
  /// Writes the errors of the report with the lines they are about.
  package let diagnosticRenderer: DiagnosticRenderer

  /// - Parameters:
  ///   - name: what the report calls the file.
  ///   - path: where it was read from: paths in it are relative to that.
  ///   - catalog: the functions that the file may call.
  ///   - host: its output is kept in the report, its notes go beside the output.
  package init(
    _ text: String, name: String, path: String?, catalog: @autoclosure @escaping () -> Catalog,
    host: Host,
    limits: Runtime.Limits = Runtime.Limits(), parserLimits: ParserLimits = .standard
  ) {
    let gatherer = Gatherer(file: name)
    var quiet = host
    quiet.write = { text in
      gatherer.report.output += text
      return true
    }
    var limits = limits
    limits.outputBytes = limits.outputBytes ?? Runtime.Limits.gatheredBytes
    let interpreter = Interpreter(
      catalog: catalog(), host: quiet, limits: limits, parserLimits: parserLimits)
    interpreter.session.exerciseListener = { event in
      gatherer.gather(event, interpreter.session)
    }
    let parsed = Parser.parse(SourceText(name: name, text: text), limits: parserLimits)
    interpreter.session.writtenNumbers = parsed.statements.writtenNumbers
    interpreter.expect(text, parsed: parsed)
    outcome = interpreter.run(text, name: name, path: path)
    diagnosticRenderer = interpreter.session.diagnosticRenderer
    interpreter.session.exerciseListener = nil
    report = gatherer.finished
  }
}

/// Puts a report together from events as they come.
private final class Gatherer {
  var report: ExerciseReport
  /// The exercise under way.
  private var current: ExerciseReport.Exercise?
  /// The checks outside of any exercise.
  private var outside = ExerciseReport.Exercise(title: nil, line: 1, pointsPossible: 0)

  init(file: String) {
    report = ExerciseReport(file: file)
  }

  func gather(_ event: ExerciseEvent, _ session: Session) {
    switch event {
    case .began(let title, let points, let range, let source):
      // An exercise inside another, perhaps by a call, stands behind it.
      finishCurrent()
      current = ExerciseReport.Exercise(
        title: title, line: line(of: range, source, session), pointsPossible: points ?? 1)
    case .task, .drawn: break
    case .answer(let answer, let isFilledIn):
      change {
        $0.answers.append(
          .init(name: answer.name, description: answer.description, isFilledIn: isFilledIn))
      }
    case .hint(let text): change { if !$0.hints.contains(text) { $0.hints.append(text) } }
    case .mistake(let mistake):
      guard mistake.holds else { return }
      change { if !$0.mistakes.contains(mistake.text) { $0.mistakes.append(mistake.text) } }
    case .checked(let result):
      let check = check(result, session)
      change { $0.checks.append(check) }
    case .metBlank(let blank):
      leaveOpen(blank, session)
      guard blank.cause == .blank, current != nil else { return }
      let line = line(of: blank.range, blank.source, session)
      change { if !$0.openLines.contains(line) { $0.openLines.append(line) } }
    case .failed(let diagnostic): report.errors.append(diagnostic)
    case .noted(let diagnostic): report.notes.append(diagnostic)
    case .testsBegan(let waiting):
      if let waiting { change { $0.waitingTests = ($0.waitingTests ?? 0) + waiting } }
    case .testsEnded: break
    case .ended: finishCurrent()
    }
  }

  var finished: ExerciseReport {
    finishCurrent()
    var result = report
    result.openLines.sort()
    if let first = outside.checks.first {
      outside.line = first.line
      result.exercises.append(outside.withoutIdleMistakes)
    }
    return result
  }

  private func leaveOpen(_ blank: Blank, _ session: Session) {
    guard blank.cause == .blank else { return }
    let line = line(of: blank.range, blank.source, session)
    if !report.openLines.contains(line) { report.openLines.append(line) }
  }

  private func change(_ body: (inout ExerciseReport.Exercise) -> Void) {
    guard var exercise = current else { return body(&outside) }
    body(&exercise)
    current = exercise
  }

  private func finishCurrent() {
    guard let exercise = current else { return }
    report.exercises.append(exercise.withoutIdleMistakes)
    current = nil
  }

  private func check(_ result: CheckResult, _ session: Session) -> ExerciseReport.Check {
    let source = session.source(result.source)
    var check = ExerciseReport.Check(
      file: source?.name == report.file ? nil : source?.name,
      line: line(of: result.range, result.source, session),
      text: source.map { oneLine($0.text(of: result.range)) } ?? "", result: .holds)
    switch result.outcome {
    case .holds: break
    case .fails(let found):
      check.result = .fails
      check.found = found
      check.message = result.message
      check.misconception = result.misconception
    case .open(let blank):
      check.result = .open
      leaveOpen(blank, session)
      let line = line(of: blank.range, blank.source, session)
      switch blank.cause {
      case .blank: check.message = "line \(line) is not filled in yet"
      case .error: check.message = "line \(line) stopped with an error"
      }
    case .stopped(let diagnostic):
      check.result = .fails
      check.message = diagnostic.message
      if diagnostic.kind == .limit { report.errors.append(diagnostic) }
    }
    return check
  }

  private func line(of range: SourceRange, _ id: SourceID?, _ session: Session) -> Int {
    id.flatMap(session.source)?.line(at: range.start) ?? 1
  }

  /// A condition that goes over several lines, in one.
  private func oneLine(_ text: String) -> String {
    guard text.contains("\n") else { return text }
    return text.split(whereSeparator: { $0.isNewline })
      .map { $0.drop { $0 == " " || $0 == "\t" } }.joined(separator: " ")
  }
}

extension ExerciseReport.Exercise {
  /// A mistake is named where something does not hold.
  fileprivate var withoutIdleMistakes: Self {
    guard checks.allSatisfy({ $0.result == .holds }) else { return self }
    var result = self
    result.mistakes = []
    return result
  }
}
