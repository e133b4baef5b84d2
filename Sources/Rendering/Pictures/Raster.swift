/// A grid of pixels to draw on, with smoothed edges.
struct Raster {
  let columns: Int
  let rows: Int
  private(set) var pixels: [Colour]

  init(columns: Int, rows: Int, background: Colour) {
    self.columns = min(max(columns, 1), 10_000)
    self.rows = min(max(rows, 1), 10_000)
    pixels = Array(repeating: background, count: self.columns * self.rows)
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
    case .text(let text, let point, let size, let anchor, let colour):
      write(text, point, size: size, anchor, colour, scale)
    case .image(let x, let y, let width, let height, let across, let down, let colours, let smooth):
      paint(
        colours, across, down, x * scale, y * scale, width * scale, height * scale, isSmooth: smooth
      )
    }
  }

  private mutating func blend(_ colour: Colour, _ column: Int, _ row: Int, _ share: Double) {
    guard share > 0, column >= 0, column < columns, row >= 0, row < rows else { return }
    let index = row * columns + column
    pixels[index] = share >= 1 ? colour : pixels[index].mixed(with: colour, share)
  }

  private func range(_ low: Double, _ high: Double, _ limit: Int) -> Range<Int> {
    let start = Int(min(max(low, 0), Double(limit)))
    return start..<max(Int(min(max(high + 1, 0), Double(limit))), start)
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
          blend(at(Int(u), Int(v)), column, row, 1)
          continue
        }
        let (left, top) = ((u - 0.5).rounded(.down), (v - 0.5).rounded(.down))
        let (right, low) = (u - 0.5 - left, v - 0.5 - top)
        let (c, r) = (Int(left), Int(top))
        let upper = at(c, r).mixed(with: at(c + 1, r), right)
        let lower = at(c, r + 1).mixed(with: at(c + 1, r + 1), right)
        blend(upper.mixed(with: lower, low), column, row, 1)
      }
    }
  }

  private mutating func write(
    _ text: String, _ point: Point, size: Double, _ anchor: Figure.Anchor, _ colour: Colour,
    _ scale: Double
  ) {
    // A letter is 6 dots wide: 0.6 of the size.
    let dot = max(Int(size * scale / 10 + 0.5), 1)
    let letters = BitmapFont.letters(of: text)
    let width = letters.count * 6 * dot
    var x = Int(point.x * scale)
    switch anchor {
    case .start: break
    case .middle: x -= width / 2
    case .end: x -= width
    }
    let top = Int(point.y * scale) - 7 * dot
    for letter in letters {
      for (column, bits) in letter.enumerated() {
        for row in 0..<8 where bits >> row & 1 == 1 {
          for dy in 0..<dot {
            for dx in 0..<dot { blend(colour, x + column * dot + dx, top + row * dot + dy, 1) }
          }
        }
      }
      x += 6 * dot
    }
  }
}
