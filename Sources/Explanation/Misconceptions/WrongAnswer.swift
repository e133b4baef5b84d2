import Differentiation
import Learning

/// A wrong value that one misconception gives.
package struct WrongAnswer {
  /// The name of the misconception.
  package let name: String
  /// What was done, as it follows `if`.
  package let description: String
  /// In the shape of the right value.
  package let value: Tensor
}

extension Diagnosis {
  /// What a value asked for is, so that a wrong one can be looked into.
  package enum Subject {
    /// The value of an expression, with what it was computed from.
    case value(of: Node)
    /// - Parameter rate: the learning rate, where it was said.
    case derivative(of: Node, by: Node, rate: Double?)
    case network(Question)
  }

  /// Which misconceptions give an answer.
  /// - Parameter pairWork: multiplications that may be spent on pairs of misconceptions.
  /// - Throws: where the subject has no value to compare with.
  package init(
    _ answer: Answer, _ subject: Subject, pairWork: Double
  ) throws(LearningError) {
    switch subject {
    case .value(let node): try self.init(answer, ValueTrial(of: node), pairWork)
    case .derivative(let output, let target, let rate):
      try self.init(answer, Self.trial(output, target, rate), pairWork)
    case .network(let question): try self.init(answer, NetworkTrial(question), pairWork)
    }
  }

  private init(
    _ answer: Answer, _ trial: some Trial, _ pairWork: Double
  ) throws(LearningError) {
    var known = try Known(trial)
    known.pairBudget = pairWork
    try self.init(answer, &known)
  }

  /// Every wrong value that one misconception gives, those at several places of it one by one.
  /// - Throws: where the subject has no value.
  package static func wrongAnswers(to subject: Subject) throws(LearningError) -> [WrongAnswer] {
    switch subject {
    case .value(let node): try wrongAnswers(ValueTrial(of: node))
    case .derivative(let output, let target, let rate):
      try wrongAnswers(trial(output, target, rate))
    case .network(let question): try wrongAnswers(NetworkTrial(question))
    }
  }

  private static func wrongAnswers(_ trial: some Trial) throws(LearningError) -> [WrongAnswer] {
    var known = try Known(trial)
    let shape = known.truth.shape
    return try known.candidates().filter { $0.value.shape == shape && !$0.change.isGuess }.map {
      WrongAnswer(
        name: $0.misconception.name, description: explanations([$0])[0].description,
        value: $0.value)
    }
  }

  private static func trial(_ output: Node, _ target: Node, _ rate: Double?) -> ExpressionTrial {
    ExpressionTrial(
      of: output, by: target, rates: rate.map { [$0] } ?? commonRates, isRateGiven: rate != nil)
  }
}
