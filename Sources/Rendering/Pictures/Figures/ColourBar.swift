/// The bar beside a map that says which colour is which value.
extension FigurePlot {
  static let barWidth = 16.0
  static let barGap = 20.0

  /// The field whose colours the bar beside the plot explains.
  static func colourBar(of plot: Plot) -> Field? {
    firstField(of: plot).flatMap { $0.scale.isContinuous ? $0 : nil }
  }

  private static func axis(of field: Field) -> PlotAxis? {
    field.scale.ends.map { PlotAxis(field.label, from: $0.low, to: $0.high) }
  }

  static func room(beside field: Field) -> Double {
    let ticks = axis(of: field).map { self.ticks(of: $0, about: 5) } ?? []
    return widest(ticks) + 14 + (field.label.isEmpty ? 0 : Figure.textSize + 10) + 8
  }

  func drawColourBar(_ field: Field, _ figure: inout Figure) {
    guard let axis = Self.axis(of: field) else { return }
    let left = x + width + Self.barGap
    figure.add(
      .image(
        x: left, y: y, width: Self.barWidth, height: height, columns: 1, rows: 128,
        field.scale.steps(128, on: theme.paper).reversed(), isSmooth: true))
    let right = left + Self.barWidth
    let corners = [
      Point(left, y), Point(right, y), Point(right, y + height), Point(left, y + height),
      Point(left, y),
    ]
    figure.add(.line(corners, theme.ink, width: 1))
    let ticks = Self.ticks(of: axis, about: 5)
    for tick in ticks {
      guard let v = axis.position(of: tick.value) else { continue }
      let row = y + (1 - v) * height
      figure.add(.line([Point(right, row), Point(right + 4, row)], theme.ink, width: 1))
      figure.write(tick.label, at: Point(right + 9, row + 5.4), .start)
    }
    if !field.label.isEmpty {
      let column = right + 14 + Self.widest(ticks) + Figure.textSize
      figure.write(field.label, at: Point(column, y + height / 2), isTurned: true)
    }
  }
}
