import Testing

@testable import Rendering

/// Reads what the fixed code of RFC 1951 says, written from the standard and not from our encoder.
private struct Inflater {
  let bytes: [UInt8]
  var position = 0

  mutating func bit() -> Int {
    defer { position += 1 }
    return Int(bytes[position / 8] >> (position % 8)) & 1
  }

  mutating func number(_ count: Int) -> Int { (0..<count).reduce(0) { $0 | bit() << $1 } }

  mutating func symbol() -> Int {
    var code = 0
    for length in 1...9 {
      code = code << 1 | bit()
      if length == 7, code <= 0b0010111 { return code + 256 }
      if length == 8, (0b00110000...0b10111111).contains(code) { return code - 0b00110000 }
      if length == 8, (0b11000000...0b11000111).contains(code) { return code - 0b11000000 + 280 }
      if length == 9, code >= 0b110010000 { return code - 0b110010000 + 144 }
    }
    return -1
  }

  mutating func all() -> [UInt8] {
    let bases = [
      3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
      163, 195, 227, 258,
    ]
    let extras = [
      0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    position = 16
    guard number(1) == 1, number(2) == 1 else { return [] }
    var output: [UInt8] = []
    while true {
      let symbol = symbol()
      if symbol == 256 || symbol < 0 { return output }
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      let length = bases[symbol - 257] + number(extras[symbol - 257])
      // The one distance that is used.
      guard number(5) == 0, let last = output.last else { return [] }
      output += Array(repeating: last, count: length)
    }
  }
}

@Suite struct PNGTests {
  @Test func `compressed bytes come back whatever the lengths of their runs`() {
    var bytes: [UInt8] = []
    for run in Array(1...300) + [515, 516, 517, 518, 519, 1000] {
      bytes += Array(repeating: UInt8(run & 0xFF), count: run)
    }
    bytes += (0...255).map { UInt8($0) }
    var inflater = Inflater(bytes: Deflate.stream(bytes))
    #expect(inflater.all() == bytes)
    var empty = Inflater(bytes: Deflate.stream([]))
    #expect(empty.all() == [])
  }

  @Test func `check sums are those of the standards`() {
    #expect(PNG.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(PNG.crc32(Array("IEND".utf8)) == 0xAE42_6082)
    #expect(Deflate.stream(Array("Wikipedia".utf8)).suffix(4) == [0x11, 0xE6, 0x03, 0x98])
  }

  @Test func `pixels come back from the file`() throws {
    let pixels = (UInt8(0)..<35).map { (i: UInt8) -> Colour in Colour(i * 7, i % 3, 255 - i) }
    let file = PNG.file(columns: 7, rows: 5, pixels: pixels)
    #expect(file.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10])
    // Signature, header chunk of 25 bytes, length and name of the data chunk.
    let length = file[33..<37].reduce(0) { (sum: Int, byte: UInt8) -> Int in sum * 256 + Int(byte) }
    var inflater = Inflater(bytes: Array(file[41..<(41 + length)]))
    let data = inflater.all()
    try #require(data.count == 5 * 22)
    var above = [UInt8](repeating: 0, count: 21)
    for row in 0..<5 {
      let filtered = data[(row * 22 + 1)..<(row * 22 + 22)]
      above = zip(filtered, above).map { $0 &+ (data[row * 22] == 2 ? $1 : 0) }
      let expected = pixels[(row * 7)..<(row * 7 + 7)].flatMap { [$0.red, $0.green, $0.blue] }
      #expect(above == expected)
    }
  }

  @Test func `base64 fills its last group`() {
    #expect(SVG.base64(Array("light work".utf8)) == "bGlnaHQgd29yaw==")
    #expect(SVG.base64(Array("light wor".utf8)) == "bGlnaHQgd29y")
    #expect(SVG.base64(Array("light wo".utf8)) == "bGlnaHQgd28=")
  }
}
