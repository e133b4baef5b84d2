import Glibc

/// Reads decimal numbers to the nearest binary64, ties to even, as `strtod` does and several times
/// as fast.
enum DecimalNumber {
  typealias Bytes = UnsafePointer<UInt8>

  // Literals, for they lie in the program; what is computed first is asked for at every number.

  /// 10⁰ to 10²², all that binary64 holds exactly.
  static let exactPowers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

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

  static func scanExponent(
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
  static func number(
    _ mantissa: UInt64, _ exponent: Int, _ powers: DecimalPowers = .table
  ) -> Double {
    if mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
      // Both are exact, so that one rounding is all there is (Clinger, 1990).
      let exact = Double(mantissa)
      return exponent <= 0 ? exact / exactPowers[-exponent] : exact * exactPowers[exponent]
    }
    return mantissa == 0 ? 0 : powers.number(mantissa, exponent)
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
