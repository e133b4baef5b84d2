/// A picture laid out in points, for backends that draw lines and not characters: `SVG` and `PNG`.
package struct Figure: Sendable {
  package enum Theme: String, Hashable, Sendable, CaseIterable {
    case light, dark

    var background: Colour { self == .light ? Palette.white : Colour(24, 26, 31) }
    var ink: Colour { self == .light ? Colour(33, 37, 41) : Colour(230, 232, 235) }
    var faint: Colour { self == .light ? Colour(222, 226, 230) : Colour(64, 68, 76) }
    /// Series are lightened on dark ground.
    func shown(_ colour: Colour) -> Colour {
      self == .light ? colour : colour.mixed(with: Palette.white, 0.25)
    }
  }

  enum Anchor: String { case start, middle, end }

  enum Shape {
    case line([Point], Colour, width: Double)
    case rectangle(x: Double, y: Double, width: Double, height: Double, Colour)
    /// A rectangle with round corners and an edge.
    case box(
      x: Double, y: Double, width: Double, height: Double, radius: Double, fill: Colour,
      edge: Colour)
    case disc(Point, radius: Double, fill: Colour, edge: Colour)
    /// Text on one line, its base at the point's y.
    case text(String, at: Point, size: Double, Anchor, Colour)
    /// A grid of colours, the first row on top.
    case image(
      x: Double, y: Double, width: Double, height: Double, columns: Int, rows: Int, [Colour],
      isSmooth: Bool)
  }

  private(set) var width: Double
  private(set) var height: Double
  let theme: Theme
  private(set) var shapes: [Shape] = []

  /// All letters are taken for this wide, times the size: those of a monospaced font are.
  static let letterWidth = 0.6
  /// Sizes are multiples of 5, so that the bitmap font of `PNG` fits exactly.
  static let textSize = 15.0
  static let titleSize = 20.0
  /// In points.
  package struct Size: Hashable, Sendable {
    package var width: Double
    package var height: Double

    package init(_ width: Double, _ height: Double) {
      self.width = min(max(width, 160), 10_000)
      self.height = min(max(height, 120), 10_000)
    }

    package static let slide = Size(960, 540)
  }

  /// Lays `picture` out in so many points, more where it does not fit.
  package init(_ picture: Picture, theme: Theme = .light, size: Size = .slide) {
    self.init(picture, theme: theme, width: size.width, height: size.height)
  }

  private init(_ picture: Picture, theme: Theme, width: Double, height: Double) {
    self.width = width
    self.height = height
    self.theme = theme
    let top = picture.title.isEmpty ? 16.0 : 52.0
    let foot =
      Double(picture.notes.count) * 22 + (picture.legend.isEmpty ? 0 : legendHeight(picture))
    switch picture.content {
    case .plot(let plot):
      FigurePlot(
        plot, theme: theme,
        frame: (x: 16, y: top, width: width - 32, height: height - top - foot - 12)
      ).draw(into: &self)
    case .diagram(let diagram):
      FigureDiagram(diagram)?.draw(into: &self, top: top, foot: foot)
        ?? addMiddle("(too large to draw: \(diagram.nodes.count) nodes)")
    case .panels(let pictures, let columns):
      draw(pictures, columns: max(columns, 1), top: top, foot: foot)
    }
    if !picture.title.isEmpty {
      add(
        .text(
          picture.title, at: Point(self.width / 2, 34), size: Self.titleSize, .middle, theme.ink))
    }
    drawLegend(picture, from: self.height - foot)
    for (index, note) in picture.notes.enumerated() {
      let y = self.height - 10 - Double(picture.notes.count - 1 - index) * 22
      add(.text(note, at: Point(self.width / 2, y), size: Self.textSize, .middle, theme.ink))
    }
  }

  private mutating func addMiddle(_ text: String) {
    add(.text(text, at: Point(width / 2, height / 2), size: Self.textSize, .middle, theme.ink))
  }

  /// Makes room for a drawing that is larger than a slide.
  mutating func grow(width: Double, height: Double) {
    self.width = max(self.width, width)
    self.height = max(self.height, height)
  }

  mutating func add(_ shape: Shape) { shapes.append(shape) }

  static func width(of text: String, size: Double = textSize) -> Double {
    Double(TextWidth.columns(of: text)) * size * letterWidth
  }

  private mutating func draw(
    _ pictures: [Picture], columns: Int, top: Double, foot: Double
  ) {
    let perRow = min(columns, max(pictures.count, 1))
    let cell = (width: max(width / Double(perRow), 400), height: 380.0)
    let rowCount = (pictures.count + perRow - 1) / perRow
    width = max(width, cell.width * Double(perRow))
    height = max(top + cell.height * Double(rowCount) + foot, foot + top + 40)
    for (index, picture) in pictures.enumerated() {
      let panel = Figure(picture, theme: theme, width: cell.width, height: cell.height)
      let x = Double(index % perRow) * cell.width
      let y = top + Double(index / perRow) * cell.height
      shapes += panel.shapes.map { $0.moved(x, y) }
    }
  }

  // MARK: - Legend

  private func legendRows(_ picture: Picture) -> [[LegendEntry]] {
    var rows: [[LegendEntry]] = [[]]
    var used = 0.0
    for entry in picture.legend {
      let wanted = Self.width(of: entry.text) + 60
      if used + wanted > width - 32, !rows[rows.count - 1].isEmpty {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(entry)
      used += wanted
    }
    return rows
  }

  private func legendHeight(_ picture: Picture) -> Double {
    Double(legendRows(picture).count) * 24 + 4
  }

  private mutating func drawLegend(_ picture: Picture, from top: Double) {
    guard !picture.legend.isEmpty else { return }
    for (index, row) in legendRows(picture).enumerated() {
      let total = row.reduce(0) { $0 + Self.width(of: $1.text) + 60 } - 24
      var x = (width - total) / 2
      let y = top + Double(index) * 24 + 10
      for entry in row {
        switch entry.sample {
        case .line(let series):
          add(
            .line(
              [Point(x, y), Point(x + 26, y)], theme.shown(Palette.series(series)), width: 3))
        case .point(let series): drawMark(series, at: Point(x + 15, y))
        case .shade(let value, let scale):
          add(
            .box(
              x: x + 4, y: y - 9, width: 22, height: 18, radius: 3,
              fill: Palette.field(value, scale), edge: theme.faint))
        }
        add(.text(entry.text, at: Point(x + 34, y + 5), size: Self.textSize, .start, theme.ink))
        x += Self.width(of: entry.text) + 60
      }
    }
  }

  /// The mark of a class: disc, cross, plus, and so on; they differ in shape, not only in colour.
  mutating func drawMark(_ series: Int, at point: Point) {
    let colour = Palette.classColour(series)
    let r = 5.0
    func stroke(_ dx: Double, _ dy: Double, _ colour: Colour, _ width: Double) -> Shape {
      .line(
        [Point(point.x - dx, point.y - dy), Point(point.x + dx, point.y + dy)], colour,
        width: width)
    }
    let arms: [(Double, Double)]
    switch abs(series % 5) {
    case 0:
      add(.disc(point, radius: r, fill: colour, edge: Palette.white))
      return
    case 1: arms = [(r, r), (r, -r)]
    case 2: arms = [(r + 1, 0), (0, r + 1)]
    case 3: arms = [(r, r), (r, -r), (r + 1, 0), (0, r + 1)]
    default:
      add(
        .box(
          x: point.x - r, y: point.y - r, width: 2 * r, height: 2 * r, radius: 0, fill: colour,
          edge: Palette.white))
      return
    }
    for (dx, dy) in arms { add(stroke(dx * 1.2, dy * 1.2, Palette.white, 5)) }
    for (dx, dy) in arms { add(stroke(dx, dy, colour, 2.6)) }
  }
}

extension Figure.Shape {
  func moved(_ dx: Double, _ dy: Double) -> Self {
    switch self {
    case .line(let points, let colour, let width):
      return .line(points.map { Point($0.x + dx, $0.y + dy) }, colour, width: width)
    case .rectangle(let x, let y, let width, let height, let colour):
      return .rectangle(x: x + dx, y: y + dy, width: width, height: height, colour)
    case .box(let x, let y, let width, let height, let radius, let fill, let edge):
      return .box(
        x: x + dx, y: y + dy, width: width, height: height, radius: radius, fill: fill, edge: edge)
    case .disc(let point, let radius, let fill, let edge):
      return .disc(Point(point.x + dx, point.y + dy), radius: radius, fill: fill, edge: edge)
    case .text(let text, let point, let size, let anchor, let colour):
      return .text(text, at: Point(point.x + dx, point.y + dy), size: size, anchor, colour)
    case .image(let x, let y, let width, let height, let columns, let rows, let colours, let smooth):
      return .image(
        x: x + dx, y: y + dy, width: width, height: height, columns: columns, rows: rows, colours,
        isSmooth: smooth)
    }
  }
}
