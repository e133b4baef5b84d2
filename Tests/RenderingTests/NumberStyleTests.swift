import Glibc
import Testing

@testable import Rendering

/// The C library's own formatting, an oracle that shares no code with ours.
private func printed(_ format: String, _ digits: Int, _ number: Double) -> String {
  var buffer = [CChar](repeating: 0, count: 2000)
  _ = withVaList([Int32(digits), number]) { vsnprintf(&buffer, buffer.count, format, $0) }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

private struct Draws: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct NumberStyleTests {
  @Test(
    arguments: [
      (0.30000000000000004, "0.3"), (0.3333333333333333, "0.333333333"),
      (0.6666666666666666, "0.666666667"), (-0.0, "0"),
      (0.08216704056423078, "0.0821670406"), (0.2983711087600027, "0.298371109"), (100, "100"),
      (1e14, "100000000000000"), (1e15, "1e15"), (-1.5e20, "-1.5e20"),
      (123_456_789_012, "123456789012"),
      (0.00001, "0.00001"), (0.0000099, "9.9e-6"), (-1.23456789012e-7, "-1.23456789e-7"),
      (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"),
      (.leastNonzeroMagnitude, "4.94065646e-324"),
      (1.7976931348623157e308, "1.79769313e308"), (12_345_678_912.7, "12345678913"),
      (9.99999999995e-6, "0.00001"), (999_999_999_999_999.9, "1e15"), (0.5, "0.5"), (-2.5, "-2.5"),
      (1_000_000_000.5, "1000000000"), (1_000_000_001.5, "1000000002"), (0.999999999951, "1"),
    ] as [(Double, String)])
  func `numbers print with nine significant digits`(number: Double, text: String) {
    #expect(NumberStyle.standard.text(number) == text)
  }

  @Test(
    arguments: [
      (2, 0.5, "0.50"), (2, 3, "3"), (2, -0.001, "0.00"), (9, 0.08216704056423078, "0.082167041"),
      (0, 2.5, "2"), (0, 3.5, "4"), (2, 0.125, "0.12"), (2, 0.375, "0.38"), (2, 0.015, "0.01"),
      (1, 0.05, "0.1"), (3, 1e20, "1e20"), (20, 0.1, "0.10000000000000000555"), (2, 1e-300, "0.00"),
    ] as [(Int, Double, String)])
  func `decimals are places behind the point`(places: Int, number: Double, text: String) {
    #expect(NumberStyle.decimals(places).text(number) == text)
  }

  @Test func `digits left of the point are never replaced by zeros`() {
    #expect(NumberStyle.significantDigits(2).text(1234.7) == "1235")
    #expect(NumberStyle.significantDigits(2).text(0.01649) == "0.016")
    #expect(NumberStyle.significantDigits(4).text(99.996) == "100")
  }

  @Test func `significant digits agree with the C library on any double`() {
    var draws = Draws(state: 7)
    for round in 0..<60_000 {
      let bits = draws.next()
      let number = abs(Double(bitPattern: bits))
      guard number.isFinite, number > 0 else { continue }
      let digits = round % 20 + 1
      let ours = DecimalDigits.with(number, .significant(digits)) { kept, exponent in
        (kept.map { String($0) }.joined(), exponent)
      }
      let text = printed("%.*e", digits - 1, number)
      let parts = text.split(separator: "e")
      var theirs = String(parts[0].filter { $0 != "." })
      while theirs.last == "0" { theirs.removeLast() }
      #expect(ours.0 == theirs, "\(number) to \(digits) digits")
      #expect(ours.1 == (Int(parts[1]) ?? .max) + 1, "\(number) to \(digits) digits")
    }
  }

  @Test func `decimals agree with the C library on short and on long fractions`() {
    var draws = Draws(state: 11)
    for round in 0..<60_000 {
      // Multiples of 1/1000 and 1/1024 have the ties and near ties in them.
      let whole = Double(draws.next() % 2_000_000)
      let number = round % 3 == 0 ? whole / 1000 : round % 3 == 1 ? whole / 1024 : whole / 7e9
      let places = round % 13
      #expect(NumberStyle.fixed(number, places: places) == printed("%.*f", places, number))
      #expect(
        NumberStyle.fixed(-number, places: places).filter { $0 != "-" }
          == printed("%.*f", places, number))
    }
  }

  @Test(
    arguments: [
      (".4", 0.5, "0.5000"), (".4", 1, "1.0000"), (".4g", 0.123456, "0.1235"),
      ("8", 0.5, "     0.5"),
      ("8.3", 0.0625, "   0.062"), ("8.3g", 12.3456, "    12.3"), (".0", 2.5, "2"),
      (".2", -0.001, "0.00"), (".2", .nan, "nan"), ("3", 12345, "12345"),
    ] as [(String, Double, String)])
  func `interpolation formats set decimals, digits and width`(
    format: String, number: Double, text: String
  ) {
    #expect(NumberFormat(format)?.text(number) == text)
  }

  @Test(arguments: ["", "x", ".", "4x", ".4f", "8.", "-3", ".99", "99999", "8.3gg"])
  func `what is no format is refused`(text: String) {
    #expect(NumberFormat(text) == nil)
  }
}

@Suite struct TensorTextTests {
  @Test func `a vector prints in brackets, a long one with its count`() {
    let style = NumberStyle.standard
    #expect(style.vector([4, 10]) == "[4, 10]")
    #expect(style.vector([]) == "[]")
    #expect(
      style.vector((1...100).map(Double.init), limit: 6)
        == "[1, 2, 3, 4, …, 99, 100] (100 elements)")
  }

  @Test func `columns of a matrix align at the point`() {
    let text = NumberStyle.matrixElement.matrix(
      elements: [0.149780716, 2, -0.24975114, 130.5, 1e-9, 0], rows: 3, columns: 2)
    #expect(
      text == """
         0.149781    2
        -0.249751  130.5
         1e-9        0
        """)
  }

  @Test func `a large matrix is cut in the middle and names its shape`() {
    let elements = (0..<30_000).map { Double($0) }
    let text = NumberStyle.matrixElement.matrix(
      elements: elements, rows: 100, columns: 300, rowLimit: 5, width: 40)
    #expect(
      text == """
            0      1      2  …    298    299
          300    301    302  …    598    599
          600    601    602  …    898    899
        …
        29400  29401  29402  …  29698  29699
        29700  29701  29702  …  29998  29999
        (100×300 matrix)
        """)
    for line in text.split(separator: "\n") { #expect(TextWidth.columns(of: String(line)) <= 40) }
  }

  @Test func `a matrix without elements or with too few is only its shape`() {
    #expect(NumberStyle.standard.matrix(elements: [], rows: 0, columns: 3) == "(0×3 matrix)")
    #expect(NumberStyle.standard.matrix(elements: [1], rows: 2, columns: 3) == "(2×3 matrix)")
  }
}
