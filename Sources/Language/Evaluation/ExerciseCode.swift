import Syntax

/// `exercise "Forward pass" points=2 { }`
final class ExerciseCode: Code {
  let title: Code
  let options: [(String, Code)]
  let body: Code

  init(title: Code, options: [(String, Code)], body: Code, range: SourceRange) {
    self.title = title
    self.options = options
    self.body = body
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ machine: Machine) throws(Failure) -> Flow {
    guard case .string(let text) = try title.evaluate(slots, machine) else {
      throw Failure("the title of an exercise is a string", at: title.range)
    }
    var points = 1.0
    for (name, code) in options {
      guard name == "points" else {
        throw Failure(
          name.isEmpty ? "an exercise takes one title" : "exercise has no option \(name)",
          at: code.range, help: ["exercise \"Title\" points=2 { … }"])
      }
      guard let number = try code.evaluate(slots, machine).number, number > 0, number.isFinite
      else { throw Failure("points are a number above 0", at: code.range) }
      points = number
    }
    machine.session.exerciseEvents(.began(title: text, points: points, at: range))
    defer { machine.session.exerciseEvents(.ended) }
    return try body.execute(slots, machine)
  }
}

/// `hint "…"`
final class HintCode: Code {
  let text: Code

  init(_ text: Code, range: SourceRange) {
    self.text = text
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ machine: Machine) throws(Failure) -> Flow {
    let hint = machine.session.text(of: try text.evaluate(slots, machine))
    machine.session.exerciseEvents(.hint(hint))
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

  override func execute(_ slots: Slots, _ machine: Machine) throws(Failure) -> Flow {
    if try truth(of: condition, slots, machine) {
      let text = machine.session.text(of: try message.evaluate(slots, machine))
      machine.session.exerciseEvents(.mistake(text))
    }
    return .next
  }
}

/// What happens in an exercise, for whoever reports on it.
package enum ExerciseEvent {
  case began(title: String, points: Double, at: SourceRange)
  case hint(String)
  case mistake(String)
  case checked(CheckResult)
  case ended
}

/// One `check` that ran.
package struct CheckResult {
  package let range: SourceRange
  package let holds: Bool
  /// What the check says when it fails.
  package let message: String?
  /// What was found, where the check compares: `0.42`.
  package let found: String?
}

/// `import "lib.bp"`
final class ImportCode: Code {
  let path: Code

  init(path: Code, range: SourceRange) {
    self.path = path
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ machine: Machine) throws(Failure) -> Flow {
    guard case .string(let text) = try path.evaluate(slots, machine) else {
      throw Failure("import takes the path of a script", at: path.range)
    }
    try machine.session.importScript(text, at: path.range, machine)
    return .next
  }
}
