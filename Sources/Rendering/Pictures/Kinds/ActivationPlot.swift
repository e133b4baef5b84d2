/// A function of one number with its derivative.
package enum ActivationPlot {
  /// - Parameters:
  ///   - arguments: in rising order.
  ///   - values: one an argument; what is not finite breaks the curve.
  ///   - derivatives: as `values`; empty for none.
  package static func picture(
    name: String, variable: String = "z", arguments: [Double], values: [Double],
    derivatives: [Double]
  ) -> Picture {
    var marks: [Plot.Mark] = [.verticalRule(x: 0), .horizontalRule(y: 0)]
    marks.append(.line(zip(arguments, values).map { Point($0, $1) }, series: 0))
    var legend = [LegendEntry(.line(series: 0), name)]
    if !derivatives.isEmpty {
      marks.append(.line(zip(arguments, derivatives).map { Point($0, $1) }, series: 1))
      legend.append(LegendEntry(.line(series: 1), "\(name)'"))
    }
    return Picture(
      .plot(
        Plot(
          x: PlotAxis.fitting(variable, arguments),
          y: PlotAxis.fitting("", values + derivatives, margin: 0.04, includingZero: true),
          marks: marks)), legend: legend)
  }
}
