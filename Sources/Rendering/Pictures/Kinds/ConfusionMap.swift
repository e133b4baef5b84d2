/// How often each class was taken for each, as a matrix of counts: right answers on the diagonal.
package enum ConfusionMap {
  /// - Parameter counts: counts[t][p] samples of class t were taken for class p.
  package static func picture(
    title: String = "", classes: [String], counts: [[Int]]
  ) -> Picture {
    let size = classes.count
    let cells = (0..<size).map { row in
      (0..<size).map {
        counts.indices.contains(row) && $0 < counts[row].count ? counts[row][$0] : 0
      }
    }
    let most = cells.joined().max() ?? 0
    var picture = HeatMap.picture(
      title: title, elements: cells.joined().map(Double.init), rows: size, columns: size,
      scale: .signs(limit: Double(max(most, 1))), rowNames: classes, columnNames: classes,
      rowLabel: "true", columnLabel: "predicted")
    if case .plot(var plot) = picture.content, size <= 20 {
      plot.marks.removeAll { if case .text = $0 { true } else { false } }
      for row in 0..<size {
        for column in 0..<size {
          plot.marks.append(
            .text(
              cells[row][column].description, at: Point(Double(column + 1), Double(size - row))))
        }
      }
      picture.content = .plot(plot)
      // The numbers stand in the cells.
      picture.legend = []
    }
    return picture
  }
}
