import Foundation
import Testing

@Suite struct CheckTests {
  static let task = """
    y = ___
    exercise "Double" points=2 {
      hint "Twice."
      check y == 4, "2 and 2"
      mistake y == 2, "Once only."
    }

    """

  private func result(_ answer: String, _ options: String...) throws -> Program.Result {
    let folder = try Folder()
    try folder.write(Self.task.replacing("___", with: answer), to: "task.bp")
    return options.isEmpty
      ? try Program.run("check", "task.bp", in: folder)
      : try Program.run("check", options[0], "task.bp", in: folder)
  }

  @Test func aSolvedExerciseIsZero() throws {
    let result = try result("2*2")
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(
      result.output == """
        Double: 2 of 2 points
          holds  4  y == 4

        2 of 2 points: 1 check holds

        """)
  }

  @Test func aWrongAnswerIsOneAndNamed() throws {
    let result = try result("2")
    #expect(result.status == 1)
    #expect(result.output.contains("fails  4  y == 4\n            found 2: 2 and 2\n"))
    #expect(result.output.contains("mistake: Once only."))
    #expect(result.output.contains("1 hint: --hint shows it"))
    #expect(try self.result("2", "--hint").output.contains("hint: Twice."))
  }

  @Test func theExercisesOfBpAreListedAndCopiedOnce() throws {
    let folder = try Folder()
    #expect(try Program.run("exercises", in: folder).output.contains("forward_pass"))
    #expect(try Program.run("exercises", "forward_pass", in: folder).status == 0)
    #expect(try Program.run("check", "forward_pass.bp", in: folder).status == 1)
    #expect(
      try Program.run("exercises", in: folder).output.contains("Forward pass (0 of 4 points)"))
    let again = try Program.run("exercises", "forward_pass", in: folder)
    #expect(again.status == 3)
    #expect(again.errors.contains("forward_pass.bp is there already"))
    #expect(
      try Program.run("exercises", "forwardpass", in: folder).errors
        .contains("did you mean forward_pass?"))
  }

  /// What the checks call belongs to the exercise and to bp, whatever the imported file gives values.
  @Test(arguments: [
    "f(x) = 0\nsolution(x) = 0\n", "f(x) = 0\nif true { solution(x) = 0 }\n",
    "f(x) = 0\nsolution = x -> 0\n", "f(x) = 0\nabs(x) = 0\nsolution(x) = 0\n",
    "f(x) = 0\nimport \"inner.bp\"\n", "f(x) = 0\nsolution, g = [x -> 0, 1]\n",
    "f(x) = 0\nfor solution in [x -> 0] { g = 1 }\n", "f(x) = 0\ntable[1] = 0\ne = 0\n",
  ]) func aSubmissionCannotChangeWhatTheChecksCall(_ submission: String) throws {
    let folder = try Folder()
    try folder.write("solution(x) = 0\n", to: "inner.bp")
    try folder.write(submission, to: "submission.bp")
    try folder.write(
      """
      solution(x) = x^2
      table = [9]
      import "submission.bp"
      exercise "Square" points=2 {
        check f(3) == solution(3)
        check abs(f(5) - 25) < e and f(3) == table[1]
      }

      """, to: "key.bp")
    let result = try Program.run("check", "key.bp", in: folder)
    #expect(result.status != 0)
    #expect(result.output.contains("0 of 2 points"), "\(result.output)")
    #expect(result.errors.contains("a file that an exercise imports cannot change"))
    try folder.write("square(x) = x^2\nf(x) = square(x)\n", to: "submission.bp")
    #expect(try Program.run("check", "key.bp", in: folder).status == 0)
  }

  @Test func whatIsNotFilledInIsOneAndOpen() throws {
    let result = try result("___")
    #expect(result.status == 1)
    #expect(result.errors == "")
    #expect(result.output.contains("open   4  y == 4\n"))
    #expect(result.output.contains("0 of 2 points: 1 is open; not filled in yet: line 1"))
  }

  @Test func errorsAreAsForScripts() throws {
    let syntax = try result("(1")
    #expect(syntax.status == 2)
    #expect(syntax.output == "")
    let runtime = try result("nonsense")
    #expect(runtime.status == 3)
    #expect(runtime.errors.contains("task.bp:1"))
    #expect(runtime.output.contains("line 1 stopped with an error"))
    #expect(try result("{ f(x) = f(x); f 1 }").status != 0)
    #expect(try Program.run("check", "-", input: "f(x) = f(x)\ncheck f(1) == 1").status == 4)
    #expect(try Program.run("check", "missing.bp").status == 3)
  }

  @Test func jsonIsOneObjectWhateverHappens() throws {
    for (answer, status, solved) in [
      ("2*2", 0, true), ("2", 1, false), ("___", 1, false), ("nonsense", 3, false),
      ("(1", 2, false),
    ] {
      let result = try result(answer, "--json")
      #expect(result.status == Int32(status))
      #expect(result.errors == "")
      let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      #expect((object as? [String: Any])?["solved"] as? Bool == solved)
    }
  }

  @Test("A note is no error: everything holds, and it stands beside the errors")
  func notesAreNoErrors() throws {
    let text = "y = 0/0\ncheck 1 == 1\n"
    let plain = try Program.run("check", "-", input: text)
    #expect(plain.status == 0)
    #expect(plain.errors.contains("note: 0 / 0 is nan"))
    let json = try Program.run("check", "--json", "-", input: text)
    #expect(json.status == 0)
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["solved"] as? Bool == true)
    #expect((object?["errors"] as? [Any])?.isEmpty == true)
    #expect((object?["notes"] as? [Any])?.count == 1)
  }

  @Test("With --json every failure is JSON: no file, wrong usage, a closed device")
  func everyFailureIsJSON() throws {
    let report = try Program.run("check", "--json", "missing.bp")
    #expect(report.status == 3)
    let object =
      try JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any]
    #expect(object?["solved"] as? Bool == false)
    let errors = object?["errors"] as? [[String: Any]]
    #expect((errors?.first?["message"] as? String)?.hasPrefix("missing.bp cannot be read") == true)
    for arguments in [
      ["--json", "missing.bp"], ["--json", "--max-steps=0", "-e", "1"], ["--json", "--nonsense"],
      ["check", "--json"], ["--json", "-e", "print 1/0; nonsense"],
    ] {
      let result = try Program.run(arguments)
      #expect(result.status != 0)
      let lines = result.errors.split(separator: "\n")
      #expect(!lines.isEmpty, "\(arguments)")
      for line in lines {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(object?["message"] is String, "\(arguments): \(line)")
      }
    }
  }

  @Test("Points stay numbers, however many are given")
  func pointsAreBounded() throws {
    let result = try Program.run(
      "check", "--json", "-", input: "exercise \"a\" points=1e308 { check true }\n")
    #expect(result.output.contains("points are a number above 0, of at most a million"))
    #expect(!result.output.contains("inf"))
  }

  @Test func whatTheFilePrintsComesFirst() throws {
    let result = try Program.run("check", "-", input: "print \"hello\"\ncheck true\n")
    #expect(result.output.hasPrefix("hello\n\nChecks outside of an exercise\n"))
  }
}
