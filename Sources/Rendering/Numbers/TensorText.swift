extension NumberStyle {
  /// A vector on one line: `[4, 10]`; above `limit` elements the middle is left out and the count
  /// named: `[1, 2, 3, …, 99, 100] (100 elements)`.
  package func vector(_ elements: [Double], limit: Int? = nil, ellipsis: String = "…") -> String {
    guard let limit, elements.count > max(limit, 2) else {
      return "[" + elements.map(text).joined(separator: ", ") + "]"
    }
    let tail = max(limit, 2) / 3
    let head = max(limit, 2) - tail
    let shown = elements.prefix(head).map(text) + [ellipsis] + elements.suffix(tail).map(text)
    return "[" + shown.joined(separator: ", ") + "] (\(elements.count) elements)"
  }

  /// A matrix on one line, inside a record or list: `[[1, 2], [3, 4]]`.
  package func inlineMatrix(elements: [Double], rows: Int, columns: Int) -> String {
    let lines = (0..<max(rows, 0)).map { row in
      "["
        + (0..<columns).map { column in
          let index = row * columns + column
          return index < elements.count ? text(elements[index]) : ""
        }.joined(separator: ", ") + "]"
    }
    return "[" + lines.joined(separator: ", ") + "]"
  }

  /// A matrix with one row a line, its columns aligned at the decimal point.
  ///
  /// Where it has more rows than `rowLimit`, or its lines would be longer than `width`, the middle
  /// is left out and a last line names the shape: `(100×784 matrix)`.
  ///
  /// - Parameters:
  ///   - elements: row by row, rows × columns numbers.
  ///   - rowLimit: nil for all rows.
  ///   - width: columns of the display; nil for any length.
  /// - Returns: lines without a line end after the last; an empty matrix is only its shape.
  package func matrix(
    elements: [Double], rows: Int, columns: Int, rowLimit: Int? = 20, width: Int? = 80,
    ellipsis: String = "…", times: String = "×"
  ) -> String {
    let shape = "(\(rows)\(times)\(columns) matrix)"
    guard rows > 0, columns > 0, elements.count >= rows, elements.count / rows >= columns else {
      return shape
    }
    let shownRows = Self.ends(of: rows, limit: rowLimit ?? rows)
    // More columns than characters can never fit: only the ends are worth writing.
    var shownColumns = Self.ends(of: columns, limit: width.map { max($0 / 2, 4) } ?? columns)
    var cells = shownColumns.map { column in
      AlignedColumn(shownRows.map { row in text(elements[row * columns + column]) })
    }
    if let width {
      func length() -> Int { cells.reduce(cells.count * 2 - 2) { $0 + $1.width } }
      while length() + (shownColumns.count < columns ? 3 : 0) > width, cells.count > 2 {
        cells.remove(at: cells.count / 2)
        shownColumns.remove(at: shownColumns.count / 2)
      }
    }
    let columnGap = shownColumns.count < columns ? (shownColumns.count + 1) / 2 : nil
    let rowGap = shownRows.count < rows ? (shownRows.count + 1) / 2 : nil
    var lines: [String] = []
    for line in shownRows.indices {
      if line == rowGap { lines.append(ellipsis) }
      var fields: [String] = []
      for (index, column) in cells.enumerated() {
        if index == columnGap { fields.append(ellipsis) }
        fields.append(column.field(line))
      }
      var text = fields.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      lines.append(text)
    }
    if rowGap != nil || columnGap != nil { lines.append(shape) }
    return lines.joined(separator: "\n")
  }

  /// The first and last indexes below `count`, `limit` of them where there are more.
  private static func ends(of count: Int, limit: Int) -> [Int] {
    let limit = max(limit, 2)
    if count <= limit { return Array(0..<count) }
    let tail = limit / 2
    return Array(0..<(limit - tail)) + Array((count - tail)..<count)
  }
}

/// Numbers below each other with their points in one column, as wide as the widest needs.
package struct AlignedColumn {
  private let parts: [(head: String, tail: String)]
  private let headWidth: Int
  let width: Int

  package init(_ numbers: [String]) {
    parts = numbers.map { number in
      let cut = number.firstIndex { $0 == "." || $0 == "e" } ?? number.endIndex
      // `inf` and `nan` have no point: they stand where integers stand.
      return (String(number[..<cut]), String(number[cut...]))
    }
    headWidth = parts.reduce(0) { max($0, $1.head.utf8.count) }
    width = headWidth + parts.reduce(0) { max($0, $1.tail.utf8.count) }
  }

  package func field(_ index: Int) -> String {
    let (head, tail) = parts[index]
    let left = String(repeating: " ", count: headWidth - head.utf8.count) + head + tail
    return left + String(repeating: " ", count: width - left.utf8.count)
  }
}
