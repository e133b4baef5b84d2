import Testing

@testable import Kernel

/// What ZeroMQ's peers send, in whatever pieces it arrives.
@Suite struct TransportTests {
  private let hello = Frames.greeting + Frames.ready("DEALER")

  private func arrivals(_ pieces: [[UInt8]]) throws -> [Frames.Arrival] {
    var reader = Frames.Reader()
    var found: [Frames.Arrival] = []
    for piece in pieces {
      reader.add(piece)
      while let next = try reader.next() { found.append(next) }
    }
    return found
  }

  @Test func messagesArriveWholeInWhateverPieces() throws {
    let parts: [[UInt8]] = [[], Array("a".utf8), [UInt8](repeating: 7, count: 300)]
    let bytes = hello + Frames.message(parts) + Frames.message([[1]])
    for size in [1, 2, 63, 64, 65, bytes.count] {
      let pieces = stride(from: 0, to: bytes.count, by: size).map {
        Array(bytes[$0..<min($0 + size, bytes.count)])
      }
      let found = try arrivals(pieces)
      #expect(found.count == 3)
      #expect(Array(found.dropFirst()) == [.message(parts), .message([[1]])])
    }
  }

  @Test func commandsHaveNamesAndBodies() throws {
    let found = try arrivals([hello + Frames.command("PING", [0, 5, 9])])
    #expect(found.last == .command(name: "PING", body: [0, 5, 9]))
  }

  @Test func whatIsNoGreetingIsRefused() {
    #expect(throws: Frames.Violation.self) { try arrivals([Array("GET / HTTP/1.1\r\n".utf8)]) }
    var plain = Frames.greeting
    plain.replaceSubrange(12..<17, with: Array("PLAIN".utf8))
    #expect(throws: Frames.Violation.self) { try arrivals([plain]) }
  }

  @Test func hostileLengthsTakeNoMemory() {
    // A part of 2^60 bytes, and one whose length does not fit into a signed number.
    for head: UInt8 in [0x10, 0xFF] {
      #expect(throws: Frames.Violation.self) {
        try arrivals([hello + [2, head, 0, 0, 0, 0, 0, 0, 0]])
      }
    }
    #expect(throws: Frames.Violation.self) {
      try arrivals([hello + (0..<5000).flatMap { _ in [1, 0] as [UInt8] }])
    }
    #expect(throws: Frames.Violation.self) { try arrivals([hello + [4, 1, 9]]) }
  }

  @Test func randomBytesNeverEndTheReader() {
    var state: UInt64 = 1
    for _ in 0..<2_000 {
      var bytes = hello
      for _ in 0..<40 {
        state = state &* 6_364_136_223_846_793_005 &+ 1
        bytes.append(UInt8(truncatingIfNeeded: state >> 56))
      }
      _ = try? arrivals([bytes])
    }
  }
}

/// Codes of messages, held to the vectors of FIPS 180-4 and RFC 4231.
@Suite struct SHA256Tests {
  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000),
      "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
    ),
  ]) func hashes(text: String, expected: String) {
    #expect(hex(SHA256.hash(Array(text.utf8))) == expected)
  }

  @Test func codes() {
    let short = SHA256.code(
      of: [Array("what do ya want ".utf8), Array("for nothing?".utf8)], key: Array("Jefe".utf8))
    #expect(hex(short) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    let long = SHA256.code(
      of: [Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)],
      key: [UInt8](repeating: 0xAA, count: 131))
    #expect(hex(long) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }
}
