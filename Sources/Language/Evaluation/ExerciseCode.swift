import Syntax

/// `exercise "Forward pass" points=2 { }`
final class ExerciseCode: Code {
  let title: Code
  let options: [(String, Code)]
  /// Each on its own: a blank in one does not hide the others.
  let body: [(statement: Statement, code: Code)]
  let source: SourceID

  init(
    title: Code, options: [(String, Code)], body: [(statement: Statement, code: Code)],
    source: SourceID, range: SourceRange
  ) {
    self.title = title
    self.options = options
    self.body = body
    self.source = source
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    guard case .string(let text) = try title.evaluate(slots, runtime) else {
      throw Failure("the title of an exercise is a string", at: title.range)
    }
    var points: Double?
    for (name, code) in options {
      guard name == "points" else {
        throw Failure(
          name.isEmpty ? "an exercise takes one title" : "exercise has no option \(name)",
          at: code.range, help: ["exercise \"Title\" points=2 { … }"])
      }
      points = try Self.points(code, slots, runtime)
    }
    runtime.session.exerciseEvents(
      .began(title: text, points: points, at: range, source: source))
    defer { runtime.session.exerciseEvents(.ended) }
    for (statement, code) in body {
      let flow = try runtime.runAlone(statement, of: source) { () throws(Failure) -> Flow in
        try code.execute(slots, runtime)
      }
      if flow != .next { return flow }
    }
    return .next
  }

  /// The value of `points=`.
  /// - Throws: where it is no number above 0.
  static func points(
    _ code: Code, _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> Double {
    // Sums of points stay exact to far below a hundredth.
    guard let number = try code.evaluate(slots, runtime).number, number > 0, number <= 1e6 else {
      throw Failure("points are a number above 0, of at most a million", at: code.range)
    }
    return number
  }
}

/// A statement of an exercise whose names cannot be resolved, which is said when it runs.
final class UnresolvedCode: Code {
  let failure: Failure

  init(_ failure: Failure, range: SourceRange) {
    self.failure = failure
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    throw failure
  }
}

/// `hint "…"`
final class HintCode: Code {
  let text: Code

  init(_ text: Code, range: SourceRange) {
    self.text = text
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let hint = runtime.session.text(of: try text.evaluate(slots, runtime))
    runtime.session.exerciseEvents(.hint(hint))
    return .next
  }
}

/// `mistake out_h1 ≈ 0.3775, "You did not squash the net input."`
final class MistakeCode: Code {
  let condition: Code
  let message: Code

  init(condition: Code, message: Code, range: SourceRange) {
    self.condition = condition
    self.message = message
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    guard runtime.session.isChecking else { return .next }
    do throws(Failure) {
      let (value, sides) = try condition.evaluateWithSides(slots, runtime)
      guard case .truth(let holds) = value else {
        throw notATruth(value, at: condition.range, nil)
      }
      guard holds || sides != nil else { return .next }
      let text = runtime.session.text(of: try message.evaluate(slots, runtime))
      runtime.session.exerciseEvents(
        .mistake(
          MistakeResult(text: text, range: condition.range, holds: holds, sides: sides)))
    } catch {
      // A mistake that cannot be told from what the student wrote is not the one that was made.
      switch error.reason {
      case .blank: break
      case .diagnostic(let diagnostic) where diagnostic.kind == .runtime: break
      default: throw error
      }
    }
    return .next
  }
}

/// Events of an exercise, for a report.
package enum ExerciseEvent {
  case began(title: String, points: Double?, at: SourceRange, source: SourceID)
  case task(String)
  case answer(AnswerDeclaration, isFilledIn: Bool)
  /// A value was drawn for a name of a `variant`.
  case drawn(String, Value)
  case hint(String)
  /// A mistake that was looked for.
  case mistake(MistakeResult)
  case checked(CheckResult)
  /// A statement other than a check met something that is not there yet.
  case metBlank(Blank)
  /// A statement other than a check stopped with an error.
  case failed(Diagnostic)
  /// A note with a place.
  case noted(Diagnostic)
  case ended
}

/// The outcome of one `mistake`.
package struct MistakeResult {
  /// In the words of the exercise.
  package let text: String
  /// The condition as it is written.
  package let range: SourceRange
  /// Whether it was made.
  package let holds: Bool
  /// What was compared, where two values were.
  package let sides: ComparedSides?
}

/// The outcome of one `check`.
package struct CheckResult {
  package enum Outcome {
    case holds
    /// With what was found, where the check compares: `0.42`.
    case fails(found: String?)
    case open(Blank)
    /// The condition has no value because of an error.
    case stopped(Diagnostic)
  }

  /// The condition as it is written.
  package let range: SourceRange
  package let source: SourceID
  package internal(set) var outcome: Outcome
  /// What the check says when it fails.
  package internal(set) var message: String?
  /// What was probably done, where a wrong derivative is what a known misconception gives.
  package internal(set) var misconception: String?
  /// What was compared, where two values were.
  package internal(set) var sides: ComparedSides?
  /// What the check alone gives; nil where it was not said.
  package internal(set) var points: Double?
  /// Whether students may see it before they hand in.
  package internal(set) var isPublic = false
}

extension Session {
  /// Calls the listener with a check and both of its sides.
  func tell(_ sides: ComparedSides, _ holds: Bool, at range: SourceRange, in id: SourceID) {
    guard let checkListener, sides.operation == .close || sides.operation == .equal,
      let text = source(id)?.text(of: range)
    else { return }
    let sign = sides.operation == .close ? "≈" : "=="
    // Against a number as it is printed; what else a script checks is no number of a slide.
    guard let (quantity, expected) = text.separated(atFirst: " \(sign) "),
      expected.allSatisfy({ $0.isNumber || ".-e".contains($0) }), sides.left.number != nil
    else { return }
    checkListener(
      CheckedNumber(
        quantity: String(quantity), expected: String(expected), found: brief(sides.left),
        holds: holds))
  }
}
