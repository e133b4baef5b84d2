/// How numbers are written: `digits n` and `decimals n` of the language, and its default.
///
/// Integers below 10¹⁵ are written in full and without a point; other numbers rounded half to even on
/// their exact binary value, below 10⁻⁵ and from 10¹⁵ on with an exponent. Digits left of the
/// point are never replaced by zeros: with two significant digits 1234.7 is `1235`.
///
///     NumberStyle.standard.text(0.1 + 0.2)     // 0.3
///     NumberStyle.decimals(2).text(0.5)        // 0.50
package enum NumberStyle: Hashable, Sendable {
  /// So many digits from the first one that is not zero; trailing zeros are dropped.
  case significantDigits(Int)
  /// So many places behind the point; trailing zeros are kept.
  case decimals(Int)

  /// Nine significant digits, as the worked examples of lectures print.
  package static let standard = NumberStyle.significantDigits(9)
  /// Six significant digits: the elements of a matrix.
  package static let matrixElement = NumberStyle.significantDigits(6)

  /// More digits than this are not written: a double has no more that mean anything.
  package static let mostDigits = 60

  /// `number` as text; infinities and not-a-number as `inf`, `-inf` and `nan`, −0 as `0`.
  package func text(_ number: Double) -> String {
    if let special = Self.special(number) { return special }
    if abs(number) < 1e15 {
      let integer = Int64(number)
      if Double(integer) == number { return integer.description }
    }
    switch self {
    case .significantDigits(let digits):
      return Self.significant(number, digits: min(max(digits, 1), Self.mostDigits))
    case .decimals(let places): return Self.fixed(number, places: places)
    }
  }

  /// `number` with so many significant digits and no integer exempt: for columns that align.
  static func significant(_ number: Double, digits: Int) -> String {
    if let special = special(number) { return special }
    if number == 0 { return "0" }
    let magnitude = abs(number)
    // Digits left of the point are all written.
    let precision: DecimalDigits.Precision =
      magnitude >= 1e15 || magnitude < 1 || magnitude < powerOfTen(digits - 1)
      ? .significant(digits) : .decimals(0)
    return DecimalDigits.with(magnitude, precision) { digits, exponent in
      exponent > 15 || exponent <= -5
        ? scientific(digits, exponent, isNegative: number < 0)
        : positional(digits, exponent, places: nil, isNegative: number < 0)
    }
  }

  /// `number` with exactly so many places behind the point; from 10¹⁵ on with an exponent.
  static func fixed(_ number: Double, places: Int) -> String {
    if let special = special(number) { return special }
    let places = min(max(places, 0), mostDigits)
    if number == 0 {
      return positional(.init(start: nil, count: 0), 0, places: places, isNegative: false)
    }
    let magnitude = abs(number)
    if magnitude >= 1e15 { return significant(number, digits: min(places + 1, 17)) }
    return DecimalDigits.with(magnitude, .decimals(places)) { digits, exponent in
      positional(digits, exponent, places: places, isNegative: number < 0 && !digits.isEmpty)
    }
  }

  private static func special(_ number: Double) -> String? {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    return nil
  }

  private static func powerOfTen(_ exponent: Int) -> Double {
    var power = 1.0
    for _ in 0..<min(exponent, 16) { power *= 10 }
    return power
  }

  private static let zero = UInt8(ascii: "0")

  /// 0.d₁d₂… · 10^exponent with a point at its place; `places` pads with zeros.
  private static func positional(
    _ digits: UnsafeBufferPointer<UInt8>, _ exponent: Int, places: Int?, isNegative: Bool
  ) -> String {
    let whole = max(exponent, 1)
    let behind = places ?? max(digits.count - exponent, 0)
    let capacity = whole + behind + 2
    return String(unsafeUninitializedCapacity: capacity) { buffer in
      var count = 0
      func append(_ byte: UInt8) {
        buffer[count] = byte
        count += 1
      }
      if isNegative { append(UInt8(ascii: "-")) }
      func digit(at position: Int) -> UInt8 {
        position >= 0 && position < digits.count ? zero + digits[position] : zero
      }
      for position in 0..<whole { append(exponent < 1 ? zero : digit(at: position)) }
      if behind > 0 {
        append(UInt8(ascii: "."))
        for place in 0..<behind { append(digit(at: exponent + place)) }
      }
      return count
    }
  }

  private static func scientific(
    _ digits: UnsafeBufferPointer<UInt8>, _ exponent: Int, isNegative: Bool
  ) -> String {
    var bytes: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
    bytes.append(zero + (digits.first ?? 0))
    if digits.count > 1 {
      bytes.append(UInt8(ascii: "."))
      for digit in digits.dropFirst() { bytes.append(zero + digit) }
    }
    bytes.append(UInt8(ascii: "e"))
    return String(decoding: bytes, as: UTF8.self) + String(exponent - 1)
  }
}
