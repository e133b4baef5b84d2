/// The signs that end a field, looked for in eight bytes at once.
///
/// A line end must follow, and seven bytes behind that.
struct FieldEnds {
  typealias Bytes = UnsafePointer<UInt8>

  static let ones: UInt64 = 0x0101_0101_0101_0101

  private let delimiter: UInt8
  /// The delimiter eight times.
  let delimiters: UInt64
  /// What lines of this file end in eight times: CR where that stands before the line feed.
  let lineEnds: UInt64

  init(_ delimiter: UInt8, hasReturns: Bool = false) {
    self.delimiter = delimiter
    delimiters = UInt64(delimiter) &* Self.ones
    lineEnds = (hasReturns ? 0x0D : 0x0A) &* Self.ones
  }

  @inline(__always)
  func isEnd(_ byte: UInt8) -> Bool { byte == delimiter || byte == 0x0A || byte == 0x0D }

  /// Eight bytes, the first one the lowest.
  @inline(__always)
  static func word(_ place: Bytes) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
  }

  /// The highest bit of the first byte that is 0 is set; those behind it may be wrong.
  @inline(__always)
  static func zeroBytes(in word: UInt64) -> UInt64 {
    (word &- ones) & ~word & 0x8080_8080_8080_8080
  }

  /// The highest bit of the first byte that ends a field is set; those behind it may be wrong.
  @inline(__always)
  private func found(in word: UInt64) -> UInt64 {
    Self.zeroBytes(in: word ^ delimiters) | Self.zeroBytes(in: word ^ 0x0A0A_0A0A_0A0A_0A0A)
      | Self.zeroBytes(in: word ^ 0x0D0D_0D0D_0D0D_0D0D)
  }

  /// The end of the field that a byte belongs to.
  @inline(__always)
  func end(from start: Bytes) -> Bytes {
    var place = start
    while true {
      let ends = found(in: Self.word(place))
      if ends != 0 { return place + ends.trailingZeroBitCount >> 3 }
      place += 8
    }
  }
}
