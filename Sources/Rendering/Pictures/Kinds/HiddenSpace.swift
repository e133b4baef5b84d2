/// The plane of two hidden units, with the samples and the grid of the inputs bent into it.
package enum HiddenSpace {
  /// - Parameters:
  ///   - samples: where the units put the samples.
  ///   - grid: lines of the input plane as the units see them; empty for none.
  ///   - boundary: two points of the line that the next unit decides at; nil for none.
  package static func picture(
    title: String = "", samples: [DecisionMap.Sample], classNames: [String], grid: [[Point]] = [],
    boundary: (Point, Point)? = nil, xLabel: String = "unit 1", yLabel: String = "unit 2"
  ) -> Picture {
    let bent = grid.flatMap { $0 }
    let x = PlotAxis.fitting(xLabel, samples.map { $0.x } + bent.map { $0.x }, margin: 0.05)
    let y = PlotAxis.fitting(yLabel, samples.map { $0.y } + bent.map { $0.y }, margin: 0.05)
    var marks = grid.map { Plot.Mark.guide($0) }
    var legend: [LegendEntry] = []
    if !grid.isEmpty { legend.append(.init(.line(series: 6), "grid of the inputs")) }
    if let boundary {
      marks.append(.line([boundary.0, boundary.1], series: 2))
      legend.append(.init(.line(series: 2), "boundary"))
    }
    for number in Set(samples.map({ $0.classIndex })).sorted() {
      let points = samples.filter { $0.classIndex == number }.map { Point($0.x, $0.y) }
      marks.append(.points(points, series: number))
      legend.append(
        .init(
          .point(series: number),
          classNames.indices.contains(number) ? classNames[number] : "class \(number)"))
    }
    return Picture(
      title: title, .plot(Plot(x: x, y: y, marks: marks, aspect: 1.4)), legend: legend)
  }
}
