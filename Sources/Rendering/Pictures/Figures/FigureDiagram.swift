/// Lays a diagram out in points: the cells of its layout become rectangles of a letter's size.
struct FigureDiagram {
  private let diagram: Diagram
  private let layout: DiagramLayout
  /// A letter of `Figure.textSize`, with room between lines.
  private static let cell = (width: 9.0, height: 19.0)

  /// Nil for what is too large.
  init?(_ diagram: Diagram) {
    guard let layout = DiagramLayout(diagram, columns: 220) else { return nil }
    self.diagram = diagram
    self.layout = layout
  }

  /// Where cells lie and how large letters are.
  private struct Grid {
    var origin: Point
    var step: Point
    var textSize: Double

    func x(_ column: Int) -> Double { origin.x + Double(column) * step.x }
    func y(_ row: Int) -> Double { origin.y + Double(row) * step.y }
    /// The base of text in a row.
    func base(_ row: Int) -> Double { y(row) + step.y * 0.76 }
    func middle(_ box: DiagramLayout.Box) -> Double {
      x(box.column) + Double(box.columns) * step.x / 2
    }
  }

  func draw(into figure: inout Figure, top: Double, foot: Double) {
    let grid = grid(&figure, top: top, foot: foot)
    for edge in diagram.edges { draw(edge, grid, &figure) }
    for label in layout.labels { draw(label, grid, &figure) }
    for (node, box) in zip(diagram.nodes, layout.boxes) { draw(node, box, grid, &figure) }
    for (index, title) in diagram.columnTitles.prefix(layout.middles.count).enumerated() {
      let place = Point(grid.x(layout.middles[index]), grid.base(layout.rows - 1))
      figure.write(title, at: place, size: grid.textSize)
    }
  }

  private func grid(_ figure: inout Figure, top: Double, foot: Double) -> Grid {
    let bare = Point(
      Double(layout.columns) * Self.cell.width, Double(layout.rows) * Self.cell.height)
    let margin = Point(60, top + foot + 20)
    // Text of 25, 20 or 15 points: the largest that fits on a slide.
    let scales: [Double] = [5.0 / 3, 4.0 / 3]
    let (width, height) = (figure.width, figure.height)
    let fitting = scales.first { scale in
      bare.x * scale + margin.x <= width && bare.y * scale + margin.y <= height
    }
    let scale = fitting ?? 1
    let size = Point(bare.x * scale, bare.y * scale)
    figure.grow(width: size.x + margin.x, height: size.y + margin.y)
    let origin = Point(
      (figure.width - size.x) / 2, top + (figure.height - top - foot - size.y) / 2)
    return Grid(
      origin: origin, step: Point(Self.cell.width * scale, Self.cell.height * scale),
      textSize: Figure.textSize * scale)
  }

  private func draw(_ edge: Diagram.Edge, _ grid: Grid, _ figure: inout Figure) {
    guard let (from, to) = layout.ends(edge) else { return }
    let theme = figure.theme
    var colour = theme.ink.mixed(with: theme.background, 0.4)
    var width = 1.6
    if let strength = edge.strength, strength.isFinite {
      let share = min(abs(strength), 1)
      colour = theme.faint.mixed(with: Palette.sign(strength < 0 ? -1 : 1), 0.35 + share)
      width = 1.2 + 2.8 * share
    }
    let start = Point(grid.x(from.x), grid.y(from.y) + grid.step.y / 2)
    let end = Point(grid.x(to.x + 1), grid.y(to.y) + grid.step.y / 2)
    figure.add(.line([start, end], colour, width: width))
  }

  private func draw(_ label: DiagramLayout.Label, _ grid: Grid, _ figure: inout Figure) {
    let theme = figure.theme
    let middle = grid.middle(label.box)
    let width = Figure.width(of: label.text, size: grid.textSize)
    let top = grid.y(label.box.row) + grid.step.y * 0.05
    figure.add(
      .rectangle(
        x: middle - width / 2 - 3, y: top, width: width + 6, height: grid.step.y * 0.9,
        theme.background))
    let colour = label.isBelow ? theme.shown(Palette.series(1)) : theme.ink
    let place = Point(middle, grid.base(label.box.row))
    figure.write(Figure.printed(label.text), at: place, size: grid.textSize, .middle, colour)
  }

  private func draw(
    _ node: Diagram.Node, _ box: DiagramLayout.Box, _ grid: Grid, _ figure: inout Figure
  ) {
    let theme = figure.theme
    let border = node.outline == .none ? 0 : 1
    if border == 1 {
      let fill = node.fill.map { Palette.sign($0, on: theme.paper) } ?? theme.background
      let height = (Double(box.rows) - 0.4) * grid.step.y
      figure.add(
        .box(
          x: grid.x(box.column), y: grid.y(box.row) + grid.step.y * 0.2,
          width: Double(box.columns) * grid.step.x, height: height,
          radius: node.outline == .circle ? grid.step.y * 0.8 : 3, fill: fill, edge: theme.ink))
    }
    let ink = node.fill == nil ? theme.ink : Palette.black
    for (index, line) in node.lines.enumerated() {
      let place = Point(grid.middle(box), grid.base(box.row + border + index))
      figure.write(Figure.printed(line), at: place, size: grid.textSize, .middle, ink)
    }
  }
}
