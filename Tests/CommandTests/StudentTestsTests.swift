import Foundation
import Testing

/// Students' own tests from the sheet to the mark: `bp sheet`, `bp check`, `bp grade`.
@Suite struct StudentTestsTests {
  private static let key = """
    param w1 = 0.8, w2 = -0.5, b = 0.3
    exercise "The output" points=1 {
      answer y "the output for x1 = 0.5 and x2 = -1"
      check y ≈ sigmoid(w1*0.5 - w2 + b), "the output"
    }
    exercise "Tests of a unit" points=10 {
      task "Write checks of unit(x1, x2) with the weights {w1}, {w2} and the bias {b}."
      tests {
        unit(x1, x2) = sigmoid(w1*x1 + w2*x2 + b)
        unit(0.5, -1)
      }
    }

    """
  /// One check that every wrong function fails, and what it needs.
  private static let strong = "check unit(0.5, -1) ≈ sigmoid(1.2), \"a case by hand\""
  /// One that a wrong bias fails and little else.
  private static let weak = "check unit(0, 0) ≈ sigmoid(0.3)"

  private struct Mark {
    var points: Double
    var reasons: [String]
    var status: String
  }

  /// The marks of the tests of each submission, and of its answer.
  private func marks(
    _ texts: [String], key: String = StudentTestsTests.key
  ) throws -> [(tests: Mark, answer: Double)] {
    let folder = try Folder()
    try folder.write(key, to: "key.bp")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "in"), withIntermediateDirectories: false)
    for (place, text) in texts.enumerated() {
      try folder.write(text, to: "in/s\(100 + place).bp")
    }
    let result = try Program.run(
      "grade", "key.bp", "in", "--as", "json", "--max-time", "5", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let submissions = try #require(report["submissions"] as? [[String: Any]])
    return try submissions.map { submission in
      let parts = try #require(submission["parts"] as? [[String: Any]])
      let last = try #require(parts.last)
      return (
        Mark(
          points: (last["points"] as? NSNumber)?.doubleValue ?? -1,
          reasons: last["reasons"] as? [String] ?? [],
          status: "\(submission["status"] ?? "")"),
        (parts[0]["points"] as? NSNumber)?.doubleValue ?? -1
      )
    }
  }

  private func tests(_ body: String) -> String {
    "exercise \"Tests\" {\n  tests {\n\(body)\n  }\n}\n"
  }

  @Test func checksEarnTheShareOfTheWrongFunctionsThatTheyCatch() throws {
    let marks = try marks([tests(Self.strong), tests(Self.weak), tests(""), ""])
    #expect(marks[0].tests.points == 10)
    #expect(marks[0].tests.reasons.first?.hasPrefix("catches: ") == true)
    #expect(marks[1].tests.points > 0 && marks[1].tests.points < 10)
    let reasons = marks[1].tests.reasons
    #expect(reasons.first?.contains("b is forgotten in the sum") == true)
    #expect(reasons.last?.hasPrefix("lets through: ") == true)
    #expect(reasons.last?.contains("x1 and x2 are exchanged") == true)
    #expect(marks[2].tests.points == 0 && marks[3].tests.points == 0)
  }

  @Test func aWrongCheckIsNamedWithItsLineAndNotUsed() throws {
    let marks = try marks([
      tests("check unit(0, 0) ≈ 0.5"), tests("check unit(0, 0) ≈ 0.5\n" + Self.strong),
      tests("check unti(0, 0) ≈ 0.5\nq = = 3\n" + Self.strong),
    ])
    #expect(marks[0].tests.points == 0)
    #expect(marks[0].tests.reasons[0].hasPrefix("line 3: "))
    #expect(marks[1].tests.points == 10)
    #expect(marks[2].tests.points == 10)
    #expect(marks[2].tests.reasons[0] == "line 3: there is no function unti, so it is not used")
  }

  @Test func whatASubmissionDefinesIsNotWhatItsChecksAreAbout() throws {
    let marks = try marks([
      "unit(x1, x2) = 0.25\n" + tests("check unit(0.5, -1) ≈ 0.25"),
      tests("unit(x1, x2) = 0.25\ncheck unit(0.5, -1) ≈ 0.25"),
      tests("unit = 3\ncheck unit == 3"),
      "w1 = 1\nb = 7\nsigmoid(x) = 0\n" + tests("check unit(0.5, -1) ≈ 0.76852478"),
      "unit(a) = 1\n" + tests(Self.strong), tests("unit(a) = 1\n" + Self.strong),
    ])
    #expect(marks.map(\.tests.points) == [0, 0, 0, 10, 10, 10])
  }

  @Test func theRightFunctionGivesNoAnswerAway() throws {
    let marks = try marks([
      tests("y = unit(0.5, -1)\n" + Self.strong), "y = 0.7685\n" + tests(Self.strong),
    ])
    #expect(marks.map(\.answer) == [0, 1])
    #expect(marks.map(\.tests.points) == [10, 10])
  }

  @Test func hostileTestsEndAndTheAnswersCount() throws {
    let answer = "y = 0.7685\n"
    let marks = try marks([
      answer + tests(Self.strong + "\nwhile true { }"),
      answer + tests("exit 0\n" + Self.strong),
      answer + tests("f(x) = f(x)\nf(1)\n" + Self.strong),
      answer + tests("repeat 1000 { check true }\n" + Self.strong),
      answer + tests("unit(sin, 1)\nunit(unit, unit)\nunit()\nprint unit\n" + Self.strong),
      answer + tests("a = []\nwhile true { a = append a (zeros 1000000) }"),
      answer + tests("g = unit\ng(1, 2)\nmap(x -> unit(x, 1), [1, 2])\n" + Self.strong),
    ])
    #expect(marks.count == 7)
    #expect(marks.map(\.answer) == [1, 1, 1, 1, 1, 1, 1])
    #expect(marks[2].tests.points == 10 && marks[4].tests.points == 10)
    #expect(marks[6].tests.points == 10)
    // The program is not left: there is no way out of a process that answers.
    #expect(marks[1].tests.points == 10)
  }

  @Test func aSheetIsCheckedWithoutTheFunction() throws {
    let folder = try Folder()
    try folder.write(Self.key, to: "key.bp")
    let sheet = try Program.run("sheet", "key.bp", in: folder)
    #expect(sheet.status == 0, "\(sheet.errors)")
    #expect(!sheet.output.contains("unit(x1, x2) ="))
    try folder.write(sheet.output, to: "sheet.bp")
    let empty = try Program.run("check", "sheet.bp", in: folder)
    #expect(empty.output.contains("no checks are written in tests yet"))
    let filled = sheet.output.replacingOccurrences(
      of: "    # Write", with: "    \(Self.strong)\n    \(Self.weak)\n    # Write")
    try folder.write(
      filled.replacingOccurrences(of: "y = ___", with: "y = 0.7685"), to: "sheet.bp")
    let checked = try Program.run("check", "sheet.bp", in: folder)
    #expect(checked.output.contains("2 checks are written in tests: they run when they are graded"))
    #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
    let graded = try Program.run("grade", "key.bp", "sheet.bp", in: folder)
    #expect(graded.output.contains("11 of 11"), "\(graded.output)")
  }
}
