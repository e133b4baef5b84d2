import Foundation
import Testing

@testable import Exercises
@testable import Language
@testable import Rendering

@Suite struct ReportTests {
  /// One of everything.
  static let sample = """
    a = 2
    b = ___
    c = b + 1
    print "a is", a
    check a == 2
    exercise "Sums" points=2 {
      hint "Count on your fingers."
      check c ≈ 3, "c is b + 1"
      check a ≈ 3, "a should be {1 + 2}"
      check [1, 2] + [1, 2, 3] == a
      check a ≈
        2
      mistake a ≈ 2, "You stopped one short."
      mistake a ≈ 7, "You went too far."
      mistake b ≈ 2, "b is never 2."
    }
    """

  @Test func textNamesEveryCheckWithWhatWasFound() throws {
    let report = check(Self.sample).report
    let text = report.text(.plain)
    let error = try #require(report.exercises.first?.checks[2].message)
    #expect(
      text == """
        Sums: 0.5 of 2 points
          open    8  c ≈ 3
                     line 2 is not filled in yet
          fails   9  a ≈ 3
                     found 2: a should be 3
          fails  10  [1, 2] + [1, 2, 3] == a
                     \(error)
          holds  11  a ≈ 2
          mistake: You stopped one short.
          1 hint: --hint shows it

        Checks outside of an exercise
          holds  5  a == 2

        0.5 of 2 points: 2 checks hold, 2 fail, 1 is open; not filled in yet: line 2

        """)
  }

  @Test func aRoundedAnswerIsSaidToBeRightAsFarAsItGoes() {
    let text = check(
      """
      mine = 0.5933
      check mine ≈ sigmoid 0.3775
      short = 0.59
      check short ≈ sigmoid 0.3775
      wrong = 0.5934
      check wrong ≈ sigmoid 0.3775
      check 0.5953 ≈ sigmoid 0.3775
      """
    ).report.text(.plain)
    #expect(text.contains("holds  2  mine ≈ sigmoid 0.3775\n"))
    #expect(text.contains("found 0.59, right to 2 digits\n"))
    #expect(text.contains("found 0.5934\n"))
    #expect(text.contains("found 0.5953\n"))
  }

  @Test func aWrongDerivativeIsToldAsDiagnoseTellsIt() {
    let text = check(
      """
      net = mlp [2,2,1] tanh sigmoid seed=1
      d = data [[1, 2]] [1]
      g = grad net d
      y = net [1, 2]
      mine = (y[1] - 1)*net.W2[1,1]
      check mine ≈ g.W1[1,1]
      all = -g.W1
      check all ≈ g.W1
      rounded = round(1000*g.W1[1,1])/1000
      check rounded ≈ g.W1[1,1]
      """
    ).report.text(.plain)
    #expect(
      text.contains(
        "that is what comes out if the derivative of the activation is left out at the hidden units\n"
      ))
    #expect(text.contains("that is what comes out if the sign is turned round\n"))
    #expect(text.contains("right to 3 digits\n"))
  }

  @Test func colourStandsOnTheResultAlone() {
    let text = check(Self.sample).report.text(Display(hasColour: true))
    #expect(text.contains("  \u{1B}[31mfails\u{1B}[0m   9  a ≈ 3\n"))
    #expect(text.contains("  \u{1B}[33mopen \u{1B}[0m   8  c ≈ 3\n"))
  }

  @Test func jsonSaysTheSame() throws {
    let run = check(Self.sample)
    let json = run.report.json(run.diagnosticRenderer)
    #expect(!json.contains("\n"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(object["file"] as? String == "task.bp")
    #expect(object["solved"] as? Bool == false)
    #expect(object["points"] as? Double == 0.5)
    #expect(object["possible"] as? Double == 2)
    #expect(object["open"] as? [Int] == [2])
    #expect(object["output"] as? String == "a is 2\n")
    let exercises = try #require(object["exercises"] as? [[String: Any]])
    try #require(exercises.count == 2)
    #expect(exercises[0]["title"] as? String == "Sums")
    #expect(exercises[0]["mistakes"] as? [String] == ["You stopped one short."])
    #expect(exercises[0]["hints"] as? [String] == ["Count on your fingers."])
    let checks = try #require(exercises[0]["checks"] as? [[String: Any]])
    #expect(checks.map { $0["result"] as? String } == ["open", "fails", "fails", "holds"])
    #expect(checks.map { $0["line"] as? Int } == [8, 9, 10, 11])
    #expect(checks[1]["text"] as? String == "a ≈ 3")
    #expect(checks[1]["found"] as? String == "2")
    #expect(checks[1]["message"] as? String == "a should be 3")
    #expect(exercises[1]["title"] is NSNull)
  }

  @Test func aFailedExerciseIsWorthTheShareOfItsChecksThatHold() {
    let report = check("exercise \"A\" points=3 { check true; check true; check false }").report
    #expect(report.points == 2)
    #expect(check("exercise \"A\" points=3 { check true }").report.points == 3)
    #expect(check("exercise \"A\" { check true }").report.pointsPossible == 1)
  }

  @Test func mistakesAndHintsAreKeptBackWhereEverythingHolds() {
    let report = check(
      "x = 1; exercise \"A\" { hint \"h\"; check x == 1; mistake x == 1, \"m\" }"
    ).report
    #expect(report.isSolved)
    #expect(report.exercises[0].mistakes.isEmpty)
    #expect(!report.text(.plain).contains("hint"))
  }

  @Test func whatIsStillOpenIsNotSolvedThoughEveryCheckHolds() throws {
    let run = check("exercise \"A\" points=2 {\n  y = ___\n  check 1 == 1\n}\ncheck 2 == 2\n")
    let report = run.report
    #expect(report.openLines == [2] && report.count(.holds) == 2)
    #expect(!report.isSolved && report.exercises.map { $0.isSolved } == [false, true])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(report.json(run.diagnosticRenderer).utf8))
        as? [String: Any])
    #expect(object["solved"] as? Bool == false)
    // Open outside of the exercise: the file is not solved, the exercise is.
    let outside = check("y = ___\nexercise \"A\" { check true }").report
    #expect(!outside.isSolved && outside.exercises[0].isSolved)
  }

  @Test func anErrorBesideTheChecksLeavesAFileUnsolved() {
    let report = check("x = nonsense\nexercise \"A\" { check true }").report
    #expect(report.exercises[0].isSolved && !report.errors.isEmpty)
    #expect(!report.isSolved)
  }

  @Test func aFileWithoutChecksIsNotSolved() {
    #expect(!check("x = 1").report.isSolved)
    #expect(!check("exercise \"A\" { x = 1 }").report.isSolved)
    #expect(check("exercise \"A\" { x = 1 }").report.text(.plain).contains("no check was reached"))
  }
}

@Suite struct SheetReportTests {
  @Test func aSheetSaysWhatIsFilledInAndGivesNoPoints() {
    let sheet = """
      z = 1.7
      y = ___
      exercise "Forward pass" points=2 {
        answer z "the net input"
        answer y
        public check z > 0
      }
      """
    #expect(
      check(sheet).report.text(.plain) == """
        Forward pass
          holds  6  z > 0
          filled in: z, the net input
          not filled in yet: y

        1 check holds, 1 of 2 answers are filled in; not filled in yet: line 2

        """)
  }
}
