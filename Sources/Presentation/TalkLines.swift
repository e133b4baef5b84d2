import Explanation
import Rendering

// What a script prints, as rows of a slide.

extension TalkRow {
  /// Lines with columns keep them; all others are running text.
  static func rows(of text: String, _ prose: Prose) -> [TalkRow] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var rows: [TalkRow] = []
    var place = 0
    while place < lines.count {
      let end = lines[place...].firstIndex { isBlank($0) } ?? lines.count
      let block = joined(Array(lines[place..<end]))
      rows += zip(block, listed(block)).map { line, isListed in
        if isListed { return .listing(line) }
        let indent = indent(of: line)
        return .paragraph(prose.spans(String(line.dropFirst(indent))), indent: indent)
      }
      if end < lines.count { rows.append(.gap) }
      place = end + 1
    }
    return trimmed(rows)
  }

  /// The rows of a derivation.
  static func rows(
    of derivation: Derivation, number: @escaping (Double) -> String, besides symbols: Set<Symbol>
  ) -> [TalkRow] {
    derivation.rows(number: number, besides: symbols).map { row in
      switch row {
      case .title(let spans), .heading(let spans): .heading(spans)
      case .note(let spans): .paragraph(spans, indent: 0)
      case .equation(let equation): .equation(equation)
      case .table(let titles, let rows): .table(titles, rows)
      }
    }
  }

  static func trimmed(_ rows: [TalkRow]) -> [TalkRow] {
    guard let first = rows.firstIndex(where: { !$0.isGap }),
      let last = rows.lastIndex(where: { !$0.isGap })
    else { return [] }
    return Array(rows[first...last])
  }

  private static func indent(of line: String) -> Int { line.prefix { $0 == " " }.count }

  /// Words that no sentence ends with.
  private static let joints: Set<String> = [
    "a", "an", "and", "are", "as", "at", "but", "by", "for", "from", "in", "is", "its", "of", "on",
    "or", "that", "the", "to", "with",
  ]

  /// Lines that were broken by hand as one: a long one that ends within a sentence, and the next.
  private static func joined(_ lines: [String]) -> [String] {
    lines.reduce(into: []) { result, line in
      guard let last = result.last, last.count >= 60, !isTabular(last), !isTabular(line),
        indent(of: last) == indent(of: line), let end = last.split(separator: " ").last,
        end.hasSuffix(",") || joints.contains(String(end)),
        let first = line.drop(while: { $0 == " " }).first, first.isLetter || first.isNumber
      else { return result.append(line) }
      result[result.count - 1] = last + " " + line.drop { $0 == " " }
    }
  }

  /// Which lines of a block keep their columns.
  private static func listed(_ lines: [String]) -> [Bool] {
    // Carets stand below what they point at.
    if lines.contains(where: isPointing) { return lines.map { _ in true } }
    func head(_ line: String) -> String {
      String(line.prefix { $0 == " " }) + (line.split(separator: " ").first ?? "")
    }
    var result = lines.map { isTabular($0) || indent(of: $0) > mostIndent }
    // What begins far inside stands below a part of the line above it.
    for place in lines.indices.dropFirst() where indent(of: lines[place]) > mostIndent {
      result[place - 1] = true
    }
    // Of several lines that begin alike some may have columns by chance.
    let neighbours = Array(zip(lines.indices, lines.indices.dropFirst()))
    for (a, b) in neighbours + neighbours.reversed() where head(lines[a]) == head(lines[b]) {
      let isListed = result[a] || result[b]
      (result[a], result[b]) = (isListed, isListed)
    }
    return result
  }

  private static let mostIndent = 12

  private static func isBlank(_ line: String) -> Bool { line.allSatisfy { $0 == " " } }

  private static func isPointing(_ line: String) -> Bool {
    let text = line.drop { $0 == " " }
    return text.hasPrefix("--> ") || text.hasPrefix("|")
  }

  /// Whether a line has columns: gaps, strokes, or nothing but numbers.
  static func isTabular(_ line: String) -> Bool {
    let text = line.drop { $0 == " " }
    if text.contains("  ") { return true }
    let hasStrokes = text.unicodeScalars.contains { scalar in
      (0x2500...0x259F).contains(scalar.value) || (0x239B...0x23AD).contains(scalar.value)
    }
    return hasStrokes || text.allSatisfy { $0.isNumber || " .-−e".contains($0) }
  }
}
