import Foundation
import Library
import Testing

@testable import Exercises
@testable import Language

@Suite struct ShippedExerciseTests {
  @Test func thereAreAtLeastEightExercises() {
    #expect(ExerciseFiles.names.count >= 8)
  }

  @Test("as it is shipped, everything is open", arguments: ExerciseFiles.names)
  func taskIsOpen(_ name: String) throws {
    let run = check(try ExerciseFiles.task(name))
    #expect(run.outcome == .done)
    #expect(run.report.errors.isEmpty)
    #expect(run.report.points == 0)
    #expect(run.report.count(.holds) == 0)
    #expect(run.report.count(.fails) == 0)
    #expect(run.report.count(.open) > 2)
    #expect(!run.report.isSolved)
    #expect(run.report.exercises.allSatisfy { $0.mistakes.isEmpty && !$0.hints.isEmpty })
  }

  @Test("every line to fill in is named", arguments: ExerciseFiles.names)
  func openLinesAreNamed(_ name: String) throws {
    let text = try ExerciseFiles.task(name)
    let blanks = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .filter { $0.element.contains("___") && !$0.element.hasPrefix("#") }.map { $0.offset + 1 }
    #expect(check(text).report.openLines == blanks)
  }

  @Test("solved, it gives all points", arguments: ExerciseFiles.names)
  func solutionHolds(_ name: String) throws {
    let run = check(try ExerciseFiles.solved(name))
    #expect(run.outcome == .done)
    #expect(run.report.errors.isEmpty)
    #expect(run.report.isSolved)
    #expect(run.report.points == run.report.pointsPossible)
    #expect(run.report.exercises.allSatisfy { $0.mistakes.isEmpty })
  }

  @Test("a solution runs as an ordinary script too", arguments: ExerciseFiles.names)
  func solutionIsAScript(_ name: String) throws {
    var reports = ""
    let host = Host(write: { _ in true }, report: { reports += $0 })
    let interpreter = Interpreter(catalog: .standard, host: host)
    #expect(interpreter.run(try ExerciseFiles.solved(name), name: "solved.bp") == .done)
    #expect(interpreter.session.checksFailed == 0)
    #expect(interpreter.session.checksHeld > 2)
    #expect(!reports.contains("error"))
  }

  @Test("solved wrongly, the mistake is named", arguments: ExerciseFiles.names)
  func mistakeIsNamed(_ name: String) throws {
    let run = check(try ExerciseFiles.wrong(name))
    #expect(run.outcome == .done)
    #expect(run.report.count(.fails) > 0)
    #expect(run.report.points < run.report.pointsPossible)
    #expect(run.report.exercises.contains { !$0.mistakes.isEmpty })
  }

  @Test("solutions change nothing but what is to be filled in", arguments: ExerciseFiles.names)
  func solutionsKeepTheTask(_ name: String) throws {
    let task = try ExerciseFiles.task(name).components(separatedBy: "\n")
    for copy in [try ExerciseFiles.solved(name), try ExerciseFiles.wrong(name)] {
      let lines = copy.components(separatedBy: "\n")
      try #require(lines.count == task.count)
      for (line, given) in zip(lines, task) where line != given {
        #expect(given.contains("___") && !given.hasPrefix("#"))
      }
    }
  }

  @Test("each misconception is answered with its mistake", arguments: ExerciseFiles.misconceptions)
  func slipIsNamed(_ misconception: ExerciseFiles.Misconception) throws {
    let solution = try ExerciseFiles.solved(misconception.exercise).components(separatedBy: "\n")
    let start = misconception.line.prefix(
      through: try #require(misconception.line.firstIndex(of: "=")))
    let place = try #require(
      solution.firstIndex { $0.drop { $0 == " " }.hasPrefix(start) })
    var lines = solution
    lines[place] = String(solution[place].prefix { $0 == " " }) + misconception.line
    let report = check(lines.joined(separator: "\n")).report
    let named = report.exercises.flatMap(\.mistakes)
    #expect(named.contains { $0.hasPrefix(misconception.mistake) }, "named were \(named)")
  }

  @Test("no mistake of an exercise is left without a misconception", arguments: ExerciseFiles.names)
  func everyMistakeIsReached(_ name: String) throws {
    let mistakes = try ExerciseFiles.task(name).components(separatedBy: "\n")
      .filter { $0.hasPrefix("  mistake ") }
    let misconceptions = ExerciseFiles.misconceptions.filter { $0.exercise == name }
    #expect(!misconceptions.isEmpty)
    for mistake in mistakes {
      #expect(misconceptions.contains { mistake.contains("\"\($0.mistake)") }, "\(mistake)")
    }
  }
}
