/// The decimal digits of a finite positive number, correctly rounded: half to even, decided on the
/// exact binary value (0.15 is a little less than 0.15, so one decimal place gives 0.1).
enum DecimalDigits {
  /// How many digits to keep.
  enum Precision {
    /// So many from the first non-zero digit on.
    case significant(Int)
    /// So many behind the decimal point.
    case decimals(Int)
  }

  /// Up to this many digits, rounding the shortest digits that read back as the same double equals
  /// rounding the exact value, but for ties: no shorter decimal than a tie lies that close to it.
  private static let safeDigits = 14

  /// Calls `body` with the digits d₁d₂…dₙ (each 0–9, none at the end that is zero, no digit at all
  /// for zero) and the exponent p, so that the number is 0.d₁d₂…dₙ · 10ᵖ.
  static func with<Result>(
    _ number: Double, _ precision: Precision,
    _ body: (_ digits: UnsafeBufferPointer<UInt8>, _ exponent: Int) -> Result
  ) -> Result {
    let (significand, power) = shortest(number)
    let count = digitCount(significand)
    var kept: Int
    switch precision {
    case .significant(let digits): kept = digits
    case .decimals(let places): kept = count + power + places
    }
    let roundable = kept <= safeDigits && number.isNormal
    if roundable, kept >= count { return withDigits(of: significand, power, body) }
    if roundable, kept >= 0 {
      let divisor = powersOfTen[count - kept]
      let (quotient, rest) = significand.quotientAndRemainder(dividingBy: divisor)
      if rest * 2 != divisor {
        let rounded = rest * 2 > divisor ? quotient + 1 : quotient
        return withDigits(of: rounded, power + count - kept, body)
      }
    }
    var (digits, exponent) = exact(number)
    if case .decimals(let places) = precision { kept = exponent + places }
    round(&digits, &exponent, to: kept)
    return digits.withUnsafeBufferPointer { body($0, exponent) }
  }

  private static let powersOfTen: [UInt64] = {
    var powers: [UInt64] = [1]
    for _ in 0..<19 { powers.append(powers[powers.count - 1] * 10) }
    return powers
  }()

  private static func digitCount(_ number: UInt64) -> Int {
    var count = 1
    var limit: UInt64 = 10
    while number >= limit, count < 19 {
      count += 1
      limit *= 10
    }
    return count
  }

  /// The shortest digits that read back as `number`: the standard library's own, as
  /// significand · 10^power.
  private static func shortest(_ number: Double) -> (significand: UInt64, power: Int) {
    var text = number.description
    return text.withUTF8 { bytes in
      var significand: UInt64 = 0
      var power = 0
      var behindPoint = false
      var pendingZeros = 0
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: ".") {
          behindPoint = true
        } else if byte == UInt8(ascii: "e") {
          break
        } else {
          // Zeros count only once a digit follows: "100.0" is 1 · 10².
          if byte == UInt8(ascii: "0") {
            pendingZeros += 1
          } else {
            for _ in 0..<pendingZeros where significand > 0 { significand *= 10 }
            significand = significand * 10 + UInt64(byte - UInt8(ascii: "0"))
            pendingZeros = 0
          }
          if behindPoint { power -= 1 }
        }
      }
      power += pendingZeros
      var exponent = 0
      var isNegative = false
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: "-") {
          isNegative = true
        } else if byte != UInt8(ascii: "+") {
          exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
        }
      }
      return (significand, power + (isNegative ? -exponent : exponent))
    }
  }

  private static func withDigits<Result>(
    of significand: UInt64, _ power: Int,
    _ body: (UnsafeBufferPointer<UInt8>, Int) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
      if significand == 0 { return body(UnsafeBufferPointer(rebasing: buffer[0..<0]), 0) }
      var rest = significand
      var count = 0
      var start = 20
      while rest > 0 {
        start -= 1
        buffer[start] = UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
        count += 1
      }
      var end = 20
      while buffer[end - 1] == 0 { end -= 1 }
      return body(UnsafeBufferPointer(rebasing: buffer[start..<end]), count + power)
    }
  }

  /// Every digit of the binary value: m · 2^e is m · 5^(−e) / 10^(−e) for a negative e.
  private static func exact(_ number: Double) -> (digits: [UInt8], exponent: Int) {
    let bits = number.significandBitPattern
    let isNormal = number.exponentBitPattern != 0
    let significand = isNormal ? bits | (1 << 52) : bits
    let exponent = isNormal ? Int(number.exponentBitPattern) - 1075 : -1074
    let base: UInt64 = 1_000_000_000
    var words: [UInt64] = [significand % base, significand / base]
    func multiply(by factor: UInt64) {
      var carry: UInt64 = 0
      for index in words.indices {
        let product = words[index] * factor + carry
        words[index] = product % base
        carry = product / base
      }
      while carry > 0 {
        words.append(carry % base)
        carry /= base
      }
    }
    var remaining = abs(exponent)
    let (step, power, single): (Int, UInt64, UInt64) =
      exponent < 0 ? (13, 1_220_703_125, 5) : (29, 1 << 29, 2)
    while remaining >= step {
      multiply(by: power)
      remaining -= step
    }
    for _ in 0..<remaining { multiply(by: single) }

    var digits: [UInt8] = []
    digits.reserveCapacity(words.count * 9)
    for word in words.reversed() {
      var divisor: UInt64 = 100_000_000
      while divisor > 0 {
        digits.append(UInt8(word / divisor % 10))
        divisor /= 10
      }
    }
    let leading = digits.firstIndex { $0 != 0 } ?? digits.count
    digits.removeFirst(leading)
    return (digits, digits.count + min(exponent, 0))
  }

  private static func round(_ digits: inout [UInt8], _ exponent: inout Int, to kept: Int) {
    if kept < 0 {
      digits = []
    } else if kept < digits.count {
      let next = digits[kept]
      let hasMore = digits[(kept + 1)...].contains { $0 != 0 }
      let isOdd = kept > 0 && digits[kept - 1] % 2 == 1
      digits.removeSubrange(kept...)
      if next > 5 || (next == 5 && (hasMore || isOdd)) {
        var index = kept - 1
        while index >= 0, digits[index] == 9 {
          digits[index] = 0
          index -= 1
        }
        if index >= 0 {
          digits[index] += 1
        } else {
          digits.insert(1, at: 0)
          exponent += 1
        }
      }
    }
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { exponent = 0 }
  }
}
