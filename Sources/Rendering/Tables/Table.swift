/// Rows of text in aligned columns, with an optional header and rules.
package struct Table: Sendable {
  package typealias Side = TextWidth.Side

  package struct Column: Sendable {
    package var title: String
    package var side: Side

    package init(_ title: String, _ side: Side = .left) {
      self.title = title
      self.side = side
    }
  }

  package enum Line: Sendable {
    case row([String])
    case rule
  }

  /// What rules and the gap between columns are made of.
  package struct Strokes: Sendable {
    package var rule: Character
    package var headRule: Character
    package var gap: String

    package static let unicode = Strokes(rule: "─", headRule: "═", gap: "  ")
    package static let ascii = Strokes(rule: "-", headRule: "=", gap: "  ")
  }

  package var columns: [Column]
  package var lines: [Line]
  /// Written below the last rule, as they are.
  package var notes: [String]

  package init(_ columns: [Column], rows: [[String]] = [], notes: [String] = []) {
    self.columns = columns
    lines = rows.map { .row($0) }
    self.notes = notes
  }

  package mutating func append(_ row: [String]) { lines.append(.row(row)) }
  package mutating func appendRule() { lines.append(.rule) }

  /// The table as lines without a line end after the last; cells wider than `width` allows are cut.
  package func text(_ strokes: Strokes = .unicode, width: Int? = nil) -> String {
    var widths = columns.map { TextWidth.columns(of: $0.title) }
    for case .row(let cells) in lines {
      for (index, cell) in cells.prefix(columns.count).enumerated() {
        widths[index] = max(widths[index], TextWidth.columns(of: cell))
      }
    }
    let gaps = strokes.gap.count * max(columns.count - 1, 0)
    if let width {
      while widths.reduce(gaps, +) > width, let widest = widths.max(), widest > 2,
        let index = widths.firstIndex(of: widest)
      {
        widths[index] -= 1
      }
    }
    let total = widths.reduce(gaps, +)
    func line(_ cells: [String]) -> String {
      var fields: [String] = []
      for (index, column) in columns.enumerated() {
        let cell = index < cells.count ? cells[index] : ""
        let cut = TextWidth.truncated(
          cell, to: widths[index], ellipsis: strokes.rule == "-" ? "~" : "…")
        fields.append(TextWidth.padded(cut, to: widths[index], column.side))
      }
      var text = fields.joined(separator: strokes.gap)
      while text.last == " " { text.removeLast() }
      return text
    }
    var result: [String] = []
    if columns.contains(where: { !$0.title.isEmpty }) {
      result.append(line(columns.map { $0.title }))
      result.append(String(repeating: strokes.headRule, count: total))
    }
    for entry in lines {
      switch entry {
      case .row(let cells): result.append(line(cells))
      case .rule: result.append(String(repeating: strokes.rule, count: total))
      }
    }
    return (result + notes).joined(separator: "\n")
  }
}
