import Foundation
import Library
import Testing

@testable import Exercises
@testable import Language

/// The exercises as they are shipped, and what students made of them.
enum ExerciseFiles {
  static let project = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let tasks = project.appending(path: "scripts/exercises")
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: tasks.path)
    return (files ?? []).filter { $0.hasSuffix(".bp") }.map { String($0.dropLast(3)) }.sorted()
  }()

  static func task(_ name: String) throws -> String { try text(tasks, name) }

  static func solved(_ name: String) throws -> String {
    try text(fixtures.appending(path: "solved"), name)
  }

  static func wrong(_ name: String) throws -> String {
    try text(fixtures.appending(path: "wrong"), name)
  }

  private static func text(_ folder: URL, _ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: "\(name).bp"), encoding: .utf8)
  }

  /// A line of `mistakes.txt`: in place of the line that begins like it, and what is said then.
  struct Misconception: CustomTestStringConvertible {
    var exercise: String
    var line: String
    var mistake: String

    var testDescription: String { "\(exercise): \(line)" }
  }

  static let misconceptions: [Misconception] = {
    let text = try? String(
      contentsOf: fixtures.appending(path: "mistakes.txt"), encoding: .utf8)
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
