import Differentiation
import Explanation
import Language

/// What was taken from a submission: the values of the names that the key asks for, and no more.
package struct Submission {
  package enum Answer {
    /// - Parameter literals: the numbers as they were typed, one for each element; nil for a value
    ///   that was computed.
    case value(Value, literals: [String]?)
    /// A `___` stands there.
    case blank
    /// A value that is no answer: `a function`.
    case unusable(kind: String)
  }

  package var name: String
  package var id: String
  package var status: GradeReport.Status
  /// Why it ended early.
  package var sentence: String?
  package var answers: [String: Answer]
  /// Its own checks with the right functions, then with each wrong one; nil where they were not
  /// run.
  package var tests: [[StudentTests.Check]?] = []
  /// Errors of its statements.
  package var notes: [String]

  package init(
    name: String, id: String, status: GradeReport.Status = .graded, sentence: String? = nil,
    answers: [String: Answer] = [:], notes: [String] = [],
    tests: [[StudentTests.Check]?] = []
  ) {
    (self.name, self.id, self.status) = (name, id, status)
    (self.sentence, self.answers, self.notes) = (sentence, answers, notes)
    self.tests = tests
  }
}

extension Submission.Answer {
  /// The value as the checks of a key see it: numbers can be traced back to.
  func bound(to name: String) -> Value? {
    guard case .value(let value, _) = self else { return nil }
    guard let tensor = value.tensor else { return value }
    return .traced(Node.parameter(tensor, name: name))
  }

  /// The numbers with the digits that were written.
  var number: Explanation.Answer? {
    guard case .value(let value, let literals) = self, let tensor = value.tensor else { return nil }
    return Explanation.Answer(tensor, texts: literals)
  }

  /// As it was written, or as bp writes it.
  func text(_ brief: (Value) -> String) -> String? {
    guard case .value(let value, let literals) = self else { return nil }
    if let literals, literals.count == 1 { return literals[0] }
    return brief(value)
  }
}
