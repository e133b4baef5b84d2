/// A text to be run in a process of its own, and the names whose values are asked for.
package struct SubmissionRequest: Hashable, Sendable {
  /// What errors call it.
  package var name: String
  package var text: String
  package var wanted: [String]
  /// What its own checks are run against; nil where they are not asked for.
  package var tests: SubmissionTests?
  /// Where relative paths in it begin; nil for where the asking process is.
  package var folder: String?
  /// Files and folders that it may read.
  package var readable: [String] = []
  package var limits = SubmissionLimits()

  package init(_ text: String, name: String, wanted: [String]) {
    self.text = text
    self.name = name
    self.wanted = wanted
  }
}

/// What the process of a submission may use.
package struct SubmissionLimits: Hashable, Sendable {
  /// As `--max-steps` counts them: these end a loop at the same place on every machine.
  package var steps = 50_000_000
  /// By the clock, for what takes few steps.
  package var seconds = 10.0
  package var memoryBytes = 1 << 29
  /// Of what it prints; what comes beyond is left out.
  package var outputBytes = 1 << 16
  /// Of its text.
  package var sourceBytes = 1 << 20

  package init() {}
}

/// What a name stands for at the end of a submission, by value: nothing of it can act.
package enum SubmittedValue: Hashable, Sendable {
  /// With the number as it is written, where the last assignment of the name is nothing but that:
  /// `-.5930` has four digits.
  case number(Double, literal: String?)
  case truth(Bool)
  /// Control characters are made visible.
  case text(String)
  /// With the numbers as they are written, one for each, where all are.
  case vector([Double], literals: [String]?)
  /// Row by row.
  case matrix([Double], rows: Int, columns: Int, literals: [String]?)
  /// A `___` stands there, or in what it depends on.
  case notFilledIn
  /// The statement that would give it stopped with an error.
  case stopped
  /// Nothing gives it a value.
  case missing
  /// A value of another kind or too large, in a user's words: `a net`.
  case other(String)

  /// Numbers in one vector or matrix.
  package static let mostNumbers = 10_000
  /// Bytes of one text.
  package static let mostBytes = 1 << 12
}

/// An error of a submission, with its line.
package struct SubmissionError: Hashable, Sendable {
  package var line: Int
  package var message: String

  package init(line: Int, message: String) {
    self.line = line
    self.message = message
  }
}

/// What a submission came to in its process.
package struct SubmissionAnswers: Hashable, Sendable {
  /// One for each name that was asked for, in order.
  package var values: [SubmittedValue]
  /// Its own checks with the right functions, then with each wrong one: a list for each, nil where
  /// there was no time; empty where it has none.
  package var tests: [[SubmittedCheck]?] = []
  package var errors: [SubmissionError] = []
  /// What it printed; control characters are made visible.
  package var output = ""
  /// The limit that ended the run or a part of it, as a sentence.
  package var limit: String?
  /// Why it was not run.
  package var refusal: String?

  package init(values: [SubmittedValue]) {
    self.values = values
  }

  package init(refusing submission: SubmissionRequest, because reason: String) {
    values = submission.wanted.map { _ in .missing }
    refusal = reason
  }

  /// Errors that are kept.
  package static let mostErrors = 100
}

/// How the process of a submission ended, and what it answered.
package struct SubmissionOutcome: Hashable, Sendable {
  package enum Status: Hashable, Sendable {
    case finished
    /// It wanted more than it may use: `stopped after 10 seconds`.
    case limit(String)
    /// It was not run.
    case refused(String)
    /// It ended without an answer.
    case crash(String)
  }

  package var status: Status
  /// One for each name that was asked for.
  package var values: [String: SubmittedValue]
  package var tests: [[SubmittedCheck]?] = []
  package var errors: [SubmissionError] = []
  package var output = ""

  /// What came of a process that gave no answer.
  init(_ status: Status, _ submission: SubmissionRequest) {
    self.status = status
    values = Dictionary(
      submission.wanted.map { ($0, .missing) }, uniquingKeysWith: { first, _ in first })
  }

  init(_ answers: SubmissionAnswers, _ submission: SubmissionRequest) {
    status =
      answers.refusal.map { .refused($0) } ?? answers.limit.map { .limit($0) } ?? .finished
    values = Dictionary(
      zip(submission.wanted, answers.values), uniquingKeysWith: { first, _ in first })
    tests = answers.tests
    errors = answers.errors
    output = answers.output
  }
}
