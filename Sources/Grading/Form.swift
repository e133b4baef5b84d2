import Differentiation
import Explanation
import Language

/// The numbers that one student has, and what is right and wrong with them.
final class Form {
  /// A value that a wrong way gives.
  struct WrongAnswer {
    let answer: String
    /// The name of the misconception.
    let name: String
    /// What was done, as it follows `if`.
    let description: String
    let value: Tensor
  }

  /// The key with its right answers.
  let right: KeyRun
  let choose: (String, Int) -> Int
  let solutions: [String: Value]
  private(set) lazy var wrongAnswers = findWrongAnswers()

  init(right: KeyRun, choose: @escaping (String, Int) -> Int) {
    self.right = right
    self.choose = choose
    solutions = Dictionary(right.solutions.map { ($0.name, $0.value) }) { first, _ in first }
  }

  var drawn: [(name: String, value: Value)] { right.drawn }

  private func findWrongAnswers() -> [WrongAnswer] {
    right.solutions.flatMap { name, value -> [WrongAnswer] in
      guard let subject = right.subject(of: value),
        let wrong = try? Diagnosis.wrongAnswers(to: subject)
      else { return [] }
      return wrong.map {
        WrongAnswer(
          answer: name, name: $0.name, description: $0.description, value: $0.value)
      }
    }
  }
}
