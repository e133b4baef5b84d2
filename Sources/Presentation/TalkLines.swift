import Rendering

// Lines of text that are too wide for a page.

extension TalkLayout {
  /// Whether a line has columns, which must stay below those of its neighbours.
  static func isTabular(_ line: String) -> Bool {
    let text = line.drop { $0 == " " }
    return text.contains("  ") || text.contains("│") || text.contains("─") || text.contains("═")
  }

  /// Lines no wider than so many columns, broken at blanks.
  static func wrapped(_ lines: [String], columns: Int) -> [String] {
    lines.flatMap { line -> [String] in
      guard TextWidth.columns(of: line) > columns, !isTabular(line) else { return [line] }
      if let sides = sides(of: line, columns: columns) { return sides }
      let indent = String(line.prefix { $0 == " " })
      var result: [String] = []
      var current = ""
      for word in line.split(separator: " ") {
        let width = TextWidth.columns(of: current) + 1 + TextWidth.columns(of: String(word))
        if current.isEmpty {
          current = indent + word
        } else if width > columns {
          result.append(current)
          current = indent + "    " + word
        } else {
          current += " " + word
        }
      }
      return result + [current]
    }
  }

  /// An equation of several sides with each of them on a line of its own; nil where that is not
  /// enough, or the line is none.
  private static func sides(of line: String, columns: Int) -> [String]? {
    let parts = line.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count > 2, parts.dropFirst().allSatisfy({ $0.hasPrefix(" ") }),
      parts.dropLast().allSatisfy({ $0.hasSuffix(" ") }), !isProse(line)
    else { return nil }
    let first = TextWidth.columns(of: String(parts[0]))
    guard 3 * first < 2 * columns else { return nil }
    let margin = String(repeating: " ", count: first)
    let rows = parts.dropFirst().enumerated().map { place, part in
      let side = part.hasSuffix(" ") ? part.dropLast() : part
      return (place == 0 ? String(parts[0]) : margin) + "=" + side
    }
    return rows.allSatisfy { TextWidth.columns(of: $0) <= columns } ? rows : nil
  }

  /// Whether a line says more than one equation.
  private static func isProse(_ line: String) -> Bool {
    var depth = 0
    for (character, next) in zip(line, line.dropFirst()) {
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
      if depth == 0, next == " ", ",;:→".contains(character) { return true }
    }
    return false
  }
}
