import Foundation

/// The files of the project, by their paths from its folder.
package enum Project {
  package static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  package static func file(_ path: String) -> URL { folder.appending(path: path) }

  package static func text(_ path: String) throws -> String {
    try String(contentsOf: file(path), encoding: .utf8)
  }

  /// The names of the files in a folder that end like this, sorted, without the ending.
  package static func names(in path: String, endingWith ending: String) -> [String] {
    let files = try? FileManager.default.contentsOfDirectory(atPath: file(path).path)
    return (files ?? []).filter { $0.hasSuffix(ending) }
      .map { String($0.dropLast(ending.count)) }.sorted()
  }
}
