import Foundation
import Testing

/// A file of `Errors` holds a wrong script and, behind a line `---`, all that is written beside
/// its output: errors as a student sees them.
///
/// After a deliberate change, `BP_UPDATE_SNAPSHOTS=1 swift test --filter ErrorSnapshotTests` writes
/// the files anew; their diff is what to review.
@Suite struct ErrorSnapshotTests {
  struct Snapshot: CustomTestStringConvertible, Sendable {
    let file: URL
    let source: String
    let rendered: String

    var testDescription: String { file.deletingPathExtension().lastPathComponent }

    init(file: URL) throws {
      self.file = file
      let parts = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n---\n")
      source = parts[0]
      rendered = parts.dropFirst().joined(separator: "\n---\n")
    }

    static let all: [Snapshot] = {
      let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Errors")
      let files = try? FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: nil)
      return (files ?? []).filter { $0.pathExtension == "txt" }
        .sorted { $0.path < $1.path }.compactMap { try? Snapshot(file: $0) }
    }()
  }

  @Test("A wrong script gives the error on record", arguments: Snapshot.all)
  func snapshot(_ snapshot: Snapshot) throws {
    let rendered = try #require(
      onDeepStack {
        let session = TestSession()
        session.run(snapshot.source)
        return session.reports.joined()
      })
    if ProcessInfo.processInfo.environment["BP_UPDATE_SNAPSHOTS"] != nil {
      try "\(snapshot.source)\n---\n\(rendered)"
        .write(to: snapshot.file, atomically: true, encoding: .utf8)
      return
    }
    #expect(rendered == snapshot.rendered)
    #expect(rendered.contains("error: "))
  }

  @Test("Errors of every kind are on record")
  func number() {
    #expect(Snapshot.all.count >= 90)
  }
}
