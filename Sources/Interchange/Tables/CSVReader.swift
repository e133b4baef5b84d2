import Differentiation
import Learning

/// Reads a table of text (RFC 4180 and its relatives) piece by piece into a data set: memory is
/// needed for the numbers only, whatever the size of the file.
///
/// What its columns hold is found out from the first rows.
package final class CSVReader {
  typealias Bytes = UnsafePointer<UInt8>

  /// More different texts in a column are no categories.
  static let mostCategories = 10_000
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

  let options: CSVOptions
  private let thresholds: Thresholds
  private var budget: NumberBudget
  /// Bytes of the file where that is known, to make room once.
  private let expectedSize: Int?
  let missing: MissingSpellings
  private var input: TableInput
  private var pending: [UInt8] = []
  private var bytesParsed = 0
  private var plan: TablePlan?
  private var rowForm: RowForm?
  var columns: [CSVColumn] = []
  var line = 1
  var record: CSVRecord
  var isIncomplete = false
  private var x: [Double] = []
  private var t: [Double] = []
  private var rows = 0
  private var leftOut = 0
  /// Rows with empty values behind the last column.
  private var longRows = 0
  private var faults: [CSVTable.Fault] = []
  /// Columns of numbers in which thousands were separated late.
  var lateForms: [Int] = []

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
    input = TableInput(options.encoding, mostBytes: budget.fileBytes)
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
    try take(bytes, isFinal: false)
    if plan == nil {
      guard pending.count >= thresholds.sample else { return }
      try start(isWhole: false)
    }
    try parse(isFinal: false)
  }

  /// The table, after the last bytes.
  /// - Throws: where the table is empty or its last record is cut off.
  package func finish() throws(FormatError) -> CSVTable {
    try take([], isFinal: true)
    if plan == nil { try start(isWhole: true) }
    try rewrite([], isFinal: true)
    try parse(isFinal: true)
    guard let plan, rows > 0 else {
      throw FormatError(
        leftOut > 0 ? "every row has a missing value" : "there are no rows", .line(line))
    }
    defer { (x, t) = ([], []) }
    var notes = plan.notes
    if input.isGuessed, let encoding = input.encoding {
      notes.insert("it is not UTF-8: read as \(encoding.name) (encoding= decides)", at: 0)
    }
    if longRows > 0 {
      notes.append("\(counted(longRows, "row")) with empty values behind the last column")
    }
    for column in lateForms where columns[column].isValue {
      notes.append("\(visible(columns[column].name)): thousands are separated")
    }
    return try CSVTable(
      columns: columns, x: &x, t: &t, rows: rows, leftOut: leftOut, plan: plan, notes: notes,
      faults: faults)
  }

  // MARK: The first lines

  /// Appends the text of the next bytes to what is to be read.
  private func take(_ bytes: ArraySlice<UInt8>, isFinal: Bool) throws(FormatError) {
    do {
      guard rowForm == nil else {
        var text: [UInt8] = []
        try input.take(bytes, into: &text, isFinal: isFinal)
        return try rewrite(text[...], isFinal: false)
      }
      try input.take(bytes, into: &pending, isFinal: isFinal)
    } catch {
      guard case .line = error.place else { throw error }
      // What went wrong lies behind all that is pending.
      throw FormatError(
        error.message, .line(line + Self.lineEnds(pending[...])), help: error.help)
    }
  }

  private static func lineEnds(_ text: ArraySlice<UInt8>) -> Int {
    var count = 0
    for place in text.indices where text[place] == 0x0A || text[place] == 0x0D {
      let isInPair =
        text[place] == 0x0D && place + 1 < text.endIndex && text[place + 1] == 0x0A
      if !isInPair { count += 1 }
    }
    return count
  }

  private func rewrite(_ text: ArraySlice<UInt8>, isFinal: Bool) throws(FormatError) {
    guard var form = rowForm else { return }
    rowForm = nil
    defer { rowForm = form }
    try form.append(text, to: &pending, isFinal: isFinal)
  }

  private func start(isWhole: Bool) throws(FormatError) {
    let plan = try TableStart.plan(pending, isWhole: isWhole, options)
    self.plan = plan
    line = plan.line
    bytesParsed = min(plan.start, pending.count)
    pending.removeFirst(bytesParsed)
    if !plan.rowForm.isPlain {
      let text = pending
      pending = []
      rowForm = RowForm(plan.rowForm, line: line)
      try rewrite(text[...], isFinal: false)
    }
    columns = plan.columns.map { CSVColumn($0) }
    record = CSVRecord(columns, missing)
  }

  // MARK: Records

  private func parse(isFinal: Bool) throws(FormatError) {
    guard let plan else { return }
    let dialect = plan.dialect
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
            let start = place
            place = next
            if isIncomplete, options.gapsAreFaults {
              try keepFault(gapMessage, start, end, dialect)
              continue
            }
            try keepRecord(at: line, bytes: bytesParsed + (place - base))
            continue
          }
          if plan.hasComments, place.pointee == 0x23 {
            guard let next = comment(place, end, dialect, isFinal) else { break }
            if next > place {
              place = next
              continue
            }
          }
          let lineBefore = line
          let start = place
          do throws(FormatError) {
            guard case .complete(let next) = try readRecord(place, end, dialect, isFinal) else {
              line = lineBefore
              break
            }
            place = next
            if isIncomplete, options.gapsAreFaults {
              let after = line
              line = lineBefore
              try keepFault(gapMessage, start, end, dialect)
              line = after
              continue
            }
          } catch {
            guard options.keepsFaultyRows, !error.isLimit else { throw error }
            line = lineBefore
            guard let next = Self.endOfLine(place, end), next < end || isFinal else { break }
            place = next
            try keepFault(error.message, start, next, dialect)
            continue
          }
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

  private static func endOfLine(_ start: Bytes, _ end: Bytes) -> Bytes? {
    var place = start
    while place < end, place.pointee != 0x0A, place.pointee != 0x0D { place += 1 }
    return place
  }

  /// A line that begins with # and does not have the values of a row.
  /// - Returns: its end, its start where it is a row, nil where the bytes end before that is sure.
  private func comment(
    _ start: Bytes, _ end: Bytes, _ dialect: CSVDialect, _ isFinal: Bool
  ) -> Bytes? {
    guard let next = Self.endOfLine(start, end), next < end || isFinal else { return nil }
    return CSVField.count(start, next, dialect.delimiter) == columns.count - 1 ? start : next
  }

  /// The plain records at the start of a large piece, by two threads.
  /// - Returns: where the first other record starts.
  private func readChunks(
    _ start: Bytes, _ end: Bytes, _ dialect: CSVDialect
  ) throws(FormatError) -> Bytes {
    guard rows >= thresholds.estimated, end - start >= thresholds.shared, !record.hasKept else {
      return start
    }
    // A half starts behind a line end, which ends a record if the first half is read up to there.
    var middle = start + (end - start) / 2
    while middle < end, middle[-1] != 0x0A { middle += 1 }
    let expected = Double(rows) / Double(max(1, bytesParsed)) * Double(end - start) * 0.52
    let halves = [(start, middle), (middle, end)].map {
      CSVChunk(
        $0, $1, like: record, dialect, options,
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
      if columns[column].kind == .numbers, !missing.hasNumbers, !columns[column].isKept,
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
          // Empty values behind the last are commas at the end of the line.
          if let next = CSVField.endOfEmpty(place, end, delimiter) {
            guard next < end || isFinal else { return .incomplete }
            longRows += 1
            return .complete(next)
          }
          throw FormatError(
            "this row has \(columns.count + CSVField.count(place, end, delimiter)) values, the"
              + " others have \(columns.count)", .line(firstLine))
        }
        place += 1
      } else if column + 1 < columns.count {
        if columns[(column + 1)...].allSatisfy({ $0.role == .empty }) { break }
        throw FormatError(
          "this row has \(counted(column + 1, "value")), the others have \(columns.count)",
          .line(firstLine))
      }
    }
    return .complete(place)
  }

  // MARK: Rows

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
    if record.hasKept {
      for column in columns where column.isKept {
        try budget.charge(column.kept.commit() / 8 + 2, at: .line(recordLine))
      }
    }
    x.append(contentsOf: record.features)
    if record.targetCount > 0 { t.append(contentsOf: record.targets) }
    rows += 1
    if rows == thresholds.estimated { makeRoom(bytes: bytes) }
  }

  /// A row that cannot be used, as gaps; what is kept of it stays.
  private func keepFault(
    _ message: String, _ start: Bytes, _ end: Bytes, _ dialect: CSVDialect
  ) throws(FormatError) {
    try budget.charge(columns.count + 16, at: .line(line))
    if record.hasKept {
      var place = start
      for column in columns {
        var text: [UInt8] = []
        var lines = 0
        let next = CSVField.text(place, end, dialect.delimiter, into: &text, &lines)
        if column.isKept {
          if next != nil { text.withUnsafeBufferPointer { column.kept.stage($0) } }
          _ = column.kept.commit()
        }
        guard let next else { continue }
        place = next < end && next.pointee == dialect.delimiter ? next + 1 : next
      }
    }
    x.append(contentsOf: repeatElement(.nan, count: record.featureCount))
    t.append(contentsOf: repeatElement(.nan, count: record.targetCount))
    faults.append(CSVTable.Fault(row: rows, line: line, message: message))
    rows += 1
  }

  /// Which value of the record is missing.
  private var gapMessage: String {
    for (place, column) in columns.enumerated()
    where column.isValue && record.values[record.slots[place]].isNaN {
      return "\(visible(column.name)) is missing"
    }
    return "a value is missing"
  }
}
