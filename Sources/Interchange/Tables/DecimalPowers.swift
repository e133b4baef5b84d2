/// m·10^e to the nearest binary64, ties to even (Lemire, 2021, "Number parsing at a gigabyte per
/// second"; Mushtak and Lemire, 2022, show that it needs no other way behind it).
///
/// The table is never given back, and nobody writes to it.
struct DecimalPowers: @unchecked Sendable {
  /// The upper 128 bits of 5^e, moved up to its highest bit.
  struct Power: Equatable {
    var high: UInt64
    var low: UInt64
  }

  /// Beyond these every number of 64 bits is 0 or too large.
  static let exponents = -342...308

  /// Made when the first number asks for it. What is made is asked for whenever it is named: who reads
  /// many numbers keeps it.
  static let table = DecimalPowers()

  /// For each exponent in its order.
  private let powers: UnsafePointer<Power>

  private init() {
    let all = Self.negative().reversed() + Self.positive()
    let room = UnsafeMutableBufferPointer<Power>.allocate(capacity: max(1, all.count))
    _ = room.initialize(fromContentsOf: all)
    powers = UnsafePointer(room.baseAddress ?? .allocate(capacity: 1))
  }

  /// Numbers of 16·64 bits, the lowest word first.
  private static let words = 16

  /// 5⁰ to 5³⁰⁸ in whole, cut off.
  private static func positive() -> [Power] {
    var number = [UInt64](repeating: 0, count: words)
    number[0] = 1
    return (0...exponents.upperBound).map { exponent in
      if exponent > 0 {
        var carry: UInt64 = 0
        for place in 0..<words {
          let (high, low) = number[place].multipliedFullWidth(by: 5)
          let (sum, overflows) = low.addingReportingOverflow(carry)
          number[place] = sum
          carry = high &+ (overflows ? 1 : 0)
        }
      }
      return top(of: number)
    }
  }

  /// 5⁻¹ to 5⁻³⁴²: of 2¹⁰²³ divided by 5 again and again no more is lost than by one division.
  private static func negative() -> [Power] {
    var number = [UInt64](repeating: 0, count: words)
    number[words - 1] = 1 << 63
    return (1...(-exponents.lowerBound)).map { exponent in
      var rest: UInt64 = 0
      for place in (0..<words).reversed() {
        let (quotient, remainder) = UInt64(5).dividingFullWidth((rest, number[place]))
        number[place] = quotient
        rest = remainder
      }
      var power = top(of: number)
      // These must not be less than the power.
      if exponent <= 27 {
        power.low &+= 1
        if power.low == 0 { power.high &+= 1 }
      }
      return power
    }
  }

  private static func top(of number: [UInt64]) -> Power {
    var place = words - 1
    while place > 0, number[place] == 0 { place -= 1 }
    func word(_ offset: Int) -> UInt64 { place < offset ? 0 : number[place - offset] }
    let shift = UInt64(word(0).leadingZeroBitCount)
    // A shift by 64 gives 0.
    return Power(
      high: word(0) << shift | word(1) >> (64 - shift),
      low: word(1) << shift | word(2) >> (64 - shift))
  }

  /// - Parameter mantissa: not 0.
  @inline(__always)
  func number(_ mantissa: UInt64, _ exponent: Int) -> Double {
    guard exponent >= Self.exponents.lowerBound else { return 0 }
    guard exponent <= Self.exponents.upperBound else { return .infinity }
    let power = powers[exponent - Self.exponents.lowerBound]
    let zeros = mantissa.leadingZeroBitCount
    let m = mantissa << UInt64(zeros)
    var (high, low) = m.multipliedFullWidth(by: power.high)
    // 55 bits are wanted: the lower half matters only where those behind them are all 1.
    if high & 0x1FF == 0x1FF {
      let more = m.multipliedFullWidth(by: power.low).high
      let (sum, overflows) = low.addingReportingOverflow(more)
      low = sum
      if overflows { high &+= 1 }
    }
    let upper = Int(high >> 63)
    let shift = UInt64(upper + 9)
    var bits = high >> shift
    // ⌊e·log₂10⌋ + 63, for the exponents that there are.
    var binary = (217_706 * exponent) >> 16 + 63 + upper - zeros + 1023
    guard binary > 0 else {
      guard binary > -63 else { return 0 }
      bits >>= UInt64(1 - binary)
      bits = (bits + bits & 1) >> 1
      // One that is rounded up to 2⁵² is no longer subnormal; its bits say so.
      return Double(bitPattern: bits)
    }
    let mayBeHalf = low <= 1 && exponent >= -4 && exponent <= 23
    if mayBeHalf, bits & 3 == 1, bits << shift == high { bits &= ~1 }
    bits = (bits + bits & 1) >> 1
    if bits >= 1 << 53 {
      bits = 1 << 52
      binary += 1
    }
    guard binary < 0x7FF else { return .infinity }
    return Double(bitPattern: UInt64(binary) << 52 | bits & (1 << 52 - 1))
  }
}
