/// Draws boxes, circles and the lines between them in characters; what is too wide becomes a list.
enum CharacterDiagram {
  static func lines(_ diagram: Diagram, on display: Display) -> [String] {
    guard let layout = DiagramLayout(diagram, columns: display.columns) else {
      return list(diagram, on: display)
    }
    var canvas = CharacterCanvas(columns: layout.columns, rows: layout.rows)
    for edge in diagram.edges { draw(edge, layout, display, &canvas) }
    for (node, box) in zip(diagram.nodes, layout.boxes) { draw(node, box, display, &canvas) }
    for label in layout.labels {
      let ink = label.isBelow && display.hasColour ? Palette.series(1) : nil
      let width = TextWidth.columns(of: label.text)
      let start = label.box.column + (label.box.columns - width) / 2
      if display.isASCII {
        // A line of ASCII looks like the sign of a number beside it.
        for side in [start - 1, start + width] where canvas.character(side, label.box.row) == "-" {
          canvas.put(" ", side, label.box.row)
        }
      }
      canvas.write(label.text, start, label.box.row, ink: ink)
    }
    for (index, title) in diagram.columnTitles.prefix(layout.middles.count).enumerated() {
      let start = layout.middles[index] - TextWidth.columns(of: title) / 2
      canvas.write(title, max(start, 0), layout.rows - 1)
    }
    var lines = canvas.lines(on: display)
    if layout.omitted > 0 {
      lines.append("(no room for \(layout.omitted) label\(layout.omitted == 1 ? "" : "s"))")
    }
    return lines
  }

  private static func draw(
    _ edge: Diagram.Edge, _ layout: DiagramLayout, _ display: Display,
    _ canvas: inout CharacterCanvas
  ) {
    guard let (from, to) = layout.ends(edge) else { return }
    let ink = display.hasColour ? edge.strength.map { Palette.sign($0 < 0 ? -1 : 1) } : nil
    let level: Character = display.isASCII ? "-" : "─"
    let falling: Character = display.isASCII ? "\\" : "╲"
    let rising: Character = display.isASCII ? "/" : "╱"
    let upright: Character = display.isASCII ? "|" : "│"
    let steps = max(abs(to.x - from.x), abs(to.y - from.y), 1)
    var last = from
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      let x = from.x + Int(clamped: (Double(to.x - from.x) * share).rounded())
      let y = from.y + Int(clamped: (Double(to.y - from.y) * share).rounded())
      let piece = y == last.y ? level : x == last.x ? upright : y > last.y ? falling : rising
      canvas.put(piece, x, y, ink: ink)
      last = (x, y)
    }
    if !display.isASCII { canvas.put("▸", to.x, to.y, ink: ink) }
  }

  private static func draw(
    _ node: Diagram.Node, _ box: DiagramLayout.Box, _ display: Display,
    _ canvas: inout CharacterCanvas
  ) {
    let corners: [Character] =
      display.isASCII
      ? (node.outline == .circle ? ["(", ")", "(", ")"] : ["+", "+", "+", "+"])
      : Array(node.outline == .circle ? "╭╮╰╯" : "┌┐└┘")
    let (level, upright): (Character, Character) =
      switch (node.isLeftOut, display.isASCII) {
      case (false, true): ("-", "|")
      case (false, false): ("─", "│")
      case (true, true): (".", ":")
      case (true, false): ("╌", "┊")
      }
    let right = box.column + box.columns - 1
    let bottom = box.row + box.rows - 1
    let border = node.outline == .none ? 0 : 1
    for row in box.row...max(bottom, box.row) {
      for column in box.column..<(box.column + box.columns) {
        canvas.put(" ", column, row)
        if let fill = node.fill, display.hasColour { canvas.paint(Palette.sign(fill), column, row) }
      }
    }
    if border == 1 {
      for column in (box.column + 1)..<max(right, box.column + 1) {
        canvas.put(level, column, box.row)
        canvas.put(level, column, bottom)
      }
      for row in (box.row + 1)..<max(bottom, box.row + 1) {
        canvas.put(upright, box.column, row)
        canvas.put(upright, right, row)
      }
      canvas.put(corners[0], box.column, box.row)
      canvas.put(corners[1], right, box.row)
      canvas.put(corners[2], box.column, bottom)
      canvas.put(corners[3], right, bottom)
    }
    for (index, line) in node.lines.enumerated() {
      let missing = box.columns - TextWidth.columns(of: line)
      let ink = node.fill != nil && display.hasColour ? Palette.black : nil
      canvas.write(line, box.column + missing / 2, box.row + border + index, ink: ink)
    }
  }

  /// What does not fit as a drawing, line by line.
  private static func list(_ diagram: Diagram, on display: Display) -> [String] {
    let limit = 200
    let hasBelow = diagram.edges.contains { !$0.below.isEmpty }
    var table = Table([.init("from"), .init("to"), .init(hasBelow ? "value" : "weight", .right)])
    if hasBelow { table.columns.append(.init("gradient", .right)) }
    func name(_ index: Int) -> String {
      diagram.nodes.indices.contains(index)
        ? "\(diagram.nodes[index].lines.first ?? "") [\(index + 1)]" : ""
    }
    for edge in diagram.edges.prefix(limit) {
      table.append([name(edge.from), name(edge.to), edge.above] + (hasBelow ? [edge.below] : []))
    }
    let left = diagram.edges.count - limit
    if left > 0 { table.notes.append("(\(left) more edges)") }
    return table.text(on: display)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
