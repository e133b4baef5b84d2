import Differentiation
import Glibc
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

  /// What the C library makes of the same text.
  @Test func `any mantissa with any power of ten is read to the nearest`() {
    var random = RandomSource(seed: 3, stream: "decimal numbers")
    var mantissas: [UInt64] = [
      1, 2, 3, 9, 10, 1 << 53, 1 << 53 + 1, 1 << 53 + 3, 1 << 54 + 2, 1 << 63, .max, .max - 1,
      4_503_599_627_370_497, 9_007_199_254_740_993, 22_250_738_585_072_011, 49_406_564_584_124_654,
      17_976_931_348_623_159, 5,
    ]
    for _ in 0..<40 { mantissas.append(random.next() >> (random.next() % 64)) }
    for mantissa in mantissas where mantissa > 0 {
      for exponent in -365...320 {
        let got = DecimalPowers.table.number(mantissa, exponent)
        #expect(got == strtod("\(mantissa)e\(exponent)", nil), "\(mantissa)e\(exponent)")
      }
    }
  }

  /// Halves between two numbers: odd multiples of half of the last place.
  @Test func `halves go to the even number`() {
    for power in 0...20 {
      for odd in [1, 3, 5, 7] as [UInt64] {
        let mantissa = 1 << 53 + odd
        let exponent = -power
        // 5^power · mantissa has the same bits as mantissa/10^power without its power of two.
        var scaled = mantissa
        var isWhole = true
        for _ in 0..<power {
          let (product, overflows) = scaled.multipliedReportingOverflow(by: 5)
          if overflows { isWhole = false }
          scaled = product
        }
        guard isWhole else { continue }
        #expect(
          DecimalPowers.table.number(scaled, exponent) == strtod("\(scaled)e\(exponent)", nil),
          "\(scaled)e\(exponent)")
      }
    }
  }

  private func field(
    _ text: String, point: UInt8 = ValueForm.point, isLast: Bool = true
  ) -> (value: Double, length: Int)? {
    // What follows are digits, as in the next field or line.
    let bytes = Array("\(text)\(isLast ? "" : ";1")\n1234567812345678123456781234567812".utf8)
    var value = Double.nan
    let scanner = FieldScanner(
      CSVDialect(delimiter: CSVDialect.semicolon, hasHeader: false, point: point))
    return bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress,
        let end = scanner.number(at: start, isLast: isLast, into: &value)
      else { return nil }
      return (value, end - start)
    }
  }

  @Test func `a field is the same number read at once as byte by byte`() {
    var random = RandomSource(seed: 4, stream: "decimal numbers")
    func check(_ text: String) {
      for isLast in [true, false] {
        guard let got = field(text, isLast: isLast) else {
          // What the quick way leaves to the other is no number, or of more digits than it takes.
          let usual = /-?[0-9]{1,9}(\.[0-9]{1,10})?|-?[0-9]\.[0-9]{1,18}/
          #expect(text.wholeMatch(of: usual) == nil, "\(text)")
          continue
        }
        let other = scanned(text)
        #expect(other?.length == text.utf8.count && got.length == text.utf8.count, "\(text)")
        #expect(other?.value.bitPattern == got.value.bitPattern, "\(text)")
      }
    }
    for length in 1...26 {
      for _ in 0..<200 {
        var text = ""
        for _ in 0..<length {
          let kind = random.uniform()
          text += kind < 0.9 ? String(Int(random.uniform() * 10)) : kind < 0.96 ? "." : "-"
        }
        if random.uniform() < 0.2 { text += "e\(Int(random.uniform() * 60) - 30)" }
        check(text)
        // As most are: a sign or none, a digit, a point and digits.
        let digits = (0..<length).map { _ in String(Int(random.uniform() * 10)) }.joined()
        check((random.uniform() < 0.5 ? "-" : "") + "\(digits.prefix(1)).\(digits.dropFirst())")
      }
    }
  }

  @Test(arguments: [
    "", "-", ".", "-.", "--1", "1-", "1.2.3", "1,2", "x", "1e", "1e999", "12345678x", "0.12345678x",
    "0.1234567890123456x", "0.123456781234567812345678", "0,12345678", "0.12345678-12345678",
  ])
  func `what is no plain number is left to the slow way`(text: String) {
    #expect(field(text) == nil && field(text, isLast: false) == nil)
  }

  @Test func `signs, points and zeros of a field`() {
    #expect(field("-0")?.value.bitPattern == (-0.0).bitPattern)
    #expect(field("-0.00000000")?.value.bitPattern == (-0.0).bitPattern)
    #expect(field(".5")?.value == 0.5 && field("-.5")?.value == -0.5 && field("5.")?.value == 5)
    #expect(field("-1.25")?.value == -1.25)
    #expect(field("-1,25", point: CSVDialect.comma)?.value == -1.25)
    #expect(field("-1,123456789", point: CSVDialect.comma)?.value == -1.123456789)
  }
}
