import Glibc

/// A stretch of records of plain numbers, read by itself, so that two threads can share a piece of
/// a file.
final class CSVStretch {
  private let end: UnsafePointer<UInt8>
  private let record: CSVRecord
  private let dialect: CSVDialect
  /// How far it was read: to the end, or to the first record that is anything else.
  private(set) var place: UnsafePointer<UInt8>
  private(set) var numbers: [Double] = []
  private(set) var rows = 0
  private(set) var lines = 0

  /// - Parameter numbers: about how many there will be.
  init(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, width: Int, _ dialect: CSVDialect,
    numbers count: Int
  ) {
    place = start
    self.end = end
    self.dialect = dialect
    record = CSVRecord(width: width)
    record.isNumeric.update(repeating: true)
    numbers.reserveCapacity(count)
  }

  func read() {
    var place = self.place
    var numbers = self.numbers
    self.numbers = []
    var (rows, lines) = (0, 0)
    while place < end {
      if place.pointee == 0x0A {
        lines += 1
        place += 1
      } else if place.pointee == 0x0D, place + 1 < end, place[1] == 0x0A {
        place += 1
      } else if let next = record.scanNumbers(place, end, dialect) {
        numbers.append(contentsOf: record.values)
        rows += 1
        place = next
      } else {
        break
      }
    }
    self.place = place
    self.numbers = numbers
    self.rows = rows
    self.lines = lines
  }

  /// Reads both at once.
  static func read(_ first: CSVStretch, _ second: CSVStretch) {
    var thread = pthread_t()
    let handle = Unmanaged.passRetained(second)
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument {
          Unmanaged<CSVStretch>.fromOpaque(argument).takeRetainedValue().read()
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
