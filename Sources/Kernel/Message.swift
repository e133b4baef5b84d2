import Glibc
import Interchange

/// A message of Jupyter's protocol, as it came.
struct Request {
  /// The way back: the connection, and what stood before the message on it.
  let peer: Peer
  let route: [[UInt8]]
  let kind: String
  let content: JSON
  /// The header as it was written, which answers repeat.
  let header: [UInt8]
}

/// Reads and writes messages: signs them, and refuses those that are not signed.
struct MessageFormat {
  private static let delimiter = Array("<IDS|MSG>".utf8)
  private let key: [UInt8]
  private let session = Self.identifier()

  /// Of Jupyter's protocol.
  static let version = "5.5"

  init(key: [UInt8]) { self.key = key }

  /// - Returns: nil for what is no message, or not signed by the owner of the key.
  func request(_ parts: [[UInt8]], from peer: Peer) -> Request? {
    guard let start = parts.firstIndex(of: Self.delimiter), parts.count >= start + 6 else {
      return nil
    }
    let signed = Array(parts[(start + 2)..<(start + 6)])
    guard key.isEmpty || Self.areSame(parts[start + 1], signature(of: signed)),
      let header = try? JSON.parse(signed[0]), let kind = header["msg_type"]?.text,
      let content = try? JSON.parse(signed[3])
    else { return nil }
    return Request(
      peer: peer, route: Array(parts[..<start]), kind: kind, content: content, header: signed[0])
  }

  /// - Parameters:
  ///   - parent: the header of the request that it answers; nil for none.
  ///   - route: what stands before the message: the way back, or what subscribers look at.
  func parts(
    _ kind: String, _ content: JSON, parent: [UInt8]?, route: [[UInt8]],
    metadata: JSON = .empty
  ) -> [[UInt8]] {
    let header = JSON.object([
      .init("msg_id", .text(Self.identifier())), .init("session", .text(session)),
      .init("username", .text("kernel")), .init("date", .text(Self.now())),
      .init("msg_type", .text(kind)), .init("version", .text(Self.version)),
    ])
    let signed = [
      Self.bytes(header), parent ?? Array("{}".utf8), Self.bytes(metadata), Self.bytes(content),
    ]
    return route + [Self.delimiter, signature(of: signed)] + signed
  }

  private func signature(of parts: [[UInt8]]) -> [UInt8] {
    if key.isEmpty { return [] }
    let digits = Array("0123456789abcdef".utf8)
    return SHA256.code(of: parts, key: key).flatMap {
      [digits[Int($0 >> 4)], digits[Int($0 & 15)]]
    }
  }

  /// In a time that says nothing about where they differ.
  private static func areSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Nothing that is sent holds a number that JSON cannot say.
  private static func bytes(_ json: JSON) -> [UInt8] { (try? json.bytes()) ?? Array("{}".utf8) }

  /// Random, as a UUID is written.
  static func identifier() -> String {
    var generator = SystemRandomNumberGenerator()
    let digits = Array(
      [generator.next(), generator.next()].map { word in
        let text = String(word, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
      }.joined())
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
      .joined(separator: "-")
  }

  /// In UTC, as ISO 8601 has it.
  private static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var parts = tm()
    gmtime_r(&time.tv_sec, &parts)
    func padded(_ number: Int, _ width: Int) -> String {
      let text = "\(number)"
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    let day = [
      padded(Int(parts.tm_year) + 1900, 4), padded(Int(parts.tm_mon) + 1, 2),
      padded(Int(parts.tm_mday), 2),
    ].joined(separator: "-")
    let moment = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }
      .joined(separator: ":")
    return "\(day)T\(moment).\(padded(time.tv_nsec / 1000, 6))Z"
  }
}
