/// A grid of pixels to draw on, with smoothed edges.
struct Raster {
  let columns: Int
  let rows: Int
  private(set) var pixels: [Colour]
  /// Of what is being drawn.
  private var opacity = 1.0

  init(columns: Int, rows: Int, background: Colour) {
    self.columns = min(max(columns, 1), 10_000)
    self.rows = min(max(rows, 1), 10_000)
    pixels = Array(repeating: background, count: self.columns * self.rows)
  }

  /// A figure with so many pixels a point.
  init(_ figure: Figure, scale: Double) {
    self.init(
      columns: Int(clamped: figure.width * scale), rows: Int(clamped: figure.height * scale),
      background: figure.theme.background)
    figure.forEachShape { draw($0, scale: scale) }
  }

  mutating func draw(_ shape: Figure.Shape, scale: Double) {
    switch shape {
    case .line(let points, let colour, let width):
      for (a, b) in zip(points, points.dropFirst()) {
        stroke(
          Point(a.x * scale, a.y * scale), Point(b.x * scale, b.y * scale), colour,
          radius: width * scale / 2)
      }
    case .rectangle(let x, let y, let width, let height, let colour):
      fill(
        x * scale, y * scale, (x + width) * scale, (y + height) * scale, radius: 0, inset: 0, colour
      )
    case .box(let x, let y, let width, let height, let radius, let inner, let edge):
      let half = 0.75 * scale
      let (x0, y0) = (x * scale, y * scale)
      let (x1, y1) = ((x + width) * scale, (y + height) * scale)
      fill(x0, y0, x1, y1, radius: radius * scale, inset: -half, edge)
      fill(x0, y0, x1, y1, radius: radius * scale, inset: half, inner)
    case .disc(let point, let radius, let inner, let edge):
      let centre = Point(point.x * scale, point.y * scale)
      stroke(centre, centre, edge, radius: (radius + 0.5) * scale)
      stroke(centre, centre, inner, radius: (radius - 0.5) * scale)
    case .text(let text): write(text, scale)
    case .image(let x, let y, let width, let height, let across, let down, let colours, let smooth):
      paint(
        colours, across, down, x * scale, y * scale, width * scale, height * scale, isSmooth: smooth
      )
    case .translucent(let shapes, let share):
      let outer = opacity
      opacity *= share
      for shape in shapes { draw(shape, scale: scale) }
      opacity = outer
    case .named(let shapes, _, _): for shape in shapes { draw(shape, scale: scale) }
    case .place, .area: break
    }
  }

  private mutating func blend(_ colour: Colour, _ column: Int, _ row: Int, _ share: Double) {
    guard share > 0, column >= 0, column < columns, row >= 0, row < rows else { return }
    let index = row * columns + column
    let share = share >= 1 ? opacity : share * opacity
    pixels[index] = share >= 1 ? colour : pixels[index].mixed(with: colour, share)
  }

  private func range(_ low: Double, _ high: Double, _ limit: Int) -> Range<Int> {
    let start = Int(clamped: min(max(low, 0), Double(limit)))
    return start..<max(Int(clamped: min(max(high + 1, 0), Double(limit))), start)
  }

  /// All pixels within `radius` of the line from `a` to `b`.
  private mutating func stroke(_ a: Point, _ b: Point, _ colour: Colour, radius: Double) {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = dx * dx + dy * dy
    let reach = radius + 1
    for row in range(min(a.y, b.y) - reach, max(a.y, b.y) + reach, rows) {
      for column in range(min(a.x, b.x) - reach, max(a.x, b.x) + reach, columns) {
        let (px, py) = (Double(column) + 0.5 - a.x, Double(row) + 0.5 - a.y)
        let along = length > 0 ? min(max((px * dx + py * dy) / length, 0), 1) : 0
        let (ex, ey) = (px - along * dx, py - along * dy)
        let distance = (ex * ex + ey * ey).squareRoot()
        blend(colour, column, row, min(radius + 0.5 - distance, 1))
      }
    }
  }

  /// A rectangle with round corners, made smaller on every side by `inset`.
  private mutating func fill(
    _ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, radius: Double, inset: Double,
    _ colour: Colour
  ) {
    let middle = Point((x0 + x1) / 2, (y0 + y1) / 2)
    let half = Point((x1 - x0) / 2 - inset, (y1 - y0) / 2 - inset)
    guard half.x > 0, half.y > 0 else { return }
    let corner = min(max(radius - inset, 0), half.x, half.y)
    for row in range(middle.y - half.y - 1, middle.y + half.y + 1, rows) {
      for column in range(middle.x - half.x - 1, middle.x + half.x + 1, columns) {
        let qx = abs(Double(column) + 0.5 - middle.x) - half.x + corner
        let qy = abs(Double(row) + 0.5 - middle.y) - half.y + corner
        let outside = (max(qx, 0) * max(qx, 0) + max(qy, 0) * max(qy, 0)).squareRoot()
        blend(colour, column, row, min(corner + 0.5 - outside - min(max(qx, qy), 0), 1))
      }
    }
  }

  private mutating func paint(
    _ colours: [Colour], _ across: Int, _ down: Int, _ x: Double, _ y: Double, _ width: Double,
    _ height: Double, isSmooth: Bool
  ) {
    guard across > 0, down > 0, colours.count >= across * down, width > 0, height > 0 else {
      return
    }
    func at(_ column: Int, _ row: Int) -> Colour {
      colours[min(max(row, 0), down - 1) * across + min(max(column, 0), across - 1)]
    }
    for row in range(y, y + height - 1, rows) {
      for column in range(x, x + width - 1, columns) {
        let u = (Double(column) + 0.5 - x) / width * Double(across)
        let v = (Double(row) + 0.5 - y) / height * Double(down)
        if !isSmooth {
          blend(at(Int(clamped: u), Int(clamped: v)), column, row, 1)
          continue
        }
        let (left, top) = ((u - 0.5).rounded(.down), (v - 0.5).rounded(.down))
        let (right, low) = (u - 0.5 - left, v - 0.5 - top)
        let (c, r) = (Int(clamped: left), Int(clamped: top))
        let upper = at(c, r).mixed(with: at(c + 1, r), right)
        let lower = at(c, r + 1).mixed(with: at(c + 1, r + 1), right)
        blend(upper.mixed(with: lower, low), column, row, 1)
      }
    }
  }

  private mutating func write(_ text: Figure.Text, _ scale: Double) {
    let whole = text.size * scale
    let glyphs = text.runs.flatMap { run in
      Typeface.standard.glyphs(of: run.text).map {
        (
          $0, size: run.isLowered ? whole * Figure.Text.loweredSize : whole,
          depth: run.isLowered ? whole * Figure.Text.depth : 0
        )
      }
    }
    let length = glyphs.reduce(0) { $0 + $1.0.advance * $1.size }
    var along = -length * text.anchor.share
    let base = Point(text.place.x * scale, text.place.y * scale)
    for (glyph, size, depth) in glyphs {
      let outlines = glyph.outlines.map { outline in
        outline.map { node -> (point: Point, isOnOutline: Bool) in
          let (u, v) = (along + node.x * size, node.y * size - depth)
          let point =
            text.isTurned ? Point(base.x - v, base.y - u) : Point(base.x + u, base.y - v)
          return (point, node.isOnOutline)
        }
      }
      fill(outlines, text.colour)
      along += glyph.advance * size
    }
  }

  private mutating func fill(
    _ outlines: [[(point: Point, isOnOutline: Bool)]], _ colour: Colour
  ) {
    let points = outlines.flatMap { $0.map { $0.point } }
    guard let first = points.first, points.allSatisfy({ $0.isFinite }) else { return }
    let (left, right) = points.reduce((first.x, first.x)) { (min($0.0, $1.x), max($0.1, $1.x)) }
    let (top, foot) = points.reduce((first.y, first.y)) { (min($0.0, $1.y), max($0.1, $1.y)) }
    let across = range(left - 1, right, columns)
    let down = range(top - 1, foot, rows)
    guard !across.isEmpty, !down.isEmpty else { return }
    var coverage = Coverage(columns: across.count, rows: down.count)
    for outline in outlines {
      coverage.add(
        bent: outline.map {
          (
            Point($0.point.x - Double(across.lowerBound), $0.point.y - Double(down.lowerBound)),
            $0.isOnOutline
          )
        })
    }
    coverage.visit { blend(colour, across.lowerBound + $0, down.lowerBound + $1, $2) }
  }
}
