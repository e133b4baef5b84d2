/// Fields of a protocol buffers message, written.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  private mutating func append(varint number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(key field: Int, wire: Int) {
    append(varint: UInt64(field << 3 | wire))
  }

  mutating func append(_ field: Int, number: Int) {
    append(key: field, wire: 0)
    append(varint: UInt64(bitPattern: Int64(number)))
  }

  mutating func append(_ field: Int, bytes content: [UInt8]) {
    append(key: field, wire: 2)
    append(varint: UInt64(content.count))
    bytes += content
  }

  mutating func append(_ field: Int, text: String) { append(field, bytes: Array(text.utf8)) }

  mutating func append(_ field: Int, message: ProtobufMessage) {
    append(field, bytes: message.bytes)
  }

  mutating func append(_ field: Int, float: Float) {
    append(key: field, wire: 5)
    bytes.append(littleEndian: float.bitPattern)
  }
}

/// Fields of a protocol buffers message, read.
struct ProtobufFields {
  enum Value {
    case number(UInt64)
    case bytes(ArraySlice<UInt8>)
    case fixed32(UInt32)
    case fixed64(UInt64)
  }

  private(set) var fields: [(number: Int, value: Value)] = []
  /// Where the message starts in the file.
  let start: Int

  init(_ bytes: ArraySlice<UInt8>) throws(FormatError) {
    start = bytes.startIndex
    var place = bytes.startIndex
    while place < bytes.endIndex {
      let begin = place
      let key = try Self.varint(bytes, &place)
      guard let field = Int(exactly: key >> 3), field >= 1 else {
        throw FormatError("a field without a number", .offset(begin))
      }
      switch key & 7 {
      case 0: fields.append((field, .number(try Self.varint(bytes, &place))))
      case 1:
        let word = try Self.take(8, bytes, &place)
        fields.append((field, .fixed64(word.reversed().reduce(0) { $0 << 8 | UInt64($1) })))
      case 2:
        let length = try Self.varint(bytes, &place)
        guard let count = Int(exactly: length) else {
          throw FormatError("a field of \(length) bytes", .offset(begin))
        }
        fields.append((field, .bytes(try Self.take(count, bytes, &place))))
      case 5:
        let word = try Self.take(4, bytes, &place)
        fields.append((field, .fixed32(word.reversed().reduce(0) { $0 << 8 | UInt32($1) })))
      default: throw FormatError("a field of an unknown kind", .offset(begin))
      }
    }
  }

  private static func varint(
    _ bytes: ArraySlice<UInt8>, _ place: inout Int
  ) throws(FormatError) -> UInt64 {
    var number: UInt64 = 0
    for shift in stride(from: 0 as UInt64, to: 64, by: 7) {
      guard place < bytes.endIndex else { throw FormatError("a field is cut off", .offset(place)) }
      let byte = bytes[place]
      place += 1
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    throw FormatError("a number of more than 64 bits", .offset(place))
  }

  private static func take(
    _ count: Int, _ bytes: ArraySlice<UInt8>, _ place: inout Int
  ) throws(FormatError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.endIndex - place else {
      throw FormatError("a field is cut off", .offset(place))
    }
    defer { place += count }
    return bytes[place..<place + count]
  }

  /// Every message or string under a field.
  func all(_ field: Int) -> [ArraySlice<UInt8>] {
    fields.compactMap {
      if $0.number == field, case .bytes(let bytes) = $0.value { bytes } else { nil }
    }
  }

  func text(_ field: Int) -> String? {
    all(field).last.map { String(decoding: $0, as: UTF8.self) }
  }

  func number(_ field: Int) -> Int? {
    for case (field, .number(let number)) in fields.reversed() {
      return Int(truncatingIfNeeded: number)
    }
    return nil
  }

  func float(_ field: Int) -> Float? {
    for case (field, .fixed32(let bits)) in fields.reversed() { return Float(bitPattern: bits) }
    return nil
  }

  /// Whole numbers, each a field of its own or all packed in one.
  func numbers(_ field: Int) throws(FormatError) -> [Int] {
    var numbers: [Int] = []
    for (number, value) in fields where number == field {
      switch value {
      case .number(let number): numbers.append(Int(truncatingIfNeeded: number))
      case .bytes(let packed):
        var place = packed.startIndex
        while place < packed.endIndex {
          numbers.append(Int(truncatingIfNeeded: try Self.varint(packed, &place)))
        }
      default: break
      }
    }
    return numbers
  }
}
