/// Named numbers below each other, or side by side for several runs or classes.
package enum MetricTable {
  /// - Parameters:
  ///   - head: the title of the first column.
  ///   - columns: titles of the number columns.
  ///   - rows: a name with one number a column; nil leaves the cell empty.
  package static func text(
    head: String = "", columns: [String], rows: [(name: String, numbers: [Double?])],
    style: NumberStyle = .significantDigits(6), on display: Display = .plain
  ) -> String {
    var table = Table([.init(head)] + columns.map { .init($0, .right) })
    let aligned = columns.indices.map { column in
      AlignedColumn(
        rows.map { row in
          guard column < row.numbers.count, let number = row.numbers[column] else { return "" }
          return style.text(number)
        })
    }
    for (index, row) in rows.enumerated() {
      table.append([row.name] + aligned.map { $0.field(index) })
    }
    return table.text(display.isASCII ? .ascii : .unicode, width: display.columns)
  }
}
