/// The first records of a table, cut at one delimiter: what is found out about a file is found out
/// from them.
struct TableSample {
  struct Cell {
    let text: String
    let isQuoted: Bool
  }

  /// What a text may be; several kinds of number are told apart, since signs mean different things
  /// in different files.
  enum Kind: Equatable {
    /// A usual spelling of a missing value.
    case gap
    /// A spelling that stands for a missing value among numbers, and for itself among names.
    case mark
    case number
    /// A number with a decimal comma.
    case commaNumber
    case grouped(separator: UInt8, point: UInt8, isCertain: Bool)
    /// A date, or a time of a day.
    case date
    /// A word for infinity, which names columns too.
    case infinity
    case text

    var isValue: Bool {
      switch self {
      case .number, .commaNumber, .grouped, .date, .infinity: true
      case .gap, .mark, .text: false
      }
    }
  }

  let delimiter: UInt8
  let isSeparatedByBlanks: Bool
  private(set) var records: [[Cell]] = []
  /// How many values most records have.
  private(set) var width = 1
  /// The share of records with as many values.
  private(set) var agreement = 0.0

  /// Whether there were lines of comment between them.
  private(set) var hasComments = false

  /// More records than this say nothing new.
  static let most = 200

  /// - Parameters:
  ///   - delimiter: 0x20 for any number of blanks and tabs.
  ///   - isWhole: whether the bytes are all there are; otherwise the last record may be cut off.
  init(_ bytes: ArraySlice<UInt8>, _ delimiter: UInt8, isWhole: Bool) {
    self.delimiter = delimiter
    isSeparatedByBlanks = delimiter == 0x20
    cut(bytes, isWhole: isWhole)
    measure()
    leaveOutComments()
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private mutating func cut(_ bytes: ArraySlice<UInt8>, isWhole: Bool) {
    var record: [Cell] = []
    var place = bytes.startIndex
    let end = bytes.endIndex
    while place < end, records.count < Self.most {
      if bytes[place] == 0x0A || bytes[place] == 0x0D {
        place += 1
        continue
      }
      record = []
      var isCutOff = true
      while true {
        while place < end, Self.isBlank(bytes[place]),
          bytes[place] != delimiter || isSeparatedByBlanks
        { place += 1 }
        if isSeparatedByBlanks, place == end || bytes[place] == 0x0A || bytes[place] == 0x0D {
          isCutOff = place == end
          break
        }
        var text: [UInt8] = []
        var isQuoted = false
        if place < end, bytes[place] == CSVDialect.quote {
          isQuoted = true
          place += 1
          while place < end {
            if bytes[place] == CSVDialect.quote {
              guard place + 1 < end, bytes[place + 1] == CSVDialect.quote else { break }
              place += 1
            }
            text.append(bytes[place])
            place += 1
          }
          place = min(place + 1, end)
        }
        let first = place
        while place < end, bytes[place] != 0x0A, bytes[place] != 0x0D,
          isSeparatedByBlanks ? !Self.isBlank(bytes[place]) : bytes[place] != delimiter
        { place += 1 }
        if !isQuoted {
          var last = place
          while last > first, Self.isBlank(bytes[last - 1]) { last -= 1 }
          text += bytes[first..<last]
        }
        record.append(Cell(text: String(decoding: text, as: UTF8.self), isQuoted: isQuoted))
        if place == end { break }
        if bytes[place] == 0x0A || bytes[place] == 0x0D {
          isCutOff = false
          break
        }
        if !isSeparatedByBlanks { place += 1 }
      }
      if !record.isEmpty, isWhole || !isCutOff || records.isEmpty { records.append(record) }
    }
  }

  private mutating func measure() {
    var counts: [Int: Int] = [:]
    for record in records.count > 1 ? records[1...] : records[...] {
      counts[record.count, default: 0] += 1
    }
    let first = records.first?.count ?? 1
    let best = counts.max { a, b in
      (a.value, a.key == first ? 1 : 0, a.key) < (b.value, b.key == first ? 1 : 0, b.key)
    }
    width = best?.key ?? 1
    var agreeing = 0
    for (place, record) in records.enumerated() {
      let more = record.count - width
      let isSame =
        more == 0 || place == 0 && more == -1
        || more == 1 && record.last?.text.isEmpty == true
      if isSame { agreeing += 1 }
    }
    agreement = records.isEmpty ? 0 : Double(agreeing) / Double(records.count)
  }

  /// Lines that begin with # and do not have the values of a row.
  private mutating func leaveOutComments() {
    let rows = records.filter { record in
      record.count == width || record[0].isQuoted || !record[0].text.hasPrefix("#")
    }
    guard rows.count < records.count, rows.count * 2 > records.count else { return }
    records = rows
    hasComments = true
    measure()
  }

  /// The share of cells behind the first record that are numbers, dates or gaps.
  var shareOfValues: Double {
    var (values, cells) = (0, 0)
    for record in records.count > 1 ? records[1...] : records[...] {
      for cell in record {
        cells += 1
        switch Self.kind(of: cell.text, besides: delimiter) {
        case .text: break
        case .commaNumber where delimiter == CSVDialect.comma && !cell.isQuoted: break
        default: values += 1
        }
      }
    }
    return cells == 0 ? 0 : Double(values) / Double(cells)
  }

  // MARK: One cell

  static func kind(of text: String, besides delimiter: UInt8 = 0) -> Kind {
    if GapMarks.usual.contains(text) { return .gap }
    var text = text
    let kind = text.withUTF8 { bytes -> Kind in
      guard let first = bytes.first else { return .gap }
      let isNumeric = (0x30...0x39).contains(first) || [0x2B, 0x2C, 0x2D, 0x2E].contains(first)
      if isNumeric {
        if ValueForm.number(bytes, point: ValueForm.point) != nil {
          // 1.234.567 is none, 1.234 is a number.
          return .number
        }
        if let shape = GroupedDigits(bytes) {
          return .grouped(
            separator: shape.separator, point: shape.point, isCertain: shape.isCertain)
        }
        if ValueForm.number(bytes, point: ValueForm.comma) != nil { return .commaNumber }
      }
      if CSVField.saysInfinity(bytes) { return .infinity }
      if isNumeric || bytes.count > 6 && (0x41...0x5A).contains(first & 0xDF),
        DateText.Order.allCases.contains(where: { DateText.days(bytes, $0) != nil })
          || DateText.seconds(bytes) != nil
      {
        return .date
      }
      return .text
    }
    if kind == .text, GapMarks.isMark(text) { return .mark }
    return kind
  }
}

/// What stands for a missing value.
enum GapMarks {
  static let usual = Set(CSVOptions.usualMissingSpellings)
  /// In any case; only where the other values of a column are numbers.
  private static let marks: Set<String> = [
    "-", "--", "---", "–", "—", ".", "..", "...", "…", "*", "**", ":", "unknown", "missing", "na",
    "n.a.", "n.a", "n.d.", "nd", "n/d", "nil", "none", "null", "(null)", "\\n", "nan", "undefined",
    "not available", "no data", "nodata", "#div/0!", "#value!", "#ref!", "#name?", "#num!",
    "#null!", "unk", "_", "??", "???", "k.a.", "s/d", "s.d.",
  ]

  static func isMark(_ text: String) -> Bool {
    text.utf8.count <= 16 && marks.contains(text.lowercased())
  }
}
