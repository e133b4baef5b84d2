import Foundation
import Testing

@testable import Language

/// The pages of the documentation catalog: every fenced `bp` example is run on its own.
///
/// - `# → text` is a line of the output; the example prints these lines and no others.
/// - `# error: text` stands on the line that an error points at, or right below it, and is its
///   whole message.
///
/// After a deliberate change of the catalog, `BP_RECORD=1 swift test --filter ReferenceTests`
/// writes the page of functions anew.
@Suite struct ReferenceTests {
  struct Example: CustomTestStringConvertible, Sendable {
    let page: String
    let line: Int
    let code: [String]

    var testDescription: String { "\(page):\(line)" }

    var output: [String] {
      code.compactMap { text(behind: "# →", in: $0) }
    }

    var errors: [String] {
      zip(1..., code).compactMap { number, line in
        let place = line.hasPrefix("# error:") ? number - 1 : number
        return text(behind: "# error:", in: line).map { "\(place): \($0)" }
      }
    }

    private func text(behind mark: String, in line: String) -> String? {
      guard let place = line.range(of: mark) else { return nil }
      let text = line[place.upperBound...]
      return String(text.hasPrefix(" ") ? text.dropFirst() : text)
    }
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/Language/Language.docc")

  static func examples(of page: String) -> [Example] {
    guard let text = try? String(contentsOf: folder.appending(path: page), encoding: .utf8)
    else { return [] }
    var examples: [Example] = []
    var code: [String]?
    for (number, line) in zip(1..., text.components(separatedBy: "\n")) {
      if line == "```bp" {
        code = []
      } else if line == "```", let lines = code {
        examples.append(Example(page: page, line: number - lines.count, code: lines))
        code = nil
      } else {
        code?.append(line)
      }
    }
    return examples
  }

  static let all = ["Language.md", "Reference.md", "Functions.md"].flatMap(examples)

  @Test func everyPageHasItsExamples() {
    #expect(Self.examples(of: "Reference.md").count > 28)
    #expect(Self.examples(of: "Functions.md").count > 60)
  }

  @Test("an example prints what it says", arguments: all)
  func exampleHolds(_ example: Example) throws {
    let session = TestSession(
      folder: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/reference"), asJSON: true)
    session.run(example.code.joined(separator: "\n"))
    #expect(session.outputLines.map(trimmed) == example.output.map(trimmed))
    #expect(try session.reports.compactMap(error) == example.errors)
  }

  @Test func theFunctionsAreThoseOfTheCatalog() throws {
    let file = Self.folder.appending(path: "Functions.md")
    if ProcessInfo.processInfo.environment["BP_RECORD"] != nil {
      try Data(FunctionsPage.text.utf8).write(to: file)
    }
    let written = try String(contentsOf: file, encoding: .utf8)
    #expect(written == FunctionsPage.text, "BP_RECORD=1 swift test --filter ReferenceTests")
  }

  @Test func theGrammarIsTheParsersOwn() throws {
    let file = Self.folder.appending(path: "Reference.md")
    let page = try String(contentsOf: file, encoding: .utf8)
    let heading = "## Grammar\n"
    let before = page.range(of: heading).map { String(page[..<$0.lowerBound]) } ?? page
    let expected = before + heading + (try grammar())
    if ProcessInfo.processInfo.environment["BP_RECORD"] != nil {
      try Data(expected.utf8).write(to: file)
    }
    #expect(
      try String(contentsOf: file, encoding: .utf8) == expected,
      "BP_RECORD=1 swift test --filter ReferenceTests")
  }

  /// The page beside the parser, its headings one level down.
  private func grammar() throws -> String {
    let file = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Syntax/Grammar.md")
    return try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n").dropFirst()
      .map { $0.hasPrefix("#") ? "#" + $0 : $0 }.joined(separator: "\n")
  }

  /// Line and message of a diagnostic; nil for a note.
  private func error(_ report: String) throws -> String? {
    guard report.hasPrefix("{") else { return nil }
    let object = try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any]
    guard let object, let message = object["message"] as? String else { return report }
    return "\(object["line"] as? Int ?? 0): \(message)"
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}
