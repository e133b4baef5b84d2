import Differentiation

/// Columns of numbers and texts, to be written.
package struct TextTable {
  package enum Column {
    /// A gap is nan.
    case numbers([Double])
    /// A gap is nil.
    case texts([String?])

    package var count: Int {
      switch self {
      case .numbers(let numbers): numbers.count
      case .texts(let texts): texts.count
      }
    }
  }

  /// Empty where the columns have no names.
  package let names: [String]
  package let columns: [Column]
  package let rows: Int

  /// - Throws: where columns have different lengths, or there is not one name for each.
  package init(names: [String], columns: [Column]) throws(FormatError) {
    rows = columns.first?.count ?? 0
    for (place, column) in columns.enumerated() where column.count != rows {
      let name = names.indices.contains(place) ? visible(names[place]) : "column \(place + 1)"
      throw FormatError("\(name) has \(column.count) rows, the first column has \(rows)")
    }
    guard names.isEmpty || names.count == columns.count else {
      throw FormatError("there are \(names.count) names for \(columns.count) columns")
    }
    self.names = names
    self.columns = columns
  }

  /// The first text that a spreadsheet would take for a formula.
  package var firstFormula: String? {
    for name in names where CSVWriter.isFormula(name) { return name }
    for case .texts(let texts) in columns {
      for case let text? in texts where CSVWriter.isFormula(text) { return text }
    }
    return nil
  }

  /// A line of a JSON object for each row, its numbers so that they read back equal.
  /// - Throws: where a number is infinite.
  package func jsonLines() throws(FormatError) -> [UInt8] {
    var output: [UInt8] = []
    for row in 0..<rows {
      if row & 0xFFF == 0xFFF, Interruption.cutsShort() { break }
      var members: [JSON.Member] = []
      for (place, column) in columns.enumerated() {
        let value: JSON =
          switch column {
          case .numbers(let numbers): numbers[row].isNaN ? .null : .number(numbers[row])
          case .texts(let texts): texts[row].map { .text($0) } ?? .null
          }
        members.append(
          JSON.Member(names.isEmpty ? "column \(place + 1)" : names[place], value))
      }
      output += try JSON.object(members).bytes()
      output.append(0x0A)
    }
    return output
  }
}

extension CSVWriter {
  /// A table with its names in the first line.
  /// - Throws: where a text cannot stand in a table, with its place.
  package static func bytes(
    _ table: TextTable, delimiter: UInt8 = CSVDialect.comma, isSafe: Bool = false
  ) throws(FormatError) -> [UInt8] {
    var output: [UInt8] = []
    try check(names: table.names)
    for (place, name) in table.names.enumerated() {
      if place > 0 { output.append(delimiter) }
      append(field: quoted(name, isSafe), to: &output)
    }
    if !table.names.isEmpty { output.append(0x0A) }
    let isOneColumn = table.columns.count == 1
    for row in 0..<table.rows {
      if row & 0xFFF == 0xFFF, Interruption.cutsShort() { break }
      for (place, column) in table.columns.enumerated() {
        if place > 0 { output.append(delimiter) }
        switch column {
        case .numbers(let numbers):
          // An empty line would be no row.
          if isOneColumn, numbers[row].isNaN { append(field: "", to: &output) }
          append(numbers[row], to: &output)
        case .texts(let texts):
          if let text = texts[row] {
            try check(
              text,
              "row \(row + 1) of "
                + (table.names.isEmpty ? "column \(place + 1)" : visible(table.names[place])))
            append(field: quoted(text, isSafe), to: &output)
          } else if isOneColumn {
            append(field: "", to: &output)
          }
        }
      }
      output.append(0x0A)
    }
    return output
  }
}
