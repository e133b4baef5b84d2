import Glibc

/// Reads decimal numbers to the nearest binary64, ties to even, as `strtod` does and several times
/// as fast: up to 19 digits and powers of ten up to 19 need only whole-number arithmetic.
enum DecimalNumber {
  typealias Bytes = UnsafePointer<UInt8>

  // Literals, for they lie in the program; what is computed first is asked for at every number.

  /// 10⁰ to 10¹⁹, all that fit 64 bits.
  static let powers: [UInt64] = [
    1, 10, 100, 1000, 10000, 100000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
    1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
    1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]
  /// ⌊(2¹²⁸ - 1)/d⌋ - 2⁶⁴ for these powers, moved up to their highest bit, as d.
  static let reciprocals: [UInt64] = [
    0xffff_ffff_ffff_ffff, 0x9999_9999_9999_9999, 0x47ae_147a_e147_ae14, 0x0624_dd2f_1a9f_be76,
    0xa36e_2eb1_c432_ca57, 0x4f8b_588e_368f_0846, 0x0c6f_7a0b_5ed8_d36b, 0xad7f_29ab_caf4_8578,
    0x5798_ee23_08c3_9df9, 0x12e0_be82_6d69_4b2e, 0xb7cd_fd9d_7bdb_ab7d, 0x5fd7_fe17_9649_55fd,
    0x1979_9812_dea1_1197, 0xc25c_2684_9768_1c26, 0x6849_b86a_12b9_b01e, 0x203a_f9ee_7561_59b2,
    0xcd2b_297d_889b_c2b6, 0x70ef_5464_6d49_6892, 0x2725_dd1d_243a_ba0e, 0xd83c_94fb_6d2a_c34a,
  ]
  /// 10⁰ to 10²², all that binary64 holds exactly.
  private static let exactPowers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The number that starts at `start`; `1e999` gives infinity.
  /// - Returns: where it ends, nil where no number starts.
  @inline(__always)
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
    let first = place
    while place < end {
      let digit = place.pointee &- 0x30
      guard digit <= 9 else { break }
      if mantissa < 1_000_000_000_000_000_000 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
      } else {
        exponent &+= 1
        isCut = isCut || digit != 0
      }
      place += 1
    }
    var digits = place - first
    if place < end, place.pointee == point {
      place += 1
      let fraction = place
      while end - place >= 8, mantissa < 100_000_000_000, let eight = eightDigits(place) {
        mantissa = mantissa &* 100_000_000 &+ eight
        exponent &-= 8
        place += 8
      }
      while place < end {
        let digit = place.pointee &- 0x30
        guard digit <= 9 else { break }
        if mantissa < 1_000_000_000_000_000_000 {
          mantissa = mantissa &* 10 &+ UInt64(digit)
          exponent &-= 1
        } else {
          isCut = isCut || digit != 0
        }
        place += 1
      }
      digits += place - fraction
    }
    guard digits > 0 else { return nil }
    if place < end, place.pointee | 0x20 == 0x65 {
      guard let next = scanExponent(place + 1, end, into: &exponent) else { return nil }
      place = next
    }
    if isCut {
      value = converted(start, place, point: point)
    } else {
      let size = number(mantissa, exponent) ?? converted(first, place, point: point)
      value = isNegative ? -size : size
    }
    return place
  }

  /// The number that eight bytes are in digits, nil where one is none; all at once (Lemire, 2021,
  /// "Number parsing at a gigabyte per second").
  @inline(__always)
  private static func eightDigits(_ place: Bytes) -> UInt64? {
    var word = UInt64(
      littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    let digits = word & 0xF0F0_F0F0_F0F0_F0F0
    let above = (word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0
    guard digits == 0x3030_3030_3030_3030, above == digits else { return nil }
    word &-= 0x3030_3030_3030_3030
    word = word &* 10 &+ word >> 8
    let low = (word & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let high = (word >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (low &+ high) >> 32
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

  /// mantissa · 10^exponent, nil where whole-number arithmetic does not reach.
  @inline(__always)
  private static func number(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    if mantissa == 0 { return 0 }
    if mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
      // Both are exact, so that one rounding is all there is (Clinger, 1990).
      let exact = Double(mantissa)
      return exponent < 0 ? exact / exactPowers[-exponent] : exact * exactPowers[exponent]
    }
    guard exponent >= -19, exponent <= 19 else { return nil }
    return exponent < 0
      ? quotient(mantissa, -exponent) : product(mantissa, powers[exponent])
  }

  /// a/10^power to the nearest: 64 bits of the quotient, the remainder kept as a lowest bit of 1.
  private static func quotient(_ a: UInt64, _ power: Int) -> Double {
    let b = powers[power]
    let (aShift, bShift) = (a.leadingZeroBitCount, b.leadingZeroBitCount)
    let (high, divisor) = (a << aShift, b << bShift)
    let isHalved = high >= divisor
    let (quotient, remainder) = divided(
      isHalved ? high >> 1 : high, isHalved ? high << 63 : 0, by: divisor, reciprocals[power])
    let rounded = Double(remainder == 0 ? quotient : quotient | 1)
    return rounded * powerOfTwo(bShift - aShift + (isHalved ? 1 : 0) - 64)
  }

  /// Divides 128 bits of which the upper half is less than the divisor, whose highest bit is set
  /// (Möller and Granlund, 2011, algorithm 4).
  @inline(__always)
  static func divided(
    _ high: UInt64, _ low: UInt64, by divisor: UInt64, _ reciprocal: UInt64
  ) -> (quotient: UInt64, remainder: UInt64) {
    let product = reciprocal.multipliedFullWidth(by: high)
    let (part, carry) = product.low.addingReportingOverflow(low)
    var quotient = product.high &+ high &+ (carry ? 1 : 0) &+ 1
    var remainder = low &- quotient &* divisor
    if remainder > part {
      quotient &-= 1
      remainder = remainder &+ divisor
    }
    if remainder >= divisor {
      quotient &+= 1
      remainder &-= divisor
    }
    return (quotient, remainder)
  }

  /// a·b to the nearest.
  private static func product(_ a: UInt64, _ b: UInt64) -> Double {
    let (high, low) = a.multipliedFullWidth(by: b)
    if high == 0 { return Double(low) }
    let shift = high.leadingZeroBitCount
    let top = shift == 0 ? high : high << shift | low >> (64 - shift)
    let rest = low << shift
    return Double(rest == 0 ? top : top | 1) * powerOfTwo(64 - shift)
  }

  private static func powerOfTwo(_ exponent: Int) -> Double {
    Double(bitPattern: UInt64(1023 + exponent) << 52)
  }

  /// By the C library: for the few numbers with more digits or larger exponents.
  private static func converted(_ start: Bytes, _ end: Bytes, point: UInt8) -> Double {
    var text = Array(UnsafeBufferPointer(start: start, count: end - start)).map {
      CChar(bitPattern: $0 == point ? 0x2E : $0)
    }
    text.append(0)
    return strtod(text, nil)
  }
}
