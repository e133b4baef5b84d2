/// Counts of true against predicted classes, with recall by row and precision by column.
package struct ConfusionTable: Sendable {
  package var classes: [String]
  /// counts[t][p]: how many samples of class t were taken for class p.
  package var counts: [[Int]]

  package init(classes: [String], counts: [[Int]]) {
    self.classes = classes
    self.counts = counts
  }

  package func text(on display: Display = .plain) -> String { table(on: display).text(on: display) }

  package func table(on display: Display) -> Table {
    let corner = display.isASCII ? "true \\ predicted" : "true ╲ predicted"
    var table = Table([.init(corner)])
    for name in classes { table.columns.append(.init(name, .right)) }
    table.columns.append(.init("recall", .right))
    func count(_ row: Int, _ column: Int) -> Int {
      row < counts.count && column < counts[row].count ? counts[row][column] : 0
    }
    func share(_ part: Int, of whole: [Int]) -> String {
      let sum = whole.reduce(0.0) { $0 + Double($1) }
      return sum == 0 ? "-" : NumberStyle.fixed(Double(part) / sum, places: 3)
    }
    for row in classes.indices {
      let cells = classes.indices.map { count(row, $0) }
      table.append(
        [classes[row]] + cells.map { $0.description } + [share(count(row, row), of: cells)])
    }
    table.appendRule()
    table.append(
      ["precision"]
        + classes.indices.map { column in
          share(count(column, column), of: classes.indices.map { count($0, column) })
        } + [""])
    return table
  }
}
