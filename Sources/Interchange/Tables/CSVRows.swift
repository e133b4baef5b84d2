import Differentiation
import Glibc
import Learning

/// Rows that were read, by threads or one by one.
extension CSVReader {
  /// Hands the records of a large piece to threads, up to its last line end.
  /// - Returns: whether it was handed over.
  func startJob() -> Bool {
    guard let plan, rows >= thresholds.estimated, pending.count >= thresholds.shared,
      !record.hasKept, let end = pending.lastIndex(of: 0x0A)
    else { return false }
    // Rows may be shorter than those before.
    makeRoom(bytes: bytesParsed, next: end + end / 4 + 1)
    var next: [UInt8] = []
    swap(&next, &spareText)
    next.removeAll(keepingCapacity: true)
    // The next piece comes in parts, which must not move again and again.
    if let expectedSize, expectedSize > bytesParsed + thresholds.piece {
      next.reserveCapacity(thresholds.piece + thresholds.piece / 4)
    }
    next += pending[(end + 1)...]
    pending.removeLast(pending.count - end - 1)
    pending.append(contentsOf: repeatElement(0, count: FieldScanner.padding))
    swap(&next, &pending)
    bytesOfJob = next.count - FieldScanner.padding
    job = CSVJob(
      next, like: record, plan.dialect, options, x: Self.room(behind: &x),
      t: Self.room(behind: &t), size: min(CSVJob.chunkSize, max(1, thresholds.shared / 2)))
    return true
  }

  /// Takes over what the threads have read; what they could not read stands before what is pending.
  /// - Returns: how many bytes that are.
  func finishJob() throws(FormatError) -> Int {
    guard let job else { return 0 }
    self.job = nil
    job.finish()
    for chunk in job.chunks {
      try keep(chunk)
      if !chunk.isWhole { break }
    }
    let rest = job.rest
    bytesParsed += bytesOfJob - rest.count
    if !rest.isEmpty { pending = rest + pending }
    spareText = job.takeText()
    return rest.count
  }

  func keep(_ chunk: CSVChunk) throws(FormatError) {
    line += chunk.lines
    try budget.charge(chunk.rows * columns.count, at: .line(line))
    chunk.append(
      toFeatures: &x, targets: &t, width: (record.featureCount, record.targetCount))
    rows += chunk.rows
    leftOut += chunk.leftOut
    var feature = 0
    for place in columns.indices where columns[place].role == .feature {
      columns[place].missing += chunk.missing[feature]
      feature += 1
    }
  }

  /// Asks for large pages in the room that is still to be filled: the system clears and maps them
  /// much faster.
  private static func preferLargePages(for numbers: inout [Double]) {
    #if os(Linux)
      let bytes = UInt(numbers.capacity * MemoryLayout<Double>.stride)
      let page: UInt = 1 << 21
      numbers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let start = UInt(bitPattern: base)
        let (first, last) = ((start + page - 1) / page * page, (start + bytes) / page * page)
        if first < last {
          _ = madvise(
            UnsafeMutableRawPointer(bitPattern: first), Int(clamping: last - first), MADV_HUGEPAGE)
        }
      }
    #endif
  }

  /// Makes room for the rows that are still to come, as many a byte as there were so far: room that
  /// doubles whenever it is full would be up to three times what is needed.
  ///
  /// Room that is never used is no memory: a little too much costs nothing.
  /// - Parameters:
  ///   - bytes: of the rows so far.
  ///   - next: for the rows of so many bytes there must be room.
  func makeRoom(bytes: Int, next: Int = 0) {
    let perByte = Double(rows + leftOut) / Double(max(1, bytes))
    func reserve(_ numbers: inout [Double], _ width: Int) {
      let needed = Double(next) * perByte * Double(width)
      guard next == 0 || Double(numbers.capacity - numbers.count) < needed else { return }
      let rest = expectedSize.map { Double($0 - bytes) * 1.1 * perByte * Double(width) }
      let wanted = min(
        max(needed, rest ?? Double(next == 0 ? 0 : numbers.count)), Double(budget.left))
      numbers.reserveCapacity(numbers.count + Int(clamped: wanted))
      Self.preferLargePages(for: &numbers)
    }
    reserve(&x, record.featureCount)
    reserve(&t, record.targetCount)
  }

  /// What may still be appended without moving the array; nobody touches it before threads have
  /// written to it and it is appended.
  private static func room(behind numbers: inout [Double]) -> UnsafeMutableBufferPointer<Double> {
    let (count, capacity) = (numbers.count, numbers.capacity)
    return numbers.withUnsafeMutableBufferPointer { buffer in
      UnsafeMutableBufferPointer(
        start: buffer.baseAddress.map { $0 + count }, count: capacity - count)
    }
  }

  // MARK: Rows

  func keepRecord(at recordLine: Int, bytes: Int) throws(FormatError) {
    if isIncomplete {
      if options.leavesOutIncomplete {
        leftOut += 1
        return
      }
      for (place, column) in columns.enumerated()
      where column.role == .target && record.value(of: place).isNaN {
        throw FormatError(
          "the target \(visible(column.name)) is missing", .line(recordLine),
          help: ["missing=drop leaves such rows out"])
      }
      for (place, column) in columns.enumerated()
      where column.role == .feature && record.value(of: place).isNaN {
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
  func keepFault(
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
  var gapMessage: String {
    for (place, column) in columns.enumerated()
    where column.isValue && record.value(of: place).isNaN {
      return "\(visible(column.name)) is missing"
    }
    return "a value is missing"
  }
}
