import Glibc

/// A chunk of records of numbers, known texts and gaps, read by itself, so that two threads can
/// share a piece of a file.
final class CSVChunk {
  private let end: UnsafePointer<UInt8>
  private let record: CSVRecord
  private let dialect: CSVDialect
  private let leavesOutIncomplete: Bool
  private let gapsAreFaults: Bool
  /// How far it was read: to the end, or to the first record that is anything else.
  private(set) var place: UnsafePointer<UInt8>
  private(set) var x: [Double] = []
  private(set) var t: [Double] = []
  private(set) var rows = 0
  private(set) var leftOut = 0
  private(set) var lines = 0
  /// How many values of each feature are missing.
  private(set) var missing: [Int]

  /// - Parameter rows: about how many there will be.
  init(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, like record: CSVRecord,
    _ dialect: CSVDialect, _ options: CSVOptions, rows: Int
  ) {
    place = start
    self.end = end
    self.dialect = dialect
    leavesOutIncomplete = options.leavesOutIncomplete
    gapsAreFaults = options.gapsAreFaults
    self.record = CSVRecord(copying: record)
    missing = Array(repeating: 0, count: record.featureCount)
    x.reserveCapacity(rows * record.featureCount)
    t.reserveCapacity(rows * record.targetCount)
  }

  func read() {
    let record = self.record
    var place = self.place
    var (x, t) = (self.x, self.t)
    (self.x, self.t) = ([], [])
    var (rows, lines) = (0, 0)
    while place < end {
      if place.pointee == 0x0A {
        lines += 1
        place += 1
      } else if place.pointee == 0x0D {
        // A CR alone is a line end too, which is not for the quick way: it would be an empty record.
        guard place + 1 < end, place[1] == 0x0A else { break }
        place += 1
      } else if let next = record.scan(place, end, dialect) {
        if record.hasGap {
          if leavesOutIncomplete {
            leftOut += 1
            place = next
            continue
          }
          // A missing target is an error, which says its line.
          if gapsAreFaults || record.targets.contains(where: { $0.isNaN }) { break }
          for (feature, value) in record.features.enumerated() where value.isNaN {
            missing[feature] += 1
          }
        }
        x.append(contentsOf: record.features)
        if record.targetCount > 0 { t.append(contentsOf: record.targets) }
        rows += 1
        place = next
      } else {
        break
      }
    }
    self.place = place
    (self.x, self.t) = (x, t)
    self.rows = rows
    self.lines = lines
  }

  /// Reads both at once.
  static func read(_ first: CSVChunk, _ second: CSVChunk) {
    var thread = pthread_t()
    let handle = Unmanaged.passRetained(second)
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument {
          Unmanaged<CSVChunk>.fromOpaque(argument).takeRetainedValue().read()
        }
        return nil
      }, handle.toOpaque())
    first.read()
    if status == 0 {
      pthread_join(thread, nil)
    } else {
      handle.release()
      second.read()
    }
  }
}
