import Foundation
import Testing

@testable import Grading

/// Quizzes are read back by readers that follow the importers of the platforms.
@Suite struct QuizReaderTests {
  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  private static let python = ProcessInfo.processInfo.environment["BP_PYTHON"] ?? "python3"

  /// Runs a program with an input; nil where it cannot be started.
  static func run(
    _ program: String, _ arguments: [String], input: Data = Data(),
    environment: [String: String] = [:]
  ) -> (status: Int32, output: String)? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (from, to) = (Pipe(), Pipe())
    process.standardOutput = from
    process.standardInput = to
    do {
      try process.run()
      to.fileHandleForWriting.write(input)
      try to.fileHandleForWriting.close()
    } catch { return nil }
    let output = from.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus != 127 else { return nil }
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  static func folder(_ name: String) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "bp-\(name)-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test func platformsReadWhatIsWritten() throws {
    let count = ProcessInfo.processInfo.environment["BP_QUIZZES"].flatMap { Int($0) } ?? 60
    let folder = try Self.folder("quizzes")
    defer { try? FileManager.default.removeItem(at: folder) }
    var random = HostileQuiz(seed: count)
    let quiz = random.quiz(count)
    for (format, file) in [
      (QuizFormat.moodle, "moodle.xml"), (.cloze, "cloze.xml"), (.stack, "stack.xml"),
      (.text2qti, "quiz.txt"),
    ] {
      var quiz = quiz
      let text = format.write(&quiz)
      try Data(text.utf8).write(to: folder.appendingPathComponent(file))
    }
    let expected = try JSONSerialization.data(
      withJSONObject: quiz.exercises.map(Self.expected(quiz)))
    try expected.write(to: folder.appendingPathComponent("expected.json"))
    let reader = Self.tests.appendingPathComponent("quizzes.py").path
    guard
      let (status, output) = Self.run(
        Self.python, [reader, folder.path], environment: ["HOME": folder.path])
    else {
      print("platforms: skipped, there is no \(Self.python)")
      return
    }
    print(output, terminator: "")
    #expect(status == 0, "\(output)")
  }

  private static func expected(_ quiz: Quiz) -> (Quiz.Exercise) -> [String: Any] {
    let text = QuizText(quiz.symbols)
    func words(_ line: String) -> String {
      QuizText.lines(line).map { line in
        text.pieces(line).map { piece in
          switch piece {
          case .words(let words): printable(words)
          case .formula(let tex): "\u{0}\(tex)\u{1}"
          }
        }.joined()
      }.joined(separator: " ")
    }
    return { exercise in
      [
        "title": QuizText.lines(exercise.title).map(printable).joined(separator: "\n"),
        "tasks": exercise.variants[0].tasks.map(words),
        "parts": exercise.variants[0].parts.map { part in
          [
            "name": part.name, "symbol": "\u{0}\(QuizText.tex(ofPart: part.name))\u{1}",
            "description": words(part.description), "digits": part.digits, "right": part.right,
            "wrong": part.wrong.map { ["value": $0.value, "sentence": words($0.sentence)] },
          ] as [String: Any]
        },
      ]
    }
  }

  /// Control characters as the one that stands for what cannot be written.
  private static func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
      result.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    return result
  }
}
