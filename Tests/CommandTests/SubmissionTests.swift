import Foundation
import Sandbox
import Testing

/// Submissions in processes of the built program.
@Suite struct SubmissionTests {
  private func runner() throws -> SubmissionRunner {
    var runner = SubmissionRunner()
    runner.program = try Program.url.path
    return runner
  }

  private func outcome(
    _ text: String, _ wanted: String..., change: (inout SubmissionRequest) -> Void = { _ in }
  ) throws -> SubmissionOutcome {
    var submission = SubmissionRequest(text, name: "ada.bp", wanted: wanted)
    change(&submission)
    return try runner().run(submission)
  }

  @Test func valuesComeByValue() throws {
    let outcome = try outcome(
      """
      z = 0.5 + 0.25; b = 1 > 2; s = "a\\tcat"; v = [1, 2.50]; W = [1,2,3; 4,5,6]; U = [[1, -2.0], [3, 4]]; u = 2*v
      net = mlp [2,1] linear; f(x) = 2*x; l = [1, "a"]; e = []; r = [k: 1]
      param w = 0.5
      """, "z", "b", "s", "v", "W", "U", "u", "e", "net", "f", "l", "none", "w", "pi", "r")
    #expect(outcome.status == .finished)
    #expect(outcome.errors.isEmpty)
    #expect(
      outcome.values == [
        "z": .number(0.75, literal: nil), "b": .truth(false), "s": .text("a\tcat"),
        "v": .vector([1, 2.5], literals: ["1", "2.50"]),
        "W": .matrix(
          [1, 2, 3, 4, 5, 6], rows: 2, columns: 3, literals: ["1", "2", "3", "4", "5", "6"]),
        "U": .matrix([1, -2, 3, 4], rows: 2, columns: 2, literals: ["1", "-2.0", "3", "4"]),
        "u": .vector([2, 5], literals: nil), "e": .vector([], literals: nil),
        "net": .other("a net"), "f": .other("a function"), "l": .other("a list of 2"),
        "none": .missing, "w": .number(0.5, literal: nil), "pi": .missing,
        "r": .other("a record"),
      ])
  }

  @Test(
    arguments: [
      ("z = 0.5930", 0.593, "0.5930"), ("z = -.59330", -0.5933, "-.59330"), ("z = 12", 12, "12"),
      ("z = 1\nz = (2.50)", 2.5, "2.50"), ("z = 1e-3", 0.001, "1e-3"),
      ("exercise \"A\" {\n  z = 0.10\n}", 0.1, "0.10"), ("z = 0.5 + 0", 0.5, nil),
      ("z = 2.50; z += 1", 3.5, nil), ("z = 2.50; z = z", 2.5, nil),
      ("z = 1.0\nif true { z = 2 }", 2, nil), ("z, y = [0.5, 1]", 0.5, nil),
      ("z = 1_000", 1000, "1_000"),
    ] as [(String, Double, String?)])
  func aNumberComesAsItIsWritten(text: String, number: Double, literal: String?) throws {
    #expect(try outcome(text, "z").values["z"] == .number(number, literal: literal))
  }

  @Test func whatIsOpenAndWhatStoppedIsTold() throws {
    let outcome = try outcome(
      "a = ___\nb = 2*a\nc = nonsense\nd = c + 1\nf = 3\nf = ___\ng = 4", "a", "b", "c", "d", "f",
      "g")
    #expect(outcome.status == .finished)
    #expect(
      outcome.values == [
        "a": .notFilledIn, "b": .notFilledIn, "c": .stopped, "d": .stopped, "f": .notFilledIn,
        "g": .number(4, literal: "4"),
      ])
    #expect(outcome.errors.map { $0.line } == [3])
    #expect(outcome.errors[0].message.contains("nonsense has no value"))
  }

  @Test func aSyntaxErrorLosesItsLineOnly() throws {
    let outcome = try outcome("a = 1\nb = 2 +* 3\nc = 4\nprint a", "a", "b", "c")
    #expect(outcome.status == .finished)
    #expect(outcome.values["a"] == .number(1, literal: "1"))
    #expect(outcome.values["b"] == .missing)
    #expect(outcome.values["c"] == .number(4, literal: "4"))
    #expect(outcome.errors.map { $0.line } == [2])
    #expect(outcome.output == "1\n")
  }

  @Test func whatItPrintsIsKeptAndHarmless() throws {
    let outcome = try outcome("print \"\\u{1b}[2Jhello\\u{7}\\u{202e}\"\nz = \"\\u{1b}]0;t\"", "z")
    #expect(outcome.output == "\\u{1b}[2Jhello\\u{7}\\u{202e}\n")
    #expect(outcome.values["z"] == .text("\\u{1b}]0;t"))
  }

  private static let hostile:
    [(text: String, status: @Sendable (SubmissionOutcome.Status) -> Bool)] = [
      ("while true { y = 1 }", { $0 == .limit("stopped after 1000000 steps") }),
      ("f(n) = f(n + 1)\nf 1", { $0 == .limit("more than 1000 calls are under way at once") }),
      ("x = zeros 40000 40000", isLimit),
      ("xs = [0]\nwhile true { xs = concat xs xs }", isLimit),
      ("s = \"ab\"\nwhile true { s = s + s }", isLimit),
      ("while true { print \"0123456789\" }", isLimit),
      ("exit", { $0 == .finished }), ("exit 7", { $0 == .finished }),
      ("x = load \"/etc/passwd\"", { $0 == .finished }),
      ("save 1 \"x.json\"", { $0 == .finished }), ("import \"../key.bp\"", { $0 == .finished }),
      ("sigmoid(x) = 1\ncheck(x) = true", { $0 == .finished }),
      (String(repeating: "(", count: 100_000), { $0 == .finished }),
      (
        String(repeating: "x = 1\n", count: 200_000),
        { if case .refused = $0 { true } else { false } }
      ),
      ("\u{0}\u{1B}[2J\u{202E}", { $0 == .finished }),
      ("net = mlp [1000,2000,2000,2000,1] relu linear", isLimit),
      ("train (mlp [2,50,1] relu sigmoid) circles epochs=1000000", isLimit),
    ]

  @Sendable private static func isLimit(_ status: SubmissionOutcome.Status) -> Bool {
    if case .limit = status { true } else { false }
  }

  /// Each gets a status, and the one behind it is run.
  @Test func noneHarmsTheNext() throws {
    var submissions: [SubmissionRequest] = []
    for (text, _) in Self.hostile {
      var submission = SubmissionRequest(
        text, name: "\u{1B}[31m..\n/ada.bp", wanted: ["z", "\u{1B}"])
      submission.limits.seconds = 2
      submission.limits.steps = 1_000_000
      submission.limits.memoryBytes = 1 << 28
      submissions += [submission, SubmissionRequest("z = 1", name: "b.bp", wanted: ["z"])]
    }
    let outcomes = try runner().run(submissions)
    #expect(outcomes.count == submissions.count)
    for (place, (text, isRight)) in Self.hostile.enumerated() {
      #expect(isRight(outcomes[2 * place].status), "\(text.prefix(60)): \(outcomes[2 * place])")
      #expect(outcomes[2 * place].values["z"] == .missing)
      #expect(outcomes[2 * place + 1].values["z"] == .number(1, literal: "1"))
      #expect(outcomes[2 * place + 1].status == .finished)
    }
  }

  @Test func whatStandsBeforeALimitIsKept() throws {
    let outcome = try outcome("z = 2\nwhile true { y = 1 }\nx = 3", "z") {
      $0.limits.steps = 10_000
    }
    #expect(outcome.status == .limit("stopped after 10000 steps"))
    #expect(outcome.values["z"] == .number(2, literal: "2"))
  }

  @Test func onlyNamedFilesAreRead() throws {
    let folder = try Folder()
    try folder.write("a,b\n1,2\n3,4\n", to: "data.csv")
    try folder.write("secret = 42", to: "key.bp")
    let text = "n = length (csv \"data.csv\")\nimport \"key.bp\"\nz = 1"
    let named = try outcome(text, "n", "secret", "z") {
      $0.folder = folder.url.path
      $0.readable = ["data.csv"]
    }
    #expect(named.values["n"] == .number(2, literal: nil), "\(named)")
    #expect(named.values["secret"] == .missing && named.values["z"] == .number(1, literal: "1"))
    #expect(
      named.errors.map { $0.message } == [
        "key.bp cannot be read: files are closed in the sandbox"
      ])
    let closed = try outcome(text, "n") { $0.folder = folder.url.path }
    #expect(closed.values["n"] == .stopped)
    #expect(
      try outcome(text, "n") { $0.folder = "/none" }.status
        == .refused("the folder /none cannot be opened"))
    #expect(
      try outcome(text, "n") { $0.readable = ["/none"] }.status
        == .refused("/none cannot be opened: no such file or directory"))
  }

  /// Programs in the place of bp: what they answer is nobody's word.
  @Test(arguments: [
    ("#!/bin/sh\nkill -SEGV $$", "ended by signal 11 (segmentation fault)"),
    ("#!/bin/sh\nexit 3", "ended with status 3 and without an answer"),
    ("#!/bin/sh\nexit 0", "ended without an answer"),
    ("#!/bin/sh\necho fake", "ended without an answer"),
  ])
  func aProcessThatEndsOtherwiseHasCrashed(script: String, sentence: String) throws {
    #expect(try outcome(of: script).status == .crash(sentence))
  }

  @Test func aProcessThatAnswersWithoutEndIsEnded() throws {
    guard case .limit(let sentence) = try outcome(of: "#!/bin/sh\nexec cat /dev/zero").status else {
      Issue.record("no limit")
      return
    }
    #expect(sentence.hasPrefix("its answer is larger than "))
  }

  /// Also one that closes its output, and what it began.
  @Test(arguments: ["sleep 60", "sleep 60 & sleep 60", "exec >&-; sleep 60"])
  func aProcessThatDoesNotEndIsEnded(command: String) throws {
    let start = Date.now
    #expect(
      try outcome(of: "#!/bin/sh\n\(command)").status == .limit("stopped after 0.2 seconds"))
    #expect(Date.now.timeIntervalSince(start) < 10)
  }

  @Test func whatAProcessLeavesBehindEndsWithIt() throws {
    let folder = try Folder()
    let mark = folder.url.appending(path: "late").path
    #expect(
      try outcome(of: "#!/bin/sh\n(sleep 0.5; echo >'\(mark)') & echo fake").status
        == .crash("ended without an answer"))
    Thread.sleep(forTimeInterval: 1)
    #expect(!folder.files.contains("late"))
  }

  private func outcome(of script: String) throws -> SubmissionOutcome {
    let folder = try Folder()
    try folder.write(script, to: "program")
    let path = folder.url.appending(path: "program").path
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    var runner = try runner()
    runner.program = path
    var submission = SubmissionRequest("z = 1", name: "ada.bp", wanted: ["z"])
    submission.limits.seconds = 0.2
    // A program that another test began meanwhile holds the new file open for a moment.
    for _ in 0..<100 {
      let outcome = runner.run(submission)
      guard case .refused = outcome.status else { return outcome }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return runner.run(submission)
  }

  @Test func aProgramThatIsNotThereIsSaid() throws {
    var runner = try runner()
    runner.program = "/none"
    #expect(
      runner.run(SubmissionRequest("", name: "a", wanted: [])).status
        == .refused("no process could be started for it"))
  }

  @Test func anInterruptEndsAll() throws {
    var runner = try runner()
    let start = Date.now
    runner.isInterrupted = { Date.now.timeIntervalSince(start) > 0.3 }
    let outcomes = runner.run(
      (0..<20).map { _ in SubmissionRequest("while true { y = 1 }", name: "a", wanted: []) })
    #expect(outcomes.last?.status == .refused("interrupted"))
    #expect(Date.now.timeIntervalSince(start) < 5)
  }
}
