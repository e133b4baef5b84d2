/// The numbers of one record of a CSV file, in memory of their own: no checks stand between the
/// bytes and the numbers.
final class CSVRecord {
  typealias Bytes = UnsafePointer<UInt8>

  let values: UnsafeMutableBufferPointer<Double>
  /// Whether a column is known to hold numbers.
  let isNumeric: UnsafeMutableBufferPointer<Bool>

  init(width: Int) {
    values = .allocate(capacity: width)
    values.initialize(repeating: 0)
    isNumeric = .allocate(capacity: width)
    isNumeric.initialize(repeating: false)
  }

  deinit {
    values.deallocate()
    isNumeric.deallocate()
  }

  /// The quick way: a whole record of unquoted numbers.
  /// - Returns: the line end behind it, nil where the record is anything else.
  @inline(__always)
  func scanNumbers(_ start: Bytes, _ end: Bytes, _ dialect: CSVDialect) -> Bytes? {
    var place = start
    let last = values.count - 1
    let (delimiter, point) = (dialect.delimiter, dialect.point)
    guard last >= 0, let values = values.baseAddress, let isNumeric = isNumeric.baseAddress
    else { return nil }
    for column in 0...last {
      var value = 0.0
      guard isNumeric[column],
        let next = DecimalNumber.scan(place, end, point: point, into: &value), next < end,
        value.isFinite
      else { return nil }
      values[column] = value
      place = next
      if column < last {
        guard place.pointee == delimiter else { return nil }
        place += 1
      }
    }
    return place.pointee == 0x0A || place.pointee == 0x0D ? place : nil
  }
}
