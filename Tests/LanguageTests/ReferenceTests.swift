import Foundation
import TestSupport
import Testing

@testable import Language

/// The pages of the documentation catalog: every fenced `bp` example is run on its own.
///
/// - `# → text` is a line of the output; the example prints these lines and no others.
/// - `# error: text` stands on the line that an error points at, or right below it, and is its
///   whole message.
///
/// After a deliberate change of the catalog, `scripts/record ReferenceTests` writes the page of
/// functions anew.
@Suite struct ReferenceTests {
  struct Example: CustomTestStringConvertible, Sendable {
    let block: CodeBlock
    var code: [String] { block.lines }

    var testDescription: String { "\(block.page):\(block.line)" }

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

  static let folder = "Sources/Language/Language.docc"

  static func examples(of page: String) -> [Example] {
    let blocks = (try? CodeBlock.all(in: "\(folder)/\(page)")) ?? []
    return blocks.filter { $0.language == "bp" }.map { Example(block: $0) }
  }

  static let all = ["Language.md", "Reference.md", "Functions.md", "Gallery.md"].flatMap(examples)

  @Test func everyPageHasItsExamples() {
    #expect(Self.examples(of: "Reference.md").count > 28)
    #expect(Self.examples(of: "Functions.md").count > 60)
  }

  @Test("an example prints what it says", arguments: all)
  func exampleHolds(_ example: Example) throws {
    let session = TestSession(
      folder: Project.file("Tests/LanguageTests/Fixtures/reference"), asJSON: true)
    session.run(example.code.joined(separator: "\n"))
    #expect(session.outputLines.map(trimmed) == example.output.map(trimmed))
    #expect(try session.reports.compactMap(error) == example.errors)
  }

  @Test("An example of the gallery draws one file", arguments: examples(of: "Gallery.md"))
  func pictureIsDrawn(_ example: Example) throws {
    let session = TestSession()
    session.run(example.code.joined(separator: "\n"))
    #expect(session.written.count == 1)
    let file = try #require(session.written.first)
    #expect(example.code.filter { $0.contains("\"\(file.key)\"") }.count == 1)
    let text = String(decoding: file.value, as: UTF8.self)
    #expect(text.hasPrefix(file.key.hasSuffix(".svg") ? "<svg " : "<p><math "))
  }

  @Test func theFunctionsAreThoseOfTheCatalog() throws {
    try expectRecorded(FunctionsPage.text, in: "\(Self.folder)/Functions.md")
  }

  @Test func theGrammarIsTheParsersOwn() throws {
    let path = "\(Self.folder)/Reference.md"
    let page = try Project.text(path)
    let heading = "## Grammar\n"
    let before = page.range(of: heading).map { String(page[..<$0.lowerBound]) } ?? page
    try expectRecorded(before + heading + (try grammar()), in: path)
  }

  /// The page beside the parser, its headings one level down.
  private func grammar() throws -> String {
    try Project.text("Sources/Syntax/Grammar.md").components(separatedBy: "\n").dropFirst()
      .map { $0.hasPrefix("#") ? "#" + $0 : $0 }.joined(separator: "\n")
  }

  /// Line and message of a diagnostic; nil for a note.
  private func error(_ report: String) throws -> String? {
    guard report.hasPrefix("{") else { return nil }
    let object = try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any]
    guard let object, let message = object["message"] as? String else { return report }
    guard object["severity"] as? String == "error" else { return nil }
    return "\(object["line"] as? Int ?? 0): \(message)"
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}
