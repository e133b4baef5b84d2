import Differentiation
import Rendering
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
    return try runtime.runEach(of: body, source, slots)
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

/// `task "A unit has the weight {w}."`
final class TaskCode: Code {
  let text: Code

  init(_ text: Code, range: SourceRange) {
    self.text = text
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let task = runtime.session.text(of: try text.evaluate(slots, runtime))
    runtime.session.exerciseEvents(.task(task))
    return .next
  }
}

/// `answer z "the net input" points=1 digits=4`
final class AnswerCode: Code {
  let name: Name
  let summary: Code?
  let options: [(String, Code)]
  let source: SourceID

  init(
    name: Name, description: Code?, options: [(String, Code)], source: SourceID, range: SourceRange
  ) {
    self.name = name
    summary = description
    self.options = options
    self.source = source
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    var points: Double?
    var digits: Int?
    for (option, code) in options {
      switch option {
      case "points": points = try ExerciseCode.points(code, slots, runtime)
      case "digits":
        guard let number = try code.evaluate(slots, runtime).number,
          let whole = Int(exactly: number), (1...15).contains(whole)
        else { throw Failure("digits are a whole number from 1 to 15", at: code.range) }
        digits = whole
      default:
        throw Failure(
          "answer has no option \(option)", at: code.range,
          help: ["answer z \"the net input\" points=1 digits=4"])
      }
    }
    let session = runtime.session
    let text = try summary.map { summary throws(Failure) in
      session.text(of: try summary.evaluate(slots, runtime))
    }
    let isFilledIn = runtime.global(name.text) != nil
    session.exerciseEvents(
      .answer(
        AnswerDeclaration(name: name.text, description: text, points: points, digits: digits),
        isFilledIn: isFilledIn))
    guard session.key == nil, !isFilledIn, session.blank(of: name.text) == nil else {
      return .next
    }
    let blank = Blank(range: name.range, source: source, cause: .blank)
    session.markOpen([name.text], because: blank)
    session.reportBlank(blank)
    return .next
  }
}

/// `w = 0.1..0.9 by 0.1` of a `variant`: one of the values; the first where nobody draws.
final class VariantCode: Code {
  let target: VariableStore
  let value: Code
  let source: SourceID

  init(target: VariableStore, value: Code, source: SourceID, range: SourceRange) {
    self.target = target
    self.value = value
    self.source = source
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let choices = try elements(of: try value.evaluate(slots, runtime), at: value.range)
    let count = choices.count
    guard count > 0 else {
      throw Failure("a variant has at least one value", at: value.range)
    }
    let place = runtime.session.key?.choose(target.name, count) ?? 0
    let drawn = Self.few(choices[min(max(place, 0), count - 1)])
    runtime.session.exerciseEvents(.drawn(target.name, drawn))
    // Derivatives can be taken by what is drawn, and a wrong answer traced back to it.
    let stored = drawn.tensor.map { Value.traced(Node.parameter($0, name: target.name)) } ?? drawn
    target.store(stored, slots, runtime)
    return .next
  }

  /// The third of 0.1, 0.2, … is 0.3, not 0.30000000000000004.
  private static func few(_ value: Value) -> Value {
    guard var tensor = value.tensor else { return value }
    tensor.elements = tensor.elements.map(shortened)
    return Value(tensor)
  }

  /// The number with twelve significant digits.
  private static func shortened(_ number: Double) -> Double {
    guard number.isFinite, number != 0 else { return number }
    return Double(NumberStyle.significantDigits(12).text(number)) ?? number
  }
}

/// `tests { check … }`: each statement on its own.
final class TestsCode: Code {
  let body: [(statement: Statement, code: Code)]
  let source: SourceID
  /// Checks that are written in it.
  private let checkCount: Int
  /// The functions that it calls and does not define.
  private let called: [String]

  init(body: [(statement: Statement, code: Code)], source: SourceID, range: SourceRange) {
    self.body = body
    self.source = source
    let statements = body.map { $0.statement }
    checkCount = statements.reduce(0) { $0 + $1.checkCount }
    let own = Set(statements.flatMap { $0.assignedNames })
    var called: [String] = []
    for statement in statements { statement.addCalledNames(to: &called) }
    self.called = called.filter { !own.contains($0) }
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let session = runtime.session
    defer { session.exerciseEvents(.testsEnded) }
    if body.isEmpty || session.prepareTest == nil && isMissingAny(in: runtime) {
      session.exerciseEvents(.testsBegan(waiting: checkCount))
      return .next
    }
    session.exerciseEvents(.testsBegan(waiting: nil))
    return try runtime.runEach(of: body, source, slots) { session.prepareTest?() }
  }

  private func isMissingAny(in runtime: Runtime) -> Bool {
    called.contains { name in
      runtime.global(name) == nil && runtime.session.catalog.function(name) == nil
        && runtime.session.catalog.description(ofValueNamed: name) == nil
    }
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
  /// A `tests` block: how many checks are written in it where it is not run, because nothing is
  /// written or what it tests is not there; nil where its statements follow.
  case testsBegan(waiting: Int?)
  case testsEnded
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
