/// Functions that the checks of a submission are run against: right, then each wrong one.
package struct SubmissionTests: Hashable, Sendable {
  package struct WrongFunction: Hashable, Sendable {
    package var function: String
    /// The name of the misconception.
    package var name: String
    /// What tells one place of the misconception from another.
    package var description: String

    package init(function: String, name: String, description: String) {
      (self.function, self.name, self.description) = (function, name, description)
    }
  }

  /// A text that makes the functions.
  package var definitions: String
  package var functions: [String]
  package var wrong: [WrongFunction]

  package init(definitions: String, functions: [String], wrong: [WrongFunction]) {
    (self.definitions, self.functions, self.wrong) = (definitions, functions, wrong)
  }

  /// Runs of the submission: with the right functions, and with each wrong one.
  package var runs: Int { wrong.count + 1 }
}

/// What became of one check in one run.
package struct SubmittedCheck: Hashable, Sendable {
  package enum Outcome: UInt8, Hashable, Sendable, CaseIterable {
    case holds, fails, open, stopped
  }

  /// Where its condition begins, in bytes.
  package var place: Int
  package var line: Int
  package var outcome: Outcome
  /// Why it stopped; empty for the others.
  package var message: String

  package init(place: Int, line: Int, outcome: Outcome, message: String = "") {
    (self.place, self.line, self.outcome, self.message) = (place, line, outcome, message)
  }

  /// Checks of one run that are kept.
  package static let most = 200
  /// Bytes of a message that is kept.
  package static let mostBytes = 500
}

// MARK: Messages

extension SubmissionTests {
  func write(to writer: inout MessageWriter) {
    writer.write(definitions)
    writer.write(functions) { $1.write($0) }
    writer.write(wrong) { wrong, writer in
      writer.write(wrong.function)
      writer.write(wrong.name)
      writer.write(wrong.description)
    }
  }

  init(from reader: inout MessageReader) throws(BrokenMessage) {
    definitions = try reader.text(to: .max)
    functions = try reader.list(to: .max) { reader throws(BrokenMessage) in
      try reader.text(to: .max)
    }
    wrong = try reader.list(to: .max) { reader throws(BrokenMessage) in
      WrongFunction(
        function: try reader.text(to: .max), name: try reader.text(to: .max),
        description: try reader.text(to: .max))
    }
  }

  /// More bytes than the checks of all runs have.
  var mostBytes: Int {
    let run = 16 + SubmittedCheck.most * (32 + SubmittedCheck.mostBytes)
    let (most, overflow) = run.multipliedReportingOverflow(by: runs)
    return overflow ? .max / 2 : most
  }
}

extension SubmittedCheck {
  private static let mostPlace = 1 << 40

  func write(to writer: inout MessageWriter) {
    writer.write(place)
    writer.write(line)
    writer.write(outcome.rawValue)
    writer.write(message)
  }

  init(from reader: inout MessageReader) throws(BrokenMessage) {
    place = try reader.count(to: Self.mostPlace)
    line = try reader.count(to: Self.mostPlace)
    guard let outcome = Outcome(rawValue: try reader.byte()) else { throw BrokenMessage() }
    self.outcome = outcome
    message = try reader.visibleText(to: Self.mostBytes)
  }

  /// The checks of all runs to the tests of a submission: one list for each, or none at all.
  static func runs(
    of tests: SubmissionTests?, from reader: inout MessageReader
  ) throws(BrokenMessage) -> [[SubmittedCheck]?] {
    let most = tests?.runs ?? 0
    let runs = try reader.list(to: most) { reader throws(BrokenMessage) -> [SubmittedCheck]? in
      guard try reader.flag() else { return nil }
      return try reader.list(to: Self.most) { reader throws(BrokenMessage) in
        try SubmittedCheck(from: &reader)
      }
    }
    guard runs.isEmpty || runs.count == most else { throw BrokenMessage() }
    return runs
  }
}
