import Differentiation
import Learning

/// Reads comma-separated values (RFC 4180) piece by piece into a data set: memory is needed for
/// the numbers only, whatever the size of the file.
///
/// A column is one of numbers where its first value is a number, otherwise one of categories.
package final class CSVReader {
  private typealias Bytes = UnsafePointer<UInt8>

  /// More different texts in a column are no categories.
  private static let mostCategories = 10_000
  private static let longestRecord = 1 << 26

  /// From which sizes on the reader works in other ways; tests take small ones.
  package struct Thresholds: Sendable {
    /// Bytes that show how the file is written.
    package var sample = 1 << 16
    /// Bytes of a piece that is worth a second thread.
    package var shared = 1 << 18
    /// Rows after which room is made for all of them.
    package var estimated = 1_000

    package init() {}
  }

  /// Where the reading of a record ended.
  private enum RecordEnd {
    case complete(Bytes)
    /// The bytes end before the record does.
    case incomplete
  }

  private let options: CSVOptions
  private let thresholds: Thresholds
  private var budget: NumberBudget
  /// Bytes of the file where that is known, to make room once.
  private let expectedSize: Int?
  private let missing: MissingSpellings
  private var pending: [UInt8] = []
  private var bytesParsed = 0
  private var dialect: CSVDialect?
  private var columns: [CSVColumn] = []
  private var line = 1
  private var record: CSVRecord
  private var isIncomplete = false
  private var x: [Double] = []
  private var t: [Double] = []
  private var rows = 0
  private var leftOut = 0

  /// - Parameters:
  ///   - expectedSize: bytes of the file where that is known.
  ///   - budget: charged with every number that is kept.
  package init(
    _ options: CSVOptions = CSVOptions(), expectedSize: Int? = nil,
    budget: NumberBudget = .standard, thresholds: Thresholds = Thresholds()
  ) {
    self.options = options
    self.expectedSize = expectedSize
    self.budget = budget
    self.thresholds = thresholds
    missing = MissingSpellings(options.missingSpellings)
    record = CSVRecord([], missing)
  }

  /// The whole of a file at once.
  /// - Throws: where a record does not fit the table, with its place.
  package static func table(
    _ bytes: [UInt8], _ options: CSVOptions = CSVOptions()
  ) throws(FormatError) -> CSVTable {
    let reader = CSVReader(options, expectedSize: bytes.count)
    try reader.read(bytes[...])
    return try reader.finish()
  }

  /// Takes the next bytes of the file.
  /// - Throws: where a record does not fit the table, with its place.
  package func read(_ bytes: ArraySlice<UInt8>) throws(FormatError) {
    pending += bytes
    if dialect == nil {
      guard pending.count >= thresholds.sample else { return }
      try start(isWhole: false)
    }
    try parse(isFinal: false)
  }

  /// The table, after the last bytes.
  /// - Throws: where the table is empty or its last record is cut off.
  package func finish() throws(FormatError) -> CSVTable {
    if dialect == nil { try start(isWhole: true) }
    try parse(isFinal: true)
    guard rows > 0 else {
      throw FormatError(
        leftOut > 0 ? "every row has a missing value" : "there are no rows", .line(line))
    }
    defer { (x, t) = ([], []) }
    return try CSVTable(
      columns: columns, x: &x, t: &t, rows: rows, leftOut: leftOut,
      dialect: dialect ?? CSVDialect(detectingIn: [], isWhole: true, options))
  }

  // MARK: The first lines

  private func start(isWhole: Bool) throws(FormatError) {
    if pending.starts(with: [0xEF, 0xBB, 0xBF]) { pending.removeFirst(3) }
    if pending.starts(with: [0xFF, 0xFE]) || pending.starts(with: [0xFE, 0xFF]) {
      throw FormatError("this is UTF-16", .offset(0), help: ["save it as UTF-8"])
    }
    if pending.starts(with: [0x1F, 0x8B]) || pending.starts(with: [0x50, 0x4B, 3, 4]) {
      throw FormatError("this is a compressed file, no text", .offset(0))
    }
    let dialect = CSVDialect(detectingIn: pending[...], isWhole: isWhole, options)
    self.dialect = dialect
    try readNames(dialect, isWhole: isWhole)
    record = CSVRecord(columns, missing)
  }

  /// Makes the columns from the first record, which is taken away if it holds names.
  private func readNames(_ dialect: CSVDialect, isWhole: Bool) throws(FormatError) {
    let (fields, consumed) = try CSVField.firstRecord(
      in: pending, dialect.delimiter, isWhole: isWhole, &line)
    guard pending.count > 0, fields != [""] else { throw FormatError("the file is empty") }
    if dialect.hasHeader {
      columns = try CSVColumn.named(fields, line: line)
      pending.removeFirst(consumed)
      bytesParsed += consumed
    } else {
      line = 1
      columns = fields.indices.map { CSVColumn(name: "x\($0 + 1)") }
    }
    try CSVColumn.assignRoles(of: &columns, options)
  }

  // MARK: Records

  private func parse(isFinal: Bool) throws(FormatError) {
    guard let dialect else { return }
    var consumed = 0
    var failure: FormatError?
    pending.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let end = base + buffer.count
      var place = base
      let record = self.record
      do throws(FormatError) {
        place = try readChunks(base, end, dialect)
        while place < end {
          if place.pointee == 0x0A || place.pointee == 0x0D {
            // The line feed of CR LF is counted, the CR is not, a CR alone is.
            if place.pointee == 0x0D {
              if place + 1 == end, !isFinal { break }
              if place + 1 == end || place[1] != 0x0A { line += 1 }
            } else {
              line += 1
            }
            place += 1
            continue
          }
          if let next = record.scan(place, end, dialect) {
            isIncomplete = record.hasGap
            place = next
            try keepRecord(at: line, bytes: bytesParsed + (place - base))
            continue
          }
          let lineBefore = line
          guard case .complete(let next) = try readRecord(place, end, dialect, isFinal) else {
            line = lineBefore
            break
          }
          place = next
          try keepRecord(at: lineBefore, bytes: bytesParsed + (place - base))
        }
      } catch { failure = error }
      consumed = place - base
    }
    if let failure { throw failure }
    pending.removeFirst(consumed)
    bytesParsed += consumed
    if pending.count > Self.longestRecord {
      throw FormatError("a record is longer than \(Self.longestRecord) bytes", .line(line))
    }
  }

  /// The plain records at the start of a large piece, by two threads.
  /// - Returns: where the first other record starts.
  private func readChunks(
    _ start: Bytes, _ end: Bytes, _ dialect: CSVDialect
  ) throws(FormatError) -> Bytes {
    guard rows >= thresholds.estimated, end - start >= thresholds.shared else { return start }
    // A half starts behind a line end, which ends a record if the first half is read up to there.
    var middle = start + (end - start) / 2
    while middle < end, middle[-1] != 0x0A { middle += 1 }
    let expected = Double(rows) / Double(max(1, bytesParsed)) * Double(end - start) * 0.52
    let halves = [(start, middle), (middle, end)].map {
      CSVChunk(
        $0, $1, like: record, dialect, leavesOutIncomplete: options.leavesOutIncomplete,
        rows: Int(clamped: min(expected, Double(end - start))))
    }
    CSVChunk.read(halves[0], halves[1])
    let isWhole = halves[0].place == middle
    try keep(halves[0], behind: 0)
    if isWhole { try keep(halves[1], behind: middle - start) }
    return isWhole ? halves[1].place : halves[0].place
  }

  /// - Parameter bytes: of the piece, before the chunk.
  private func keep(_ half: CSVChunk, behind bytes: Int) throws(FormatError) {
    line += half.lines
    try budget.charge(half.rows * columns.count, at: .line(line))
    if x.capacity < x.count + half.x.count || t.capacity < t.count + half.t.count {
      makeRoom(for: half, bytes: bytesParsed + bytes)
    }
    x += half.x
    t += half.t
    rows += half.rows
    leftOut += half.leftOut
    for (feature, place) in columns.indices.filter({ columns[$0].role == .feature }).enumerated() {
      columns[place].missing += half.missing[feature]
    }
  }

  /// For the rows that are still to come, as many a byte as there were in the first `bytes`: room
  /// that doubles whenever it is full would be up to three times what is needed.
  private func makeRoom(for half: CSVChunk? = nil, bytes: Int) {
    guard let expectedSize, bytes > 0 else { return }
    let total = min(Double(expectedSize) / Double(bytes) * 1.02, 1e6)
    let most = Double(budget.limit)
    func room(_ count: Int, _ more: Int) -> Int {
      max(Int(clamped: min(Double(count) * total, most)), count + more)
    }
    x.reserveCapacity(room(x.count, half?.x.count ?? 0))
    t.reserveCapacity(room(t.count, half?.t.count ?? 0))
  }

  private func readRecord(
    _ start: Bytes, _ end: Bytes, _ dialect: CSVDialect, _ isFinal: Bool
  ) throws(FormatError) -> RecordEnd {
    var place = start
    let firstLine = line
    isIncomplete = false
    let delimiter = dialect.delimiter
    for column in columns.indices {
      var value = 0.0
      // The quick way: a number right up to the next delimiter.
      if columns[column].kind == .numbers, !missing.hasNumbers,
        let next = DecimalNumber.scan(place, end, point: dialect.point, into: &value),
        next < end, next.pointee == delimiter || next.pointee == 0x0A || next.pointee == 0x0D,
        value.isFinite
      {
        place = next
      } else {
        guard let next = try readField(place, end, column, dialect, isFinal, into: &value) else {
          return .incomplete
        }
        place = next
      }
      record.values[record.slots[column]] = value
      if place < end, place.pointee == delimiter {
        guard column + 1 < columns.count else {
          throw FormatError(
            "this row has \(columns.count + CSVField.count(place, end, delimiter)) values, the"
              + " others have \(columns.count)", .line(firstLine))
        }
        place += 1
      } else if column + 1 < columns.count {
        throw FormatError(
          "this row has \(counted(column + 1, "value")), the others have \(columns.count)",
          .line(firstLine))
      }
    }
    return .complete(place)
  }

  /// One field in any form.
  /// - Returns: its end, nil where the bytes end before that is sure.
  private func readField(
    _ start: Bytes, _ end: Bytes, _ column: Int, _ dialect: CSVDialect, _ isFinal: Bool,
    into value: inout Double
  ) throws(FormatError) -> Bytes? {
    let firstLine = line
    var bytes: [UInt8] = []
    guard let next = CSVField.text(start, end, dialect.delimiter, into: &bytes, &line) else {
      guard isFinal else { return nil }
      throw FormatError("a quote is opened and not closed", .line(firstLine))
    }
    guard next < end || isFinal else { return nil }
    if next < end, next.pointee != dialect.delimiter, next.pointee != 0x0A, next.pointee != 0x0D {
      throw FormatError(
        "text follows a closing quote", .line(line),
        help: ["a quote within quotes is written twice"])
    }
    if columns[column].role != .dropped {
      var failure: FormatError?
      bytes.withUnsafeBufferPointer { text in
        do throws(FormatError) {
          value = try self.value(text, of: column, dialect, line: firstLine)
        } catch { failure = error }
      }
      if let failure { throw failure }
    }
    return next
  }

  private func value(
    _ text: UnsafeBufferPointer<UInt8>, of column: Int, _ dialect: CSVDialect, line: Int
  ) throws(FormatError) -> Double {
    if missing.contains(text) {
      isIncomplete = true
      return .nan
    }
    var number = 0.0
    let end = text.baseAddress.flatMap {
      DecimalNumber.scan($0, $0 + text.count, point: dialect.point, into: &number)
    }
    let isNumber = end.map { end in text.baseAddress.map { $0 + text.count == end } ?? false }
    let name = visible(columns[column].name)
    if columns[column].content != .texts {
      if isNumber == true {
        guard number.isFinite else {
          throw FormatError(
            "\(name) is larger than any number: \(CSVField.shown(text))", .line(line))
        }
        columns[column].content = .numbers
        record.kinds[column] = .numbers
        return number
      }
      if CSVField.saysInfinity(text) {
        throw FormatError(
          "\(name) is infinite", .line(line),
          help: ["missing=[\"\(CSVField.shown(text))\"] takes it for a missing value"])
      }
    }
    switch columns[column].content {
    case .unknown:
      columns[column].content = .texts
      record.kinds[column] = .texts
    case .numbers:
      throw FormatError(
        "\(name) holds numbers, but here \"\(CSVField.shown(text))\"", .line(line),
        help: [
          "missing=[\"\(CSVField.shown(text))\"] takes it for a missing value",
          "categories=[\"\(name)\"] takes the column for names",
        ])
    case .texts: break
    }
    let limit = Self.mostCategories
    let known = columns[column].texts.count
    let code = columns[column].texts.number(of: text, limit: limit)
    if columns[column].texts.count > known, String(validating: text, as: UTF8.self) == nil {
      throw FormatError("this is not UTF-8", .line(line), help: ["save it as UTF-8"])
    }
    guard code > 0 else {
      throw FormatError(
        "\(name) has more than \(limit) different texts: these are no categories", .line(line),
        help: ["drop=[\"\(name)\"] leaves the column out"])
    }
    return Double(code)
  }

  private func keepRecord(at recordLine: Int, bytes: Int) throws(FormatError) {
    if isIncomplete {
      if options.leavesOutIncomplete {
        leftOut += 1
        return
      }
      for (place, column) in columns.enumerated()
      where column.role == .target && record.values[record.slots[place]].isNaN {
        throw FormatError(
          "the target \(visible(column.name)) is missing", .line(recordLine),
          help: ["missing=drop leaves such rows out"])
      }
      for (place, column) in columns.enumerated()
      where column.role == .feature && record.values[record.slots[place]].isNaN {
        columns[place].missing += 1
      }
    }
    try budget.charge(columns.count, at: .line(recordLine))
    x.append(contentsOf: record.features)
    if record.targetCount > 0 { t.append(contentsOf: record.targets) }
    rows += 1
    if rows == thresholds.estimated { makeRoom(bytes: bytes) }
  }
}
