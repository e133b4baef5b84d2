/// Draws a plot with its axes in characters.
struct CharacterPlot {
  private let plot: Plot
  private let display: Display
  private let marks: CharacterMarks
  private var canvas: CharacterCanvas
  /// The area inside the axes.
  private let left: Int
  private let top: Int
  private let columns: Int
  private let rows: Int
  private let longestWord: Int
  /// The series of the points that are drawn, by cell; nil where several share one.
  private var drawnPoints: [Int: Int?] = [:]

  static func lines(_ plot: Plot, on display: Display) -> [String] {
    var drawing = CharacterPlot(plot, on: display)
    for mark in plot.marks { drawing.draw(mark) }
    drawing.drawAxes()
    return drawing.canvas.lines(on: display)
  }

  private init(_ plot: Plot, on display: Display) {
    self.plot = plot
    self.display = display
    marks = CharacterMarks(display: display)
    longestWord = Self.longestWord(of: plot)
    // A plot with a fixed aspect is as wide as its height allows: it may be higher.
    var rows = min(max(display.columns / 4, plot.aspect == nil ? 8 : 16), 32)
    // Title, ticks, labels, legend and the next prompt want their lines too.
    if let limit = display.rows { rows = min(rows, max(limit - 7, 6)) }
    if let wanted = display.plotRows { rows = min(max(wanted, 2), 200) }
    if plot.barsAreHorizontal { rows = max(plot.y.categories.count, 1) }
    let labels =
      (plot.y.categories.isEmpty
        ? plot.y.ticks(about: rows / 4).map { $0.label } : plot.y.categories)
    let gutter = min(
      labels.reduce(0) { max($0, TextWidth.columns(of: $1)) }, max(display.columns / 3, 4))
    var columns = max(display.columns - gutter - 2, 8)
    if let aspect = plot.aspect, aspect > 0, aspect.isFinite {
      // A cell is about twice as high as wide.
      let wanted = 2 * Double(rows) * aspect
      if wanted <= Double(columns) {
        columns = max(Int(clamped: wanted + 0.5), 4)
      } else {
        rows = max(Int(clamped: Double(columns) / (2 * aspect) + 0.5), 2)
      }
    }
    if let cells = Self.cells(of: plot) {
      rows = cells.rows * max(min(20 / cells.rows, 3), 1)
      let widest = max(longestWord + 2, 7)
      columns = min(cells.columns * max(min(columns / cells.columns, widest), 1), columns)
    }
    self.rows = min(rows, 200)
    self.columns = columns
    left = gutter + 2
    top = plot.y.label.isEmpty ? 0 : 1
    canvas = CharacterCanvas(
      columns: left + columns, rows: top + rows + 2 + (plot.x.label.isEmpty ? 0 : 1))
  }

  /// The cells of a matrix, which want whole numbers of characters each.
  private static func cells(of plot: Plot) -> (columns: Int, rows: Int)? {
    for case .field(let field) in plot.marks where field.isDiscrete && field.isComplete {
      return (field.columns, field.rows)
    }
    return nil
  }

  private func column(_ x: Double) -> Int? {
    cell(plot.x.position(of: x), columns)
  }

  private func row(_ y: Double) -> Int? {
    cell(plot.y.position(of: y), rows).map { rows - 1 - $0 }
  }

  private func cell(_ position: Double?, _ count: Int) -> Int? {
    guard let position, position > -1e-9, position < 1 + 1e-9 else { return nil }
    return min(max(Int(clamped: position * Double(count)), 0), count - 1)
  }

  private mutating func put(_ character: Character, _ column: Int, _ row: Int, ink: Colour?) {
    guard column >= 0, column < columns, row >= 0, row < rows else { return }
    canvas.put(character, left + column, top + row, ink: display.hasColour ? ink : nil)
  }

  private func character(_ column: Int, _ row: Int) -> Character? {
    canvas.character(left + column, top + row)
  }

  private mutating func draw(_ mark: Plot.Mark) {
    switch mark {
    case .field(let field): draw(field)
    case .line(let points, let series): draw(line: points, series)
    case .guide(let points), .path(let points): draw(line: points, 6)
    case .band(let bands, let series):
      for band in bands {
        let (low, high) = (row(max(band.low, plot.y.low)), row(min(band.high, plot.y.high)))
        guard let left = column(band.start), let right = column(band.end), let low, let high
        else { continue }
        for column in left...max(left, right) {
          for row in high...max(high, low) where character(column, row) == " " {
            put(display.isASCII ? "." : "·", column, row, ink: Palette.series(series))
          }
        }
      }
    case .points(let points, let series): draw(points: points, series)
    case .bars(let bars, let series): draw(bars, series)
    case .text(let text, let point, let room): write(text, at: point, room: room)
    case .horizontalRule(let y):
      guard let row = row(y) else { return }
      for column in 0..<columns where character(column, row) == " " {
        put(display.isASCII ? "." : "┈", column, row, ink: nil)
      }
    case .verticalRule(let x):
      guard let column = column(x) else { return }
      for row in 0..<rows where character(column, row) == " " {
        put(display.isASCII ? ":" : "┊", column, row, ink: nil)
      }
    }
  }

  private mutating func write(_ text: String, at point: Point, room: Double?) {
    guard let column = column(point.x), let row = row(point.y) else { return }
    var text = text
    if let room {
      // A minus must not be lost among the marks of a shade.
      text = " \(text) "
      let width = room / (plot.x.high - plot.x.low) * Double(columns)
      guard Double(longestWord) + 2 < width + 1e-9 else { return }
    }
    let start = column - (TextWidth.columns(of: text) - 1) / 2
    canvas.write(text, left + max(start, 0), top + row)
  }

  /// The width of the longest word that has a room: all stand in theirs, or none.
  private static func longestWord(of plot: Plot) -> Int {
    plot.marks.reduce(0) { longest, mark in
      guard case .text(let text, _, .some) = mark else { return longest }
      return max(longest, TextWidth.columns(of: text))
    }
  }

  private mutating func draw(_ field: Field) {
    let width = Double(columns)
    let height = Double(rows)
    for row in 0..<rows {
      for column in 0..<columns {
        let u = (Double(column) + 0.5) / width
        let v = 1 - (Double(row) + 0.5) / height
        let value = field.value(u: u, v: v)
        guard display.hasColour else {
          put(marks.shade(value, field.scale), column, row, ink: nil)
          continue
        }
        let upper = Palette.field(field.value(u: u, v: v + 0.25 / height), field.scale, on: display)
        let lower = Palette.field(field.value(u: u, v: v - 0.25 / height), field.scale, on: display)
        canvas.paint(lower, left + column, top + row)
        if upper != lower, !display.isASCII {
          put("▀", column, row, ink: upper)
        }
      }
    }
    if field.isDiscrete, case .signs = field.scale { writeSigns(field) }
  }

  /// A sign in the middle of every cell of a matrix that is wide enough, for those without colour.
  private mutating func writeSigns(_ field: Field) {
    guard columns / field.columns >= 3 else { return }
    for fieldRow in 0..<field.rows {
      for fieldColumn in 0..<field.columns {
        let u = (Double(fieldColumn) + 0.5) / Double(field.columns)
        let v = (Double(fieldRow) + 0.5) / Double(field.rows)
        let value = field.value(u: u, v: v)
        guard value != 0, !value.isNaN else { continue }
        let row = min(Int(clamped: (1 - v) * Double(rows)), rows - 1)
        put(value < 0 ? "-" : "+", Int(clamped: u * Double(columns)), row, ink: Palette.black)
      }
    }
  }

  private mutating func draw(points: [Point], _ series: Int) {
    let mark = CharacterMarks.point(series)
    let hasField = plot.marks.contains { if case .field = $0 { true } else { false } }
    for point in points {
      guard let column = column(point.x), let row = row(point.y) else { continue }
      let cell = row * columns + column
      let isShared = drawnPoints[cell].map { $0 != series } ?? false
      drawnPoints[cell] = .some(isShared ? nil : series)
      put(
        isShared && hasField ? CharacterMarks.mixed : mark, column, row,
        ink: hasField ? Palette.black : Palette.classColour(series))
    }
  }

  private mutating func draw(_ bars: [Plot.Bar], _ series: Int) {
    let across = plot.barsAreHorizontal ? plot.y : plot.x
    let along = plot.barsAreHorizontal ? plot.x : plot.y
    let base = along.position(of: along.scale == .linear ? 0 : along.low) ?? 0
    let foot = min(max(base, 0), 1)
    let length = Double(plot.barsAreHorizontal ? columns : rows)
    let breadth = plot.barsAreHorizontal ? rows : columns
    let ink = Palette.series(series)
    for bar in bars {
      guard let start = across.position(of: bar.start), let end = across.position(of: bar.end),
        let tip = along.position(of: bar.value)
      else { continue }
      let head = min(max(tip, 0), 1)
      let first = max(Int(clamped: min(max(start, 0), 1) * Double(breadth) + 0.5), 0)
      let last = max(Int(clamped: min(max(end, 0), 1) * Double(breadth) + 0.5), first + 1)
      for place in first..<min(last, breadth) {
        for step in 0..<Int(clamped: length) {
          let low = Double(step) / length
          let high = Double(step + 1) / length
          let filled = min(max(foot, head), high) - max(min(foot, head), low)
          guard filled > 0 else { continue }
          // Bars below zero hang from the base line: only whole cells can be drawn downwards.
          let share = head >= foot ? filled * length : (filled * length).rounded()
          let eighths = Int(clamped: share * 8 + 0.5)
          if plot.barsAreHorizontal {
            put(marks.beam(eighths), step, rows - 1 - place, ink: ink)
          } else {
            put(marks.pillar(eighths), place, rows - 1 - step, ink: ink)
          }
        }
      }
    }
  }

  // MARK: - Lines

  /// All dots look alike: without colour they can show one line only.
  private var usesBraille: Bool {
    let lines = plot.marks.filter {
      switch $0 {
      case .line, .guide, .path: true
      default: false
      }
    }
    return display.characters == .braille && (display.hasColour || lines.count == 1)
  }

  private mutating func draw(line points: [Point], _ series: Int) {
    let isCurve = zip(points, points.dropFirst()).allSatisfy { !($0.x >= $1.x) }
    for stretch in points.split(whereSeparator: { !$0.isFinite }) {
      if usesBraille {
        drawBraille(Array(stretch), series)
      } else if isCurve {
        drawCurve(Array(stretch), series)
      } else {
        drawPath(Array(stretch), series)
      }
    }
  }

  /// A function of x: one row a column, joined by uprights. Where many points fall into one
  /// column their mean is drawn.
  private mutating func drawCurve(_ points: [Point], _ series: Int) {
    var sums = Array(repeating: (sum: 0.0, count: 0), count: columns)
    var places: [(Double, Double)] = []
    for point in points {
      guard let x = plot.x.position(of: point.x), let y = plot.y.position(of: point.y) else {
        continue
      }
      places.append((x * Double(columns), y))
      if let column = cell(x, columns) {
        sums[column].sum += y
        sums[column].count += 1
      }
    }
    var heights: [Int?] = Array(repeating: nil, count: columns)
    var next = 0
    for column in 0..<columns {
      var height: Double?
      if sums[column].count > 0 {
        height = sums[column].sum / Double(sums[column].count)
      } else {
        let middle = Double(column) + 0.5
        while next < places.count, places[next].0 < middle { next += 1 }
        if next > 0, next < places.count {
          let (x0, y0) = places[next - 1]
          let (x1, y1) = places[next]
          height = x1 > x0 ? y0 + (y1 - y0) * (middle - x0) / (x1 - x0) : y0
        }
      }
      if let height, height > -1, height < 2 {
        // The upper end of the axis belongs to the highest row.
        let step = height == 1 ? rows - 1 : Int(clamped: (height * Double(rows)).rounded(.down))
        heights[column] = rows - 1 - step
      }
    }
    let ink = Palette.series(series)
    let stroke = marks.stroke(series)
    for column in 0..<columns {
      guard let row = heights[column] else { continue }
      guard column + 1 < columns, let following = heights[column + 1], following != row else {
        put(stroke.level, column, row, ink: ink)
        continue
      }
      if following < row {
        put(stroke.leftUp, column, row, ink: ink)
        put(stroke.rightDown, column, following, ink: ink)
      } else {
        put(stroke.leftDown, column, row, ink: ink)
        put(stroke.rightUp, column, following, ink: ink)
      }
      let between = (min(row, following) + 1)..<max(row, following)
      for step in between where step >= 0 && step < rows {
        put(stroke.upright, column, step, ink: ink)
      }
    }
  }

  private mutating func drawPath(_ points: [Point], _ series: Int) {
    let mark: Character = display.isASCII ? marks.stroke(series).level : "•"
    eachStep(points, columns, rows) { drawing, column, row in
      drawing.put(mark, column, row, ink: Palette.series(series))
    }
  }

  private mutating func drawBraille(_ points: [Point], _ series: Int) {
    let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    eachStep(points, columns * 2, rows * 4) { drawing, x, y in
      let (column, row) = (x / 2, y / 4)
      var dots = bits[y % 4][x % 2]
      if let scalar = drawing.character(column, row)?.unicodeScalars.first?.value,
        (0x2800...0x28FF).contains(scalar)
      {
        dots |= scalar - 0x2800
      }
      if let scalar = Unicode.Scalar(0x2800 + dots) {
        drawing.put(Character(scalar), column, row, ink: Palette.series(series))
      }
    }
  }

  /// Walks along the line on a grid of `width` × `height`, the part inside the area only.
  private mutating func eachStep(
    _ points: [Point], _ width: Int, _ height: Int,
    _ body: (inout CharacterPlot, Int, Int) -> Void
  ) {
    var last: (x: Double, y: Double)?
    for point in points {
      guard let x = plot.x.position(of: point.x), let y = plot.y.position(of: point.y) else {
        last = nil
        continue
      }
      let here = (x: x * Double(width), y: (1 - y) * Double(height))
      let from = last ?? here
      last = here
      let length = max(abs(here.x - from.x), abs(here.y - from.y))
      // A line that leaves the area by far is walked only where it may be seen.
      let steps = Int(clamped: min(max(length.rounded(.up), 1), 20_000))
      for step in 0...steps {
        let share = Double(step) / Double(steps)
        let px = from.x + (here.x - from.x) * share
        let py = from.y + (here.y - from.y) * share
        guard px >= -1e-6, px <= Double(width) + 1e-6, py >= -1e-6, py <= Double(height) + 1e-6
        else { continue }
        body(
          &self, min(max(Int(clamped: px), 0), width - 1), min(max(Int(clamped: py), 0), height - 1)
        )
      }
    }
  }

  // MARK: - Axes

  private mutating func drawAxes() {
    let frame = marks.frame
    canvas.write(plot.y.label, max(left - 1 - TextWidth.columns(of: plot.y.label), 0), 0)
    for row in 0..<rows { canvas.put(frame.upright, left - 1, top + row) }
    for tick in plot.y.ticks(about: plot.y.categories.isEmpty ? rows / 4 : rows) {
      guard let row = row(tick.value) else { continue }
      canvas.put(frame.left, left - 1, top + row)
      let label = TextWidth.truncated(
        tick.label, to: left - 2, ellipsis: display.isASCII ? "~" : "…")
      canvas.write(label, left - 2 - TextWidth.columns(of: label), top + row)
    }
    let base = top + rows
    canvas.put(frame.corner, left - 1, base)
    for column in 0..<columns { canvas.put(frame.level, left + column, base) }
    let longest = plot.x.categories.reduce(0) { max($0, TextWidth.columns(of: $1)) }
    var free = 0
    for tick in plot.x.ticks(about: max(columns / (longest == 0 ? 10 : longest + 1), 2)) {
      guard let column = column(tick.value) else { continue }
      canvas.put(frame.down, left + column, base)
      let width = TextWidth.columns(of: tick.label)
      let start = min(max(left + column - width / 2, 0), max(canvas.columns - width, 0))
      if start < free { continue }
      canvas.write(tick.label, start, base + 1)
      free = start + width + 1
    }
    if !plot.x.label.isEmpty {
      let width = TextWidth.columns(of: plot.x.label)
      canvas.write(plot.x.label, max(left + (columns - width) / 2, 0), base + 2)
    }
  }
}
