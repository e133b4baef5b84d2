extension Derivation {
  /// The derivation as part of a page, formulas in MathML.
  package func html(number: @escaping (Double) -> String) -> String {
    rows(number: number).map { row in
      switch row {
      case .title(let spans), .note(let spans): "<p>\(MathMLWriter.text(spans))</p>"
      case .heading(let spans): "<h4>\(MathMLWriter.text(spans))</h4>"
      case .equation(let equation):
        "<p>\(MathMLWriter.element(equation, width: 45))</p>"
      case .table(let titles, let rows): MathMLWriter.table(titles, rows)
      }
    }.joined(separator: "\n")
  }
}

extension MathMLWriter {
  /// Running text with its formulas.
  package static func text(_ spans: [Prose.Span]) -> String {
    spans.map { span in
      switch span {
      case .text(let text): escaped(text)
      case .formula(let layout, let text): element(layout, alternative: text)
      }
    }.joined()
  }

  /// - Parameter style: declarations of CSS.
  package static func table(
    _ titles: [[Prose.Span]], _ rows: [[[Prose.Span]]], style: String = ""
  ) -> String {
    func line(_ cells: [[Prose.Span]], _ name: String) -> String {
      "<tr>" + cells.map { "<\(name)>\(text($0))</\(name)>" }.joined() + "</tr>"
    }
    let attribute = style.isEmpty ? "" : " style=\"\(escaped(style))\""
    return "<table\(attribute)>\n<thead>\(line(titles, "th"))</thead>\n<tbody>\n"
      + rows.map { line($0, "td") }.joined(separator: "\n") + "\n</tbody>\n</table>"
  }
}
