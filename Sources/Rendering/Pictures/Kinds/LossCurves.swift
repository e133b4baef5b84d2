/// Loss or another measure by epoch, of one run or several.
package enum LossCurves {
  package struct Run: Sendable {
    package var name: String
    /// One value an epoch, the first that of `firstEpoch`.
    package var values: [Double]
    package var firstEpoch: Int
    /// How far the values of several runs lie from these, which are their means; empty for one run.
    package var deviations: [Double]

    package init(
      _ name: String, _ values: [Double], firstEpoch: Int = 1, deviations: [Double] = []
    ) {
      self.name = name
      self.values = values
      self.firstEpoch = firstEpoch
      self.deviations = deviations
    }

    /// From one deviation below to one above, in no more pieces than can be told apart.
    fileprivate var bands: [Plot.Band] {
      let count = min(values.count, deviations.count)
      let step = max(1, count / 200)
      return stride(from: 0, to: count, by: step).map { place in
        let middle = Double(firstEpoch + place)
        let half = Double(step) / 2
        return Plot.Band(
          from: middle - half, to: middle + half, low: values[place] - deviations[place],
          high: values[place] + deviations[place])
      }
    }
  }

  /// - Parameter scale: nil takes a logarithmic axis where the values span more than two decades.
  package static func picture(
    title: String = "", _ runs: [Run], label: String = "loss", scale: PlotAxis.Scale? = nil
  ) -> Picture {
    let values = runs.flatMap { run in run.values + run.bands.map { $0.high } }
    let positive = values.filter { $0.isFinite && $0 > 0 }
    let spansDecades =
      (positive.min() ?? 1) * 100 < (positive.max() ?? 1) && !values.contains { $0 <= 0 }
    let scale = scale ?? (spansDecades ? .logarithmic : .linear)
    let epochs = runs.flatMap { run in
      [Double(run.firstEpoch), Double(run.firstEpoch) + Double(max(run.values.count - 1, 0))]
    }
    let bands = runs.enumerated().filter { !$0.element.bands.isEmpty }.map { index, run in
      Plot.Mark.band(run.bands, series: index)
    }
    let lines = runs.enumerated().map { index, run -> Plot.Mark in
      .line(
        run.values.enumerated().map { Point(Double(run.firstEpoch) + Double($0), $1) },
        series: index)
    }
    // Of a long run so many can be told apart.
    let places = runs.flatMap { run in
      stride(from: 0, to: run.values.count, by: max(1, run.values.count / 120)).map { place in
        let epoch = run.firstEpoch + place
        let value = NumberStyle.standard.text(run.values[place])
        return Plot.Place(
          Point(Double(epoch), run.values[place]), name: "epoch \(epoch)",
          description: "\(run.name), epoch \(epoch): \(value)")
      }
    }
    let y = PlotAxis.fitting(
      scale == .logarithmic ? "\(label) (log)" : label, values, scale: scale,
      // A loss that comes near 0 is read against 0.
      includingZero: scale == .linear
        && (positive.min() ?? 1) < 0.5 * (positive.max() ?? 1))
    var plot = Plot(x: PlotAxis.fitting("epoch", epochs), y: y, marks: bands + lines)
    plot.places = places
    return Picture(
      title: title, .plot(plot),
      legend: runs.count > 1
        ? runs.enumerated().map { LegendEntry(.line(series: $0), $1.name) } : [])
  }
}
