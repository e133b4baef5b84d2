/// The rows of a table of text (RFC 4180), between commas, semicolons or tabs.
enum SeparatedValues {
  struct Problem: Error {
    var message: String
    /// From 1.
    var line: Int
  }

  struct Row: Hashable {
    var fields: [String]
    /// Where it begins, from 1.
    var line: Int
    var delimiter: UInt8
  }

  static let comma: UInt8 = 0x2C
  private static let quote: UInt8 = 0x22
  private static let (lineFeed, carriageReturn): (UInt8, UInt8) = (0x0A, 0x0D)

  /// Rows that hold anything, each with its line.
  /// - Throws: where a quote is not closed, or text stands behind a closing one.
  static func rows(of text: String) throws(Problem) -> [Row] {
    var bytes = Array(text.utf8)
    // The mark that some programs put in front of UTF-8.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    let delimiter = delimiter(of: bytes)
    var rows: [Row] = []
    var place = 0
    var line = 1
    while place < bytes.count {
      var row = Row(fields: [], line: line, delimiter: delimiter)
      repeat {
        row.fields.append(try field(bytes, delimiter, &place, &line))
      } while takes(delimiter, bytes, &place)
      _ = takes(carriageReturn, bytes, &place)
      _ = takes(lineFeed, bytes, &place)
      line += 1
      let isEmpty = row.fields.allSatisfy { field in field.utf8.allSatisfy { $0 == 0x20 } }
      if !isEmpty { rows.append(row) }
    }
    return rows
  }

  /// The first of the three that stands in the first line.
  private static func delimiter(of bytes: [UInt8]) -> UInt8 {
    let head = bytes.prefix { $0 != lineFeed && $0 != carriageReturn }
    return head.first { [comma, 0x3B, 0x09].contains($0) } ?? comma
  }

  private static func takes(_ byte: UInt8, _ bytes: [UInt8], _ place: inout Int) -> Bool {
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private static func field(
    _ bytes: [UInt8], _ delimiter: UInt8, _ place: inout Int, _ line: inout Int
  ) throws(Problem) -> String {
    func isEnd(_ place: Int) -> Bool {
      place >= bytes.count
        || [delimiter, lineFeed, carriageReturn].contains(bytes[place])
    }
    guard place < bytes.count, bytes[place] == quote else {
      let start = place
      while !isEnd(place) { place += 1 }
      return String(decoding: bytes[start..<place], as: UTF8.self)
    }
    let start = line
    var content: [UInt8] = []
    place += 1
    while true {
      guard place < bytes.count else {
        throw Problem(message: "a quote is opened and not closed", line: start)
      }
      let byte = bytes[place]
      place += 1
      if byte == quote, !takes(quote, bytes, &place) { break }
      if byte == lineFeed { line += 1 }
      content.append(byte)
    }
    while place < bytes.count, bytes[place] == 0x20 { place += 1 }
    guard isEnd(place) else {
      throw Problem(message: "text follows a closing quote; write \"\" for a quote", line: line)
    }
    return String(decoding: content, as: UTF8.self)
  }
}
