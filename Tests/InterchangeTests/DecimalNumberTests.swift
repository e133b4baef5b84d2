import Differentiation
import Testing

@testable import Interchange

@Suite("Decimal numbers")
struct DecimalNumberTests {
  private func scanned(_ text: String, point: Character = ".") -> (value: Double, length: Int)? {
    let bytes = Array(text.utf8)
    var value = Double.nan
    return bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress,
        let end = DecimalNumber.scan(
          start, start + buffer.count, point: point.asciiValue ?? 0, into: &value)
      else { return nil }
      return (value, end - start)
    }
  }

  /// The standard library reads by the C library, to the nearest.
  @Test func `numbers of any length are read to the nearest`() {
    var random = RandomSource(seed: 1, stream: "decimal numbers")
    for length in 1...24 {
      for _ in 0..<400 {
        let digits = (0..<length).map { _ in String(Int(random.uniform() * 10)) }.joined()
        let place = Int(random.uniform() * Double(length + 1))
        let sign = random.uniform() < 0.5 ? "-" : ""
        let exponent =
          random.uniform() < 0.3 ? "e\(Int(random.uniform() * 60) - 30)" : ""
        let text = "\(sign)\(digits.prefix(place)).\(digits.dropFirst(place))\(exponent)"
        let expected = Double(
          text.replacing("-.", with: "-0.").replacing(".e", with: ".0e")
            .replacing(/^\./, with: "0.").replacing(/\.$/, with: ""))
        let got = scanned(text)
        #expect(got?.value == expected, "\(text)")
        #expect(got?.length == text.utf8.count, "\(text)")
      }
    }
  }

  @Test func `every binary64 that is written comes back`() {
    var random = RandomSource(seed: 2, stream: "decimal numbers")
    for _ in 0..<20_000 {
      let number = random.normal() * (random.uniform() < 0.5 ? 1 : 1e-7)
      #expect(scanned("\(number)")?.value == number)
    }
  }

  @Test(arguments: ["1234567x", "12345678x", "0.1234567x", "0.12345678x", "0.123456789012345678x"])
  func `digits end where they end`(text: String) {
    #expect(scanned(text)?.length == text.utf8.count - 1)
    #expect(scanned(text)?.value == Double(text.dropLast()))
  }

  @Test(arguments: ["", ".", "-", "+.", "x", "-x1", "e5", "1e", "1e+"])
  func `what is no number is none`(text: String) {
    #expect(scanned(text) == nil)
  }

  @Test func `reciprocals are those of the powers`() {
    for (power, reciprocal) in zip(DecimalNumber.powers, DecimalNumber.reciprocals) {
      let divisor = power << power.leadingZeroBitCount
      #expect(divisor.dividingFullWidth((~divisor, .max)).quotient == reciprocal)
      for (high, low) in [(0, 1), (divisor - 1, .max), (divisor / 3, 12345)] as [(UInt64, UInt64)] {
        let (quotient, remainder) = DecimalNumber.divided(high, low, by: divisor, reciprocal)
        let expected = divisor.dividingFullWidth((high, low))
        #expect(quotient == expected.quotient && remainder == expected.remainder)
      }
    }
  }
}
