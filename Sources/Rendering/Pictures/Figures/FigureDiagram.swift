/// Lays a diagram out in points: boxes of one size, columns spread over the width, labels on their own
/// line and off all others.
struct FigureDiagram {
  private struct Rectangle {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var middle: Point { Point(x + width / 2, y + height / 2) }

    func overlaps(_ other: Rectangle) -> Bool {
      x < other.x + other.width && other.x < x + width && y < other.y + other.height
        && other.y < y + height
    }

    /// Whether the line from `a` to `b` goes through it.
    func isCrossed(from a: Point, to b: Point) -> Bool {
      var enter = 0.0
      var leave = 1.0
      return Self.narrow(&enter, &leave, a.x, b.x - a.x, x, x + width)
        && Self.narrow(&enter, &leave, a.y, b.y - a.y, y, y + height) && enter <= leave
    }

    /// Cuts off the part of a line that is outside of two bounds along an axis.
    /// - Returns: false where all of it is outside.
    private static func narrow(
      _ enter: inout Double, _ leave: inout Double, _ start: Double, _ change: Double,
      _ low: Double, _ high: Double
    ) -> Bool {
      if change == 0 { return start >= low && start <= high }
      let (first, second) = ((low - start) / change, (high - start) / change)
      enter = max(enter, min(first, second))
      leave = min(leave, max(first, second))
      return true
    }
  }

  /// How wide texts are in letters of size 1.
  private struct Widths {
    /// The longest line of each node.
    let nodes: [Double]
    let titles: [Double]
    /// Of the edges.
    let longestLabel: Double

    init(_ diagram: Diagram) {
      func width(_ text: String) -> Double { Figure.width(ofSymbols: text, size: 1) }
      nodes = diagram.nodes.map { $0.lines.reduce(0) { max($0, width($1)) } }
      titles = diagram.columnTitles.map(width)
      longestLabel = diagram.edges.reduce(0) { max($0, width($1.above), width($1.below)) }
    }
  }

  /// Sizes at one size of text.
  private struct Measures {
    let textSize: Double
    var boxes: [Diagram.Outline: Point] = [:]
    var columns: [Double] = []
    /// The least room between columns, and from one place to the next.
    var gap = 0.0
    var unit = 0.0
    var titleHeight = 0.0

    var lineHeight: Double { textSize * 1.3 }

    init(_ diagram: Diagram, _ widths: Widths, textSize: Double) {
      self.textSize = textSize
      columns = [Double](repeating: 0, count: diagram.columnCount)
      for (node, width) in zip(diagram.nodes, widths.nodes) {
        let border = node.outline == .none ? 0 : textSize * 1.7
        let size = Point(
          max(width * textSize + border, textSize * 2.4),
          Double(max(node.lines.count, 1)) * lineHeight + border * 0.45)
        let old = boxes[node.outline] ?? size
        boxes[node.outline] = Point(max(old.x, size.x), max(old.y, size.y))
      }
      for node in diagram.nodes {
        columns[node.column] = max(columns[node.column], boxes[node.outline]?.x ?? 0)
      }
      for (index, title) in diagram.columnTitles.prefix(columns.count).enumerated() {
        columns[index] = max(columns[index], widths.titles[index] * textSize)
        if !title.isEmpty { titleHeight = textSize * 2 }
      }
      let hasPairs = diagram.edges.contains { !$0.below.isEmpty }
      let longest = widths.longestLabel * textSize
      // Labels of lines that cross want room beside each other.
      let isFan = diagram.edges.count > diagram.nodes.count && !hasPairs
      gap =
        longest == 0 ? textSize * 3 : isFan ? 2 * longest + 3 * textSize : longest + textSize * 1.6
      let highest = boxes.values.reduce(0) { max($0, $1.y) }
      unit = max(highest + textSize * 0.8, hasPairs ? lineHeight * 3 : 0)
    }

    func width(gaps count: Int) -> Double { columns.reduce(0, +) + gap * Double(count) }
    var highest: Double { boxes.values.reduce(0) { max($0, $1.y) } }
  }

  private let diagram: Diagram
  private let top: Double
  private let span: Double

  /// Nil for what nobody could read.
  init?(_ diagram: Diagram) {
    let places = diagram.nodes.map { $0.place }
    guard diagram.columnCount > 0, diagram.columnCount <= 200, diagram.nodes.count <= 400,
      diagram.edges.count <= 2000, let low = places.min(), let high = places.max(),
      high - low < 400
    else { return nil }
    self.diagram = diagram
    top = low
    span = high - low
  }

  func draw(into figure: inout Figure, top headroom: Double, foot: Double) {
    let gaps = max(diagram.columnCount - 1, 0)
    let margin = Point(60, headroom + foot + 20)
    func height(_ measures: Measures) -> Double {
      span * measures.unit + measures.highest + measures.titleHeight
    }
    // The largest text that fits on a slide.
    let widths = Widths(diagram)
    let all = [25.0, 20, 17, 15].map { Measures(diagram, widths, textSize: $0) }
    let (width, room) = (figure.width - margin.x, figure.height - margin.y)
    guard
      let measures = all.first(where: { $0.width(gaps: gaps) <= width && height($0) <= room })
        ?? all.last
    else { return }
    figure.grow(
      width: measures.width(gaps: gaps) + margin.x, height: height(measures) + margin.y)
    let boxes = boxes(measures, in: figure, headroom: headroom, foot: foot, gaps: gaps)
    for edge in diagram.edges { draw(edge, boxes, &figure) }
    drawLabels(measures, boxes, &figure)
    for (node, box) in zip(diagram.nodes, boxes) { draw(node, box, measures, &figure) }
    drawTitles(measures, boxes, &figure)
  }

  /// Where the nodes lie: spread over what there is, in the middle of it.
  private func boxes(
    _ measures: Measures, in figure: Figure, headroom: Double, foot: Double, gaps: Int
  ) -> [Rectangle] {
    let spare = figure.width - 60 - measures.width(gaps: 0)
    let gap = gaps == 0 ? 0 : min(spare / Double(gaps), max(measures.gap, 420))
    let total = measures.width(gaps: 0) + gap * Double(gaps)
    let room = figure.height - headroom - foot - 20 - measures.titleHeight
    let unit =
      span == 0
      ? measures.unit
      : min(
        (room - measures.highest) / span,
        max(measures.unit + measures.textSize * 3, measures.highest * 2.2))
    var starts: [Double] = []
    var x = (figure.width - total) / 2
    for width in measures.columns {
      starts.append(x)
      x += width + gap
    }
    let middle = headroom + 10 + room / 2
    return diagram.nodes.map { node in
      let size = measures.boxes[node.outline] ?? Point(0, 0)
      return Rectangle(
        x: starts[node.column] + (measures.columns[node.column] - size.x) / 2,
        y: middle + (node.place - top - span / 2) * unit - size.y / 2, width: size.x, height: size.y
      )
    }
  }

  private func ends(_ edge: Diagram.Edge, _ boxes: [Rectangle]) -> (Point, Point)? {
    guard boxes.indices.contains(edge.from), boxes.indices.contains(edge.to) else { return nil }
    let (source, target) = (boxes[edge.from], boxes[edge.to])
    return (Point(source.x + source.width, source.middle.y), Point(target.x, target.middle.y))
  }

  private func draw(_ edge: Diagram.Edge, _ boxes: [Rectangle], _ figure: inout Figure) {
    guard let (start, end) = ends(edge, boxes) else { return }
    let theme = figure.theme
    var colour = theme.ink.mixed(with: theme.background, 0.4)
    var width = 1.6
    if let strength = edge.strength, strength.isFinite {
      let share = min(abs(strength), 1)
      colour = theme.faint.mixed(with: Palette.sign(strength < 0 ? -1 : 1), 0.35 + share)
      width = 1.2 + 2.8 * share
    }
    if diagram.nodes[edge.from].isLeftOut || diagram.nodes[edge.to].isLeftOut {
      (colour, width) = (theme.faint, 1)
    }
    let line = Figure.Shape.line([start, end], colour, width: width)
    figure.add(
      edge.name.isEmpty ? line : .named([line], name: edge.name, description: edge.description))
  }

  // MARK: Labels

  private func drawLabels(
    _ measures: Measures, _ boxes: [Rectangle], _ figure: inout Figure
  ) {
    var taken: [Rectangle] = []
    for (index, edge) in diagram.edges.enumerated() {
      guard let (start, end) = ends(edge, boxes), !edge.above.isEmpty || !edge.below.isEmpty
      else { continue }
      let isPair = !edge.below.isEmpty
      let width = max(
        Figure.width(ofSymbols: edge.above, size: measures.textSize),
        Figure.width(ofSymbols: edge.below, size: measures.textSize))
      let size = Point(width + 8, measures.lineHeight * (isPair ? 2.2 : 1))
      guard let area = place(size, of: index, start, end, boxes, taken) else { continue }
      taken.append(area)
      let theme = figure.theme
      let middle = area.middle
      let texts =
        isPair
        ? [
          (edge.above, -0.45 * measures.textSize, theme.ink),
          (edge.below, 1.15 * measures.textSize, theme.shown(Palette.series(1))),
        ]
        : [(edge.above, 0.36 * measures.textSize, theme.ink)]
      for (text, fall, ink) in texts where !text.isEmpty {
        let base = middle.y + fall
        // Nothing of a slanted line is seen behind the letters.
        let width = Figure.width(ofSymbols: text, size: measures.textSize) + 6
        figure.add(
          .rectangle(
            x: middle.x - width / 2, y: base - measures.textSize * 0.86, width: width,
            height: measures.textSize * 1.16, theme.background))
        figure.write(
          symbols: text, at: Point(middle.x, base), size: measures.textSize, ink)
      }
    }
  }

  /// The place along its line where a label meets no box and no other label, and as few other lines as
  /// can be; nil where there is none.
  private func place(
    _ size: Point, of edge: Int, _ start: Point, _ end: Point, _ boxes: [Rectangle],
    _ taken: [Rectangle]
  ) -> Rectangle? {
    var best: (area: Rectangle, cost: Double)?
    for step in 0...86 {
      let share = 0.07 + 0.01 * Double(step)
      let middle = Point(
        start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)
      let area = Rectangle(
        x: middle.x - size.x / 2, y: middle.y - size.y / 2, width: size.x, height: size.y)
      if boxes.contains(where: { $0.overlaps(area) })
        || taken.contains(where: { $0.overlaps(area) })
      {
        continue
      }
      var cost = abs(share - 0.5)
      let surroundings = Rectangle(
        x: area.x - 6, y: area.y - 6, width: area.width + 12, height: area.height + 12)
      for (index, other) in diagram.edges.enumerated() where index != edge {
        if let (a, b) = ends(other, boxes), surroundings.isCrossed(from: a, to: b) { cost += 1 }
      }
      if cost < best?.cost ?? .infinity { best = (area, cost) }
    }
    return best?.area
  }

  private func draw(
    _ node: Diagram.Node, _ box: Rectangle, _ measures: Measures, _ figure: inout Figure
  ) {
    let theme = figure.theme
    let start = figure.shapes.count
    defer {
      if !node.name.isEmpty {
        figure.group(
          from: start, name: node.name, description: node.lines.joined(separator: ", "))
      }
    }
    if node.outline != .none {
      let fill = node.fill.map { Palette.sign($0, on: theme.paper) } ?? theme.background
      figure.add(
        .box(
          x: box.x, y: box.y, width: box.width, height: box.height,
          radius: node.outline == .circle ? min(box.height, box.width) * 0.32 : 3, fill: fill,
          edge: node.isLeftOut ? theme.faint : theme.ink))
    }
    let ink =
      node.fill.map {
        Palette.sign($0, on: theme.paper).brightness > 0.5 ? Palette.black : Palette.white
      }
      ?? (node.isLeftOut ? theme.ink.mixed(with: theme.background, 0.4) : theme.ink)
    let first =
      box.middle.y - Double(node.lines.count - 1) * measures.lineHeight / 2
      + measures.textSize * 0.36
    for (index, line) in node.lines.enumerated() {
      figure.write(
        symbols: line, at: Point(box.middle.x, first + Double(index) * measures.lineHeight),
        size: measures.textSize, ink)
    }
  }

  private func drawTitles(
    _ measures: Measures, _ boxes: [Rectangle], _ figure: inout Figure
  ) {
    let lowest = boxes.reduce(0) { max($0, $1.y + $1.height) }
    for (index, title) in diagram.columnTitles.prefix(measures.columns.count).enumerated() {
      guard let node = diagram.nodes.firstIndex(where: { $0.column == index }) else { continue }
      figure.write(
        title, at: Point(boxes[node].middle.x, lowest + measures.textSize * 1.6),
        size: measures.textSize)
    }
  }
}
