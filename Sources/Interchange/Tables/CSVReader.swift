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
    /// Bytes of a piece: what comes while threads read one waits until there are as many.
    var piece: Int { shared << 4 }

    package init() {}
  }

  /// Where the reading of a record ended.
  enum RecordEnd {
    case complete(Bytes)
    /// The bytes end before the record does.
    case incomplete
  }

  let options: CSVOptions
  let thresholds: Thresholds
  var budget: NumberBudget
  /// Bytes of the file where that is known, to make room once.
  let expectedSize: Int?
  let missing: MissingSpellings
  var input: TableInput
  var pending: [UInt8] = []
  var bytesParsed = 0
  var plan: TablePlan?
  var rowForm: RowForm?
  var columns: [CSVColumn] = []
  var line = 1
  var record: CSVRecord
  var isIncomplete = false
  var x: [Double] = []
  var t: [Double] = []
  var rows = 0
  var leftOut = 0
  /// Rows with empty values behind the last column.
  var longRows = 0
  var job: CSVJob?
  /// The room of the text of an earlier job, for the next bytes.
  var spareText: [UInt8] = []
  var bytesOfJob = 0
  var faults: [CSVTable.Fault] = []
  /// Columns of numbers in which thousands were separated late.
  var lateForms: [Int] = []
  /// Where rows go to that are not held.
  let scratch: RowScratch?

  /// - Parameters:
  ///   - expectedSize: bytes of the file where that is known.
  ///   - budget: charged with every number that is kept.
  ///   - scratch: takes the rows, where they are not to be held.
  package init(
    _ options: CSVOptions = CSVOptions(), expectedSize: Int? = nil,
    budget: NumberBudget = .standard, thresholds: Thresholds = Thresholds(),
    scratch: RowScratch? = nil
  ) {
    self.options = options
    self.scratch = scratch
    // Rows that are not held need no room.
    self.expectedSize = scratch == nil ? expectedSize : nil
    self.budget = budget
    self.thresholds = thresholds
    missing = MissingSpellings(options.missingSpellings)
    input = TableInput(options, mostBytes: budget.fileBytes)
    record = CSVRecord(
      [], missing,
      FieldScanner(
        CSVDialect(delimiter: CSVDialect.comma, hasHeader: false, point: ValueForm.point)))
  }

  // Threads write to the room of its arrays.
  deinit { job?.finish() }

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
    if job == nil || pending.count >= thresholds.piece { try advance() }
  }

  /// Takes over what threads have read, and hands them what came meanwhile.
  private func advance() throws(FormatError) {
    let odd = try finishJob()
    // Many records that threads cannot read are read here, a few are passed over.
    if odd * 2 > bytesOfJob { return try parse(isFinal: false) }
    if odd > 0 { try parse(isFinal: false, atMost: 64) }
    if rows < thresholds.estimated {
      try parse(isFinal: false, atMost: thresholds.estimated - rows)
    }
    try letGo()
    if !startJob() { try parse(isFinal: false) }
  }

  /// The table, after the last bytes.
  /// - Throws: where the table is empty or its last record is cut off.
  package func finish() throws(FormatError) -> CSVTable {
    try take([], isFinal: true)
    if plan == nil { try start(isWhole: true) }
    repeat { try advance() } while job != nil
    try rewrite([], isFinal: true)
    try parse(isFinal: true)
    try letGo()
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
      faults: faults, scratch: scratch)
  }

  /// Writes the rows that are there to the scratch file, if there is one; no thread may be reading.
  private func letGo() throws(FormatError) {
    guard let scratch, !x.isEmpty else { return }
    do throws(LearningError) {
      try scratch.take(
        &x, &t, features: record.featureCount, targets: record.targetCount)
    } catch { throw FormatError(error) }
  }

  // MARK: The first lines

  /// Appends the text of the next bytes to what is to be read.
  func take(_ bytes: ArraySlice<UInt8>, isFinal: Bool) throws(FormatError) {
    do {
      guard rowForm == nil else {
        var text: [UInt8] = []
        try input.take(bytes, into: &text, isFinal: isFinal)
        return try rewrite(text[...], isFinal: false)
      }
      try input.take(bytes, into: &pending, isFinal: isFinal)
    } catch {
      guard case .line = error.place else { throw error }
      _ = try finishJob()
      // What went wrong lies behind all that is pending.
      throw FormatError(
        error.message, .line(line + Self.lineEnds(pending[...])), help: error.help)
    }
  }

  static func lineEnds(_ text: ArraySlice<UInt8>) -> Int {
    var count = 0
    for place in text.indices where text[place] == 0x0A || text[place] == 0x0D {
      let isInPair =
        text[place] == 0x0D && place + 1 < text.endIndex && text[place + 1] == 0x0A
      if !isInPair { count += 1 }
    }
    return count
  }

  func rewrite(_ text: ArraySlice<UInt8>, isFinal: Bool) throws(FormatError) {
    guard var form = rowForm else { return }
    rowForm = nil
    defer { rowForm = form }
    try form.append(text, to: &pending, isFinal: isFinal)
  }

  func start(isWhole: Bool) throws(FormatError) {
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
    columns = plan.columns.map { CSVColumn(scratch == nil ? $0 : $0.withoutTexts) }
    let feed = pending.firstIndex(of: 0x0A) ?? 0
    record = CSVRecord(
      columns, missing,
      FieldScanner(plan.dialect, hasReturns: feed > 0 && pending[feed - 1] == 0x0D))
  }

  // MARK: Records

  /// - Parameter most: records after which it stops.
  func parse(isFinal: Bool, atMost most: Int = .max) throws(FormatError) {
    guard let plan else { return }
    var left = most
    let dialect = plan.dialect
    var consumed = 0
    var failure: FormatError?
    pending.append(contentsOf: repeatElement(0, count: FieldScanner.padding))
    defer { pending.removeLast(FieldScanner.padding) }
    pending.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let end = base + buffer.count - FieldScanner.padding
      var place = base
      let record = self.record
      // The quick way wants a line end behind what it reads.
      var lastLineEnd = end - 1
      while lastLineEnd >= base, lastLineEnd.pointee != 0x0A, lastLineEnd.pointee != 0x0D {
        lastLineEnd -= 1
      }
      do throws(FormatError) {
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
          if left == 0 { break }
          left -= 1
          isIncomplete = false
          if place < lastLineEnd, let next = record.scan(place, dialect, &isIncomplete) {
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
    if pending.count - FieldScanner.padding > Self.longestRecord {
      throw FormatError("a record is longer than \(Self.longestRecord) bytes", .line(line))
    }
  }

  static func endOfLine(_ start: Bytes, _ end: Bytes) -> Bytes? {
    var place = start
    while place < end, place.pointee != 0x0A, place.pointee != 0x0D { place += 1 }
    return place
  }

  /// A line that begins with # and does not have the values of a row.
  /// - Returns: its end, its start where it is a row, nil where the bytes end before that is sure.
  func comment(
    _ start: Bytes, _ end: Bytes, _ dialect: CSVDialect, _ isFinal: Bool
  ) -> Bytes? {
    guard let next = Self.endOfLine(start, end), next < end || isFinal else { return nil }
    return CSVField.count(start, next, dialect.delimiter) == columns.count - 1 ? start : next
  }

  func readRecord(
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
      record.set(value, of: column)
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
}
