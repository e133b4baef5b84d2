/// One field of a CSV file.
enum CSVField {
  typealias Bytes = UnsafePointer<UInt8>

  /// The content of the field that starts at `start`, without quotes, and for an unquoted one
  /// without blanks at its ends.
  /// - Parameter line: grows by the line ends within quotes.
  /// - Returns: the end of the field, nil where a quote is not closed.
  static func text(
    _ start: Bytes, _ end: Bytes, _ delimiter: UInt8, into text: inout [UInt8], _ line: inout Int
  ) -> Bytes? {
    var place = start
    while place < end, isBlank(place.pointee, delimiter) { place += 1 }
    guard place < end, place.pointee == CSVDialect.quote else {
      let first = place
      while place < end, place.pointee != delimiter, place.pointee != 0x0A, place.pointee != 0x0D {
        place += 1
      }
      var last = place
      while last > first, isBlank(last[-1], delimiter) { last -= 1 }
      text.append(contentsOf: UnsafeBufferPointer(start: first, count: last - first))
      return place
    }
    place += 1
    let lineBefore = line
    while place < end {
      let byte = place.pointee
      if byte == CSVDialect.quote {
        if place + 1 < end, place[1] == CSVDialect.quote {
          text.append(byte)
          place += 2
          continue
        }
        place += 1
        while place < end, isBlank(place.pointee, delimiter) { place += 1 }
        return place
      }
      if byte == 0x0A { line += 1 }
      text.append(byte)
      place += 1
    }
    line = lineBefore
    return nil
  }

  private static func isBlank(_ byte: UInt8, _ delimiter: UInt8) -> Bool {
    byte != delimiter && (byte == 0x20 || byte == 0x09)
  }
}
