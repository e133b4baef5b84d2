import Differentiation
import Rendering
import Syntax

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

  init(body: [(statement: Statement, code: Code)], source: SourceID, range: SourceRange) {
    self.body = body
    self.source = source
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    for (statement, code) in body {
      let flow = try runtime.runAlone(statement, of: source) { () throws(Failure) -> Flow in
        try code.execute(slots, runtime)
      }
      if flow != .next { return flow }
    }
    return .next
  }
}
