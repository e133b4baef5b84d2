/// ZeroMQ's message transport protocol, version 3.0 (rfc.zeromq.org/spec/23), without encryption: how
/// messages of several parts are written on a connection.
enum Frames {
  /// Larger parts, and more of them, no front end sends.
  private static let largestPart = 1 << 28
  private static let mostParts = 1 << 12

  /// What each side says first.
  static let greeting: [UInt8] =
    [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0] + Array("NULL".utf8)
    + [UInt8](repeating: 0, count: 16 + 32)

  static func message(_ parts: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (place, part) in parts.enumerated() {
      append(part, flags: place + 1 < parts.count ? more : 0, to: &bytes)
    }
    return bytes
  }

  static func command(_ name: String, _ body: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    append([UInt8(name.utf8.count)] + name.utf8 + body, flags: command, to: &bytes)
    return bytes
  }

  /// Says what kind of socket this is.
  static func ready(_ kind: String) -> [UInt8] {
    let (name, value) = (Array("Socket-Type".utf8), Array(kind.utf8))
    return command(
      "READY", [UInt8(name.count)] + name + [0, 0, 0, UInt8(value.count)] + value)
  }

  private static let more: UInt8 = 1
  private static let long: UInt8 = 2
  private static let command: UInt8 = 4

  private static func append(_ body: [UInt8], flags: UInt8, to bytes: inout [UInt8]) {
    if body.count < 256 {
      bytes += [flags, UInt8(body.count)]
    } else {
      bytes.append(flags | long)
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: body.count >> (56 - 8 * $0)) }
    }
    bytes += body
  }

  /// What came in one piece.
  enum Arrival: Equatable {
    case command(name: String, body: [UInt8])
    case message([[UInt8]])
  }

  /// Takes bytes as they come and gives what is whole.
  struct Reader {
    private var bytes: [UInt8] = []
    private var place = 0
    private var parts: [[UInt8]] = []
    private var isGreeted = false

    mutating func add(_ more: some Collection<UInt8>) {
      if place > 0, place == bytes.count || place > 1 << 16 {
        bytes.removeFirst(place)
        place = 0
      }
      bytes += more
    }

    /// The next whole message or command; nil where more bytes are needed.
    /// - Throws: where the other side does not speak the protocol.
    mutating func next() throws(Violation) -> Arrival? {
      if !isGreeted {
        guard bytes.count - place >= greeting.count else {
          if place < bytes.count, bytes[place] != 0xFF { throw Violation() }
          return nil
        }
        let mechanism = bytes[place + 12..<place + 32]
        guard bytes[place] == 0xFF, bytes[place + 9] & 1 == 1, bytes[place + 10] >= 3,
          mechanism.elementsEqual(greeting[12..<32])
        else { throw Violation() }
        place += greeting.count
        isGreeted = true
      }
      while let (flags, body) = try part() {
        if flags & command != 0 {
          guard let length = body.first, body.count > Int(length) else { throw Violation() }
          let name = String(decoding: body[1...Int(length)], as: UTF8.self)
          return .command(name: name, body: Array(body[(Int(length) + 1)...]))
        }
        parts.append(body)
        guard parts.count <= mostParts else { throw Violation() }
        if flags & more == 0 {
          defer { parts = [] }
          return .message(parts)
        }
      }
      return nil
    }

    private mutating func part() throws(Violation) -> (flags: UInt8, body: [UInt8])? {
      let left = bytes.count - place
      guard left >= 2 else { return nil }
      let flags = bytes[place]
      guard flags & ~(more | long | command) == 0 else { throw Violation() }
      let head = flags & long == 0 ? 2 : 9
      guard left >= head else { return nil }
      let length = bytes[place + 1..<place + head].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard length <= UInt64(largestPart) else { throw Violation() }
      guard left >= head + Int(length) else { return nil }
      let start = place + head
      place = start + Int(length)
      return (flags, Array(bytes[start..<place]))
    }
  }

  /// The other side does not speak the protocol.
  struct Violation: Error {}
}
