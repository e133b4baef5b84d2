import Foundation
import TestSupport
import Testing

/// A file of `Errors` holds a wrong script and, behind a line `---`, all that is written beside
/// its output: errors as a student sees them.
///
/// After a deliberate change, `scripts/record ErrorSnapshotTests` writes the files anew; their diff is
/// what to review.
@Suite struct ErrorSnapshotTests {
  static let folder = "Tests/LanguageTests/Errors"
  static let names = Project.names(in: folder, endingWith: ".txt")

  @Test("A wrong script gives the error on record", arguments: names)
  func snapshot(_ name: String) throws {
    let path = "\(Self.folder)/\(name).txt"
    let source = try Project.text(path).components(separatedBy: "\n---\n")[0]
    let rendered = onDeepStack {
      let session = TestSession()
      session.run(source)
      return session.reports.joined()
    }
    #expect(rendered.contains("error: "))
    try expectRecorded("\(source)\n---\n\(rendered)", in: path)
  }

  @Test("Errors of every kind are on record")
  func number() {
    #expect(Self.names.count >= 90)
  }
}
