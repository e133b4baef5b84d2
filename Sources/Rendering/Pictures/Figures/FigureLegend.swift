/// What marks, lines and shades stand for, in rows below a figure.
struct FigureLegend {
  private enum Item {
    case entry(LegendEntry)
    /// A scale of colours with its lower and its upper end.
    case scale(Field.Scale, LegendEntry, LegendEntry)
  }

  private let items: [Item]
  private let theme: Figure.Theme
  /// Whether a bar beside the plot tells the colours.
  let leavesColoursToPlot: Bool

  private static let rowHeight = 26.0
  private static let gap = 26.0
  private static let sampleWidth = 34.0
  private static let barWidth = 120.0

  init(_ picture: Picture, theme: Figure.Theme) {
    self.theme = theme
    var scales: [Field.Scale: (LegendEntry, LegendEntry)] = [:]
    for entry in picture.legend {
      guard case .shade(_, let scale) = entry.sample, scale.isContinuous else { continue }
      scales[scale] = (scales[scale]?.0 ?? entry, entry)
    }
    var hasPlot = false
    if case .plot = picture.content { hasPlot = true }
    leavesColoursToPlot = hasPlot && !scales.isEmpty
    var items: [Item] = []
    for entry in picture.legend {
      guard case .shade(_, let scale) = entry.sample, scale.isContinuous else {
        items.append(.entry(entry))
        continue
      }
      if !hasPlot, let (low, high) = scales.removeValue(forKey: scale) {
        items.append(.scale(scale, low, high))
      }
    }
    self.items = items
  }

  func height(within width: Double) -> Double {
    items.isEmpty ? 0 : Double(rows(within: width).count) * Self.rowHeight + 6
  }

  private func width(of item: Item) -> Double {
    switch item {
    case .entry(let entry): Self.sampleWidth + Figure.width(of: entry.text)
    case .scale(_, let low, let high):
      Figure.width(of: Figure.printed(low.text)) + Figure.width(of: Figure.printed(high.text))
        + Self.barWidth + 20
    }
  }

  private func rows(within width: Double) -> [[Item]] {
    var rows: [[Item]] = [[]]
    var used = 0.0
    for item in items {
      let wanted = self.width(of: item) + Self.gap
      if used + wanted > width, !rows[rows.count - 1].isEmpty {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(item)
      used += wanted
    }
    return rows
  }

  func draw(into figure: inout Figure, from top: Double) {
    guard !items.isEmpty else { return }
    for (index, row) in rows(within: figure.width - 32).enumerated() {
      let total = row.reduce(-Self.gap) { $0 + width(of: $1) + Self.gap }
      var x = (figure.width - total) / 2
      let y = top + Double(index) * Self.rowHeight + 12
      for item in row {
        draw(item, at: Point(x, y), &figure)
        x += width(of: item) + Self.gap
      }
    }
  }

  private func draw(_ item: Item, at place: Point, _ figure: inout Figure) {
    let (x, y) = (place.x, place.y)
    switch item {
    case .entry(let entry):
      switch entry.sample {
      case .line(let series):
        figure.add(
          .line(
            [Point(x, y), Point(x + 26, y)], theme.shown(Palette.series(series)), width: 3))
      case .point(let series): figure.drawMark(series, at: Point(x + 15, y))
      case .shade(let value, let scale):
        figure.add(
          .box(
            x: x + 4, y: y - 8, width: 22, height: 16, radius: 3,
            fill: Palette.field(value, scale, on: theme.paper), edge: theme.faint))
      }
      figure.write(entry.text, at: Point(x + Self.sampleWidth, y + 5), .start)
    case .scale(let scale, let low, let high):
      let (low, high) = (Figure.printed(low.text), Figure.printed(high.text))
      figure.write(low, at: Point(x, y + 5), .start)
      let start = x + Figure.width(of: low) + 10
      figure.add(
        .image(
          x: start, y: y - 7, width: Self.barWidth, height: 14, columns: 64, rows: 1,
          scale.steps(64, on: theme.paper), isSmooth: true))
      figure.write(high, at: Point(start + Self.barWidth + 10, y + 5), .start)
    }
  }
}

extension Field.Scale {
  /// Whether every value between the ends has its own colour.
  var isContinuous: Bool { ends != nil }

  /// The values at the ends of the colours; nil for classes.
  var ends: (low: Double, high: Double)? {
    switch self {
    case .shades(let low, let high), .heights(let low, let high): (low, high)
    case .signs(let limit): (-limit, limit)
    case .classes: nil
    }
  }

  /// So many colours from the lower end to the upper.
  func steps(_ count: Int, on paper: Colour) -> [Colour] {
    guard let (low, high) = ends, count > 1 else { return [] }
    return (0..<count).map { step in
      let share = Double(step) / Double(count - 1)
      return Palette.field(low * (1 - share) + high * share, self, on: paper)
    }
  }
}
