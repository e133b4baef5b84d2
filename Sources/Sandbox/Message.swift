/// Bytes that are no message.
package struct BrokenMessage: Error, Hashable, Sendable {}

/// Writes a message: whole numbers, texts and lists, each with its length before it.
struct MessageWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ number: UInt8) { bytes.append(number) }

  mutating func write(_ number: UInt64) {
    for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(place)))) }
  }

  mutating func write(_ number: Int) { write(UInt64(bitPattern: Int64(number))) }

  mutating func write(_ number: Double) { write(number.bitPattern) }

  mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes += text.utf8
  }

  mutating func write(_ text: String?) {
    write(UInt8(text == nil ? 0 : 1))
    if let text { write(text) }
  }

  mutating func write<Element>(
    _ elements: [Element], _ body: (Element, inout MessageWriter) -> Void
  ) {
    write(elements.count)
    for element in elements { body(element, &self) }
  }
}

/// Reads a message that anybody may have written: no bytes make it do more than fail.
struct MessageReader {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    self.bytes = bytes[...]
  }

  mutating func byte() throws(BrokenMessage) -> UInt8 {
    guard let byte = bytes.popFirst() else { throw BrokenMessage() }
    return byte
  }

  mutating func word() throws(BrokenMessage) -> UInt64 {
    guard bytes.count >= 8 else { throw BrokenMessage() }
    defer { bytes = bytes.dropFirst(8) }
    return bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func number() throws(BrokenMessage) -> Double { Double(bitPattern: try word()) }

  /// A whole number from 0 to `most`.
  mutating func count(to most: Int) throws(BrokenMessage) -> Int {
    guard let count = Int(exactly: try word()), count <= most else { throw BrokenMessage() }
    return count
  }

  mutating func flag() throws(BrokenMessage) -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    default: throw BrokenMessage()
    }
  }

  mutating func text(to most: Int) throws(BrokenMessage) -> String {
    let count = try count(to: min(most, bytes.count))
    defer { bytes = bytes.dropFirst(count) }
    guard let text = String(validating: bytes.prefix(count), as: UTF8.self) else {
      throw BrokenMessage()
    }
    return text
  }

  /// A text whose characters all can be seen, besides tabs and line ends.
  mutating func visibleText(to most: Int) throws(BrokenMessage) -> String {
    let text = try text(to: most)
    guard !text.unicodeScalars.contains(where: Self.isHidden) else { throw BrokenMessage() }
    return text
  }

  mutating func list<Element>(
    to most: Int, _ body: (inout MessageReader) throws(BrokenMessage) -> Element
  ) throws(BrokenMessage) -> [Element] {
    var elements: [Element] = []
    for _ in 0..<(try count(to: most)) { elements.append(try body(&self)) }
    return elements
  }

  /// Fails where something stands behind.
  func end() throws(BrokenMessage) {
    guard bytes.isEmpty else { throw BrokenMessage() }
  }

  /// What acts on a terminal, or on the direction of writing.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
