import Glibc

/// How often values fall into bins of equal width.
package enum Histogram {
  /// - Parameter bins: nil takes 2·n^(1/3) (Rice's rule), at most 60.
  package static func picture(
    title: String = "", _ values: [Double], bins: Int? = nil, label: String = "value"
  ) -> Picture {
    let finite = values.filter { $0.isFinite }
    let axis = PlotAxis.fitting(label, finite)
    let rule = Int(clamped: ceil(2 * cbrt(Double(finite.count))))
    let count = min(max(bins ?? min(rule, 60), 1), 1000)
    var counts = [Int](repeating: 0, count: count)
    for value in finite {
      let position = axis.position(of: value) ?? 0
      counts[min(max(Int(clamped: position * Double(count)), 0), count - 1)] += 1
    }
    let bars = counts.enumerated().map { index, number in
      Plot.Bar(
        from: axis.value(at: Double(index) / Double(count)),
        to: axis.value(at: Double(index + 1) / Double(count)), value: Double(number))
    }
    var height = PlotAxis.fitting("count", counts.map(Double.init), includingZero: true)
    height.marksWholeNumbers = true
    let left = values.count - finite.count
    return Picture(
      title: title, .plot(Plot(x: axis, y: height, marks: [.bars(bars, series: 0)])),
      notes: left > 0 ? ["\(left) values that are not finite are left out"] : [])
  }
}
