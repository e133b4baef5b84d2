import Glibc

/// Reads decimal numbers to the nearest binary64, ties to even, as `strtod` does and several times
/// as fast: up to 19 digits and powers of ten up to 19 need only whole-number arithmetic.
enum DecimalNumber {
  typealias Bytes = UnsafePointer<UInt8>

  /// 10⁰ to 10¹⁹, all that fit 64 bits.
  private static let powers: [UInt64] = (0..<19).reduce(into: [1]) { list, _ in
    list.append(list[list.count - 1] &* 10)
  }
  /// 10⁰ to 10²², all that binary64 holds exactly.
  private static let exactPowers: [Double] = (0..<22).reduce(into: [1]) { list, _ in
    list.append(list[list.count - 1] * 10)
  }

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
      ? quotient(mantissa, powers[-exponent]) : product(mantissa, powers[exponent])
  }

  /// a/b to the nearest: 64 bits of the quotient, the remainder kept as a lowest bit of 1.
  private static func quotient(_ a: UInt64, _ b: UInt64) -> Double {
    let (aShift, bShift) = (a.leadingZeroBitCount, b.leadingZeroBitCount)
    let (high, divisor) = (a << aShift, b << bShift)
    let isHalved = high >= divisor
    let dividend =
      isHalved ? (high: high >> 1, low: high << 63) : (high: high, low: 0 as UInt64)
    let (quotient, remainder) = divisor.dividingFullWidth(dividend)
    let rounded = Double(remainder == 0 ? quotient : quotient | 1)
    return rounded * powerOfTwo(bShift - aShift + (isHalved ? 1 : 0) - 64)
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
