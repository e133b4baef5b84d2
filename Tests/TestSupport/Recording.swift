import Foundation

/// Expected texts that are kept in files. `scripts/record` writes them anew after a deliberate
/// change; their diff is what to review.
package enum Recording {
  /// Whether expected texts are written instead of compared: `BP_RECORD=1`.
  package static let isOn = ProcessInfo.processInfo.environment["BP_RECORD"] == "1"

  /// The first line that differs, both ways; nil where the texts are equal.
  package static func firstDifference(_ text: String, _ expected: String) -> String? {
    if text == expected { return nil }
    let (lines, known) = (
      text.components(separatedBy: "\n"), expected.components(separatedBy: "\n")
    )
    for (number, (line, knownLine)) in zip(lines, known).enumerated() where line != knownLine {
      return "line \(number + 1): \(line)\n  expected: \(knownLine)"
    }
    return "\(lines.count) lines, not \(known.count)"
  }

  static func write(_ text: String, to file: URL) throws {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}

// A release build makes this room too, without what tests are written with.
#if canImport(Testing)
  import Testing

  /// Compares a text with the file at a path of the project; while recording, writes the file
  /// where it does not agree.
  /// - Parameter difference: says what differs between the text and the one on record; nil where
  ///   they agree.
  package func expectRecorded(
    _ text: String, in path: String,
    difference: (String, String) -> String? = Recording.firstDifference,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = Project.file(path)
    let expected = try? String(contentsOf: file, encoding: .utf8)
    let found = expected.map { difference(text, $0) } ?? "there is no such file"
    guard let found else { return }
    if Recording.isOn {
      try Recording.write(text, to: file)
    } else {
      Issue.record(
        "\(path): \(found)\n  scripts/record writes it anew", sourceLocation: sourceLocation)
    }
  }
#endif
