import Differentiation
import Explanation
import Syntax

/// What a grader decides about a key while it runs: what is drawn for a student, and the answers.
package struct KeyForm {
  /// The place, from 0, of the value that a name of a `variant` takes.
  package var choose: (_ name: String, _ count: Int) -> Int
  /// What students give values to.
  package let names: Set<String>
  /// What a student gave; nil while the key finds the right answers.
  private let answers: [String: Value]?
  /// The right answers found so far, traced back to what they were computed from.
  package private(set) var solutions: [(name: String, value: Value)] = []

  /// A form whose right answers the checks of the key give: z in `check z ≈ w*x + b`.
  package init(
    solving names: Set<String>, choose: @escaping (_ name: String, _ count: Int) -> Int
  ) {
    self.names = names
    self.choose = choose
    answers = nil
  }

  /// A form with the answers of a student; names without one are not filled in.
  package init(
    of names: Set<String>, answers: [String: Value],
    choose: @escaping (_ name: String, _ count: Int) -> Int
  ) {
    self.names = names
    self.choose = choose
    self.answers = answers
  }

  /// Whether the right answer of that name is looked for.
  func isOpen(_ name: String) -> Bool {
    answers == nil && names.contains(name) && !solutions.contains { $0.name == name }
  }

  /// What a student gave.
  func given(_ name: String) -> Value? { names.contains(name) ? answers?[name] : nil }

  mutating func found(_ name: String, _ value: Value) { solutions.append((name, value)) }
}

/// `answer z "the net input" points=1 digits=4`
package struct AnswerDeclaration: Hashable, Sendable {
  package let name: String
  /// What it is, in the words of the exercise.
  package let description: String?
  /// Nil where it was not said.
  package let points: Double?
  /// Significant digits that are asked for; nil where it was not said.
  package let digits: Int?
}

extension Interpreter {
  /// Gives the answers of a student to their names before the key runs; the others are open.
  package func openAnswers() {
    guard let key = session.key else { return }
    let place = SourceRange(start: 0, end: 0)
    for name in key.names {
      if let given = key.given(name) {
        runtime.setGlobal(name, to: given)
      } else {
        session.markOpen([name], because: Blank(range: place, source: nil, cause: .blank))
      }
    }
  }
}

extension Session {
  /// What a value is, where it is one of the derivatives taken while an exercise is checked.
  package func gradientSubject(of value: Tensor) -> Diagnosis.Subject? {
    gradients.subject(of: value)
  }
}
