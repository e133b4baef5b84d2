// A release build makes this room too, without what tests are written with.
#if canImport(Testing)
  import Foundation
  import Testing

  /// Holds that a page quotes code of this file word for word, so that what the page tells to write
  /// is code that the tests compile and run.
  ///
  /// The code stands between lines `// recipe begin` and `// recipe end`, as often as the page quotes
  /// some; each part is a block of code of the page, the indentation aside.
  /// - Parameters:
  ///   - page: the path of a page in Markdown.
  ///   - file: the file with the code; the one that calls.
  package func expectQuoted(
    in page: String, from file: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let blocks = try CodeBlock.all(in: page).map { withoutIndentation($0.lines) }
    let path = String(file.dropFirst(Project.folder.path.count + 1))
    let parts = try recipes(in: path, sourceLocation: sourceLocation)
    #expect(!parts.isEmpty, "\(path) has no recipe", sourceLocation: sourceLocation)
    for part in parts where !blocks.contains(part) {
      Issue.record(
        "\(page) does not quote \(path):\n\(part.joined(separator: "\n"))",
        sourceLocation: sourceLocation)
    }
  }

  /// The lines of the recipes of a file, without their indentation.
  package func recipes(
    in path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [[String]] {
    var parts: [[String]] = []
    var open: [String]?
    for line in try Project.text(path).components(separatedBy: "\n") {
      switch line.drop(while: { $0 == " " }) {
      case "// recipe begin": open = []
      case "// recipe end":
        parts.append(withoutIndentation(open ?? []))
        open = nil
      default: open?.append(line)
      }
    }
    #expect(open == nil, "a recipe of \(path) has no end", sourceLocation: sourceLocation)
    return parts
  }

  /// Lines without the blanks that all of them begin with.
  package func withoutIndentation(_ lines: [String]) -> [String] {
    let indentation = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.map { String($0.dropFirst(indentation)) }
  }
#endif
