/// Compresses bytes as RFC 1950 and 1951 describe, with the fixed code and repetitions of the
/// byte before only: enough for drawings, whose rows differ little once filtered.
struct Deflate {
  private var output: [UInt8] = []
  private var pending: UInt32 = 0
  private var pendingBits: UInt32 = 0

  /// A complete zlib stream.
  static func stream(_ bytes: [UInt8]) -> [UInt8] {
    var deflate = Deflate()
    deflate.output = [0x78, 0x01]
    deflate.write(1, bits: 1)
    deflate.write(1, bits: 2)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      deflate.writeLiteral(UInt32(byte))
      index += 1
      var run = 0
      while index + run < bytes.count, run < 258, bytes[index + run] == byte { run += 1 }
      if run >= 3 {
        deflate.writeRepetition(run)
        index += run
      }
    }
    deflate.writeLiteral(256)
    if deflate.pendingBits > 0 { deflate.output.append(UInt8(truncatingIfNeeded: deflate.pending)) }
    let sum = adler32(bytes)
    deflate.output += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
    return deflate.output
  }

  /// Bits from the lowest on.
  private mutating func write(_ value: UInt32, bits: UInt32) {
    pending |= value << pendingBits
    pendingBits += bits
    while pendingBits >= 8 {
      output.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingBits -= 8
    }
  }

  /// Bits of a code from the highest on.
  private mutating func writeCode(_ code: UInt32, bits: UInt32) {
    var reversed: UInt32 = 0
    for bit in 0..<bits where code >> bit & 1 == 1 { reversed |= 1 << (bits - 1 - bit) }
    write(reversed, bits: bits)
  }

  /// The fixed code of section 3.2.6.
  private mutating func writeLiteral(_ symbol: UInt32) {
    switch symbol {
    case 0...143: writeCode(0x30 + symbol, bits: 8)
    case 144...255: writeCode(0x190 + symbol - 144, bits: 9)
    case 256...279: writeCode(symbol - 256, bits: 7)
    default: writeCode(0xC0 + symbol - 280, bits: 8)
    }
  }

  /// `length` (3 to 258) times the byte before.
  private mutating func writeRepetition(_ length: Int) {
    if length == 258 {
      writeLiteral(285)
    } else {
      var symbol: UInt32 = 257
      var base = 3
      var extra: UInt32 = 0
      while true {
        // Codes 257 to 264 have no extra bits, then every four have one more.
        extra = symbol < 265 ? 0 : (symbol - 261) / 4
        if length < base + 1 << extra { break }
        base += 1 << extra
        symbol += 1
      }
      writeLiteral(symbol)
      write(UInt32(length - base), bits: extra)
    }
    // Distance 1.
    writeCode(0, bits: 5)
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var a: UInt32 = 1
    var b: UInt32 = 0
    // 5552 additions cannot overflow.
    for start in stride(from: 0, to: bytes.count, by: 5552) {
      for byte in bytes[start..<min(start + 5552, bytes.count)] {
        a += UInt32(byte)
        b += a
      }
      a %= 65521
      b %= 65521
    }
    return b << 16 | a
  }
}
