import Testing

@testable import Exercises
@testable import Language

/// What is not filled in, or stops with an error, and what that means for the rest.
@Suite struct BlankTests {
  private func results(_ text: String) -> [ExerciseReport.Check.Result] {
    check(text).report.exercises.flatMap { $0.checks.map(\.result) }
  }

  @Test func anErrorInOneStatementLeavesTheOthersRunning() {
    let run = check(
      """
      a = 1
      b = a + nonsense
      c = b*2
      exercise "A" {
        d = [1, 2] + [1, 2, 3]
        check a == 1
        check c == 2
        check d == 3
      }
      """)
    #expect(run.outcome == .runtimeError)
    #expect(run.report.errors.map(\.message).count == 2)
    #expect(run.report.exercises[0].checks.map(\.result) == [.holds, .open, .open])
    #expect(run.report.exercises[0].checks[1].message == "line 2 stopped with an error")
    #expect(run.report.openLines.isEmpty)
  }

  @Test func anOlderValueDoesNotStandInForTheOneThatIsMissing() {
    #expect(results("w = 1; w = ___; check w == 1") == [.open])
    #expect(results("w = [1, 2]; w[1] = ___; check w[2] == 2") == [.open])
    #expect(results("w = 1; w = 2; check w == 2") == [.holds])
    #expect(results("w = ___; w = 2; check w == 2") == [.holds])
    #expect(results("loss = ___; check loss == 2") == [.open])
  }

  @Test func aGapInsideABlockLeavesOpenWhatTheBlockAssigns() {
    #expect(results("s = 0; for x in 1..3 { s += ___ }; check s == 0") == [.open])
    #expect(results("s = 0; if true { s = ___ } else { t = 1 }; check s == 0") == [.open])
    #expect(
      results("s = 0; repeat 2 { t = 1; s = ___ }; check s == 0; check t == 1")
        == [.open, .open])
  }

  @Test func aGapInAFunctionIsMetWhereItIsCalled() {
    let run = check("f(x) = ___*x\ny = f(2)\ncheck y == 4\ncheck f(1) == 2\ncheck 1 == 1")
    #expect(run.report.exercises[0].checks.map(\.result) == [.open, .open, .holds])
    #expect(run.report.openLines == [1])
  }

  @Test func aNetThatWouldHaveBeenTrainedIsOpen() {
    let text = """
      net = mlp [2, 1] sigmoid
      train net (gate "and") epochs=___
      check loss net (gate "and") < 0.1
      """
    #expect(results(text) == [.open])
    #expect(results("net = mlp [2, 1] sigmoid; net.W1 = ___; check net.count == 3") == [.open])
    #expect(results("net = mlp [2, 1] sigmoid; print ___, net; check net.count == 3") == [.holds])
  }

  @Test func checksInLoopsAreEachOnTheirOwn() {
    #expect(
      results("exercise \"A\" { for x in [1, 2, 3] { check x + [1, 2][x] > 0, \"{x}\" } }")
        == [.holds, .holds, .fails])
    #expect(results("y = ___; for x in 1..2 { check x*y > 0 }") == [.open, .open])
  }

  @Test func namesThatCannotBeResolvedStopOnlyTheirStatement() {
    let run = check(
      "exercise \"A\" { check 1 == 1; f() = { g(x) = { x = x + y; y = 1 }; 1 }; check 2 == 2 }")
    #expect(run.report.errors.count == 1)
    #expect(run.report.exercises[0].checks.map(\.result) == [.holds, .holds])
  }

  @Test func leavingDoesNotGoPastTheChecks() {
    let run = check("exit 0\ncheck 1 == 2")
    #expect(run.outcome == .runtimeError)
    #expect(run.report.count(.fails) == 1)
  }

  @Test func aLimitIsAnOutcomeOfItsOwn() {
    var limits = Runtime.Limits()
    limits.callDepth = 50
    let run = check("f(x) = f(x)\ncheck f(1) == 1\ncheck 1 == 1", limits: limits)
    #expect(run.outcome == .limitReached)
    #expect(run.report.exercises[0].checks.map(\.result) == [.fails, .holds])
    #expect(run.report.errors.count == 1)
  }

  @Test func anEndlessLoopIsStoppedAndTheOtherChecksRun() {
    var limits = Runtime.Limits()
    limits.steps = 10_000
    let run = check("x = 1\nwhile true { x = 2 }\ncheck 1 == 1", limits: limits)
    #expect(run.outcome == .limitReached)
    #expect(run.report.count(.holds) == 1)
  }

  @Test func syntaxErrorsAreAllReportedAndNothingRuns() {
    let run = check("x = (1\ny = \"a\ncheck 1 == 1")
    #expect(run.outcome == .syntaxError)
    #expect(run.report.errors.count == 2)
    #expect(run.report.exercises.isEmpty)
    #expect(!run.report.isSolved)
  }

  @Test func checksOfAnImportedFileSayWhereTheyStand() {
    let files = FileAccess(
      read: { path in
        path == "more.bp" ? .success(Array("z = ___\ncheck z == 1".utf8)) : .failure(.forbidden)
      }, write: { _, _ in .failure(.forbidden) }, stream: { _, _ in .failure(.forbidden) })
    let run = check("import \"more.bp\"\ncheck 1 == 1", files: files)
    let checks = run.report.exercises[0].checks
    #expect(checks.map(\.result) == [.open, .holds])
    #expect(checks.map(\.file) == ["more.bp", nil])
    #expect(run.report.text(.plain).contains("more.bp:2"))
  }

  @Test func anExerciseInAFunctionIsRunForEachCall() {
    let run = check(
      "try(n) = { exercise \"No. {n}\" { check n < 2 }; n }\ntry 1\ntry 2\ncheck 1 == 1")
    #expect(run.report.exercises.map(\.title) == ["No. 1", "No. 2", nil])
    #expect(run.report.exercises.map(\.points) == [1, 0, 0])
  }
}
