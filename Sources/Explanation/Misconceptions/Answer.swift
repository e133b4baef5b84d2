import Differentiation

/// What was found by hand and is to be looked into: a number, a vector or a matrix, with the digits
/// that were written.
package struct Answer {
  /// Significant digits that are asked for where nobody says how many.
  package static let standardDigits = 3

  package let values: Tensor
  private let numbers: [WrittenNumber]

  /// - Parameter texts: the literals it was written with, one for each element; nil for values that
  ///   were computed.
  package init(_ values: Tensor, texts: [String]? = nil) {
    self.values = values
    if let texts, texts.count == values.elements.count {
      numbers = zip(values.elements, texts).map { WrittenNumber($0, text: $1) }
    } else {
      numbers = values.elements.map { WrittenNumber(computed: $0) }
    }
  }

  /// Half a unit of the last digit of each element; 0 for one that is meant exactly.
  package var tolerances: [Double] { numbers.map { $0.tolerance } }
  /// The significant digits of the element that has the fewest.
  package var fewestDigits: Int { numbers.map { $0.digits }.min() ?? 0 }
  package var isFinite: Bool { values.elements.allSatisfy { $0.isFinite } }
  /// Whether an element was computed: then all its digits are meant.
  package var isComputed: Bool { numbers.contains { $0.isComputed } }
  /// The significant digits that are written in all.
  package var digits: Int { numbers.reduce(0) { $0 + $1.digits } }

  /// The elements by their positions only.
  func part(_ positions: [Int]) -> Answer {
    Answer(
      Tensor(vector: positions.map { values.elements[$0] }), positions.map { numbers[$0] })
  }

  private init(_ values: Tensor, _ numbers: [WrittenNumber]) {
    (self.values, self.numbers) = (values, numbers)
  }

  /// How an answer agrees with what something else gives.
  package enum Agreement: Equatable {
    /// To the precision of the computation.
    case exact
    /// As far as it is written: the fewest significant digits of an element, and those of all that
    /// were rounded.
    case written(fewest: Int, all: Int)
  }

  /// - Parameters:
  ///   - size: of the numbers that it was computed from, beside which their rounding is nothing.
  ///   - slack: half units of the last digit by which an element may be off.
  ///   - loosely: the share of itself by which it may be off, if that is more.
  /// - Returns: nil where they differ.
  package func agreement(
    with candidate: Tensor, among size: Double, slack: Double = 1, loosely: Double = 0
  ) -> Agreement? {
    guard candidate.shape == values.shape else { return nil }
    var rounded: [Int] = []
    for (number, other) in zip(numbers, candidate.elements) {
      if number.equals(other, among: size) { continue }
      guard
        number.rounds(other, slack: slack) || abs(number.value - other) <= loosely * abs(other)
      else { return nil }
      rounded.append(number.digits)
    }
    guard let fewest = rounded.min() else { return .exact }
    return .written(fewest: fewest, all: rounded.reduce(0, +))
  }

  /// To how many digits it is right, where it is the candidate rounded; both have one shape.
  package func digits(agreeingWith candidate: Tensor) -> Int? {
    let size = candidate.elements.reduce(0) { max($0, abs($1)) }
    guard case .written(let fewest, _)? = agreement(with: candidate, among: size) else {
      return nil
    }
    return fewest
  }

  /// The positions whose elements differ.
  func differences(from candidate: Tensor, among size: Double) -> [Int] {
    return candidate.elements.indices.filter { place in
      let (number, other) = (numbers[place], candidate.elements[place])
      return !number.equals(other, among: size) && !number.rounds(other, slack: 1)
    }
  }
}

/// A number and the digits it was written with.
struct WrittenNumber {
  let value: Double
  /// Significant digits; none in 0.00.
  let digits: Int
  /// Half a unit of the last digit; 0 where the number is meant exactly.
  let tolerance: Double
  let isComputed: Bool

  /// - Parameter text: a literal: `-0.0380`, `4e-3`.
  init(_ value: Double, text: String) {
    self.init(value, text: text, isComputed: false)
  }

  /// The shortest decimal that gives the number: that of one which was typed, and more digits than
  /// a rounded one has for any other.
  init(computed value: Double) {
    self.init(value, text: "\(value)", isComputed: true)
  }

  private init(_ value: Double, text: String, isComputed: Bool) {
    self.value = value
    self.isComputed = isComputed
    let parts = text.filter { $0 != "_" }.split { $0 == "e" || $0 == "E" }
    var mantissa = (parts.first ?? "").filter { $0 != "-" }
    if isComputed, mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
    let decimals = mantissa.drop { $0 != "." }.dropFirst().count
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    digits = mantissa.filter { $0 != "." }.drop { $0 == "0" }.count
    // A single digit without a point is a number that is counted, as the 2 of a square.
    let isCounted = !mantissa.contains(".") && parts.count == 1 && mantissa.count == 1
    tolerance = isCounted ? 0 : Double("5e\(exponent - decimals - 1)") ?? 0
  }

  /// To the precision of a computation by hand in binary64.
  /// - Parameter size: of the numbers beside it.
  func equals(_ other: Double, among size: Double) -> Bool {
    value == other
      || abs(value - other) <= 1e-9 * min(abs(value), abs(other)) + 1e-14 * max(size, abs(value))
  }

  func rounds(_ other: Double, slack: Double) -> Bool {
    abs(value - other) <= slack * tolerance * (1 + 1e-6)
  }
}
