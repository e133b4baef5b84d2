/// Lines over one axis, and points beside them where there are any.
package enum Curves {
  package struct Curve: Sendable {
    package var name: String
    package var points: [Point]

    package init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// - Parameters:
  ///   - marks: points that the lines are compared with.
  ///   - way: points over the lines, drawn as steps from one to the next.
  package static func picture(
    title: String = "", _ curves: [Curve], marks: [Scatter.Group] = [], way: [Point] = [],
    xLabel: String = "x",
    yLabel: String = "", scale: PlotAxis.Scale = .linear
  ) -> Picture {
    let points = curves.flatMap { $0.points } + marks.flatMap { $0.points } + way
    let lines = curves.enumerated().map { Plot.Mark.line($1.points, series: $0) }
    let dots = marks.enumerated().map { Plot.Mark.points($1.points, series: $0) }
    let legend =
      (curves.count > 1 || !marks.isEmpty
        ? curves.enumerated().map { LegendEntry(.line(series: $0), $1.name) } : [])
      + marks.enumerated().map { LegendEntry(.point(series: $0), $1.name) }
    return Picture(
      title: title,
      .plot(
        Plot(
          x: PlotAxis.fitting(xLabel, points.map { $0.x }),
          y: PlotAxis.fitting(
            scale == .logarithmic ? "\(yLabel) (log)" : yLabel, points.map { $0.y }, scale: scale,
            margin: 0.04), marks: lines + dots + (way.isEmpty ? [] : [.path(way)]))),
      legend: legend.filter { !$0.text.isEmpty })
  }
}
