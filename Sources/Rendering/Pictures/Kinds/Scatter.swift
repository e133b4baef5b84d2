/// Points in the plane, marked by their group.
package enum Scatter {
  package struct Group: Sendable {
    package var name: String
    package var points: [Point]

    package init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// - Parameter isPlane: whether both axes have the same units, as in a decision map.
  package static func picture(
    title: String = "", _ groups: [Group], xLabel: String = "x", yLabel: String = "y",
    isPlane: Bool = false
  ) -> Picture {
    let points = groups.flatMap { $0.points }
    let marks = groups.enumerated().map { Plot.Mark.points($1.points, series: $0) }
    let x = PlotAxis.fitting(xLabel, points.map { $0.x }, margin: 0.05)
    let y = PlotAxis.fitting(yLabel, points.map { $0.y }, margin: 0.05)
    return Picture(
      title: title,
      .plot(Plot(x: x, y: y, marks: marks, aspect: isPlane ? Plot.equalUnits(x, y) : nil)),
      legend: groups.count > 1 || groups.first?.name.isEmpty == false
        ? groups.enumerated().map { LegendEntry(.point(series: $0), $1.name) } : [])
  }
}
