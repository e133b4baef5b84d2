/// One number a unit, or one for all of them.
struct Coefficients: Hashable {
  /// As many as there are units, or one.
  private(set) var numbers: [Double]

  init(_ number: Double) { numbers = [number] }

  /// - Precondition: there is at least one.
  init(_ numbers: [Double]) {
    let isUniform = numbers.dropFirst().allSatisfy { $0 == numbers[0] }
    self.numbers = isUniform ? Array(numbers.prefix(1)) : numbers
  }

  /// The number of all units, where it is one.
  var uniform: Double? { numbers.count == 1 ? numbers[0] : nil }

  subscript(unit: Int) -> Double { numbers.count == 1 ? numbers[0] : numbers[unit] }

  func map(_ change: (Double) -> Double) -> Coefficients { Coefficients(numbers.map(change)) }

  func combined(_ other: Coefficients, _ operation: (Double, Double) -> Double) -> Coefficients {
    if let number = other.uniform { return map { operation($0, number) } }
    if let number = uniform { return other.map { operation(number, $0) } }
    return Coefficients(zip(numbers, other.numbers).map(operation))
  }

  /// Of these units alone, in this order.
  func selected(_ places: [Int]) -> Coefficients {
    numbers.count == 1 ? self : Coefficients(places.map { numbers[$0] })
  }

  /// One for each of `count` units.
  func expanded(to count: Int) -> [Double] {
    uniform.map { Array(repeating: $0, count: count) } ?? numbers
  }
}

/// scale·x + shift, unit by unit.
struct Affine: Hashable {
  var scale: Coefficients
  var shift: Coefficients

  static let identity = Affine(scale: Coefficients(1), shift: Coefficients(0))

  var isIdentity: Bool { self == .identity }

  /// This first, then `next`.
  func then(_ next: Affine) -> Affine {
    Affine(
      scale: next.scale.combined(scale, *),
      shift: next.scale.combined(shift, *).combined(next.shift, +))
  }

  /// Of these units alone, in this order.
  func selected(_ places: [Int]) -> Affine {
    Affine(scale: scale.selected(places), shift: shift.selected(places))
  }

  /// Of the units of all parts one after the other.
  static func joined(_ parts: [(affine: Affine, count: Int)]) -> Affine {
    Affine(
      scale: Coefficients(parts.flatMap { $0.affine.scale.expanded(to: $0.count) }),
      shift: Coefficients(parts.flatMap { $0.affine.shift.expanded(to: $0.count) }))
  }

  /// Whether it can be undone.
  var isInvertible: Bool {
    scale.numbers.allSatisfy { $0 != 0 && $0.isFinite && (1 / $0).isFinite }
      && shift.numbers.allSatisfy { $0.isFinite }
  }

  /// This as a·other + b with the same a and b for all units, to the digits of 32 bits; nil where
  /// there are none.
  func relative(to other: Affine) -> (factor: Double, summand: Double)? {
    let factors = scale.combined(other.scale, /)
    guard let factor = Self.common(factors, allowance: { 1e-6 * abs($0) }) else { return nil }
    let summands = shift.combined(other.shift.map { $0 * factor }, -)
    let size = (shift.numbers + other.shift.numbers.map { $0 * factor })
      .reduce(1) { max($0, abs($1)) }
    guard let summand = Self.common(summands, allowance: { _ in 1e-6 * size }) else { return nil }
    return (factor, summand)
  }

  private static func common(
    _ coefficients: Coefficients, allowance: (Double) -> Double
  ) -> Double? {
    if let number = coefficients.uniform { return number.isFinite ? number : nil }
    guard let least = coefficients.numbers.min(), let most = coefficients.numbers.max() else {
      return nil
    }
    let middle = (least + most) / 2
    return most - least <= allowance(middle) ? middle : nil
  }
}
