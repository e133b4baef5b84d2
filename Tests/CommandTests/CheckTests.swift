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
    #expect(result.output.contains("hint: Twice."))
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

  @Test func whatTheFilePrintsComesFirst() throws {
    let result = try Program.run("check", "-", input: "print \"hello\"\ncheck true\n")
    #expect(result.output.hasPrefix("hello\n\nChecks outside of an exercise\n"))
  }
}
