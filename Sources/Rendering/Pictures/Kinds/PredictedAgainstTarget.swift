/// What a net predicts against what it should: the closer to the diagonal, the better.
package enum PredictedAgainstTarget {
  package static func picture(
    title: String = "", targets: [Double], predictions: [Double], measure: NamedNumber? = nil
  ) -> Picture {
    let axis = PlotAxis.fitting("target", targets + predictions, margin: 0.05)
    let ends = [Point(axis.low, axis.low), Point(axis.high, axis.high)]
    let points = zip(targets, predictions).map { Point($0, $1) }
    var predicted = axis
    predicted.label = "predicted"
    let notes = measure.map { ["\($0.name) \(NumberStyle.matrixElement.text($0.value))"] } ?? []
    return Picture(
      title: title,
      .plot(
        Plot(
          x: axis, y: predicted, marks: [.guide(ends), .points(points, series: 0)],
          aspect: 1)), notes: notes)
  }
}
