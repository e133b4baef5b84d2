import Foundation
import Testing

@testable import Syntax

/// `Fixtures/errors.txt` holds sources and what is printed for them. A case begins with a line
/// `=== ` and its title; `---` parts the source from the errors. In a source, `␉` is a tab, `␣` a
/// no-break space and `¶` at the end is left out with the line end before it.
///
/// After a deliberate change, `BP_RECORD=1 swift test --filter ErrorSnapshotTests` writes the file
/// anew; its diff is what to review.
@Suite struct ErrorSnapshotTests {
  struct Case {
    var title: String
    var source: String
    var rendered: String
  }

  static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/errors.txt")

  static func cases() throws -> [Case] {
    let text = try String(contentsOf: file, encoding: .utf8)
    return text.components(separatedBy: "\n=== ").filter { !$0.isEmpty }.map { part in
      let lines = part.components(separatedBy: "\n")
      let rule = lines.firstIndex(of: "---") ?? lines.count
      return Case(
        title: lines[0], source: lines[1..<rule].joined(separator: "\n"),
        rendered: lines.dropFirst(rule + 1).joined(separator: "\n")
          .trimmingCharacters(in: .newlines))
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
    if ProcessInfo.processInfo.environment["BP_RECORD"] != nil {
      let text = cases.map { "\n=== \($0.title)\n\($0.source)\n---\n\(Self.rendered($0.source))\n" }
      try text.joined().write(to: Self.file, atomically: true, encoding: .utf8)
      return
    }
    for snapshot in cases {
      #expect(Self.rendered(snapshot.source) == snapshot.rendered, "\(snapshot.title)")
      #expect(!snapshot.rendered.isEmpty, "\(snapshot.title)")
    }
  }
}
