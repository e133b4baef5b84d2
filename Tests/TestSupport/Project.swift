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

  /// All files below a folder whose names end like this, with their text, sorted by path.
  package static func files(
    below folder: String, endingWith ending: String
  ) throws -> [(path: String, text: String)] {
    let names = FileManager.default.enumerator(atPath: file(folder).path)?.allObjects ?? []
    return try names.compactMap { $0 as? String }.filter { $0.hasSuffix(ending) }.sorted()
      .map { ("\(folder)/\($0)", try text("\(folder)/\($0)")) }
  }
}
