import Differentiation

/// A JSON document (RFC 8259).
package indirect enum JSON: Hashable, Sendable {
  case null
  case truth(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  /// In the order of the file; no name twice.
  case object([Member])

  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSON

    package init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  private static let deepest = 200

  package subscript(_ name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  package var text: String? { if case .text(let text) = self { text } else { nil } }
  package var number: Double? { if case .number(let number) = self { number } else { nil } }
  package var list: [JSON]? { if case .list(let list) = self { list } else { nil } }
  package var truth: Bool? { if case .truth(let truth) = self { truth } else { nil } }
  package static let empty = JSON.object([Member]())

  package static func record(_ members: [(String, JSON)]) -> JSON {
    .object(members.map { Member($0.0, $0.1) })
  }

  package var wholeNumber: Int? { number.flatMap { Int(exactly: $0) } }
  var texts: [String]? {
    list.flatMap { $0.compactMap { $0.text }.count == $0.count ? $0.compactMap { $0.text } : nil }
  }
  var numbers: [Double]? {
    list.flatMap {
      $0.compactMap { $0.number }.count == $0.count ? $0.compactMap { $0.number } : nil
    }
  }

  // MARK: Reading

  /// - Parameters:
  ///   - budget: charged with every value, whatever its kind.
  ///   - replacesHalfCharacters: whether half of a character beyond 16 bits, which editors may send,
  ///     is read as U+FFFD.
  /// - Throws: where the text is not JSON, or larger than the budget.
  package static func parse(
    _ bytes: [UInt8], budget: NumberBudget = .standard, replacesHalfCharacters: Bool = false
  ) throws(FormatError) -> JSON {
    var parser = Parser(bytes: bytes, budget: budget)
    parser.replacesHalfCharacters = replacesHalfCharacters
    let value = try parser.value(depth: 0)
    parser.skipBlanks()
    guard parser.place == bytes.count else {
      throw FormatError("text follows the document", .offset(parser.place))
    }
    return value
  }

  private struct Parser {
    let bytes: [UInt8]
    var budget: NumberBudget
    var place = 0
    var replacesHalfCharacters = false
    private var seen = 0

    init(bytes: [UInt8], budget: NumberBudget) {
      self.bytes = bytes
      self.budget = budget
      // The mark that some editors put in front of UTF-8.
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    mutating func skipBlanks() {
      while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }

    private func broken(_ what: String) -> FormatError {
      FormatError("the JSON is broken: \(what)", .offset(place))
    }

    private mutating func takes(_ byte: UInt8) -> Bool {
      skipBlanks()
      guard place < bytes.count, bytes[place] == byte else { return false }
      place += 1
      return true
    }

    mutating func value(depth: Int) throws(FormatError) -> JSON {
      guard depth <= deepest else { throw broken("more than \(deepest) levels") }
      skipBlanks()
      guard place < bytes.count else { throw broken("it ends too early") }
      try budget.charge(1, at: .offset(place))
      seen += 1
      if seen & 0x3FF == 0, Interruption.cutsShort() { throw broken("interrupted") }
      switch bytes[place] {
      case 0x7B:
        place += 1
        return try object(depth: depth)
      case 0x5B:
        place += 1
        var list: [JSON] = []
        if takes(0x5D) { return .list([]) }
        repeat { list.append(try value(depth: depth + 1)) } while takes(0x2C)
        guard takes(0x5D) else { throw broken("] is missing") }
        return .list(list)
      case 0x22: return .text(try string())
      default:
        for (word, value) in [
          ("null", JSON.null), ("true", .truth(true)), ("false", .truth(false)),
          // What Python writes of numbers that JSON has not.
          ("NaN", .number(.nan)), ("Infinity", .number(.infinity)),
          ("-Infinity", .number(-.infinity)),
        ]
        where bytes[place...].starts(with: word.utf8) {
          place += word.utf8.count
          return value
        }
        return .number(try number())
      }
    }

    private mutating func object(depth: Int) throws(FormatError) -> JSON {
      var members: [Member] = []
      var names: Set<String> = []
      if takes(0x7D) { return .empty }
      repeat {
        skipBlanks()
        guard place < bytes.count, bytes[place] == 0x22 else { throw broken("a name is missing") }
        let name = try string()
        guard names.insert(name).inserted else {
          throw broken("the name \(visible(name)) stands there twice")
        }
        guard takes(0x3A) else { throw broken(": is missing") }
        members.append(Member(name, try value(depth: depth + 1)))
      } while takes(0x2C)
      guard takes(0x7D) else { throw broken("} is missing") }
      return .object(members)
    }

    private mutating func number() throws(FormatError) -> Double {
      let start = place
      func isDigit(_ place: Int) -> Bool {
        place < bytes.count && bytes[place] >= 0x30 && bytes[place] <= 0x39
      }
      if bytes[place] == 0x2D { place += 1 }
      guard isDigit(place) else { throw broken("a value is missing") }
      if bytes[place] == 0x30, isDigit(place + 1) { throw broken("a number starts with 0") }
      while isDigit(place) { place += 1 }
      if place < bytes.count, bytes[place] == 0x2E {
        guard isDigit(place + 1) else { throw broken("digits are missing behind the point") }
        place += 1
        while isDigit(place) { place += 1 }
      }
      if place < bytes.count, bytes[place] | 0x20 == 0x65 {
        place += 1
        if place < bytes.count, bytes[place] == 0x2B || bytes[place] == 0x2D { place += 1 }
        guard isDigit(place) else { throw broken("digits are missing behind e") }
        while isDigit(place) { place += 1 }
      }
      guard let number = Double(String(decoding: bytes[start..<place], as: UTF8.self)),
        number.isFinite
      else { throw broken("the number is too large") }
      return number
    }

    private mutating func string() throws(FormatError) -> String {
      place += 1
      var text: [UInt8] = []
      while place < bytes.count, bytes[place] != 0x22 {
        let byte = bytes[place]
        guard byte >= 0x20 else { throw broken("a control character in a string") }
        place += 1
        guard byte == 0x5C else {
          text.append(byte)
          continue
        }
        guard place < bytes.count else { break }
        let escapes: [UInt8: UInt8] = [
          0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9,
        ]
        let escape = bytes[place]
        place += 1
        if escape == 0x75 {
          text += Array(String(Character(try scalar())).utf8)
        } else if let plain = escapes[escape] {
          text.append(plain)
        } else {
          throw broken("\\ before a character that needs none")
        }
      }
      guard place < bytes.count else { throw broken("a string is not closed") }
      place += 1
      guard let string = String(validating: text, as: UTF8.self) else {
        throw broken("a string is not UTF-8")
      }
      return string
    }

    /// Behind `\u`: four digits, or two pairs of four for what lies beyond 16 bits.
    private mutating func scalar() throws(FormatError) -> Unicode.Scalar {
      let high = try unit()
      if let scalar = Unicode.Scalar(high) { return scalar }
      let half = place
      guard high < 0xDC00, bytes[place...].starts(with: [0x5C, 0x75]) else {
        if replacesHalfCharacters { return "\u{FFFD}" }
        throw broken("half a character")
      }
      place += 2
      let low = try unit()
      if replacesHalfCharacters, !(0xDC00...0xDFFF).contains(low) {
        place = half
        return "\u{FFFD}"
      }
      guard (0xDC00...0xDFFF).contains(low),
        let scalar = Unicode.Scalar(
          0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
      else { throw broken("half a character") }
      return scalar
    }

    private mutating func unit() throws(FormatError) -> UInt16 {
      guard place + 4 <= bytes.count,
        bytes[place..<place + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
        let unit = UInt16(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
      else { throw broken("four hexadecimal digits are missing") }
      place += 4
      return unit
    }
  }

  // MARK: Writing

  /// - Parameter indent: nil for one line.
  /// - Throws: for a number that is not finite, which JSON cannot say.
  package func bytes(indent: Int? = nil) throws(FormatError) -> [UInt8] {
    var output: [UInt8] = []
    try append(to: &output, indent, depth: 0)
    return output
  }

  private func append(
    to output: inout [UInt8], _ indent: Int?, depth: Int
  ) throws(FormatError) {
    func newLine(_ depth: Int) {
      guard let indent else { return }
      output.append(0x0A)
      output += Array(repeating: 0x20, count: indent * depth)
    }
    switch self {
    case .null: output += "null".utf8
    case .truth(let truth): output += (truth ? "true" : "false").utf8
    case .number(let number):
      guard number.isFinite else {
        throw FormatError("JSON cannot hold the number \(number)")
      }
      if let whole = Int64(exactly: number), abs(number) < 1e15, whole != 0 || number.sign == .plus
      {
        output += "\(whole)".utf8
      } else {
        output += "\(number)".utf8
      }
    case .text(let text): Self.append(text, to: &output)
    case .list(let list):
      output.append(0x5B)
      // Lists of numbers stay on one line: a line for each number would be hard to read.
      let isShort = list.allSatisfy {
        if case .list = $0 { false } else if case .object = $0 { false } else { true }
      }
      for (place, value) in list.enumerated() {
        if place > 0 { output += (indent != nil && isShort ? ", " : ",").utf8 }
        if !isShort { newLine(depth + 1) }
        if place & 0x3FF == 0x3FF, Interruption.cutsShort() { throw FormatError("interrupted") }
        try value.append(to: &output, indent, depth: depth + 1)
      }
      if !isShort { newLine(depth) }
      output.append(0x5D)
    case .object(let members):
      output.append(0x7B)
      for (place, member) in members.enumerated() {
        if place > 0 { output.append(0x2C) }
        newLine(depth + 1)
        Self.append(member.name, to: &output)
        output += (indent == nil ? ":" : ": ").utf8
        try member.value.append(to: &output, indent, depth: depth + 1)
      }
      if !members.isEmpty { newLine(depth) }
      output.append(0x7D)
    }
  }

  private static func append(_ text: String, to output: inout [UInt8]) {
    output.append(0x22)
    var text = text
    text.withUTF8 { bytes in
      // What needs no escape is copied in one go.
      var start = 0
      for (place, byte) in bytes.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
        output.append(contentsOf: bytes[start..<place])
        append(escapeOf: byte, to: &output)
        start = place + 1
      }
      output.append(contentsOf: bytes[start...])
    }
    output.append(0x22)
  }

  private static func append(escapeOf byte: UInt8, to output: inout [UInt8]) {
    output.append(0x5C)
    switch byte {
    case 0x0A: output.append(0x6E)
    case 0x09: output.append(0x74)
    case 0..<0x20:
      let digits = String(byte, radix: 16)
      output += "u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
    default: output.append(byte)
    }
  }
}
