extension TextBlocks {
  /// Part of a page in HTML, tables as tables, without drawings.
  package var html: String {
    blocks.compactMap { block in
      switch block {
      case .lines(let lines): lines.isEmpty ? nil : Self.paragraph(lines)
      case .table(let table): table.html
      case .drawing: nil
      }
    }.joined(separator: "\n")
  }

  fileprivate static func paragraph(_ lines: String) -> String {
    "<p style=\"white-space:pre-wrap\">\(SVG.escaped(lines, keepsLines: true))</p>"
  }
}

extension Table {
  /// The table in HTML, its notes below.
  package var html: String {
    func row(_ cells: [String], _ element: String, ruled: Bool) -> String {
      let fields = columns.enumerated().map { place, column in
        let cell = place < cells.count ? cells[place] : ""
        var style = "text-align:\(column.side == .right ? "right" : "left")"
        if ruled { style += ";border-top:1px solid" }
        return "<\(element) style=\"\(style)\">\(SVG.escaped(cell))</\(element)>"
      }
      return "<tr>\(fields.joined())</tr>"
    }
    var text = "<table>\n"
    if columns.contains(where: { !$0.title.isEmpty }) {
      text += "<thead>\(row(columns.map { $0.title }, "th", ruled: false))</thead>\n"
    }
    text += "<tbody>\n"
    var isRuled = false
    for line in lines {
      switch line {
      case .rule: isRuled = true
      case .row(let cells):
        text += row(cells, "td", ruled: isRuled) + "\n"
        isRuled = false
      }
    }
    text += "</tbody>\n</table>"
    return notes.isEmpty ? text : text + "\n" + TextBlocks.paragraph(notes.joined(separator: "\n"))
  }
}
