import Differentiation
import Learning

/// A wrong value that one misconception gives.
package struct WrongAnswer {
  private let misconception: Misconception
  /// Where it is made, as in `layer 2`; empty where there is one place.
  package let place: String
  /// In the shape of the right value.
  package let value: Tensor

  init(_ candidate: Diagnosis.Candidate) {
    misconception = candidate.misconception
    place = candidate.change.place
    value = candidate.value
  }

  /// The name of the misconception.
  package var name: String { misconception.name }

  /// What was done, as it follows `if`.
  package var description: String { Diagnosis.filled(misconception.words, place) }
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

  /// One question that many answers are given to: what the misconceptions give is computed once.
  package struct Series {
    private enum Trials {
      case value(Known<ValueTrial>)
      case derivative(Known<ExpressionTrial>)
      case network(Known<NetworkTrial>)
    }

    private var trials: Trials

    /// - Parameter pairWork: multiplications that may be spent on pairs of misconceptions for an
    ///   answer.
    /// - Parameter guessesRates: whether common learning rates are tried where none was said.
    /// - Throws: where the subject has no value to compare with.
    package init(
      _ subject: Subject, pairWork: Double, guessesRates: Bool = true
    ) throws(LearningError) {
      switch subject {
      case .value(let node): trials = .value(try Known(ValueTrial(of: node), pairWork))
      case .derivative(let output, let target, let rate):
        let trial = ExpressionTrial(
          of: output, by: target,
          rates: rate.map { [$0] } ?? (guessesRates ? Diagnosis.commonRates : []),
          isRateGiven: rate != nil)
        trials = .derivative(try Known(trial, pairWork))
      case .network(let question):
        trials = .network(try Known(NetworkTrial(question), pairWork))
      }
    }

    /// The right value.
    package var right: Tensor {
      switch trials {
      case .value(let known): known.truth
      case .derivative(let known): known.truth
      case .network(let known): known.truth
      }
    }

    /// Which misconceptions give an answer.
    /// - Throws: where a misconception cannot be made.
    package mutating func diagnosis(of answer: Answer) throws(LearningError) -> Diagnosis {
      switch trials {
      case .value(var known):
        defer { trials = .value(known) }
        return try Diagnosis(answer, &known)
      case .derivative(var known):
        defer { trials = .derivative(known) }
        return try Diagnosis(answer, &known)
      case .network(var known):
        defer { trials = .network(known) }
        return try Diagnosis(answer, &known)
      }
    }

    /// Every wrong value that one misconception gives, those at several places of it one by one.
    /// - Parameter isEnough: is told each; those after one that it accepts are not made.
    /// - Throws: where a misconception cannot be made.
    package mutating func wrongAnswers(
      until isEnough: (WrongAnswer) -> Bool = { _ in false }
    ) throws(LearningError) -> [WrongAnswer] {
      switch trials {
      case .value(var known):
        defer { trials = .value(known) }
        return try Self.wrongAnswers(&known, isEnough)
      case .derivative(var known):
        defer { trials = .derivative(known) }
        return try Self.wrongAnswers(&known, isEnough)
      case .network(var known):
        defer { trials = .network(known) }
        return try Self.wrongAnswers(&known, isEnough)
      }
    }

    private static func wrongAnswers(
      _ known: inout Known<some Trial>, _ isEnough: (WrongAnswer) -> Bool
    ) throws(LearningError) -> [WrongAnswer] {
      let shape = known.truth.shape
      func isAnswer(_ candidate: Candidate) -> Bool {
        candidate.value.shape == shape && !candidate.change.isGuess
      }
      return try known.candidates { isAnswer($0) && isEnough(WrongAnswer($0)) }
        .filter(isAnswer).map(WrongAnswer.init)
    }
  }
}
