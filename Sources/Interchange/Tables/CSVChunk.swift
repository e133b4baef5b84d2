/// A chunk of records of numbers, known texts and gaps, read by itself, so that threads can share a
/// piece of a file.
final class CSVChunk {
  private let end: UnsafePointer<UInt8>
  private let record: CSVRecord
  private let dialect: CSVDialect
  private let leavesOutIncomplete: Bool
  private let gapsAreFaults: Bool
  /// How far it was read: to the end, or to the first record that is anything else.
  private(set) var place: UnsafePointer<UInt8>
  /// Rows of features and targets, one behind the other.
  private var numbers: UnsafeMutableBufferPointer<Double>
  private let memory: CSVMemory
  private(set) var rows = 0
  private(set) var leftOut = 0
  private(set) var lines = 0
  /// How many values of each feature are missing.
  private(set) var missing: [Int]

  /// - Parameter rows: about how many there will be.
  init(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, like record: CSVRecord,
    _ dialect: CSVDialect, _ options: CSVOptions, rows: Int, _ memory: CSVMemory
  ) {
    place = start
    self.end = end
    self.dialect = dialect
    leavesOutIncomplete = options.leavesOutIncomplete
    gapsAreFaults = options.gapsAreFaults
    self.record = CSVRecord(copying: record)
    missing = Array(repeating: 0, count: record.featureCount)
    self.memory = memory
    numbers = memory.take((rows + 1) * record.valueCount + 1)
  }

  deinit { memory.give(numbers) }

  /// Whether it was read to its end.
  var isWhole: Bool { place == end }

  /// The rows so far.
  private var used: Int { rows * record.valueCount }

  func read() {
    let record = self.record
    let width = record.valueCount
    var place = self.place
    var (rows, lines) = (0, 0)
    while place < end {
      if place.pointee == 0x0A {
        lines += 1
        place += 1
      } else if place.pointee == 0x0D {
        // A CR alone is a line end too, which is not for the quick way: it would be an empty record.
        guard place + 1 < end, place[1] == 0x0A else { break }
        place += 1
      } else {
        if (rows + 1) * width >= numbers.count { makeRoom(used: rows * width) }
        guard let base = numbers.baseAddress else { break }
        let row = base + rows * width
        guard let next = record.scan(place, end, dialect, into: row) else { break }
        if record.hasGap {
          if leavesOutIncomplete {
            leftOut += 1
            place = next
            continue
          }
          // A missing target is an error, which says its line.
          let features = record.featureCount
          if gapsAreFaults || (features..<width).contains(where: { row[$0].isNaN }) { break }
          for feature in 0..<features where row[feature].isNaN { missing[feature] += 1 }
        }
        rows += 1
        place = next
      }
    }
    self.place = place
    self.rows = rows
    self.lines = lines
  }

  private func makeRoom(used: Int) {
    let more = UnsafeMutableBufferPointer<Double>.allocate(
      capacity: numbers.count * 2 + record.valueCount)
    _ = more.update(fromContentsOf: numbers[..<used])
    numbers.deallocate()
    numbers = more
  }

  /// Appends what was read.
  func append(toFeatures x: inout [Double], targets t: inout [Double]) {
    let (width, features) = (record.valueCount, record.featureCount)
    if width == features {
      x.append(contentsOf: UnsafeBufferPointer(rebasing: numbers[..<used]))
      return
    }
    for row in 0..<rows {
      x.append(
        contentsOf: UnsafeBufferPointer(rebasing: numbers[row * width..<row * width + features]))
      t.append(
        contentsOf: UnsafeBufferPointer(
          rebasing: numbers[row * width + features..<(row + 1) * width]))
    }
  }
}

/// Room for the numbers of chunks, used again and again: what is given back to the system must be
/// cleared before it comes again.
final class CSVMemory {
  private var spare: [UnsafeMutableBufferPointer<Double>] = []
  /// What was read before, to take the next bytes.
  var text: [UInt8] = []

  deinit { for numbers in spare { numbers.deallocate() } }

  /// Called by one thread alone, as `give`.
  func take(_ count: Int) -> UnsafeMutableBufferPointer<Double> {
    guard let numbers = spare.popLast() else { return .allocate(capacity: count) }
    if numbers.count >= count { return numbers }
    numbers.deallocate()
    return .allocate(capacity: count)
  }

  func give(_ numbers: UnsafeMutableBufferPointer<Double>) { spare.append(numbers) }
}
