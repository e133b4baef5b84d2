import Glibc
import Language
import Library
import Rendering
import Sandbox
import Syntax

/// Runs a submission to its end, whatever stops in it, and takes the values that are asked for.
struct SubmissionRun {
  let answers: SubmissionAnswers

  /// - Parameter host: its output is kept in the answers.
  init(_ submission: SubmissionRequest, host: Host) {
    var limits = Runtime.Limits()
    limits.steps = submission.limits.steps
    limits.seconds = submission.limits.seconds
    limits.memoryBytes = submission.limits.memoryBytes
    limits.outputBytes = submission.limits.outputBytes
    var parserLimits = ParserLimits.standard
    parserLimits.sourceSize = submission.limits.sourceBytes

    let gatherer = Gatherer()
    let quiet = host
    let began = host.clock()
    var host = host
    host.write = { text in
      gatherer.output += text
      return true
    }
    host.report = { _ in }
    host.showProgress = nil
    Supervisor.setLimits(limits)
    let interpreter = Interpreter(
      catalog: .standard, host: host, limits: limits, parserLimits: parserLimits)
    interpreter.session.exerciseListener = { gatherer.gather($0) }
    let source = SourceText(name: submission.name, text: submission.text)
    let parsed = Parser.parse(source, limits: parserLimits)
    let literals = parsed.statements.writtenNumbers
    interpreter.expect(submission.text, parsed: parsed)
    let outcome = interpreter.run(
      submission.text, name: submission.name, skipsSyntaxErrors: true)
    interpreter.session.exerciseListener = nil

    var answers = SubmissionAnswers(
      values: submission.wanted.map { name in
        Self.value(of: name, literals: literals[name], in: interpreter)
      })
    for diagnostic in gatherer.errors.prefix(SubmissionAnswers.mostErrors) {
      answers.errors.append(Self.error(diagnostic, submission, interpreter.session))
    }
    answers.limit = gatherer.errors.first { $0.kind == .limit }.map { Self.sentence($0.message) }
    if outcome == .interrupted, answers.limit == nil { answers.limit = "it was interrupted" }
    answers.output = TextWidth.printableLines(gatherer.output, keepsColours: false)
    if let tests = submission.tests {
      // What is over of the time is theirs.
      limits.seconds = submission.limits.seconds - (host.clock() - began)
      let run = SubmissionTestRun(
        tests, of: submission, host: quiet, limits: limits, parserLimits: parserLimits)
      answers.tests = run.runs
      let known = Set(answers.errors)
      answers.errors += run.errors.map { Self.error($0, submission, interpreter.session) }
        .filter { !known.contains($0) }.prefix(SubmissionAnswers.mostErrors - answers.errors.count)
    }
    self.answers = answers
  }

  private final class Gatherer {
    var output = ""
    var errors: [Diagnostic] = []

    func gather(_ event: ExerciseEvent) {
      switch event {
      case .failed(let diagnostic): errors.append(diagnostic)
      case .checked(let result):
        if case .stopped(let diagnostic) = result.outcome, diagnostic.kind == .limit {
          errors.append(diagnostic)
        }
      default: break
      }
    }
  }

  // MARK: Errors

  /// Bytes of a message that is kept.
  private static let longest = 1_000

  private static func sentence(_ text: String) -> String {
    TextWidth.printable(String(text.prefix(longest)))
  }

  private static func error(
    _ diagnostic: Diagnostic, _ submission: SubmissionRequest, _ session: Session
  ) -> SubmissionError {
    let source = diagnostic.source.flatMap(session.source)
    var message = diagnostic.message
    if !diagnostic.label.isEmpty { message += ": \(diagnostic.label)" }
    if let source, source.name != submission.name { message = "in \(source.name): \(message)" }
    return SubmissionError(
      line: source?.line(at: diagnostic.range.start) ?? 1, message: sentence(message))
  }

  // MARK: Values

  private static func value(
    of name: String, literals: [WrittenLiteral]?, in interpreter: Interpreter
  ) -> SubmittedValue {
    guard let value = interpreter.runtime.global(name) else {
      switch interpreter.session.blank(of: name)?.cause {
      case .blank: return .notFilledIn
      case .error: return .stopped
      case nil: return .missing
      }
    }
    /// Those of the last assignment, unless something else has changed the value since.
    func texts(of numbers: [Double]) -> [String]? {
      guard let literals, literals.map({ $0.value }) == numbers else { return nil }
      return literals.map { $0.text }
    }
    switch value.plain {
    case .number(let number):
      return .number(number, literal: texts(of: [number])?.first)
    case .truth(let truth): return .truth(truth)
    case .string(let text):
      guard text.utf8.count <= SubmittedValue.mostBytes else {
        return .other("a string of \(text.utf8.count) bytes")
      }
      return .text(TextWidth.printableLines(text, keepsColours: false))
    case .tensor(let tensor) where tensor.elements.count <= SubmittedValue.mostNumbers:
      let numbers = Array(tensor.elements)
      let literals = texts(of: numbers)
      guard tensor.shape.rank == 2 else { return .vector(numbers, literals: literals) }
      return .matrix(
        numbers, rows: tensor.shape.rows, columns: tensor.shape.columns, literals: literals)
    case let other: return .other(sentence(other.kind))
    }
  }
}
