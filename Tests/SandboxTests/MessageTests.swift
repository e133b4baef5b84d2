import Sandbox
import Testing

@Suite struct MessageTests {
  private static let submission: SubmissionRequest = {
    var submission = SubmissionRequest(
      "z = 0.5933\nprint z", name: "ada.bp", wanted: ["z", "y", "W", "v", "t", "s", "a", "b", "c"])
    submission.folder = "/home/ada"
    submission.readable = ["grades.csv"]
    submission.limits.seconds = 2.5
    submission.tests = SubmissionTests(
      definitions: "unit(x) = x", functions: ["unit"],
      wrong: [.init(function: "unit", name: "termForgotten", description: "b is forgotten")])
    return submission
  }()

  private static let answers: SubmissionAnswers = {
    var answers = SubmissionAnswers(values: [
      .number(-0.5933, literal: "-.59330"), .number(.nan, literal: nil),
      .matrix([1, 2, 3, 4, 5, 6], rows: 2, columns: 3, literals: nil),
      .vector([0.5, 2], literals: ["0.50", "2"]), .truth(true),
      .text("a cat\n\"öß\""), .notFilledIn, .stopped, .other("a net"),
    ])
    answers.tests = [
      [
        SubmittedCheck(place: 30, line: 4, outcome: .holds),
        SubmittedCheck(place: 60, line: 5, outcome: .stopped, message: "there is no function f"),
      ], nil,
    ]
    answers.errors = [SubmissionError(line: 2, message: "xz has no value")]
    answers.output = "0.5933\n"
    answers.limit = "stopped after 10 seconds"
    return answers
  }()

  @Test func aSubmissionArrivesAsItWasSent() throws {
    #expect(try SubmissionRequest(message: Self.submission.message) == Self.submission)
  }

  @Test func answersArriveAsTheyWereGiven() throws {
    let arrived = try SubmissionAnswers(message: Self.answers.message, to: Self.submission)
    // One of the numbers is none, which no number equals.
    #expect(arrived.message == Self.answers.message)
    #expect(arrived.values[0] == .number(-0.5933, literal: "-.59330"))
    #expect(arrived.errors == Self.answers.errors && arrived.output == Self.answers.output)
    #expect(arrived.tests == Self.answers.tests)
    #expect(arrived.limit == Self.answers.limit && arrived.refusal == nil)
  }

  @Test func answersThatAreCutOffAreNone() {
    let message = Self.answers.message
    for count in message.indices {
      #expect(throws: BrokenMessage.self) {
        try SubmissionAnswers(message: Array(message[..<count]), to: Self.submission)
      }
    }
    #expect(throws: BrokenMessage.self) {
      try SubmissionAnswers(message: message + [0], to: Self.submission)
    }
  }

  /// Whatever bytes a process writes: they are answers as a process could have meant them, or none.
  @Test func noBytesDoMoreThanFail() throws {
    var random = SystemRandomNumberGenerator()
    let message = Self.answers.message
    for round in 0..<50_000 {
      var bytes: [UInt8]
      if round % 2 == 0 {
        bytes = message
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let place = bytes.indices.randomElement(using: &random) ?? 0
          bytes[place] =
            [0, 1, 2, 127, 128, 255, .random(in: 0...255, using: &random)]
            .randomElement(using: &random) ?? 0
        }
      } else {
        bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
          .random(in: 0...9, using: &random)
        }
      }
      guard let answers = try? SubmissionAnswers(message: bytes, to: Self.submission) else {
        continue
      }
      #expect(answers.message == bytes)
      #expect(answers.values.count == Self.submission.wanted.count)
      let texts =
        [answers.output, answers.limit ?? "", answers.refusal ?? ""]
        + answers.errors.map { $0.message }
        + answers.tests.flatMap { $0 ?? [] }.map { $0.message }
      #expect(texts.allSatisfy { !$0.unicodeScalars.contains("\u{1B}") })
    }
  }

  @Test func checksOfOtherRunsThanAreAskedForAreNoAnswers() throws {
    func arrives(_ runs: [[SubmittedCheck]?], _ submission: SubmissionRequest) -> Bool {
      var answers = Self.answers
      answers.tests = runs
      return (try? SubmissionAnswers(message: answers.message, to: submission)) != nil
    }
    let check = SubmittedCheck(place: 1, line: 1, outcome: .fails)
    #expect(arrives([], Self.submission) && arrives([nil, [check]], Self.submission))
    #expect(!arrives([[check]], Self.submission))
    #expect(!arrives([[check], nil, nil], Self.submission))
    #expect(arrives([Array(repeating: check, count: SubmittedCheck.most), nil], Self.submission))
    #expect(
      !arrives([Array(repeating: check, count: SubmittedCheck.most + 1), nil], Self.submission))
    var other = Self.submission
    other.tests = nil
    #expect(arrives([], other) && !arrives([nil, nil], other))
    for message in ["\u{1B}[2J", String(repeating: "a", count: 1000)] {
      let odd = SubmittedCheck(place: 1, line: 1, outcome: .stopped, message: message)
      #expect(!arrives([[odd], nil], Self.submission))
    }
  }

  @Test func textsThatActOnATerminalAreNoAnswers() {
    for text in ["\u{1B}[2J", "\u{7}", "\u{9B}31m", "\r", "\u{202E}abc", "\u{7F}"] {
      var answers = Self.answers
      answers.output = text
      #expect(throws: BrokenMessage.self) {
        try SubmissionAnswers(message: answers.message, to: Self.submission)
      }
      answers = Self.answers
      answers.values[5] = .text(text)
      #expect(throws: BrokenMessage.self) {
        try SubmissionAnswers(message: answers.message, to: Self.submission)
      }
    }
  }

  @Test func moreNumbersThanAreAllowedAreNoAnswer() {
    var answers = Self.answers
    let count = SubmittedValue.mostNumbers
    answers.values[3] = .vector([Double](repeating: 1, count: count), literals: nil)
    #expect((try? SubmissionAnswers(message: answers.message, to: Self.submission)) != nil)
    answers.values[3] = .vector([Double](repeating: 1, count: count + 1), literals: nil)
    #expect((try? SubmissionAnswers(message: answers.message, to: Self.submission)) == nil)
    answers.values[3] = .matrix([1, 2, 3], rows: 2, columns: 2, literals: nil)
    #expect((try? SubmissionAnswers(message: answers.message, to: Self.submission)) == nil)
    answers.values[3] = .vector([1, 2], literals: ["1"])
    #expect((try? SubmissionAnswers(message: answers.message, to: Self.submission)) == nil)
    answers.values[3] = .vector([1, 2], literals: ["1", "\u{1B}"])
    #expect((try? SubmissionAnswers(message: answers.message, to: Self.submission)) == nil)
  }
}
