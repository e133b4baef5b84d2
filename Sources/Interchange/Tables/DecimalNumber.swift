import Glibc

/// Reads decimal numbers to the nearest binary64, ties to even, as `strtod` does and several times
/// as fast.
enum DecimalNumber {
  typealias Bytes = UnsafePointer<UInt8>

  // Literals, for they lie in the program; what is computed first is asked for at every number.

  /// 10⁰ to 10⁷.
  private static let powers: [UInt64] = [
    1, 10, 100, 1000, 10000, 100000, 1_000_000, 10_000_000,
  ]
  /// 10⁰ to 10²², all that binary64 holds exactly.
  private static let exactPowers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]
  /// So many digits fit 64 bits.
  private static let mostDigits = 19

  // MARK: Fields

  /// The number that is all of a field, where it has the usual form: at most 19 digits, and no sign
  /// but a minus.
  ///
  /// Looks for no end of the bytes: a line end must follow, and seven bytes behind that.
  /// - Parameter signs: what ends this field, eight times.
  /// - Returns: the end of the field, nil where it is anything else.
  @inline(__always)
  static func scan(
    field start: Bytes, to signs: UInt64, point: UInt8, into value: inout Double
  ) -> Bytes? {
    let word = FieldEnds.word(start)
    let end = FieldEnds.zeroBytes(in: word ^ signs)
    // What a field of up to seven bytes holds needs no reading on; which byte ends it is all that the
    // next field waits for.
    guard end != 0 else { return scan(long: start, to: signs, point: point, into: &value) }
    let length = end.trailingZeroBitCount >> 3
    guard short(word, length, point: point, into: &value) else { return nil }
    return start + length
  }

  /// The number in the first bytes of a word, up to seven.
  @inline(__always)
  private static func short(
    _ word: UInt64, _ length: Int, point: UInt8, into value: inout Double
  ) -> Bool {
    guard length > 0 else { return false }
    let shift = UInt64(64 - 8 * length)
    let isNegative = word & 0xFF == 0x2D
    // The last byte becomes the highest one, what is none or a sign becomes a digit of 0.
    var digits = (word ^ zeros) &<< shift
    digits ^= (isNegative ? 0x2D ^ 0x30 : 0) &<< shift
    var count = length - (isNegative ? 1 : 0)
    var fraction = 0
    let points = FieldEnds.zeroBytes(in: digits ^ UInt64(point ^ 0x30) &* FieldEnds.ones)
    if points != 0 {
      // The digits before it move up to its place.
      let before = points & (~points &+ 1)
      let whole = digits & (before >> 7 &- 1)
      digits = digits & ~(before | (before &- 1)) | whole << 8
      fraction = 7 - points.trailingZeroBitCount >> 3
      count -= 1
    }
    guard others(digits) == 0, count > 0 else { return false }
    let size = Double(eightDigits(digits)) / exactPowers[fraction]
    value = Double(bitPattern: size.bitPattern | (isNegative ? 1 << 63 : 0))
    return true
  }

  @inline(__always)
  private static func scan(
    long start: Bytes, to signs: UInt64, point: UInt8, into value: inout Double
  ) -> Bytes? {
    let isNegative = start.pointee == 0x2D
    var place = start + (isNegative ? 1 : 0)
    var mantissa = UInt64(place.pointee &- 0x30)
    var digits = mantissa == 0 ? 0 : 1
    if mantissa <= 9, place[1] == point {
      // One digit before the point is what most numbers of many digits have.
      place += 1
    } else {
      mantissa = 0
      digits = take(&place, &mantissa)
      guard digits > 0 else { return nil }
    }
    var exponent = 0
    if place.pointee == point {
      place += 1
      let fraction = take(&place, &mantissa)
      digits += fraction
      exponent = -fraction
    }
    guard digits <= mostDigits else { return nil }
    if place.pointee | 0x20 == 0x65 {
      guard let next = scanExponent(place + 1, place + 16, into: &exponent) else { return nil }
      place = next
    }
    let size = number(mantissa, exponent)
    value = Double(bitPattern: size.bitPattern | (isNegative ? 1 << 63 : 0))
    return size.isFinite && place.pointee == UInt8(truncatingIfNeeded: signs) ? place : nil
  }

  private static let zeros: UInt64 = 0x3030_3030_3030_3030

  /// Appends the digits at a place to a number, which is anything where there are more than 19.
  ///
  /// Whether there are eight more is a branch, which the processor guesses without waiting for the
  /// bytes.
  @inline(__always)
  private static func take(_ place: inout Bytes, _ mantissa: inout UInt64) -> Int {
    let start = place
    while true {
      let word = FieldEnds.word(place) ^ zeros
      let others = others(word)
      guard others != 0 else {
        mantissa = mantissa &* 100_000_000 &+ eightDigits(word)
        place += 8
        continue
      }
      let count = others.trailingZeroBitCount >> 3
      if count > 0 {
        mantissa = mantissa &* powers[count] &+ eightDigits(word &<< UInt64(64 - 8 * count))
        place += count
      }
      return place - start
    }
  }

  /// The highest bit of the first byte that is no digit is set; those behind it may be wrong.
  @inline(__always)
  private static func others(_ word: UInt64) -> UInt64 {
    (word &+ 0x7676_7676_7676_7676 | word) & 0x8080_8080_8080_8080
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

  // MARK: In any form

  /// The number that starts at `start`; `1e999` gives infinity.
  /// - Returns: where it ends, nil where no number starts.
  static func scan(
    _ start: Bytes, _ end: Bytes, point: UInt8, into value: inout Double
  ) -> Bytes? {
    var place = start
    var isNegative = false
    if place < end, place.pointee == 0x2D || place.pointee == 0x2B {
      isNegative = place.pointee == 0x2D
      place += 1
    }
    var mantissa: UInt64 = 0
    var exponent = 0
    var isCut = false
    var digits = 0
    var isFraction = false
    while place < end {
      let digit = place.pointee &- 0x30
      if digit > 9 {
        guard place.pointee == point, !isFraction else { break }
        isFraction = true
      } else if mantissa < 1_000_000_000_000_000_000 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        digits += 1
        exponent &-= isFraction ? 1 : 0
      } else {
        digits += 1
        exponent &+= isFraction ? 0 : 1
        isCut = isCut || digit != 0
      }
      place += 1
    }
    guard digits > 0 else { return nil }
    if place < end, place.pointee | 0x20 == 0x65 {
      guard let next = scanExponent(place + 1, end, into: &exponent) else { return nil }
      place = next
    }
    var size = number(mantissa, exponent)
    // What was cut off matters where the next number of 19 digits is another one.
    if isCut, size != number(mantissa + 1, exponent) {
      size = abs(converted(start, place, point: point))
    }
    value = isNegative ? -size : size
    return place
  }

  private static func scanExponent(
    _ start: Bytes, _ end: Bytes, into exponent: inout Int
  ) -> Bytes? {
    var place = start
    var isNegative = false
    if place < end, place.pointee == 0x2D || place.pointee == 0x2B {
      isNegative = place.pointee == 0x2D
      place += 1
    }
    let first = place
    var size = 0
    while place < end, place.pointee &- 0x30 <= 9 {
      size = min(size * 10 + Int(place.pointee &- 0x30), 1_000_000)
      place += 1
    }
    guard place > first else { return nil }
    exponent += isNegative ? -size : size
    return place
  }

  /// mantissa · 10^exponent.
  @inline(__always)
  private static func number(_ mantissa: UInt64, _ exponent: Int) -> Double {
    if mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
      // Both are exact, so that one rounding is all there is (Clinger, 1990).
      let exact = Double(mantissa)
      return exponent <= 0 ? exact / exactPowers[-exponent] : exact * exactPowers[exponent]
    }
    return mantissa == 0 ? 0 : DecimalPowers.number(mantissa, exponent)
  }

  /// By the C library: for the few numbers with more digits that lie between two others.
  private static func converted(_ start: Bytes, _ end: Bytes, point: UInt8) -> Double {
    var text = Array(UnsafeBufferPointer(start: start, count: end - start)).map {
      CChar(bitPattern: $0 == point ? 0x2E : $0)
    }
    text.append(0)
    return strtod(text, nil)
  }
}
