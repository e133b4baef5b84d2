import Explanation
import Syntax

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
      guard !holds else { return result }
      result.outcome = .fails(
        found: sides.map { runtime.session.brief($0.left) + rounding($0, runtime) })
      if runtime.session.isChecking, let sides,
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
  }
}
