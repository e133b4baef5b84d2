/// Looks for the end of a field, and reads the number that is all of it, in eight bytes at once.
///
/// Looks for no end of the bytes: a line end must follow, and `padding` bytes behind that.
struct FieldScanner {
  typealias Bytes = UnsafePointer<UInt8>

  /// Bytes that may be looked at behind a line end, and mean nothing.
  static let padding = 24

  private let delimiter: UInt8
  /// The delimiter eight times, and what lines of this file end in: CR where that stands before the
  /// line feed.
  private let delimiters: UInt64
  private let lineEnds: UInt64
  /// The decimal sign, as it is and eight times as `digits` makes it.
  private let point: UInt8
  private let points: UInt64
  private let powers: DecimalPowers

  init(_ dialect: CSVDialect, hasReturns: Bool = false) {
    delimiter = dialect.delimiter
    delimiters = UInt64(delimiter) &* Self.ones
    lineEnds = (hasReturns ? 0x0D : 0x0A) &* Self.ones
    point = dialect.point
    points = UInt64(point ^ 0x30) &* Self.ones
    powers = .table
  }

  @inline(__always)
  func isEnd(_ byte: UInt8) -> Bool { byte == delimiter || byte == 0x0A || byte == 0x0D }

  /// The end of the field that a byte belongs to.
  @inline(__always)
  func end(from start: Bytes) -> Bytes {
    var place = start
    while true {
      let word = Self.word(place)
      let ends =
        Self.zeroBytes(in: word ^ delimiters) | Self.zeroBytes(in: word ^ 0x0A0A_0A0A_0A0A_0A0A)
        | Self.zeroBytes(in: word ^ 0x0D0D_0D0D_0D0D_0D0D)
      if ends != 0 { return place + ends.trailingZeroBitCount >> 3 }
      place += 8
    }
  }

  /// The number that is all of a field, where it has the usual form: at most 19 digits, and no sign
  /// but a minus.
  ///
  /// Which byte ends the field is all that the next one waits for: it is looked for first, at places
  /// that do not depend on what the bytes are.
  /// - Parameter isLast: whether a line end is to follow, instead of a delimiter.
  /// - Returns: the end of the field, nil where it is anything else.
  @inline(__always)
  func number(at start: Bytes, isLast: Bool, into value: inout Double) -> Bytes? {
    let signs = isLast ? lineEnds : delimiters
    let word = Self.word(start)
    var found = Self.zeroBytes(in: word ^ signs)
    if found != 0 {
      let length = found.trailingZeroBitCount >> 3
      return short(word, length, into: &value) ? start + length : nil
    }
    for offset in [8, 16] {
      found = Self.zeroBytes(in: Self.word(start + offset) ^ signs)
      if found != 0 {
        let end = start + offset + found.trailingZeroBitCount >> 3
        if fraction(start, end, into: &value) { return end }
        break
      }
    }
    return long(start, UInt8(truncatingIfNeeded: signs), into: &value)
  }

  // MARK: Forms

  /// Up to seven bytes.
  @inline(__always)
  private func short(_ word: UInt64, _ length: Int, into value: inout Double) -> Bool {
    guard length > 0 else { return false }
    let shift = UInt64(64 - 8 * length)
    let isNegative = word & 0xFF == 0x2D
    // The last byte becomes the highest one, what is none or a sign becomes a digit of 0.
    var digits = (word ^ Self.zeros) &<< shift
    digits ^= (isNegative ? 0x2D ^ 0x30 : 0) &<< shift
    var count = length - (isNegative ? 1 : 0)
    var fraction = 0
    let found = Self.zeroBytes(in: digits ^ points)
    if found != 0 {
      // The digits before it move up to its place.
      let place = found & (~found &+ 1)
      let whole = digits & (place >> 7 &- 1)
      digits = digits & ~(place | (place &- 1)) | whole << 8
      fraction = 7 - found.trailingZeroBitCount >> 3
      count -= 1
    }
    guard Self.others(digits) == 0, count > 0 else { return false }
    let size = Double(Self.eightDigits(digits)) / DecimalNumber.exactPowers[fraction]
    value = Double(bitPattern: size.bitPattern | (isNegative ? 1 << 63 : 0))
    return true
  }

  /// One digit and 8 to 18 behind the point, as most numbers of many digits have.
  @inline(__always)
  private func fraction(_ start: Bytes, _ end: Bytes, into value: inout Double) -> Bool {
    let isNegative = start.pointee == 0x2D
    let place = start + (isNegative ? 1 : 0)
    let first = place + 2
    let count = end - first
    let whole = place.pointee &- 0x30
    guard place[1] == point, whole <= 9, count >= 8, count <= 18 else { return false }
    // The last eight digits, those before them, and what is left of 16.
    let middle = min(count - 8, 8)
    let left = count - 8 - middle
    let words = (
      Self.leading(left, of: Self.word(first) ^ Self.zeros),
      Self.leading(middle, of: Self.word(first + left) ^ Self.zeros),
      Self.word(end - 8) ^ Self.zeros
    )
    guard Self.others(words.0) | Self.others(words.1) | Self.others(words.2) == 0 else {
      return false
    }
    let high = Self.eightDigits(words.0) &* 100_000_000 &+ Self.eightDigits(words.1)
    let mantissa =
      UInt64(whole) &* Self.powers[count] &+ high &* 100_000_000 &+ Self.eightDigits(words.2)
    // Whether it is short enough for one division can be guessed of no number: none is divided.
    let size = mantissa == 0 ? 0 : powers.number(mantissa, -count)
    value = Double(bitPattern: size.bitPattern | (isNegative ? 1 << 63 : 0))
    return true
  }

  /// Any number of digits on both sides of the point, and a power of ten.
  @inline(never)
  private func long(_ start: Bytes, _ sign: UInt8, into value: inout Double) -> Bytes? {
    let isNegative = start.pointee == 0x2D
    var place = start + (isNegative ? 1 : 0)
    var mantissa: UInt64 = 0
    var digits = Self.take(&place, &mantissa)
    guard digits > 0 else { return nil }
    var exponent = 0
    if place.pointee == point {
      place += 1
      let fraction = Self.take(&place, &mantissa)
      digits += fraction
      exponent = -fraction
    }
    // So many fit 64 bits.
    guard digits <= 19 else { return nil }
    if place.pointee | 0x20 == 0x65 {
      guard let next = DecimalNumber.scanExponent(place + 1, place + 16, into: &exponent) else {
        return nil
      }
      place = next
    }
    let size = DecimalNumber.number(mantissa, exponent, powers)
    value = Double(bitPattern: size.bitPattern | (isNegative ? 1 << 63 : 0))
    return size.isFinite && place.pointee == sign ? place : nil
  }

  /// Appends the digits at a place to a number, which is anything where there are more than 19.
  private static func take(_ place: inout Bytes, _ mantissa: inout UInt64) -> Int {
    let start = place
    while true {
      let word = word(place) ^ zeros
      let count = others(word).trailingZeroBitCount >> 3
      mantissa = mantissa &* powers[count] &+ eightDigits(leading(count, of: word))
      place += count
      if count < 8 { return place - start }
    }
  }

  // MARK: Words

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let zeros: UInt64 = 0x3030_3030_3030_3030
  /// 10⁰ to 10¹⁸; a literal lies in the program, what is computed first is asked for at every number.
  private static let powers: [UInt64] = [
    1, 10, 100, 1000, 10000, 100000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
    1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
    1_000_000_000_000_000_000,
  ]

  /// Eight bytes, the first one the lowest.
  @inline(__always)
  private static func word(_ place: Bytes) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
  }

  /// The highest bit of the first byte that is 0 is set; those behind it may be wrong.
  @inline(__always)
  private static func zeroBytes(in word: UInt64) -> UInt64 {
    (word &- ones) & ~word & 0x8080_8080_8080_8080
  }

  /// The highest bit of the first byte that is no digit, 0 to 9, is set; those behind it may be wrong.
  @inline(__always)
  private static func others(_ word: UInt64) -> UInt64 {
    (word &+ 0x7676_7676_7676_7676 | word) & 0x8080_8080_8080_8080
  }

  /// The first digits of eight, with zeros before them.
  @inline(__always)
  private static func leading(_ count: Int, of word: UInt64) -> UInt64 {
    // By halves, for a shift by 64 would be none.
    let half = UInt64(32 - 4 * count)
    return (word &<< half) &<< half
  }

  /// The number of eight digits, the first one in the lowest byte, all at once (Lemire, 2021,
  /// "Number parsing at a gigabyte per second").
  @inline(__always)
  private static func eightDigits(_ word: UInt64) -> UInt64 {
    let pairs = word &* 10 &+ word >> 8
    let low = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let high = (pairs >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (low &+ high) >> 32
  }
}
