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

  /// Where the first record that is not empty ends.
  /// - Parameter line: of the start; of the end afterwards.
  static func endOfFirstRecord(
    in bytes: ArraySlice<UInt8>, _ delimiter: UInt8, isWhole: Bool, _ line: inout Int
  ) throws(FormatError) -> Int {
    var consumed = 0
    var failure: FormatError?
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      var place = base
      let end = base + buffer.count
      while place < end, place.pointee == 0x0A || place.pointee == 0x0D {
        if place.pointee == 0x0A || place + 1 == end || place[1] != 0x0A { line += 1 }
        place += 1
      }
      let firstLine = line
      while true {
        var content: [UInt8] = []
        let next = text(place, end, delimiter, into: &content, &line)
        guard isWhole || next.map({ $0 < end }) == true else {
          failure = FormatError("the first line is too long", .line(firstLine))
          return
        }
        guard let next else {
          failure = FormatError("a quote is opened and not closed", .line(firstLine))
          return
        }
        if next < end, next.pointee == delimiter {
          place = next + 1
          continue
        }
        guard next == end || next.pointee == 0x0A || next.pointee == 0x0D else {
          failure = FormatError("text follows a closing quote", .line(line))
          return
        }
        place = next
        break
      }
      consumed = place - base
    }
    if let failure { throw failure }
    return bytes.startIndex + consumed
  }

  /// How many delimiters stand before the end of the line.
  static func count(_ start: Bytes, _ end: Bytes, _ delimiter: UInt8) -> Int {
    var count = 0
    var place = start
    while place < end, place.pointee != 0x0A, place.pointee != 0x0D {
      if place.pointee == delimiter { count += 1 }
      place += 1
    }
    return count
  }

  /// The end of the line where nothing but delimiters and blanks stand before it.
  static func endOfEmpty(_ start: Bytes, _ end: Bytes, _ delimiter: UInt8) -> Bytes? {
    var place = start
    while place < end, place.pointee == delimiter || isBlank(place.pointee, delimiter) {
      place += 1
    }
    return place == end || place.pointee == 0x0A || place.pointee == 0x0D ? place : nil
  }

  /// A field as it stands in a message.
  static func shown(_ text: UnsafeBufferPointer<UInt8>) -> String {
    visible(String(decoding: text.prefix(200), as: UTF8.self), limit: 40)
  }

  static func saysInfinity(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count <= 9 else { return false }
    let lower = String(decoding: text, as: UTF8.self).lowercased()
    let word = lower.hasPrefix("-") || lower.hasPrefix("+") ? String(lower.dropFirst()) : lower
    return ["inf", "infinity", "∞"].contains(word)
  }
}
