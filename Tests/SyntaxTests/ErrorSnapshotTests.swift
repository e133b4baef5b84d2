import Foundation
import TestSupport
import Testing

@testable import Syntax

/// `Fixtures/errors.txt` holds sources and what is printed for them. A case begins with a line
/// `=== ` and its title; `---` parts the source from the errors. In a source, `␉` is a tab, `␣` a
/// no-break space and `¶` at the end is left out with the line end before it.
///
/// After a deliberate change, `scripts/record ErrorSnapshotTests` writes the file anew; its diff is
/// what to review.
@Suite struct ErrorSnapshotTests {
  struct Case {
    var title: String
    var source: String
  }

  static let file = "Tests/SyntaxTests/Fixtures/errors.txt"

  static func cases() throws -> [Case] {
    let text = try Project.text(file)
    return text.components(separatedBy: "\n=== ").filter { !$0.isEmpty }.map { part in
      let lines = part.components(separatedBy: "\n")
      let rule = lines.firstIndex(of: "---") ?? lines.count
      return Case(
        title: lines[0], source: lines[1..<rule].joined(separator: "\n"))
    }
  }

  static func rendered(_ source: String) -> String {
    let text = source.replacing("␉", with: "\t").replacing("␣", with: "\u{A0}")
    let lesson = SourceText(name: "lesson.bp", text: text)
    let renderer = DiagnosticRenderer(source: lesson)
    return Parser.parse(lesson).diagnostics.map(renderer.render).joined(separator: "\n\n")
  }

  @Test("Each wrong script has exactly the errors that are on record")
  func snapshots() throws {
    let cases = try Self.cases()
    #expect(cases.count >= 100)
    let text = cases.map { snapshot in
      let rendered = Self.rendered(snapshot.source)
      #expect(!rendered.isEmpty, "\(snapshot.title)")
      return "\n=== \(snapshot.title)\n\(snapshot.source)\n---\n\(rendered)\n"
    }
    try expectRecorded(text.joined(), in: Self.file)
  }
}
