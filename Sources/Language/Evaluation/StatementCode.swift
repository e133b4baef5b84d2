import Differentiation
import Explanation
import Syntax

/// Statements in order, as a balanced tree of pairs: stored children are called without the
/// reference counting that the elements of an array cost.
final class SequenceCode: Code {
  private let first: Code
  private let second: Code

  private init(_ first: Code, _ second: Code, range: SourceRange) {
    self.first = first
    self.second = second
    super.init(range: range)
  }

  static func make(_ statements: ArraySlice<Code>, range: SourceRange) -> Code {
    guard let first = statements.first else { return Code(range: range) }
    if statements.count == 1 { return first }
    let middle = statements.startIndex + statements.count / 2
    return SequenceCode(
      make(statements[..<middle], range: range), make(statements[middle...], range: range),
      range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let flow = try first.execute(slots, runtime)
    return flow == .next ? try second.execute(slots, runtime) : flow
  }
}

/// A block whose last value is wanted, where it is a branch of an expression.
final class BlockValueCode: Code {
  private let body: Code

  init(_ body: Code) {
    self.body = body
    super.init(range: body.range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    runtime.result = .nothing
    _ = try body.execute(slots, runtime)
    return runtime.takeResult()
  }
}

extension Runtime {
  func takeResult() -> Value {
    let value = result
    result = .nothing
    return value
  }
}

/// An expression as a statement.
final class ExpressionStatementCode: Code {
  let expression: Code
  /// Whether the value is the result of the function, block or prompt entry it ends.
  let keepsValue: Bool

  init(_ expression: Code, keepsValue: Bool) {
    self.expression = expression
    self.keepsValue = keepsValue
    super.init(range: expression.range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let value = try expression.evaluate(slots, runtime)
    if keepsValue {
      runtime.result = value
    } else if case .report(let report) = value, !report.isEcho {
      try runtime.session.write(report, at: range)
    }
    return .next
  }
}

/// `if c { } else { }`
final class ConditionalCode: Code {
  let condition: Code
  /// What the condition is of numbers at hand, which needs no call.
  private let test: NumberTest
  let consequence: Code
  let alternative: Code
  /// How the same is written for vectors, for the error that says so.
  let elementwise: String?

  init(
    condition: Code, consequence: Code, alternative: Code?, elementwise: String?,
    range: SourceRange
  ) {
    self.elementwise = elementwise
    self.condition = condition
    test = condition.numberTest
    self.consequence = consequence
    self.alternative = alternative ?? Code(range: range)
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if let holds = test.direct(slots) {
      // Each by its own call: one chosen before would be counted as a reference.
      if holds { return try consequence.evaluate(slots, runtime) }
      return try alternative.evaluate(slots, runtime)
    }
    return try evaluateDeciding(slots, runtime)
  }

  @inline(never)
  private func evaluateDeciding(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let (holds, deciding) = try runtime.deciding { () throws(Failure) in
      try truth(of: condition, slots, runtime, elementwise)
    }
    let value = try (holds ? consequence : alternative).evaluate(slots, runtime)
    return deciding.isEmpty ? value : try value.chosen(over: deciding, at: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    if try truth(of: condition, test, slots, runtime, elementwise) {
      return try consequence.execute(slots, runtime)
    }
    return try alternative.execute(slots, runtime)
  }
}

final class WhileCode: Code {
  let condition: Code
  private let test: NumberTest
  let body: Code

  init(condition: Code, body: Code, range: SourceRange) {
    self.condition = condition
    test = condition.numberTest
    self.body = body
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    while try truth(of: condition, test, slots, runtime) {
      try runtime.countRound(at: range)
      let flow = try body.execute(slots, runtime)
      if flow == .breakLoop { break }
      if flow == .returnValue { return flow }
    }
    return .next
  }
}

final class RepeatCode: Code {
  let count: Code
  let body: Code

  init(count: Code, body: Code, range: SourceRange) {
    self.count = count
    self.body = body
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let value = try count.evaluate(slots, runtime)
    guard let number = value.number, number >= 0, number < 1e15, var left = Int(exactly: number)
    else {
      throw Failure(
        "repeat takes a whole number of rounds", at: count.range,
        label: value.number.map { runtime.session.text(of: .number($0)) } ?? value.kind)
    }
    while left > 0 {
      left -= 1
      try runtime.countRound(at: range)
      let flow = try body.execute(slots, runtime)
      if flow == .breakLoop { break }
      if flow == .returnValue { return flow }
    }
    return .next
  }
}

/// `for x in xs { }`; a range is counted through without a vector of its numbers.
final class ForCode: Code {
  let variable: VariableStore
  let sequence: Code
  private let progression: RangeCode?
  let body: Code

  init(variable: VariableStore, sequence: Code, body: Code, range: SourceRange) {
    progression = if case .range(let range) = sequence.form { range } else { nil }
    self.variable = variable
    self.sequence = sequence
    self.body = body
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    if let progression {
      let (start, step, count) = try progression.progression(slots, runtime)
      let address = variable.address(slots)
      var round = 0
      while round < count {
        let number = start + Double(round) * step
        if case .number = address.pointee {
          address.initialize(to: .number(number))
        } else {
          variable.storeAny(.number(number), slots, runtime)
        }
        round += 1
        try runtime.countRound(at: range)
        let flow = try body.execute(slots, runtime)
        if flow == .breakLoop { break }
        if flow == .returnValue { return flow }
      }
      return .next
    }
    for element in try elements(of: try sequence.evaluate(slots, runtime), at: sequence.range) {
      variable.store(element, slots, runtime)
      try runtime.countRound(at: range)
      let flow = try body.execute(slots, runtime)
      if flow == .breakLoop { break }
      if flow == .returnValue { return flow }
    }
    return .next
  }
}

/// `break` and `continue`
final class JumpCode: Code {
  let flow: Flow

  init(_ flow: Flow, range: SourceRange) {
    self.flow = flow
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow { flow }
}

final class ReturnCode: Code {
  let value: Code?

  init(_ value: Code?, range: SourceRange) {
    self.value = value
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    runtime.result = try value?.evaluate(slots, runtime) ?? .nothing
    return .returnValue
  }
}

final class PrintCode: Code {
  let expressions: [Code]

  init(_ expressions: [Code], range: SourceRange) {
    self.expressions = expressions
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    var line = ""
    var isTall = false
    for (place, expression) in expressions.enumerated() {
      let value = try expression.evaluate(slots, runtime)
      if expressions.count == 1, case .report(let report) = value {
        // As where it stands alone: on a slide with its picture and formulas.
        try runtime.session.write(report, at: range)
        return .next
      }
      // Several lines, as of a matrix, start on a line of their own.
      let wasTall = isTall
      isTall = value.isTall
      if place > 0 { line += isTall || wasTall ? "\n" : " " }
      line += runtime.session.shownText(of: value)
    }
    try runtime.session.write(verbatim: line + "\n", at: range)
    return .next
  }
}

/// `check e, "what it means when this fails"`
final class CheckCode: Code {
  let condition: Code
  let message: Code?
  let options: [(String, Code)]
  let isPublic: Bool
  /// What the check says an answer is: `w*x + b` for z in `check z ≈ w*x + b`.
  let solution: (name: String, value: Code)?
  let source: SourceID

  init(
    condition: Code, message: Code?, options: [(String, Code)], isPublic: Bool,
    solution: (name: String, value: Code)?, source: SourceID, range: SourceRange
  ) {
    self.condition = condition
    self.message = message
    self.options = options
    self.isPublic = isPublic
    self.solution = solution
    self.source = source
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    runtime.session.checked(try result(slots, runtime))
    return .next
  }

  /// `, right to 3 digits`: what an answer falls short of where it was only rounded.
  private func rounding(_ sides: ComparedSides, _ runtime: Runtime) -> String {
    guard runtime.session.isChecking, sides.operation == .close, let left = sides.left.tensor,
      let right = sides.right.tensor, let digits = Answer(left).digits(agreeingWith: right),
      digits > 1
    else { return "" }
    return ", right to \(digits) digits"
  }

  /// While an exercise is checked, a blank or an error is a result as well.
  private func result(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> CheckResult {
    var result = CheckResult(range: condition.range, source: source, outcome: .holds)
    result.isPublic = isPublic
    do throws(Failure) {
      for (name, code) in options {
        guard name == "points" else {
          throw Failure(
            "check has no option \(name)", at: code.range,
            help: ["check z ≈ w*x, \"the net input\" points=2"])
        }
        result.points = try ExerciseCode.points(code, slots, runtime)
      }
      try solve(slots, runtime)
      let (value, sides) = try condition.evaluateWithSides(slots, runtime)
      guard case .truth(let holds) = value else {
        throw notATruth(value, at: condition.range, nil)
      }
      result.sides = sides
      if let sides { runtime.session.tell(sides, holds, at: condition.range, in: source) }
      guard !holds, !runtime.isRightAsWritten(solution?.name, sides) else { return result }
      result.outcome = .fails(
        found: sides.map { runtime.session.brief($0.left) + rounding($0, runtime) })
      // A grader looks into what is wrong itself.
      if runtime.session.isChecking, runtime.session.key == nil, let sides,
        sides.operation == .close || sides.operation == .equal
      {
        result.misconception = runtime.session.gradients.misconception(sides.left, sides.right)
      }
      result.message = try message.map { message throws(Failure) in
        runtime.session.text(of: try message.evaluate(slots, runtime))
      }
    } catch {
      guard runtime.session.isChecking else { throw error }
      switch error.located(in: source).reason {
      case .blank(let blank): result.outcome = .open(blank)
      case .diagnostic(let diagnostic): result.outcome = .stopped(diagnostic)
      default: throw error
      }
    }
    return result
  }

  /// Gives the answer that the check describes its value, while a key finds its right answers.
  private func solve(_ slots: Slots, _ runtime: Runtime) throws(Failure) {
    guard let solution, let key = runtime.session.key, key.isOpen(solution.name) else { return }
    let value = try solution.value.evaluate(slots, runtime)
    runtime.session.key?.found(solution.name, value)
    runtime.setGlobal(solution.name, to: value)
    guard key.accepts(solution.name) else { throw .interrupted }
  }
}

/// `time e`: runs the statement and says how long it took.
final class TimeCode: Code {
  let statement: Code

  init(_ statement: Code, range: SourceRange) {
    self.statement = statement
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let start = runtime.session.host.clock()
    let flow = try statement.execute(slots, runtime)
    let seconds = runtime.session.host.clock() - start
    runtime.session.note("took \(durationText(seconds))")
    return flow
  }
}
