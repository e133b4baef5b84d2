/// The loss over two weights, with the way that training took.
package enum LossLandscape {
  /// - Parameters:
  ///   - values: columns × rows losses, the first row at the lower end of `y`.
  ///   - path: the two weights step by step.
  package static func picture(
    title: String = "", x: Axis, y: Axis, columns: Int, rows: Int, values: [Double],
    path: [Point] = []
  ) -> Picture {
    let finite = values.filter(\.isFinite)
    let low = finite.min() ?? 0
    let scale = Field.Scale.shades(low: low, high: finite.max() ?? 1)
    var marks: [Plot.Mark] = [
      .field(Field(columns: columns, rows: rows, values: values, scale: scale))
    ]
    var legend = [low, finite.max() ?? 1].map {
      LegendEntry(.shade($0, scale), "loss \(NumberStyle.significantDigits(4).text($0))")
    }
    if let first = path.first, let last = path.last {
      marks += [.line(path, series: 6), .points([first], series: 0), .points([last], series: 1)]
      legend += [LegendEntry(.point(series: 0), "start"), LegendEntry(.point(series: 1), "end")]
    }
    return Picture(
      title: title, .plot(Plot(x: x, y: y, marks: marks, aspect: 1.4)), legend: legend)
  }
}
