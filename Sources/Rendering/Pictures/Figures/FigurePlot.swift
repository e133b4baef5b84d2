import Glibc

/// Lays a plot out in points within a frame.
struct FigurePlot {
  let plot: Plot
  let theme: Figure.Theme
  /// The area inside the axes.
  let x: Double
  let y: Double
  let width: Double
  let height: Double
  private let hasColourBar: Bool
  private let xTicks: [PlotAxis.Tick]
  private let yTicks: [PlotAxis.Tick]

  init(
    _ plot: Plot, theme: Figure.Theme, hasColourBar: Bool,
    frame: (x: Double, y: Double, width: Double, height: Double)
  ) {
    self.plot = plot
    self.theme = theme
    yTicks = Self.ticks(
      of: plot.y,
      about: plot.y.categories.isEmpty
        ? max(Int(clamped: frame.height / 70), 2) : Int(clamped: frame.height / 18))
    let bar = hasColourBar ? Self.colourBar(of: plot) : nil
    self.hasColourBar = bar != nil
    let gutter =
      Self.widest(yTicks) + 16 + (plot.y.label.isEmpty ? 0 : Figure.textSize + 10)
    let right = bar.map { Self.barGap + Self.barWidth + Self.room(beside: $0) } ?? 24
    let bottom = plot.x.label.isEmpty ? 30.0 : 54.0
    var width = max(frame.width - gutter - right, 40)
    var height = max(frame.height - 8 - bottom, 40)
    if let aspect = plot.aspect, aspect > 0, aspect.isFinite {
      if width > height * aspect { width = height * aspect } else { height = width / aspect }
    }
    let longest = plot.x.categories.reduce(0) { max($0, Figure.width(of: $1)) }
    xTicks = Self.ticks(
      of: plot.x, about: max(Int(clamped: width / (longest == 0 ? 90 : longest + 12)), 2))
    self.width = width
    self.height = height
    // The area in the middle of the figure, unless there is no room for its axes then.
    let middle = frame.x + (frame.width - width) / 2
    x = max(min(middle, frame.x + frame.width - right - width), frame.x + gutter)
    y = frame.y + 8
  }

  /// The ticks as they are printed.
  static func ticks(of axis: PlotAxis, about count: Int) -> [PlotAxis.Tick] {
    let ticks = axis.ticks(about: count)
    // Powers that do not fit as numbers are all written as powers.
    let hasPowers = axis.scale == .logarithmic && ticks.contains { $0.label.contains("e") }
    return ticks.map { tick in
      var tick = tick
      tick.label =
        hasPowers
        ? "10" + Figure.raised(Int(clamped: log10(tick.value).rounded()))
        : Figure.printed(tick.label)
      return tick
    }
  }

  static func widest(_ ticks: [PlotAxis.Tick]) -> Double {
    ticks.reduce(0) { max($0, Figure.width(of: $1.label)) }
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
    let fittingSize = fittingTextSize
    let markScale = markScale
    for mark in plot.marks {
      switch mark {
      case .field(let field):
        draw(field, &figure)
      case .line(let points, let series):
        drawLine(points, theme.shown(Palette.series(series)), width: 2.5, &figure)
      case .band(let bands, let series):
        draw(bands, theme.shown(Palette.series(series)), &figure)
      case .guide(let points):
        drawLine(points, theme.ink.mixed(with: theme.background, 0.55), width: 1.2, &figure)
      case .path(let points): drawPath(points, &figure)
      case .points(let points, let series):
        for (number, point) in points.enumerated() {
          if number & 0x3FF == 0x3FF, figure.isStopped() { return }
          if let place = place(point), isInside(place) {
            figure.drawMark(series, at: place, scale: markScale)
          }
        }
      case .bars(let bars, let series):
        draw(bars, series, &figure)
        drawFoot(&figure)
      case .text(let text, let point, let room):
        let size = room == nil ? Figure.textSize : fittingSize
        if size >= 10 { draw(Figure.printed(text), at: point, size: size, &figure) }
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
    // Borders are seen above whatever number of points.
    for case .field(let field) in plot.marks { drawLevels(of: field, &figure) }
    drawAxes(&figure)
    if plot.x.scale == .linear, plot.y.scale == .linear {
      figure.add(
        .area(
          x: x, y: y, width: width, height: height, from: Point(plot.x.low, plot.y.low),
          to: Point(plot.x.high, plot.y.high)))
    }
    for target in plot.places {
      guard let place = place(target.point), isInside(place) else { continue }
      figure.add(
        .place(place, radius: 9, name: target.name, description: target.description))
    }
  }

  /// Many points are drawn small, so that they do not hide each other.
  private var markScale: Double {
    let count = plot.marks.reduce(0) { count, mark in
      if case .points(let points, _) = mark { count + points.count } else { count }
    }
    return count <= Self.roomyCount
      ? 1 : max((Double(Self.roomyCount) / Double(count)).squareRoot(), 0.5)
  }

  private static let roomyCount = 200

  private func draw(_ field: Field, _ figure: inout Figure) {
    guard field.isComplete else { return }
    let limit = 240
    let least = figure.smoothsImages ? 0 : 160
    let columns =
      field.isDiscrete ? min(field.columns, 1000) : min(max(field.columns, least), limit)
    let rows = field.isDiscrete ? min(field.rows, 1000) : min(max(field.rows, least), limit)
    var colours: [Colour] = []
    colours.reserveCapacity(columns * rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let u = (Double(column) + 0.5) / Double(columns)
        let v = 1 - (Double(row) + 0.5) / Double(rows)
        if !field.isDiscrete, let (index, confidence) = field.classification(u: u, v: v) {
          colours.append(Palette.classGround(index, confidence: confidence, on: theme.paper))
          continue
        }
        let value =
          field.isDiscrete ? field.value(u: u, v: v) : field.smoothValue(u: u, v: v)
        colours.append(Palette.field(value, field.scale, on: theme.paper))
      }
    }
    figure.add(
      .image(
        x: x, y: y, width: width, height: height, columns: columns, rows: rows, colours,
        isSmooth: !field.isDiscrete))
  }

  private func drawLine(
    _ points: [Point], _ colour: Colour, width: Double, _ figure: inout Figure
  ) {
    for stretch in points.split(whereSeparator: {
      plot.x.position(of: $0.x) == nil || plot.y.position(of: $0.y) == nil
    }) {
      let places = stretch.compactMap(place)
      var visible: [Point] = []
      for (index, place) in places.enumerated() {
        // A piece that leaves the area ends at its edge.
        if index > 0, let piece = clipped(places[index - 1], place) {
          if visible.last != piece.0 {
            if visible.count > 1 { figure.add(.line(visible, colour, width: width)) }
            visible = [piece.0]
          }
          visible.append(piece.1)
        }
      }
      if places.count == 1, isInside(places[0]) {
        figure.add(.disc(places[0], radius: 3, fill: colour, edge: colour))
      }
      if visible.count > 1 { figure.add(.line(thinned(visible), colour, width: width)) }
    }
  }

  /// A dark line with a light edge is seen on every ground, and the marks of its ends on it; a dot
  /// for every step where they can be told apart.
  private func drawPath(_ points: [Point], _ figure: inout Figure) {
    let colour = Colour(40, 40, 48)
    drawLine(points, Palette.white, width: 5, &figure)
    drawLine(points, colour, width: 2.2, &figure)
    var last: Point?
    for place in points.compactMap(place) where isInside(place) {
      if let last, abs(place.x - last.x) + abs(place.y - last.y) < 9 { continue }
      last = place
      figure.add(.disc(place, radius: 2.8, fill: colour, edge: colour))
    }
  }

  private func drawLevels(of field: Field, _ figure: inout Figure) {
    let isOnly = field.levels.count == 1
    let colour = theme.ink.mixed(with: theme.paper, isOnly ? 0.15 : 0.35)
    for level in field.levels {
      for line in ContourLines.lines(of: field, at: level) {
        let places = line.map { Point(x + $0.x * width, y + (1 - $0.y) * height) }
        figure.add(.line(thinned(places), colour, width: isOnly ? 1.6 : 1))
      }
    }
  }

  /// A word on the plot, dark on light colours and light on dark ones.
  private func draw(_ text: String, at point: Point, size: Double, _ figure: inout Figure) {
    guard let place = place(point), isInside(place) else { return }
    var ink = theme.ink
    if let field = firstField, let u = plot.x.position(of: point.x),
      let v = plot.y.position(of: point.y)
    {
      let ground = Palette.field(field.value(u: u, v: v), field.scale, on: theme.paper)
      ink = ground.brightness > 0.5 ? Palette.black : Palette.white
    }
    figure.write(text, at: Point(place.x, place.y + size * 0.36), size: size, .middle, ink)
  }

  /// The size at which every word fits into its room, so that all of them are alike.
  private var fittingTextSize: Double {
    plot.marks.reduce(Figure.textSize) { size, mark in
      guard case .text(let text, _, let room?) = mark else { return size }
      let width = room / (plot.x.high - plot.x.low) * width
      return min(size, Figure.textSize * width * 0.92 / max(Figure.width(of: text), 1))
    }
  }

  private var firstField: Field? { Self.firstField(of: plot) }

  static func firstField(of plot: Plot) -> Field? {
    for case .field(let field) in plot.marks { return field }
    return nil
  }

  /// Points closer than a quarter of a point to the one before them are not seen.
  private func thinned(_ points: [Point]) -> [Point] {
    guard points.count > 500, var last = points.first else { return points }
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

  private func draw(_ bands: [Plot.Band], _ colour: Colour, _ figure: inout Figure) {
    let pale = colour.mixed(with: theme.background, 0.75)
    for band in bands {
      // What lies below the axis ends at its foot.
      let low = plot.y.position(of: band.low) ?? 0
      guard let start = plot.x.position(of: band.start), let end = plot.x.position(of: band.end),
        let high = plot.y.position(of: band.high), high > 0, low < 1
      else { continue }
      let (left, right) = (min(max(start, 0), 1), min(max(end, 0), 1))
      let (foot, top) = (min(max(low, 0), 1), min(max(high, 0), 1))
      figure.add(
        .rectangle(
          x: x + left * width, y: y + (1 - top) * height, width: (right - left) * width,
          height: (top - foot) * height, pale))
    }
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

  /// The line that bars to both sides begin at.
  private func drawFoot(_ figure: inout Figure) {
    let along = plot.barsAreHorizontal ? plot.x : plot.y
    guard let foot = along.position(of: 0), foot > 0.001, foot < 0.999 else { return }
    let ends =
      plot.barsAreHorizontal
      ? [Point(x + foot * width, y), Point(x + foot * width, y + height)]
      : [Point(x, y + (1 - foot) * height), Point(x + width, y + (1 - foot) * height)]
    figure.add(.line(ends, theme.ink, width: 1.5))
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
    let isMap = firstField != nil
    let (right, foot) = (x + width, y + height)
    let corners = [Point(x, y), Point(x, foot), Point(right, foot)]
    figure.add(
      .line(
        isMap ? corners + [Point(right, y), Point(x, y)] : corners, theme.ink,
        width: isMap ? 1 : 1.5))
    let thickness = isMap ? 1 : 1.5
    for tick in xTicks {
      guard let u = plot.x.position(of: tick.value) else { continue }
      let column = x + u * width
      figure.add(
        .line([Point(column, foot), Point(column, foot + 5)], theme.ink, width: thickness))
      figure.write(tick.label, at: Point(column, foot + 22))
    }
    for tick in yTicks {
      guard let v = plot.y.position(of: tick.value) else { continue }
      let row = y + (1 - v) * height
      figure.add(.line([Point(x - 5, row), Point(x, row)], theme.ink, width: thickness))
      figure.write(tick.label, at: Point(x - 10, row + 5.4), .end)
    }
    if !plot.x.label.isEmpty {
      figure.write(plot.x.label, at: Point(x + width / 2, foot + 46))
    }
    if !plot.y.label.isEmpty {
      let column = x - Self.widest(yTicks) - 22
      figure.write(plot.y.label, at: Point(column, y + height / 2), isTurned: true)
    }
    if hasColourBar, let field = Self.colourBar(of: plot) { drawColourBar(field, &figure) }
  }
}
