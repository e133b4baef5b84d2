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
  init(_ submission: Submission, host: Host) {
    var limits = Runtime.Limits()
    limits.steps = submission.limits.steps
    limits.seconds = submission.limits.seconds
    limits.memoryBytes = submission.limits.memoryBytes
    limits.outputBytes = submission.limits.outputBytes
    var parserLimits = ParserLimits.standard
    parserLimits.sourceSize = submission.limits.sourceBytes

    let gatherer = Gatherer()
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
    let outcome = interpreter.run(
      submission.text, name: submission.name, skipsSyntaxErrors: true)
    interpreter.session.exerciseListener = nil

    let literals = Self.literals(of: submission, parserLimits)
    var answers = SubmissionAnswers(
      values: submission.wanted.map { name in
        Self.value(of: name, literal: literals[name], in: interpreter)
      })
    for diagnostic in gatherer.errors.prefix(SubmissionAnswers.mostErrors) {
      answers.errors.append(Self.error(diagnostic, submission, interpreter.session))
    }
    answers.limit = gatherer.errors.first { $0.kind == .limit }.map { Self.sentence($0.message) }
    if outcome == .interrupted, answers.limit == nil { answers.limit = "it was interrupted" }
    answers.output = TextWidth.printableLines(gatherer.output, keepsColours: false)
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
    _ diagnostic: Diagnostic, _ submission: Submission, _ session: Session
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
    of name: String, literal: (text: String, value: Double)?, in interpreter: Interpreter
  ) -> SubmittedValue {
    guard let value = interpreter.runtime.global(name) else {
      switch interpreter.session.blank(of: name)?.cause {
      case .blank: return .notFilledIn
      case .error: return .stopped
      case nil: return .missing
      }
    }
    switch value.plain {
    case .number(let number):
      return .number(number, literal: literal.flatMap { $0.value == number ? $0.text : nil })
    case .truth(let truth): return .truth(truth)
    case .string(let text):
      guard text.utf8.count <= SubmittedValue.mostBytes else {
        return .other("a string of \(text.utf8.count) bytes")
      }
      return .text(TextWidth.printableLines(text, keepsColours: false))
    case .tensor(let tensor) where tensor.elements.count <= SubmittedValue.mostNumbers:
      let numbers = Array(tensor.elements)
      guard tensor.shape.rank == 2 else { return .vector(numbers) }
      return .matrix(numbers, rows: tensor.shape.rows, columns: tensor.shape.columns)
    case let other: return .other(sentence(other.kind))
    }
  }

  /// What is assigned to each name last, where that is a number and nothing else.
  private static func literals(
    of submission: Submission, _ limits: ParserLimits
  ) -> [String: (text: String, value: Double)] {
    let source = SourceText(name: submission.name, text: submission.text)
    var literals: [String: (text: String, value: Double)] = [:]
    func visit(_ statements: [Statement]) {
      for statement in statements {
        if case .exercise(_, _, let body) = statement.kind { visit(body.statements) }
        for name in statement.assignedNames { literals[name] = nil }
        guard case .assignment(let assignment) = statement.kind, assignment.operation == .set,
          assignment.targets.count == 1, case .name(let name)? = assignment.targets.first
        else { continue }
        literals[name.text] = assignment.value.literal
      }
    }
    visit(Parser.parse(source, limits: limits).statements)
    return literals
  }
}

extension Expression {
  /// A number as it is written, with its sign.
  fileprivate var literal: (text: String, value: Double)? {
    switch self {
    case .number(let literal) where SubmittedValue.isLiteral("-" + literal.text):
      (literal.text, literal.value)
    case .group(let inner, _): inner.literal
    case .unary(let unary) where unary.operation == .negate:
      if case .number = unary.operand, let inner = unary.operand.literal {
        ("-" + inner.text, -inner.value)
      } else {
        nil
      }
    default: nil
    }
  }
}
