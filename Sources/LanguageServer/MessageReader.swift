/// Cuts what comes from a client into messages: a header that says how many bytes follow, and those.
///
/// What is no message never ends the reading: it is passed over up to the next header.
struct MessageReader {
  enum Piece: Equatable {
    case message([UInt8])
    /// What was passed over, as a sentence.
    case fault(String)
  }

  /// More than any script that is edited.
  static let largestMessage = 64 << 20
  private static let largestHeader = 1 << 13
  private static let name = Array("content-length:".utf8)

  private var buffer: [UInt8] = []
  /// Bytes of the buffer that are done with.
  private var start = 0
  /// Bytes of a message that is too large, which are still to come.
  private var skipped = 0

  mutating func add(_ bytes: some Sequence<UInt8>) {
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer += bytes
  }

  /// The next message; nil where more bytes are wanted.
  mutating func next() -> Piece? {
    if skipped > 0 {
      let count = min(skipped, buffer.count - start)
      start += count
      skipped -= count
      if skipped > 0 { return nil }
    }
    guard let (header, body) = header() else {
      guard buffer.count - start > Self.largestHeader else { return nil }
      // The end may be the beginning of a header.
      start = buffer.count - Self.name.count - 32
      return .fault("a header is longer than \(Self.largestHeader) bytes")
    }
    guard let length = Self.length(in: buffer[header]) else {
      start = body
      return .fault("a header has no Content-Length")
    }
    guard length <= Self.largestMessage else {
      start = body
      skipped = length
      return .fault("a message has more than \(Self.largestMessage) bytes")
    }
    guard buffer.count - body >= length else { return nil }
    start = body + length
    return .message(Array(buffer[body..<start]))
  }

  /// The bytes of the header, and where the message begins.
  private func header() -> (header: Range<Int>, body: Int)? {
    let last = min(buffer.count, start + Self.largestHeader)
    var place = start
    while place < last {
      if buffer[place] == 0x0A {
        if buffer[place...].starts(with: [0x0A, 0x0D, 0x0A]) { return (start..<place, place + 3) }
        if buffer[place...].starts(with: [0x0A, 0x0A]) { return (start..<place, place + 2) }
      }
      place += 1
    }
    return nil
  }

  /// The number behind the last Content-Length: what stands before it may be the rest of a message
  /// that was cut short.
  private static func length(in header: ArraySlice<UInt8>) -> Int? {
    var place = header.endIndex - name.count
    while place >= header.startIndex {
      let part = header[place..<place + name.count]
      if part.elementsEqual(name, by: { $0 == $1 || $0 | 0x20 == $1 }) {
        let digits = header[(place + name.count)...].drop { $0 == 0x20 || $0 == 0x09 }
          .prefix { $0 >= 0x30 && $0 <= 0x39 }
        return Int(String(decoding: digits, as: UTF8.self))
      }
      place -= 1
    }
    return nil
  }
}
