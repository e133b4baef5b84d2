/// A bar to the right for every name, the first on top.
package enum BarChart {
  package static func picture(
    title: String = "", _ entries: [NamedNumber], label: String = ""
  ) -> Picture {
    var names = PlotAxis.named("", entries.reversed().map { $0.name })
    names.label = ""
    let bars = entries.reversed().enumerated().map { index, entry in
      Plot.Bar(from: Double(index) + 0.6, to: Double(index) + 1.4, value: entry.value)
    }
    var plot = Plot(
      x: PlotAxis.fitting(label, entries.map { $0.value }, includingZero: true), y: names,
      marks: [.bars(bars, series: 0)])
    plot.barsAreHorizontal = true
    return Picture(title: title, .plot(plot))
  }
}
