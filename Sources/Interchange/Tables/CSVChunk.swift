/// A chunk of records of numbers, known texts and gaps, read by itself, so that threads can share a
/// piece of a file: what it holds is written where it stays.
final class CSVChunk {
  private let end: UnsafePointer<UInt8>
  private let dialect: CSVDialect
  private let leavesOutIncomplete: Bool
  private let gapsAreFaults: Bool
  /// How far it was read: to the end, or to the first record that is anything else.
  private(set) var place: UnsafePointer<UInt8>
  /// Rows × features, and rows × targets.
  private let x: UnsafeMutablePointer<Double>
  private let t: UnsafeMutablePointer<Double>
  /// For so many rows there is room.
  let room: Int
  private(set) var rows = 0
  private(set) var leftOut = 0
  private(set) var lines = 0
  /// How many values of each feature are missing.
  private(set) var missing: [Int]

  /// - Parameters:
  ///   - end: behind a line end, with `FieldScanner.padding` bytes behind it.
  ///   - features: how many there are.
  init(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ dialect: CSVDialect,
    _ options: CSVOptions, features: Int, x: UnsafeMutablePointer<Double>,
    t: UnsafeMutablePointer<Double>, room: Int
  ) {
    place = start
    self.end = end
    self.dialect = dialect
    leavesOutIncomplete = options.leavesOutIncomplete
    gapsAreFaults = options.gapsAreFaults
    missing = Array(repeating: 0, count: features)
    self.x = x
    self.t = t
    self.room = room
  }

  /// Whether it was read to its end.
  var isWhole: Bool { place == end }

  /// - Parameter record: of this thread alone.
  func read(with record: CSVRecord) {
    let (features, targets) = (record.featureCount, record.targetCount)
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
        guard rows < room else { break }
        var hasGap = false
        let (row, answer) = (x + rows * features, t + rows * targets)
        guard let next = record.scan(place, dialect, features: row, targets: answer, &hasGap) else {
          break
        }
        if hasGap {
          if leavesOutIncomplete {
            leftOut += 1
            place = next
            continue
          }
          // A missing target is an error, which says its line.
          if gapsAreFaults || (0..<targets).contains(where: { answer[$0].isNaN }) { break }
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

  /// Appends what was read to the arrays whose room it was written to.
  func append(toFeatures x: inout [Double], targets t: inout [Double], width: (Int, Int)) {
    x.append(contentsOf: NumbersInPlace(self.x, count: rows * width.0))
    t.append(contentsOf: NumbersInPlace(self.t, count: rows * width.1))
  }
}

/// Numbers that stand in the room behind the end of an array already, where they belong or a little
/// further: to append them moves them there, and costs nothing where they are.
private struct NumbersInPlace: Sequence {
  private let numbers: UnsafeMutableBufferPointer<Double>

  init(_ start: UnsafeMutablePointer<Double>, count: Int) {
    numbers = UnsafeMutableBufferPointer(start: start, count: count)
  }

  var underestimatedCount: Int { numbers.count }

  func makeIterator() -> UnsafeMutableBufferPointer<Double>.Iterator { numbers.makeIterator() }

  /// What `Array.append(contentsOf:)` fills its room with.
  func _copyContents(
    initializing room: UnsafeMutableBufferPointer<Double>
  ) -> (UnsafeMutableBufferPointer<Double>.Iterator, Int) {
    let none = UnsafeMutableBufferPointer(rebasing: numbers[..<0]).makeIterator()
    guard let start = room.baseAddress, let first = numbers.baseAddress, room.count >= numbers.count
    else { return (makeIterator(), 0) }
    if start != first { start.update(from: first, count: numbers.count) }
    return (none, numbers.count)
  }
}
