import Rendering

/// Decimal digits of the numbers of a quiz.
enum QuizNumber {
  /// What a computation by hand cannot tell from 0.
  static let zero = 1e-12
  /// Which numbers are the same, as a share of them: platforms compare numbers that were written.
  static let sameShare = 1e-9

  /// The number with so many significant digits.
  static func rounded(_ number: Double, digits: Int) -> Double {
    guard number.isFinite, abs(number) > zero else { return 0 }
    return Double(NumberStyle.significantDigits(digits).text(number)) ?? number
  }

  /// Half a unit of the last of so many significant digits: what rounding takes or adds at most.
  static func halfUnit(_ number: Double, digits: Int) -> Double {
    // What a computation left of 0.8 or 1 counts as such.
    let size = abs(rounded(number, digits: 12))
    guard size.isFinite, size > zero else { return sameShare }
    var exponent = 0
    var unit = 1.0
    while unit > size {
      exponent -= 1
      unit = Double("1e\(exponent)") ?? 0
    }
    while unit * 10 <= size {
      exponent += 1
      unit = Double("1e\(exponent)") ?? size
    }
    return Double("5e\(exponent - digits)") ?? 0
  }

  static func areSame(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= max(sameShare * max(abs(a), abs(b)), zero)
  }

  /// As platforms read it: `0.6225`, `5`, `0.000015`.
  static func text(_ number: Double) -> String {
    let text = "\(rounded(number, digits: 10))"
    let parts = text.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]), -15 ... -1 ~= exponent else {
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    let sign = parts[0].hasPrefix("-") ? "-" : ""
    let digits = parts[0].filter { $0 != "-" && $0 != "." }
    return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(digits)"
  }

  /// Between two numbers that were written with ten digits, a little more than the tolerance.
  static func toleranceText(_ tolerance: Double) -> String { text(tolerance * (1 + 1e-6)) }
}
