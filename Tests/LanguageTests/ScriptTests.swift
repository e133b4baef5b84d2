import Foundation
import TestSupport
import Testing

@testable import Language

/// Scripts in the user's language hold the language: a folder of `Scripts` is a feature, a file a
/// behaviour. A new file needs no registration.
///
/// - `# expect: text` names a line of the output, in order, wherever it stands. Trailing blanks
///   of the output do not count.
/// - `# expect error: text` stands on the line that an error points at and is part of its message.
/// - `# expect note: text` is part of a note, in order.
/// - `# echo` lets values show as at the prompt.
/// - A line `---` parts a file into chunks that know nothing of each other.
///
/// Folders named `files` hold what scripts import and read.
struct ScriptChunk: CustomTestStringConvertible, Sendable {
  static let folder = Project.file("Tests/LanguageTests/Scripts")

  let path: String
  /// With empty lines in front, so that errors name the lines of the file.
  let text: String
  let firstLine: Int
  private(set) var output: [String] = []
  private(set) var errors: [String] = []
  private(set) var notes: [String] = []
  let echoes: Bool

  var testDescription: String { firstLine == 1 ? path : "\(path):\(firstLine)" }

  init(path: String, lines: ArraySlice<String>) {
    self.path = path
    firstLine = lines.startIndex + 1
    text = String(repeating: "\n", count: lines.startIndex) + lines.joined(separator: "\n")
    echoes = lines.contains("# echo")
    for (number, line) in zip(lines.indices, lines) {
      if let text = Self.text(behind: "# expect:", in: line) { output.append(text) }
      if let text = Self.text(behind: "# expect error:", in: line) {
        errors.append("\(number + 1): \(text)")
      }
      if let text = Self.text(behind: "# expect note:", in: line) { notes.append(text) }
    }
  }

  private static func text(behind mark: String, in line: String) -> String? {
    guard let place = line.range(of: mark) else { return nil }
    let text = line[place.upperBound...]
    return String(text.hasPrefix(" ") ? text.dropFirst() : text)
  }

  static let all: [ScriptChunk] = {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().filter { $0.hasSuffix(".bp") && !$0.contains("/files/") }
      .flatMap { name -> [ScriptChunk] in
        let file = folder.appending(path: name)
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        let lines = text.components(separatedBy: "\n")
        var start = 0
        var chunks: [ScriptChunk] = []
        for (place, line) in lines.enumerated() where line == "---" {
          chunks.append(ScriptChunk(path: name, lines: lines[start..<place]))
          start = place + 1
        }
        return chunks + [ScriptChunk(path: name, lines: lines[start...])]
      }
  }()
}

@Suite struct ScriptTests {
  struct Report: Decodable {
    let severity: String
    let message: String
    let line: Int?
  }

  struct Ran {
    let output: [String]
    let errors: [String]
    let notes: [String]
  }

  static func run(_ chunk: ScriptChunk) -> Ran {
    onDeepStack {
      let session = TestSession(folder: ScriptChunk.folder, asJSON: true)
      session.run(chunk.text, name: chunk.path, path: chunk.path, echoes: chunk.echoes)
      var errors: [String] = []
      var notes: [String] = []
      for text in session.reports {
        if let report = try? JSONDecoder().decode(Report.self, from: Data(text.utf8)) {
          if report.severity == "note" {
            notes.append(report.message)
          } else {
            errors.append("\(report.line ?? 0): \(report.message)")
          }
        } else {
          notes.append(text.trimmingCharacters(in: .newlines))
        }
      }
      return Ran(
        output: session.outputLines.map { line in
          String(line.reversed().drop(while: { $0 == " " }).reversed())
        }, errors: errors, notes: notes)
    }
  }

  @Test("A script prints what it expects", arguments: ScriptChunk.all)
  func script(_ chunk: ScriptChunk) {
    let ran = Self.run(chunk)
    #expect(ran.output == chunk.output)
    #expect(ran.errors.count == chunk.errors.count, "\(ran.errors)")
    for (found, expected) in zip(ran.errors, chunk.errors) {
      let line = expected.prefix { $0 != ":" } + ": "
      #expect(found.hasPrefix(line), "expected at \(expected)")
      #expect(found.contains(expected.dropFirst(line.count)), "expected \(expected)")
    }
    #expect(ran.notes.count == chunk.notes.count, "\(ran.notes)")
    for (found, expected) in zip(ran.notes, chunk.notes) { #expect(found.contains(expected)) }
  }

  @Test("Every chunk expects something")
  func everyChunkExpectsSomething() {
    for chunk in ScriptChunk.all {
      #expect(!(chunk.output + chunk.errors + chunk.notes).isEmpty, "\(chunk.testDescription)")
    }
    #expect(ScriptChunk.all.count >= 100)
  }
}
