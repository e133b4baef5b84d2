import Foundation
import Testing

@testable import Language

/// The scripts in `scripts/lectures`: they run to their end, every check in them holds, and what
/// they print is known. `BP_RECORD=1` writes what they print now.
@Suite struct LectureScriptTests {
  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: Shelf.lectures.path)
    return (files ?? []).filter { $0.hasSuffix(".bp") }.map { String($0.dropLast(3)) }.sorted()
  }()

  struct Ran {
    let outcome: Interpreter.Outcome?
    let checksHeld: Int
    let checksFailed: Int
    let output: String
    let reports: String
    let seconds: Double
    let files: [String: [UInt8]]
  }

  static func run(_ name: String, arguments: [String] = []) throws -> Ran {
    let text = try String(
      contentsOf: Shelf.lectures.appending(path: "\(name).bp"), encoding: .utf8)
    return try onDeepStack {
      let session = LectureSession()
      session.setArguments(arguments)
      let start = ContinuousClock.now
      let outcome = session.run(text, name: "\(name).bp")
      let time = (ContinuousClock.now - start).components
      return Ran(
        outcome: outcome, checksHeld: session.checksHeld, checksFailed: session.checksFailed,
        output: session.output, reports: session.reports,
        seconds: Double(time.seconds) + Double(time.attoseconds) * 1e-18, files: session.written)
    }
  }

  @Test("The lectures of all five decks are there")
  func allDecksHaveTheirLecture() {
    let expected = ["cazenave", "ceng506", "goebels", "llano", "vitay"]
    #expect(Set(expected).isSubset(of: Self.names))
    #expect(Set(["playground", "frameworks"]).isSubset(of: Self.names))
  }

  @Test("A lecture runs to its end and every check in it holds", arguments: names)
  func lecture(_ name: String) throws {
    let ran = try Self.run(name)
    #expect(ran.outcome == .done)
    #expect(ran.checksHeld > 0)
    #expect(ran.checksFailed == 0, "\(ran.reports)")
    #expect(!ran.reports.contains("error:"), "\(ran.reports)")
    // The one on a user's own data shows how a net is kept.
    #expect(ran.files.isEmpty || name == "own_data", "\(ran.files.keys)")
    #if !DEBUG
      #expect(ran.seconds < 5)
    #endif
    let url = Shelf.tests.appending(path: "Snapshots/\(name).txt")
    if Shelf.isUpdating {
      try ran.output.write(to: url, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: url, encoding: .utf8)
    #expect(firstDifference(ran.output, expected) == nil)
  }

  @Test("Every snapshot belongs to a lecture")
  func snapshotsHaveLectures() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Shelf.tests.appending(path: "Snapshots").path)
    #expect(files.sorted() == Self.names.map { "\($0).txt" })
  }

  @Test("With the argument export, frameworks.bp writes its net as programs")
  func exports() throws {
    let files = try Self.run("frameworks", arguments: ["export"]).files
    let keras = String(decoding: try #require(files["circles_keras.py"]), as: UTF8.self)
    #expect(keras.contains("Dense(20") && keras.contains("Dense(1"))
    let torch = String(decoding: try #require(files["circles_torch.py"]), as: UTF8.self)
    #expect(torch.contains("Linear(2, 20") && torch.contains("Linear(20, 1"))
  }

  @Test("A difference in the sixth digit counts, one in the tenth does not")
  func differences() {
    #expect(firstDifference("a 1.234567 b\n", "a 1.234567 b\n") == nil)
    #expect(firstDifference("a 1.23456789012 b", "a 1.23456789034 b") == nil)
    #expect(firstDifference("a 1.234567 b", "a 1.234667 b") != nil)
    #expect(firstDifference("a 1.2 b", "a 1.2 c") != nil)
    #expect(firstDifference("a\nb", "a") != nil)
  }
}

/// The first line that differs, both ways, or nil. Numbers may differ by what another order of
/// summing gives: processors have kernels of their own.
func firstDifference(_ text: String, _ expected: String) -> String? {
  let (lines, known) = (steadyLines(text), steadyLines(expected))
  for (number, (line, knownLine)) in zip(lines, known).enumerated()
  where line != knownLine && !agree(line, knownLine) {
    return "line \(number + 1): \(line)\n  expected: \(knownLine)"
  }
  return lines.count == known.count ? nil : "\(lines.count) lines, not \(known.count)"
}

/// The lines without the table of a gradient check: what it lists are rounding errors. Its verdict
/// stays.
private func steadyLines(_ text: String) -> [Substring] {
  var lines: [Substring] = []
  var left = 0
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    if line.hasSuffix("derivatives against central differences") { left = 10 }
    left -= 1
    let isNoise = left > 0 && left < 8 && !line.isEmpty
    if line.isEmpty { left = 0 }
    if !isNoise { lines.append(left == 8 ? line.prefix { $0 != ":" } : line) }
  }
  return lines
}

private func agree(_ line: Substring, _ other: Substring) -> Bool {
  let (parts, otherParts) = (words(line), words(other))
  guard parts.count == otherParts.count else { return false }
  return zip(parts, otherParts).allSatisfy { part, otherPart in
    if part == otherPart { return true }
    guard let a = Double(part), let b = Double(otherPart) else { return false }
    return abs(a - b) <= 1e-9 + 2e-6 * max(abs(a), abs(b))
  }
}

private func words(_ line: Substring) -> [Substring] {
  line.split { $0.isWhitespace || "[](),=·".contains($0) }
}
