/// Weka's format of tables: a line for each attribute with what it holds, then the rows
/// (https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable).
enum ARFF {
  struct Attribute: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
      case number
      case nominal([String])
      case text
      case date
    }

    let name: String
    let kind: Kind
  }

  /// What stands before the rows.
  struct Header {
    var attributes: [Attribute] = []
    /// Bytes up to the first row, and its line.
    var end = 0
    var line = 1
  }

  /// Whether the first words say that it is such a file.
  static func begins(_ bytes: ArraySlice<UInt8>) -> Bool {
    var bytes = bytes
    while let first = bytes.first {
      if first == 0x25 {
        bytes = bytes.drop { $0 != 0x0A && $0 != 0x0D }
      } else if first <= 0x20 {
        bytes = bytes.dropFirst()
      } else {
        break
      }
    }
    return word(bytes, is: "@relation") || word(bytes, is: "@attribute")
  }

  private static func word(_ bytes: ArraySlice<UInt8>, is word: String) -> Bool {
    let start = bytes.prefix(word.utf8.count)
    guard String(decoding: start, as: UTF8.self).lowercased() == word else { return false }
    return bytes.count == start.count || bytes[bytes.startIndex + start.count] <= 0x20
  }

  /// - Returns: nil where the header goes on behind the bytes.
  /// - Throws: where a line of it is none.
  static func header(
    _ bytes: ArraySlice<UInt8>, from first: Int, isWhole: Bool
  ) throws(FormatError) -> Header? {
    var header = Header()
    header.line = first
    var place = bytes.startIndex
    while place < bytes.endIndex {
      let start = place
      while place < bytes.endIndex, bytes[place] != 0x0A, bytes[place] != 0x0D { place += 1 }
      guard place < bytes.endIndex || isWhole else { return nil }
      let text = bytes[start..<place].drop { $0 <= 0x20 }
      let isEnded = place < bytes.endIndex
      if isEnded { place += bytes[place...].starts(with: [0x0D, 0x0A]) ? 2 : 1 }
      if word(text, is: "@data") {
        guard !header.attributes.isEmpty else {
          throw FormatError("there is no attribute before the data", .line(header.line))
        }
        header.end = place - bytes.startIndex
        if isEnded { header.line += 1 }
        return header
      }
      if word(text, is: "@attribute") {
        header.attributes.append(try attribute(text.dropFirst(10), line: header.line))
      } else if let first = text.first, first != 0x25, !word(text, is: "@relation") {
        throw FormatError("this is no line of an ARFF header", .line(header.line))
      }
      if isEnded { header.line += 1 }
    }
    guard isWhole else { return nil }
    throw FormatError("the ARFF file has no @data", .line(header.line))
  }

  private static func attribute(
    _ text: ArraySlice<UInt8>, line: Int
  ) throws(FormatError) -> Attribute {
    var scan = Scan(text, line)
    guard let name = try scan.value(), !name.isEmpty else {
      throw FormatError("the attribute has no name", .line(line))
    }
    scan.skipBlanks()
    if scan.takes(0x7B) {
      var values: [String] = []
      while true {
        scan.skipBlanks()
        if scan.takes(0x7D) { break }
        guard let value = try scan.value() else {
          throw FormatError("the values of \(visible(name)) are not closed by }", .line(line))
        }
        values.append(value)
        scan.skipBlanks()
        _ = scan.takes(CSVDialect.comma)
      }
      guard !values.isEmpty, Set(values).count == values.count else {
        throw FormatError("\(visible(name)) has no values, or one of them twice", .line(line))
      }
      return Attribute(name: name, kind: .nominal(values))
    }
    switch try scan.value()?.lowercased() {
    case "numeric"?, "real"?, "integer"?: return Attribute(name: name, kind: .number)
    case "string"?: return Attribute(name: name, kind: .text)
    case "date"?: return Attribute(name: name, kind: .date)
    case let kind?:
      throw FormatError(
        "\(visible(name)) is of the kind \(visible(kind)), which is not read", .line(line),
        help: ["numeric, real, integer, string, date and {a, b} are"])
    case nil: throw FormatError("\(visible(name)) has no kind", .line(line))
    }
  }

  /// Appends a row as values separated by commas; lines of comment are empty.
  static func append(
    row text: ArraySlice<UInt8>, _ attributes: [Attribute], line: Int, to records: inout [UInt8]
  ) throws(FormatError) {
    let text = text.drop { $0 <= 0x20 }
    guard let first = text.first, first != 0x25 else { return }
    var scan = Scan(text, line)
    var values: [(text: String, isQuoted: Bool)] = []
    if scan.takes(0x7B) {
      values = try sparse(&scan, attributes, line)
    } else {
      while true {
        scan.skipBlanks()
        let isQuoted = scan.isAtQuote
        values.append((try scan.value() ?? "", isQuoted))
        scan.skipBlanks()
        guard scan.takes(CSVDialect.comma) || !scan.isAtEnd else { break }
      }
    }
    for (place, value) in values.enumerated() {
      if place > 0 { records.append(CSVDialect.comma) }
      // A question mark in quotes is a name.
      CSVWriter.append(
        field: value.text, to: &records, isQuoted: value.isQuoted || value.text.isEmpty)
    }
  }

  /// `{1 X, 3 Y}`: values by their places from 0; the others are 0, or the first name.
  private static func sparse(
    _ scan: inout Scan, _ attributes: [Attribute], _ line: Int
  ) throws(FormatError) -> [(text: String, isQuoted: Bool)] {
    var values = attributes.map { attribute -> (text: String, isQuoted: Bool) in
      if case .nominal(let names) = attribute.kind { (names[0], true) } else { ("0", false) }
    }
    while true {
      scan.skipBlanks()
      if scan.takes(0x7D) { return values }
      guard let place = try scan.value().flatMap({ Int($0) }), values.indices.contains(place) else {
        throw FormatError(
          "a sparse row names values by their places, from 0 to \(values.count - 1)", .line(line))
      }
      scan.skipBlanks()
      let isQuoted = scan.isAtQuote
      guard let value = try scan.value() else {
        throw FormatError("a sparse row ends in the middle", .line(line))
      }
      values[place] = (value, isQuoted)
      scan.skipBlanks()
      _ = scan.takes(CSVDialect.comma)
    }
  }

  /// Goes through the words of a line; they are quoted by ' or ", with \ before what is meant as it
  /// stands.
  private struct Scan {
    private var text: ArraySlice<UInt8>
    private let line: Int

    init(_ text: ArraySlice<UInt8>, _ line: Int) {
      self.text = text
      self.line = line
    }

    var isAtEnd: Bool { text.isEmpty }
    var isAtQuote: Bool { text.first == 0x27 || text.first == 0x22 }

    mutating func skipBlanks() { text = text.drop { $0 <= 0x20 } }

    mutating func takes(_ byte: UInt8) -> Bool {
      guard text.first == byte else { return false }
      text = text.dropFirst()
      return true
    }

    /// A word up to the next blank, comma or brace.
    mutating func value() throws(FormatError) -> String? {
      skipBlanks()
      guard let first = text.first else { return nil }
      var bytes: [UInt8] = []
      if isAtQuote {
        text = text.dropFirst()
        while let byte = text.first {
          text = text.dropFirst()
          if byte == first { return String(decoding: bytes, as: UTF8.self) }
          guard byte == 0x5C, let next = text.first else {
            bytes.append(byte)
            continue
          }
          text = text.dropFirst()
          switch next {
          // A line end in a value would move the lines behind it.
          case 0x6E, 0x72: bytes += [0x5C, next]
          case 0x74: bytes.append(0x09)
          default: bytes.append(next)
          }
        }
        throw FormatError("a quote is opened and not closed", .line(line))
      }
      while let byte = text.first, byte > 0x20, ![0x2C, 0x7B, 0x7D].contains(byte) {
        bytes.append(byte)
        text = text.dropFirst()
      }
      if bytes.isEmpty, text.first == 0x7B || text.first == 0x7D {
        throw FormatError("a brace stands where a value is expected", .line(line))
      }
      return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
  }
}
