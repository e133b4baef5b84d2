/// The loss over two weights, with the way that training took.
package enum LossLandscape {
  /// - Parameters:
  ///   - values: columns × rows losses, the first row at the lower end of `y`.
  ///   - quantity: what the values are.
  ///   - path: the two weights step by step.
  package static func picture(
    title: String = "", x: PlotAxis, y: PlotAxis, columns: Int, rows: Int, values: [Double],
    quantity: String = "loss", path: [Point] = []
  ) -> Picture {
    let finite = values.filter { $0.isFinite }
    let low = finite.min() ?? 0
    let scale = Field.Scale.heights(low: low, high: finite.max() ?? 1)
    var field = Field(columns: columns, rows: rows, values: values, scale: scale)
    field.label = quantity
    // As many values below each line as above it, as far as lines can show that.
    let sorted = finite.sorted()
    field.levels = (1..<10).compactMap { tenth in
      sorted.isEmpty ? nil : sorted[sorted.count * tenth / 10]
    }
    var marks: [Plot.Mark] = [.field(field)]
    var legend = [low, finite.max() ?? 1].map {
      LegendEntry(.shade($0, scale), "\(quantity) \(NumberStyle.significantDigits(4).text($0))")
    }
    if let first = path.first, let last = path.last {
      marks += [.path(path), .points([first], series: 0), .points([last], series: 1)]
      legend += [LegendEntry(.point(series: 0), "start"), LegendEntry(.point(series: 1), "end")]
    }
    return Picture(
      title: title, .plot(Plot(x: x, y: y, marks: marks, aspect: 1.4)), legend: legend)
  }
}
