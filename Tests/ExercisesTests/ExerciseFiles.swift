import Foundation
import Library
import TestSupport
import Testing

@testable import Exercises
@testable import Language

/// The exercises as they are shipped, and what students made of them.
enum ExerciseFiles {
  private static let fixtures = "Tests/ExercisesTests/Fixtures"
  static let names = Project.names(in: "scripts/exercises", endingWith: ".bp")

  static func task(_ name: String) throws -> String {
    try Project.text("scripts/exercises/\(name).bp")
  }

  static func solved(_ name: String) throws -> String {
    try Project.text("\(fixtures)/solved/\(name).bp")
  }

  static func wrong(_ name: String) throws -> String {
    try Project.text("\(fixtures)/wrong/\(name).bp")
  }

  /// A line of `mistakes.txt`: in place of the line that begins like it, and what is said then.
  struct Misconception: CustomTestStringConvertible {
    var exercise: String
    var line: String
    var mistake: String

    var testDescription: String { "\(exercise): \(line)" }
  }

  static let misconceptions: [Misconception] = {
    let text = try? Project.text("\(fixtures)/mistakes.txt")
    var misconceptions: [Misconception] = []
    var exercise = ""
    for line in (text ?? "").split(separator: "\n") where !line.hasPrefix("#") {
      guard line.hasPrefix(" ") else {
        exercise = String(line)
        continue
      }
      let parts = line.components(separatedBy: " → ")
      misconceptions.append(
        Misconception(
          exercise: exercise, line: parts[0].trimmingCharacters(in: .whitespaces),
          mistake: parts[1]))
    }
    return misconceptions
  }()
}

/// Checks an exercise without files, output or terminal.
func check(
  _ text: String, limits: Runtime.Limits = Runtime.Limits(), files: FileAccess = .none
) -> ExerciseRun {
  var notes = ""
  let host = Host(
    write: { _ in
      Issue.record("the checker writes to the output itself")
      return true
    },
    report: { notes += $0 }, files: files)
  return ExerciseRun(
    text, name: "task.bp", path: nil, catalog: .standard, host: host, limits: limits)
}
