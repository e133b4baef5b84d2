import Differentiation
import Learning

/// Writes comma-separated values (RFC 4180), one line a row, numbers so that they read back equal.
///
/// Another delimiter than the comma is a control character or a semicolon, which fields that hold
/// one are quoted for.
package enum CSVWriter {
  /// Whether a spreadsheet would take a text for a formula, and compute it when the file is opened
  /// (OWASP, CSV Injection).
  package static func isFormula(_ text: String) -> Bool {
    guard let first = text.utf8.first, Double(text) == nil else { return false }
    return [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains(first)
  }

  /// The first text of a data set that a spreadsheet would take for a formula.
  package static func firstFormula(in data: DataSet) -> String? {
    var texts = data.featureNames + data.targetNames
    for names in data.categories.values { texts += names }
    if case .classes(_, let names) = data.target { texts += names }
    for column in data.kept { texts += [column.name] + column.texts }
    return texts.first { isFormula($0) }
  }

  /// With an apostrophe before it, which spreadsheets show as a text.
  static func quoted(_ text: String, _ isSafe: Bool) -> String {
    isSafe && isFormula(text) ? "'" + text : text
  }

  /// - Throws: for a zero character, by which readers know files that are no text.
  /// - Parameter place: where the text stands, as in `row 3 of id`.
  static func check(_ text: String, _ place: @autoclosure () -> String) throws(FormatError) {
    guard text.utf8.contains(0) else { return }
    throw FormatError(
      "\(place()) holds a zero character, which no table of text can hold: \(visible(text))",
      help: ["replace TEXT \"\\u{0}\" \"\" takes it out; .json files can hold it"])
  }

  static func check(names: [String]) throws(FormatError) {
    for (place, name) in names.enumerated() { try check(name, "the name of column \(place + 1)") }
  }

  private static func check(_ data: DataSet, _ kept: [DataSet.KeptColumn]) throws(FormatError) {
    try check(names: kept.map { $0.name } + data.featureNames + data.targetNames)
    for column in kept {
      for (row, text) in column.texts.enumerated() {
        try check(text, "row \(row + 1) of \(visible(column.name))")
      }
    }
    for (feature, names) in data.categories.sorted(by: { $0.key < $1.key }) {
      for name in names { try check(name, "a category of \(visible(data.featureNames[feature]))") }
    }
    for name in data.classes ?? [] {
      try check(name, "a class of \(data.targetNames.first.map { visible($0) } ?? "the target")")
    }
  }

  /// A data set: features, then targets or the name of the class.
  /// - Parameter isSafe: whether what a spreadsheet would take for a formula is made a text.
  /// - Throws: where a text cannot stand in a table, with its place.
  package static func bytes(
    _ data: DataSet, delimiter: UInt8 = CSVDialect.comma, isSafe: Bool = false
  ) throws(FormatError) -> [UInt8] {
    var output: [UInt8] = []
    // What is a feature besides stands there.
    let kept = data.kept.filter {
      !data.featureNames.contains($0.name) && !data.targetNames.contains($0.name)
    }
    try check(data, kept)
    append(
      (kept.map { $0.name } + data.featureNames + data.targetNames).map { quoted($0, isSafe) },
      delimiter, to: &output)
    let width = data.featureCount
    let isOneColumn = kept.count + width + data.targetNames.count == 1
    for row in 0..<data.count {
      if row & 0xFFF == 0xFFF, Interruption.cutsShort() { break }
      // An empty line would be no row.
      if isOneColumn, data.x.elements[row].isNaN { append(field: "", to: &output) }
      for column in kept {
        append(field: quoted(column.texts[row], isSafe), to: &output)
        output.append(delimiter)
      }
      for feature in 0..<width {
        if feature > 0 { output.append(delimiter) }
        let number = data.x.elements[row * width + feature]
        if let names = data.categories[feature], let code = Int(exactly: number),
          names.indices.contains(code - 1)
        {
          append(field: quoted(names[code - 1], isSafe), to: &output)
        } else {
          append(number, to: &output)
        }
      }
      switch data.target {
      case .classes(let numbers, let names):
        output.append(delimiter)
        append(field: quoted(names[numbers[row] - 1], isSafe), to: &output)
      case .values(let values):
        for column in 0..<data.targetNames.count {
          output.append(delimiter)
          append(values.elements[row * data.targetNames.count + column], to: &output)
        }
      }
      output.append(0x0A)
    }
    return output
  }

  /// A matrix, or a vector as one column.
  /// - Throws: where a name cannot stand in a table.
  package static func bytes(
    _ tensor: Tensor, names: [String] = [], delimiter: UInt8 = CSVDialect.comma,
    isSafe: Bool = false
  ) throws(FormatError) -> [UInt8] {
    try check(names: names)
    let width: Int =
      if case .matrix(_, let columns) = tensor.shape { columns } else { 1 }
    var output: [UInt8] = []
    if !names.isEmpty { append(names.map { quoted($0, isSafe) }, delimiter, to: &output) }
    for (index, number) in tensor.elements.enumerated() {
      if index & 0xFFFF == 0xFFFF, Interruption.cutsShort() { break }
      if width == 1, number.isNaN { append(field: "", to: &output) }
      append(number, to: &output)
      output.append((index + 1) % width == 0 ? 0x0A : delimiter)
    }
    return output
  }

  private static func append(
    _ names: [String], _ delimiter: UInt8, to output: inout [UInt8]
  ) {
    for (place, name) in names.enumerated() {
      if place > 0 { output.append(delimiter) }
      append(field: name, to: &output)
    }
    output.append(0x0A)
  }

  /// - Parameter isQuoted: whether quotes stand around it in any case.
  static func append(field text: String, to output: inout [UInt8], isQuoted: Bool = false) {
    let needsQuotes =
      text.isEmpty || isQuoted
      // At the start of a line these say something of the file.
      || [0x23, 0x25, 0x40].contains(text.utf8.first) || text.lowercased().hasPrefix("sep=")
      || text.utf8.contains {
        $0 < 0x20 || [CSVDialect.quote, CSVDialect.comma, CSVDialect.semicolon].contains($0)
      } || text.utf8.first == 0x20 || text.utf8.last == 0x20
      // At the start of a file it would be taken for the mark of UTF-8.
      || text.unicodeScalars.first == "\u{FEFF}"
    guard needsQuotes else {
      output += text.utf8
      return
    }
    output.append(CSVDialect.quote)
    for byte in text.utf8 {
      if byte == CSVDialect.quote { output.append(byte) }
      output.append(byte)
    }
    output.append(CSVDialect.quote)
  }

  static func append(_ number: Double, to output: inout [UInt8]) {
    if number.isNaN { return }
    if let whole = Int64(exactly: number), whole != 0 || number.sign == .plus,
      abs(number) < 1e15
    {
      output += "\(whole)".utf8
    } else {
      output += "\(number)".utf8
    }
  }
}
