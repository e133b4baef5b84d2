/// A matrix as coloured cells, its first row on top.
package enum HeatMap {
  /// Cells with their numbers in them, where there is room.
  private static let mostNumbers = 400

  /// - Parameters:
  ///   - elements: row by row, rows × columns numbers.
  ///   - scale: nil for signs, full at the largest absolute value.
  ///   - rowNames: by default 1, 2, ….
  package static func picture(
    title: String = "", elements: [Double], rows: Int, columns: Int, scale: Field.Scale? = nil,
    rowNames: [String] = [], columnNames: [String] = [], rowLabel: String = "",
    columnLabel: String = ""
  ) -> Picture {
    guard rows > 0, columns > 0, elements.count / rows >= columns else {
      return Picture(title: title, .panels([], columns: 1), notes: ["(nothing to show)"])
    }
    let limit = elements.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    let scale = scale ?? .signs(limit: limit)
    let upwards = (0..<rows).reversed().flatMap { row in
      elements[(row * columns)..<((row + 1) * columns)]
    }
    let field = Field(
      columns: columns, rows: rows, values: upwards, scale: scale, isDiscrete: true)
    func names(_ given: [String], _ count: Int) -> [String] {
      given.count == count ? given : (1...count).map { $0.description }
    }
    let style = NumberStyle.significantDigits(4)
    let cells = NumberStyle.significantDigits(rows * columns <= 64 ? 3 : 2)
    let numbers =
      rows * columns > mostNumbers
      ? []
      : (0..<rows * columns).map { index in
        Plot.Mark.text(
          cells.text(elements[index]),
          at: Point(Double(index % columns + 1), Double(rows - index / columns)), room: 1)
      }
    let plot = Plot(
      x: PlotAxis.named(columnLabel, names(columnNames, columns)),
      y: PlotAxis.named(rowLabel, names(rowNames, rows).reversed()),
      marks: [.field(field)] + numbers,
      aspect: min(max(Double(columns) / Double(rows), 0.3), 3))
    let legend: [LegendEntry]
    switch scale {
    case .signs(let limit):
      legend = [-limit, -limit / 2, limit / 2, limit].map {
        LegendEntry(.shade($0, scale), style.text($0))
      }
    case .shades(let low, let high), .heights(let low, let high):
      legend = [low, (low + high) / 2, high].map { LegendEntry(.shade($0, scale), style.text($0)) }
    case .classes: legend = []
    }
    return Picture(title: title, .plot(plot), legend: legend)
  }
}
