/// Lays a plot out in points within a frame.
struct FigurePlot {
  private let plot: Plot
  private let theme: Figure.Theme
  /// The area inside the axes.
  private let x: Double
  private let y: Double
  private let width: Double
  private let height: Double
  private let xTicks: [Axis.Tick]
  private let yTicks: [Axis.Tick]

  init(
    _ plot: Plot, theme: Figure.Theme,
    frame: (x: Double, y: Double, width: Double, height: Double)
  ) {
    self.plot = plot
    self.theme = theme
    yTicks = plot.y.ticks(
      about: plot.y.categories.isEmpty ? max(Int(frame.height / 70), 2) : Int(frame.height / 18))
    let gutter = yTicks.reduce(0) { max($0, Figure.width(of: $1.label)) } + 14
    let top = plot.y.label.isEmpty ? 6.0 : 26.0
    let bottom = plot.x.label.isEmpty ? 30.0 : 52.0
    var width = max(frame.width - gutter - 24, 40)
    var height = max(frame.height - top - bottom, 40)
    if let aspect = plot.aspect, aspect > 0, aspect.isFinite {
      if width > height * aspect { width = height * aspect } else { height = width / aspect }
    }
    let longest = plot.x.categories.reduce(0) { max($0, Figure.width(of: $1)) }
    xTicks = plot.x.ticks(about: max(Int(width / (longest == 0 ? 90 : longest + 12)), 2))
    self.width = width
    self.height = height
    x = frame.x + gutter + (frame.width - gutter - 24 - width) / 2
    y = frame.y + top
  }

  private func place(_ point: Point) -> Point? {
    guard let u = plot.x.position(of: point.x), let v = plot.y.position(of: point.y) else {
      return nil
    }
    // Far outside is as good as a little outside, and keeps numbers in files short.
    return Point(
      x + min(max(u, -2), 3) * width, y + (1 - min(max(v, -2), 3)) * height)
  }

  private func isInside(_ point: Point) -> Bool {
    point.x >= x - 0.5 && point.x <= x + width + 0.5 && point.y >= y - 0.5
      && point.y <= y + height + 0.5
  }

  func draw(into figure: inout Figure) {
    let hasField = plot.marks.contains { if case .field = $0 { true } else { false } }
    if !hasField { drawGrid(&figure) }
    for mark in plot.marks {
      switch mark {
      case .field(let field): draw(field, &figure)
      case .line(let points, let series):
        drawLine(points, theme.shown(Palette.series(series)), &figure)
      case .points(let points, let series):
        for point in points {
          if let place = place(point), isInside(place) { figure.drawMark(series, at: place) }
        }
      case .bars(let bars, let series): draw(bars, series, &figure)
      case .text(let text, let point):
        if let place = place(point), isInside(place) {
          let ink = hasField ? Palette.black : theme.ink
          figure.add(
            .text(
              text, at: Point(place.x, place.y + 5), size: Figure.textSize, .middle, ink))
        }
      case .horizontalRule(let value):
        if let v = plot.y.position(of: value), (0...1).contains(v) {
          let row = y + (1 - v) * height
          figure.add(
            .line(
              [Point(x, row), Point(x + width, row)], theme.ink.mixed(with: theme.background, 0.5),
              width: 1))
        }
      case .verticalRule(let value):
        if let u = plot.x.position(of: value), (0...1).contains(u) {
          let column = x + u * width
          figure.add(
            .line(
              [Point(column, y), Point(column, y + height)],
              theme.ink.mixed(with: theme.background, 0.5), width: 1))
        }
      }
    }
    drawAxes(&figure)
  }

  private func draw(_ field: Field, _ figure: inout Figure) {
    guard field.isComplete else { return }
    let limit = 240
    let columns = field.isDiscrete ? min(field.columns, 1000) : min(max(field.columns, 160), limit)
    let rows = field.isDiscrete ? min(field.rows, 1000) : min(max(field.rows, 160), limit)
    var colours: [Colour] = []
    colours.reserveCapacity(columns * rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = field.value(
          u: (Double(column) + 0.5) / Double(columns), v: 1 - (Double(row) + 0.5) / Double(rows))
        colours.append(Palette.field(value, field.scale))
      }
    }
    figure.add(
      .image(
        x: x, y: y, width: width, height: height, columns: columns, rows: rows, colours,
        isSmooth: !field.isDiscrete))
  }

  private func drawLine(_ points: [Point], _ colour: Colour, _ figure: inout Figure) {
    for stretch in points.split(whereSeparator: {
      plot.x.position(of: $0.x) == nil || plot.y.position(of: $0.y) == nil
    }) {
      let places = stretch.compactMap(place)
      var visible: [Point] = []
      for (index, place) in places.enumerated() {
        // A piece that leaves the area ends at its edge.
        if index > 0, let piece = clipped(places[index - 1], place) {
          if visible.last != piece.0 {
            if visible.count > 1 { figure.add(.line(visible, colour, width: 2.5)) }
            visible = [piece.0]
          }
          visible.append(piece.1)
        }
      }
      if places.count == 1, isInside(places[0]) {
        figure.add(.disc(places[0], radius: 3, fill: colour, edge: colour))
      }
      if visible.count > 1 { figure.add(.line(thinned(visible), colour, width: 2.5)) }
    }
  }

  /// Points closer than a quarter of a point to the one before them are not seen.
  private func thinned(_ points: [Point]) -> [Point] {
    guard points.count > 2000, var last = points.first else { return points }
    var kept = [last]
    for point in points.dropFirst() where abs(point.x - last.x) + abs(point.y - last.y) > 0.25 {
      kept.append(point)
      last = point
    }
    return kept
  }

  /// The part of a piece within the area (Liang and Barsky, 1984); nil for none.
  private func clipped(_ a: Point, _ b: Point) -> (Point, Point)? {
    var enter = 0.0
    var leave = 1.0
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let borders = [
      (-dx, a.x - x), (dx, x + width - a.x), (-dy, a.y - y), (dy, y + height - a.y),
    ]
    for (direction, room) in borders {
      if direction == 0 {
        if room < 0 { return nil }
      } else if direction < 0 {
        enter = max(enter, room / direction)
      } else {
        leave = min(leave, room / direction)
      }
    }
    guard enter <= leave else { return nil }
    return (
      enter == 0 ? a : Point(a.x + dx * enter, a.y + dy * enter),
      leave == 1 ? b : Point(a.x + dx * leave, a.y + dy * leave)
    )
  }

  private func draw(_ bars: [Plot.Bar], _ series: Int, _ figure: inout Figure) {
    let across = plot.barsAreHorizontal ? plot.y : plot.x
    let along = plot.barsAreHorizontal ? plot.x : plot.y
    let base = along.position(of: along.scale == .linear ? 0 : along.low) ?? 0
    let foot = min(max(base, 0), 1)
    for bar in bars {
      guard let start = across.position(of: bar.start), let end = across.position(of: bar.end),
        let tip = along.position(of: bar.value)
      else { continue }
      let low = min(foot, min(max(tip, 0), 1))
      let high = max(foot, min(max(tip, 0), 1))
      let colour = theme.shown(Palette.series(series))
      if plot.barsAreHorizontal {
        figure.add(
          .rectangle(
            x: x + low * width, y: y + (1 - end) * height, width: (high - low) * width,
            height: (end - start) * height, colour))
      } else {
        figure.add(
          .rectangle(
            x: x + start * width + 0.5, y: y + (1 - high) * height,
            width: max((end - start) * width - 1, 0.5), height: (high - low) * height, colour))
      }
    }
  }

  // MARK: - Axes

  private func drawGrid(_ figure: inout Figure) {
    for tick in xTicks where plot.x.categories.isEmpty {
      guard let u = plot.x.position(of: tick.value) else { continue }
      let column = x + u * width
      figure.add(.line([Point(column, y), Point(column, y + height)], theme.faint, width: 1))
    }
    for tick in yTicks where plot.y.categories.isEmpty {
      guard let v = plot.y.position(of: tick.value) else { continue }
      let row = y + (1 - v) * height
      figure.add(.line([Point(x, row), Point(x + width, row)], theme.faint, width: 1))
    }
  }

  private func drawAxes(_ figure: inout Figure) {
    figure.add(
      .line(
        [Point(x, y), Point(x, y + height), Point(x + width, y + height)], theme.ink, width: 1.5))
    for tick in xTicks {
      guard let u = plot.x.position(of: tick.value) else { continue }
      let column = x + u * width
      figure.add(
        .line([Point(column, y + height), Point(column, y + height + 5)], theme.ink, width: 1.5))
      figure.add(
        .text(
          tick.label, at: Point(column, y + height + 21), size: Figure.textSize, .middle, theme.ink
        ))
    }
    for tick in yTicks {
      guard let v = plot.y.position(of: tick.value) else { continue }
      let row = y + (1 - v) * height
      figure.add(.line([Point(x - 5, row), Point(x, row)], theme.ink, width: 1.5))
      figure.add(
        .text(tick.label, at: Point(x - 9, row + 5), size: Figure.textSize, .end, theme.ink))
    }
    if !plot.x.label.isEmpty {
      figure.add(
        .text(
          plot.x.label, at: Point(x + width / 2, y + height + 43), size: Figure.textSize, .middle,
          theme.ink))
    }
    if !plot.y.label.isEmpty {
      figure.add(
        .text(plot.y.label, at: Point(x, y - 10), size: Figure.textSize, .middle, theme.ink))
    }
  }
}
