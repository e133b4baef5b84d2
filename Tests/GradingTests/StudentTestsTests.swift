import Glibc
import Language
import Library
import TestSupport
import Testing

@testable import Grading

/// A student's own checks, run against the right function and against wrong ones.
@Suite struct StudentTestsTests {
  private let unit = """
    param w1 = 0.8, w2 = -0.5
    b = 0.3
    exercise "Tests of a unit" points=3 {
      task "Write checks of unit(x1, x2) with the weights {w1}, {w2} and the bias {b}."
      tests {
        unit(x1, x2) = sigmoid(w1*x1 + w2*x2 + b)
        unit(0.5, -1)
      }
    }
    """

  private func host() -> Host { Host(write: { _ in true }, report: { _ in }) }

  private func tests(of text: String, id: String = "4711") throws -> StudentTests {
    try #require(try grader(text).tests(for: id))
  }

  private func functions(of tests: StudentTests) throws -> TestedFunctions {
    try TestedFunctions(
      tests.definitions, making: tests.functions, catalog: .standard, host: host())
  }

  /// What a script gives for a name that calls the function.
  private func value(
    _ script: String, _ function: Function?, named name: String = "unit"
  ) throws -> Double? {
    let interpreter = Interpreter(catalog: .standard, host: host())
    interpreter.runtime.setGlobal(name, to: .function(try #require(function)))
    _ = interpreter.run(script, name: "script.bp")
    return interpreter.runtime.global("a")?.number
  }

  private func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

  // MARK: Wrong functions

  @Test func wrongFunctionsAreTheMisconceptionsThatChangeTheCall() throws {
    let words = try tests(of: unit).wrong.map { $0.description }
    #expect(words.contains("b is forgotten in the sum"))
    #expect(words.contains("w2*x2 is taken with the wrong sign"))
    #expect(words.contains("x1 and x2 are exchanged"))
    #expect(Set(words).count == words.count && words.count >= 8)
  }

  @Test func aWrongFunctionIsWrongInEveryCall() throws {
    let tests = try tests(of: unit)
    let tested = try functions(of: tests)
    let forgotten = try #require(
      tests.wrong.first { $0.description == "b is forgotten in the sum" })
    for (x1, x2) in [(0.5, -1.0), (2, 3), (0, 0)] {
      let right = try #require(try value("a = unit(\(x1), \(x2))", tested.function("unit")))
      #expect(abs(right - sigmoid(0.8 * x1 - 0.5 * x2 + 0.3)) < 1e-12)
      let wrong = try #require(
        try value("a = unit(\(x1), \(x2))", tested.function("unit", forgotten)))
      #expect(abs(wrong - sigmoid(0.8 * x1 - 0.5 * x2)) < 1e-12)
    }
  }

  @Test func aWrongFunctionHasTheDerivativeOfItsOwnFormula() throws {
    let tests = try tests(of: unit)
    let tested = try functions(of: tests)
    let forgotten = try #require(
      tests.wrong.first { $0.description == "b is forgotten in the sum" })
    let script = "param x = 0.5\nE = unit(2*x, -1)\na = grad E x"
    let rightSlope = sigmoid(1.6) * (1 - sigmoid(1.6)) * 1.6
    let wrongSlope = sigmoid(1.3) * (1 - sigmoid(1.3)) * 1.6
    #expect(abs((try value(script, tested.function("unit")) ?? 0) - rightSlope) < 1e-12)
    #expect(
      abs((try value(script, tested.function("unit", forgotten)) ?? 0) - wrongSlope) < 1e-12)
  }

  @Test func noMisconceptionIsMadeInWhatTheScriptComputesTheArgumentsFrom() throws {
    let tests = try tests(of: unit)
    let tested = try functions(of: tests)
    for wrong in tests.wrong {
      let plain = try value("a = unit(1.7, 0.4)", tested.function("unit", wrong))
      let computed = try value(
        "param p = 1.2, q = 0.5, r = 0.2\na = unit(p + q, 2*r)", tested.function("unit", wrong))
      #expect(abs((plain ?? 0) - (computed ?? 1)) < 1e-12)
    }
  }

  @Test func whatAScriptDefinesDoesNotChangeTheFunction() throws {
    let tested = try functions(of: tests(of: unit))
    let script = "w1 = 100\nb = 7\nsigmoid(x) = 0\na = unit(0, 0)"
    #expect(abs((try value(script, tested.function("unit")) ?? 0) - sigmoid(0.3)) < 1e-12)
  }

  @Test func argumentsAreGivenByNameAndCounted() throws {
    let tested = try functions(of: tests(of: unit))
    let named = try value("a = unit(x2=3, x1=2)", tested.function("unit"))
    #expect(named == (try value("a = unit(2, 3)", tested.function("unit"))))
    for call in [
      "unit()", "unit(1)", "unit(1, 2, 3)", "unit(1, x1=2)", "unit(1, y=2)", "unit(sin, 1)",
      "unit([1], mlp [2, 1] sigmoid)",
    ] {
      #expect(try value("a = \(call)", tested.function("unit")) == nil)
    }
  }

  @Test func aNetWrittenAsItsFormulaHasWrongNets() throws {
    let text = """
      variant W1 = [[0.1, 0.2], [0.3, 0.4]]
      V = [[0.5, -0.6], [0.7, 0.8]]
      c = [0.1, -0.2]
      layer(x) = tanh(V @ x + c)
      exercise "Tests" {
        tests {
          net(x) = sigmoid(V @ layer(x) + c)
          net([0.5, -1])
        }
      }
      """
    let tests = try tests(of: text)
    #expect(tests.wrong.contains { $0.words.contains("c is forgotten in the sum") })
    #expect(try functions(of: tests).function("net") != nil)
  }

  @Test func everyStudentTestsTheFunctionWithTheOwnNumbers() throws {
    let text = unit.replacingFirst(
      "param w1 = 0.8, w2 = -0.5", with: "variant w1 = 0.1..0.9 by 0.1\nw2 = 2")
    let grader = try grader(text)
    let definitions = try Set(
      ["ada", "bob", "cyd", "dan"].map { try #require(try grader.tests(for: $0)).definitions })
    #expect(definitions.count > 1)
  }

  // MARK: Points

  private func grade(
    _ runs: [[StudentTests.Check]?], _ text: String? = nil
  ) throws -> GradeReport.PartGrade {
    let submission = Submission(name: "4711.bp", id: "4711", tests: runs)
    return try #require(try grader(text ?? unit).grade(submission).parts.last)
  }

  private func check(
    _ line: Int, _ outcome: StudentTests.Check.Outcome, _ message: String = ""
  ) -> StudentTests.Check {
    StudentTests.Check(place: line * 10, line: line, outcome: outcome, message: message)
  }

  @Test func pointsAreTheShareOfTheWrongFunctionsThatAreCaught() throws {
    let wrong = try tests(of: unit).wrong
    let runs = [[check(9, .holds)]] + wrong.indices.map { [check(9, $0 == 0 ? .holds : .fails)] }
    let grade = try grade(runs)
    #expect(grade.part.name == "tests" && grade.part.points == 3)
    #expect(abs(grade.points - 3 * Double(wrong.count - 1) / Double(wrong.count)) < 1e-12)
    #expect(grade.verdict == .partly && grade.given == "1 check")
    #expect(grade.reasons.last == "lets through: \(wrong[0].words)")
    #expect(grade.reasons.first?.hasPrefix("catches: ") == true)
  }

  @Test func aCheckThatDoesNotHoldForTheRightFunctionCatchesNothing() throws {
    let wrong = try tests(of: unit).wrong
    let runs =
      [[check(9, .fails), check(10, .stopped, "there is no function unti"), check(11, .open)]]
      + wrong.map { _ in [check(9, .fails), check(10, .stopped), check(11, .open)] }
    let grade = try grade(runs)
    #expect(grade.points == 0 && grade.verdict == .wrong)
    #expect(
      grade.reasons.prefix(3) == [
        "line 9: this check does not hold for the right function, so it is not used",
        "line 10: there is no function unti, so it is not used",
        "line 11: this check is not filled in, so it is not used",
      ])
  }

  @Test func noChecksAreMissing() throws {
    #expect(try grade([]).verdict == .missing)
    #expect(try grade([[]]).verdict == .missing)
    #expect(try grade([nil]).verdict == .missing)
  }

  @Test func testsBesideAnswersTakeTheirShareOfThePoints() throws {
    let text = unit.replacingFirst(
      "  tests {", with: "  answer z \"the sum\" points=1\n  check z ≈ w1 + w2\n  tests {")
    #expect(try grader(text).parts.map(\.points) == [1, 2])
    #expect(try grader(text).parts.map(\.name) == ["z", "tests"])
  }

  // MARK: Sheets and keys

  @Test func aQuizLeavesTestsOutAndSaysSo() throws {
    let text = unit.replacingFirst(
      "  tests {", with: "  answer z \"the sum\"\n  check z ≈ w1 + w2\n  tests {")
    let quiz = try grader(text).quiz(variants: nil, misconceptionShare: 0)
    #expect(quiz.notes == ["Checks of unit are graded by bp grade and are left out."])
  }

  @Test(arguments: ["bp", "md", "tex"]) func aSheetNamesTheFunctionAndHidesItsDefinition(
    _ name: String
  ) throws {
    let format = try #require(SheetFormat.named(name))
    let sheet = format.write(try grader(unit).sheet(for: "4711"))
    #expect(sheet.contains("unit(x1, x2)"))
    #expect(!sheet.contains("sigmoid") && !sheet.contains("unit(0.5"))
  }

  @Test func aKeyThatNothingCanBeTestedWithIsRefused() {
    let places = [
      ("unit(0.5, -1)", "", "the tests block calls no function"),
      (
        "unit(0.5, -1)", "check unit(0, 0) ≈ 0.5",
        "the tests block of a key defines functions and calls them"
      ),
      ("sigmoid(w1*x1 + w2*x2 + b)", "7", "no known misconception changes unit in this call"),
      ("sigmoid(w1*x1", "nosuch(w1*x1", "there is no function nosuch"),
    ]
    for (old, new, message) in places {
      #expect(complaint(about: unit.replacingFirst(old, with: new)) == message)
    }
  }
}
