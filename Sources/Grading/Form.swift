import Differentiation
import Explanation
import Language

/// The numbers that one student has, and what is right and wrong with them.
final class Form {
  /// The key with its right answers.
  let right: KeyRun
  let choose: (String, Int) -> Int
  /// The right answers by name.
  var solutions: [String: Value] {
    Dictionary(right.solutions.map { ($0.name, $0.value) }) { first, _ in first }
  }
  private var wrongByName: [String: [WrongAnswer]] = [:]

  /// - Parameter right: not run yet.
  init(_ right: KeyRun, choose: @escaping (String, Int) -> Int) {
    self.right = right
    self.choose = choose
  }

  /// Finds the right answers, up to the first that is not accepted.
  func solve(accepting accepts: @escaping (_ name: String) -> Bool) {
    right.run(accepting: accepts)
  }

  var drawn: [(name: String, value: Value)] { right.drawn }

  /// What the misconceptions give for an answer, computed once.
  private var series: [String: Diagnosis.Series] = [:]

  /// Which misconceptions give an answer, where the right way is known.
  func diagnosis(of answer: Explanation.Answer, to name: String) -> Diagnosis? {
    guard var own = series(for: name) else { return nil }
    defer { series[name] = own }
    return try? own.diagnosis(of: answer)
  }

  private func series(for name: String) -> Diagnosis.Series? {
    if let known = series[name] { return known }
    guard let subject = solution(of: name).flatMap(right.subject) else { return nil }
    let own = try? Diagnosis.Series(subject, pairWork: Grader.pairWork)
    series[name] = own
    return own
  }

  /// The right answer of that name.
  func solution(of name: String) -> Value? {
    right.solutions.first { $0.name == name }?.value
  }

  /// Every wrong value that a misconception gives for an answer.
  /// - Parameter isEnough: is told each; those after one that it accepts are not computed.
  func wrongAnswers(
    of name: String, until isEnough: (WrongAnswer) -> Bool = { _ in false }
  ) -> [WrongAnswer] {
    if let known = wrongByName[name] {
      return known.firstIndex(where: isEnough).map { Array(known[...$0]) } ?? known
    }
    var found: [WrongAnswer] = []
    var isComplete = true
    // What assumes a learning rate is no wrong answer that a draw could keep apart.
    if let subject = solution(of: name).flatMap(right.subject),
      var own = try? Diagnosis.Series(
        subject, pairWork: Grader.pairWork, guessesRates: false),
      let wrong = try? own.wrongAnswers(until: { answer in
        isComplete = !isEnough(answer)
        return !isComplete
      })
    {
      found = wrong
    }
    if isComplete { wrongByName[name] = found }
    return found
  }
}
