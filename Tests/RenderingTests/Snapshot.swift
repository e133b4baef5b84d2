import Foundation
import Testing

/// Compares with a file under Fixtures; with RECORD_SNAPSHOTS=1 in the environment writes it, to
/// be looked at before it is committed.
func expectSnapshot(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let url = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures").appending(path: name)
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try Data((text + "\n").utf8).write(to: url)
    return
  }
  let expected = try String(contentsOf: url, encoding: .utf8)
  #expect(text + "\n" == expected, sourceLocation: sourceLocation)
}
