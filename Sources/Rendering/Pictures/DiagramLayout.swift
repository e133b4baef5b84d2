/// Where the nodes, lines and labels of a diagram lie, in cells: a character is one cell wide and
/// a line of text one high. Backends that are finer scale it.
struct DiagramLayout {
  struct Box: Hashable {
    var column: Int
    var row: Int
    var columns: Int
    var rows: Int

    func overlaps(_ other: Box) -> Bool {
      column < other.column + other.columns && other.column < column + columns
        && row < other.row + other.rows && other.row < row + rows
    }
  }

  struct Label {
    var text: String
    var box: Box
    var edge: Int
    var isBelow = false
  }

  let diagram: Diagram
  let columns: Int
  let rows: Int
  private(set) var boxes: [Box] = []
  private(set) var labels: [Label] = []
  /// Labels for which there was no room.
  private(set) var omitted = 0
  /// The middle of every column, for titles.
  private(set) var middles: [Int] = []

  /// Nil where the diagram is wider than `limit` cells even without room for labels, or so large
  /// that nobody could read it.
  init?(_ diagram: Diagram, columns limit: Int) {
    guard diagram.columnCount > 0, diagram.nodes.count <= 400, diagram.edges.count <= 2000 else {
      return nil
    }
    self.diagram = diagram
    let sizes = diagram.nodes.map(Self.size)
    var widths = [Int](repeating: 0, count: diagram.columnCount)
    for (node, size) in zip(diagram.nodes, sizes) {
      widths[node.column] = max(widths[node.column], size.columns)
    }
    for (index, title) in diagram.columnTitles.prefix(widths.count).enumerated() {
      widths[index] = max(widths[index], TextWidth.columns(of: title))
    }
    let hasBelow = diagram.edges.contains { !$0.below.isEmpty }
    let longest = diagram.edges.reduce(0) {
      max($0, TextWidth.columns(of: $1.above), TextWidth.columns(of: $1.below))
    }
    let gapCount = max(widths.count - 1, 1)
    let nodesOnly = widths.reduce(0, +)
    // Labels of lines that cross want room beside each other.
    let fanOut = diagram.edges.count > diagram.nodes.count && !hasBelow
    let wanted = max(longest == 0 ? 8 : (fanOut ? 2 * longest + 8 : longest + 4), 6)
    let gap = min(wanted, (limit - nodesOnly) / gapCount)
    guard gap >= 4, hasBelow ? gap >= min(longest + 2, wanted) : true else { return nil }
    self.columns = nodesOnly + gap * (widths.count - 1)

    let highest = sizes.map { $0.rows }.max() ?? 1
    let unit = max(highest + 1, hasBelow ? 6 : 3)
    let top = diagram.nodes.map { $0.place }.min() ?? 0
    let span = (diagram.nodes.map { $0.place }.max() ?? 0) - top
    guard span < 400 else { return nil }
    let height = Int(clamped: span * Double(unit)) + highest
    rows = height + (diagram.columnTitles.contains { !$0.isEmpty } ? 1 : 0)

    var starts: [Int] = []
    var start = 0
    for width in widths {
      starts.append(start)
      middles.append(start + width / 2)
      start += width + gap
    }
    for (node, size) in zip(diagram.nodes, sizes) {
      let middle = Double(highest) / 2 + (node.place - top) * Double(unit)
      boxes.append(
        Box(
          column: starts[node.column] + (widths[node.column] - size.columns) / 2,
          row: max(Int(clamped: middle - Double(size.rows) / 2), 0), columns: size.columns,
          rows: size.rows))
    }
    for index in diagram.edges.indices { placeLabels(of: index) }
  }

  private static func size(_ node: Diagram.Node) -> (columns: Int, rows: Int) {
    let text = node.lines.reduce(0) { max($0, TextWidth.columns(of: $1)) }
    let border = node.outline == .none ? 0 : 1
    return (text + 4 * border, max(node.lines.count, 1) + 2 * border)
  }

  /// Where an edge leaves its source and reaches its target.
  func ends(_ edge: Diagram.Edge) -> (from: (x: Int, y: Int), to: (x: Int, y: Int))? {
    guard boxes.indices.contains(edge.from), boxes.indices.contains(edge.to) else { return nil }
    let source = boxes[edge.from]
    let target = boxes[edge.to]
    return (
      (source.column + source.columns, source.row + source.rows / 2),
      (target.column - 1, target.row + target.rows / 2)
    )
  }

  /// Tries places along the line until one is free.
  private mutating func placeLabels(of index: Int) {
    let edge = diagram.edges[index]
    guard let (from, to) = ends(edge), !edge.above.isEmpty || !edge.below.isEmpty else { return }
    let isPair = !edge.below.isEmpty
    let width = max(TextWidth.columns(of: edge.above), TextWidth.columns(of: edge.below))
    let shares = [0.5, 0.33, 0.67, 0.25, 0.75, 0.4, 0.6, 0.15, 0.85]
    // Edges of the same source begin with different places, so that crossing ones differ.
    let first = isPair ? 0 : 1 + edge.from % 2
    for attempt in shares.indices {
      let share = shares[(attempt + first) % shares.count]
      let x = from.x + Int(clamped: Double(to.x - from.x) * share) - width / 2
      let y = from.y + Int(clamped: (Double(to.y - from.y) * share).rounded())
      let column = min(max(x, from.x + 1), max(to.x - width, from.x + 1))
      let area = Box(
        column: column - 1, row: isPair ? y - 1 : y, columns: width + 2, rows: isPair ? 3 : 1)
      if boxes.contains(where: { $0.overlaps(area) }) { continue }
      if labels.contains(where: { $0.box.overlaps(area) }) { continue }
      if !edge.above.isEmpty {
        let row = isPair ? y - 1 : y
        labels.append(
          Label(
            text: edge.above, box: Box(column: column, row: row, columns: width, rows: 1),
            edge: index))
      }
      if isPair {
        labels.append(
          Label(
            text: edge.below, box: Box(column: column, row: y + 1, columns: width, rows: 1),
            edge: index, isBelow: true))
      }
      return
    }
    omitted += 1
  }
}
