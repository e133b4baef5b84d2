/// How a CSV file is written: found from its first lines, or given by options.
package struct CSVDialect: Hashable, Sendable {
  package var delimiter: UInt8
  package var hasHeader: Bool
  /// `.` or `,`
  package var point: UInt8

  static let quote: UInt8 = 0x22
  package static let comma: UInt8 = 0x2C
  static let semicolon: UInt8 = 0x3B
  static let tab: UInt8 = 0x09
  static let bar: UInt8 = 0x7C
  private static let sampleSize = 20

  /// `separated by commas, names in the first line`
  package var words: String {
    let separators: [UInt8: String] = [
      Self.comma: "commas", Self.semicolon: "semicolons", Self.tab: "tabs", Self.bar: "bars",
    ]
    let separator =
      separators[delimiter] ?? "\"\(visible(String(decoding: [delimiter], as: UTF8.self)))\""
    let names = hasHeader ? "names in the first line" : "no line of names"
    return "separated by \(separator), \(names)" + (point == Self.comma ? ", decimal commas" : "")
  }

  /// Reads the first records.
  /// - Parameter isWhole: whether the bytes are the whole file.
  init(detectingIn bytes: ArraySlice<UInt8>, isWhole: Bool, _ options: CSVOptions) {
    let candidates =
      options.delimiter.map { [$0] } ?? [Self.comma, Self.semicolon, Self.tab, Self.bar]
    var best: (delimiter: UInt8, score: Int, records: [[String]])?
    for delimiter in candidates {
      let records = Self.records(of: bytes, delimiter: delimiter, isWhole: isWhole)
      // Fields of the record with the fewest: a delimiter that is not one leaves some undivided.
      let score = records.map { $0.count }.min() ?? 1
      let agrees = Set(records.map { $0.count }).count == 1
      let weighted = score * 2 + (agrees && score > 1 ? 1_000_000 : 0)
      if best.map({ weighted > $0.score }) ?? true { best = (delimiter, weighted, records) }
    }
    delimiter = best?.delimiter ?? Self.comma
    let records = best?.records ?? []
    let fields = records.joined()
    let decimalCommas = fields.contains { Self.isNumber($0, point: ",") && $0.contains(",") }
    let decimalPoints = fields.contains { Self.isNumber($0, point: ".") && $0.contains(".") }
    point =
      options.point
      ?? (delimiter != Self.comma && decimalCommas && !decimalPoints ? Self.comma : 0x2E)
    hasHeader =
      options.hasHeader ?? Self.looksLikeNames(records, point: point == Self.comma ? "," : ".")
  }

  /// The first record holds names where it has no number and the others do, or where all are
  /// text and none of its fields turns up again below.
  private static func looksLikeNames(_ records: [[String]], point: Character) -> Bool {
    guard let first = records.first, !first.contains(where: { isNumber($0, point: point) }) else {
      return false
    }
    let rest = records.dropFirst()
    guard !rest.isEmpty else { return true }
    if rest.joined().contains(where: { isNumber($0, point: point) }) { return true }
    for (place, name) in first.enumerated()
    where rest.contains(where: { place < $0.count && $0[place] == name }) {
      return false
    }
    return true
  }

  private static func isNumber(_ text: String, point: Character) -> Bool {
    Double(point == "." ? text : String(text.map { $0 == "," ? "." : $0 })) != nil
  }

  /// The fields of the first records, blanks at their ends left out.
  private static func records(
    of bytes: ArraySlice<UInt8>, delimiter: UInt8, isWhole: Bool
  ) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    func text() -> String {
      let blanks: Set<UInt8> = [0x20, 0x09]
      let trimmed = field.drop { blanks.contains($0) }
      return String(
        decoding: trimmed.reversed().drop { blanks.contains($0) }.reversed(), as: UTF8.self)
    }
    for byte in bytes {
      if isQuoted {
        if byte == quote { isQuoted = false } else { field.append(byte) }
      } else if byte == quote {
        isQuoted = true
      } else if byte == delimiter {
        record.append(text())
        field = []
      } else if byte == 0x0A || byte == 0x0D {
        if !record.isEmpty || !field.isEmpty { records.append(record + [text()]) }
        record = []
        field = []
        if records.count == sampleSize { return records }
      } else {
        field.append(byte)
      }
    }
    if isWhole || records.isEmpty, !record.isEmpty || !field.isEmpty {
      records.append(record + [text()])
    }
    return records
  }
}

/// The options of the CSV reader.
package struct CSVOptions: Sendable {
  /// Found out where nil.
  package var delimiter: UInt8?
  /// Found out where nil.
  package var hasHeader: Bool?
  /// `.` or `,`; found out where nil.
  package var point: UInt8?
  package var targets: [String] = []
  package var dropped: [String] = []
  /// Columns of numbers that are names of classes or categories.
  package var categories: [String] = []
  /// Spellings of a missing value besides the usual ones.
  package var missingSpellings: [String] = []
  /// Leaves out rows with a missing value.
  package var leavesOutIncomplete = false

  package init(delimiter: UInt8? = nil) { self.delimiter = delimiter }

  /// As pandas has them, and `?`.
  package static let usualMissingSpellings = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null", "?",
  ]
}
