import Differentiation
import Glibc
import Syntax

/// How near two numbers must be for `≈`.
enum Closeness {
  /// |a−b| ≤ 1e-6·max(|a|,|b|) + 1e-9
  case relative
  /// To the precision that a literal is written with: half a unit of its last digit, element by
  /// element for a bracket of literals.
  case written([Double])
  /// `within e`
  case within(Code)

  /// The closeness that the two sides of `≈` ask for as they are written.
  init(left: Expression, right: Expression) {
    if let tolerances = Self.writtenTolerances(right) ?? Self.writtenTolerances(left) {
      self = .written(tolerances)
    } else {
      self = .relative
    }
  }

  /// One tolerance for each literal of `expression`; nil unless each shows its precision.
  private static func writtenTolerances(_ expression: Expression) -> [Double]? {
    switch expression {
    case .number(let literal): writtenTolerance(literal.text).map { [$0] }
    case .unary(let unary) where unary.operation == .negate: writtenTolerances(unary.operand)
    case .group(let inner, _): writtenTolerances(inner)
    case .bracket(let elements, _): joined(elements)
    case .rows(let rows, _): joined(rows.flatMap { $0 })
    default: nil
    }
  }

  /// For a bracket, integers may stand among literals with a point: they must be met to the
  /// ordinary relative precision.
  private static func joined(_ elements: [Expression]) -> [Double]? {
    var tolerances: [Double] = []
    var shown = false
    for element in elements {
      if let written = writtenTolerances(element) {
        tolerances += written
        shown = true
      } else if case .number(let literal) = element {
        tolerances.append(1e-6 * abs(literal.value) + 1e-9)
      } else {
        return nil
      }
    }
    return shown ? tolerances : nil
  }

  /// Half a unit of the last digit of a literal with a point and at least 3 significant digits.
  private static func writtenTolerance(_ text: String) -> Double? {
    let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
    guard let mantissa = parts.first, let point = mantissa.firstIndex(of: ".") else { return nil }
    let digits = mantissa.filter { $0.isNumber }
    guard digits.drop(while: { $0 == "0" }).count >= 3 else { return nil }
    let decimals = mantissa[mantissa.index(after: point)...].count(where: { $0.isNumber })
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    // A little slack for the rounding of the subtraction itself.
    return 0.5 * pow(10, Double(exponent - decimals)) * (1 + 1e-9)
  }
}

/// The value of one comparison: a truth value, or 0/1 by element for an order of vectors.
func compare(
  _ operation: ComparisonOperator, _ left: Value, _ right: Value, closeness: Closeness,
  at range: SourceRange, _ slots: Slots, _ runtime: Runtime
) throws(Failure) -> Value {
  if runtime.conditionsUnderWay > 0 { runtime.keepDeciding([left, right]) }
  let isOpen = left.isOpen || right.isOpen
  switch operation {
  case .equal where isOpen, .unequal where isOpen, .close where isOpen:
    return try openEquality(operation, left, right, closeness, at: range, slots, runtime)
  case .equal: return .truth(areEqual(left, right))
  case .unequal: return .truth(!areEqual(left, right))
  case .close:
    return .truth(try areClose(left, right, closeness, slots, runtime))
  case .less, .lessOrEqual, .greater, .greaterOrEqual:
    return try order(operation, left, right, at: range)
  }
}

private func order(
  _ operation: ComparisonOperator, _ left: Value, _ right: Value, at range: SourceRange
) throws(Failure) -> Value {
  if case .string(let a) = left, case .string(let b) = right {
    switch operation {
    case .less: return .truth(a < b)
    case .lessOrEqual: return .truth(a <= b)
    case .greater: return .truth(a > b)
    default: return .truth(a >= b)
    }
  }
  guard let a = left.tensor, let b = right.tensor else {
    if left.isOpen || right.isOpen, left.isNumeric, right.isNumeric {
      return try traced(operation, left, right, at: range)
    }
    throw Failure(
      "\(operation.rawValue) compares numbers, vectors, matrices or strings", at: range,
      label: "\(left.kind) and \(right.kind)")
  }
  if a.shape == .scalar, b.shape == .scalar {
    let (x, y) = (a.elements[0], b.elements[0])
    switch operation {
    case .less: return .truth(x < y)
    case .lessOrEqual: return .truth(x <= y)
    case .greater: return .truth(x > y)
    default: return .truth(x >= y)
    }
  }
  return try apply(primitive(of: operation), to: [left.plain, right.plain], at: range)
}

/// Inside a function that is traced without values, an order is a node of 0/1.
private func traced(
  _ operation: ComparisonOperator, _ left: Value, _ right: Value, at range: SourceRange
) throws(Failure) -> Value {
  try apply(primitive(of: operation), to: [left, right], at: range)
}

private func primitive(of operation: ComparisonOperator) -> Primitive {
  switch operation {
  case .less: .less
  case .lessOrEqual: .lessOrEqual
  case .greater: .greater
  default: .greaterOrEqual
  }
}

/// `0 < x < 1` of truth values or of 0/1 vectors: both must hold.
func both(_ left: Value, _ right: Value, at range: SourceRange) throws(Failure) -> Value {
  switch (left, right) {
  case (.truth(let a), .truth(let b)): .truth(a && b)
  case (.truth(let a), _): a ? right : try apply(.multiply, to: [right, .number(0)], at: range)
  case (_, .truth(let b)): b ? left : try apply(.multiply, to: [left, .number(0)], at: range)
  default: try apply(.multiply, to: [left, right], at: range)
  }
}

private func areClose(
  _ left: Value, _ right: Value, _ closeness: Closeness, _ slots: Slots, _ runtime: Runtime
) throws(Failure) -> Bool {
  if case .list(let a) = left, case .list(let b) = right {
    guard a.count == b.count else { return false }
    for (x, y) in zip(a, b) where !(try areClose(x, y, .relative, slots, runtime)) { return false }
    return true
  }
  if case .record(let a) = left, case .record(let b) = right {
    guard a.count == b.count else { return false }
    for field in a {
      guard let other = b[field.name], try areClose(field.value, other, .relative, slots, runtime)
      else { return false }
    }
    return true
  }
  guard let a = left.tensor, let b = right.tensor, a.shape == b.shape else {
    return areEqual(left, right)
  }
  var absolute: Double?
  var written: [Double] = []
  switch closeness {
  case .relative: break
  case .written(let tolerances): written = tolerances
  case .within(let code): absolute = try tolerance(code, slots, runtime)
  }
  for place in a.elements.indices {
    let (x, y) = (a.elements[place], b.elements[place])
    if x == y { continue }
    let tolerance =
      absolute
      ?? (written.count == a.elements.count
        ? written[place] : 1e-6 * max(abs(x), abs(y)) + 1e-9)
    // Of what is infinite every tolerance that grows with it is infinite too.
    let distance = abs(x - y)
    if !(distance <= tolerance && distance.isFinite) { return false }
  }
  return true
}

/// The number behind `within`.
func tolerance(_ code: Code, _ slots: Slots, _ runtime: Runtime) throws(Failure) -> Double {
  let value = try code.evaluate(slots, runtime)
  guard let number = value.number, number >= 0 else {
    throw Failure("within takes a number of at least 0", at: code.range, label: value.kind)
  }
  return number
}

// Comparing values that come later: the net inputs, outputs and targets that a user's activation
// or loss is traced with.

extension Value {
  /// Whether it, or something in it, has no value yet.
  package var isOpen: Bool {
    switch self {
    case .traced(let node): node.value == nil
    case .list(let list): list.contains { $0.isOpen }
    case .record(let record): record.contains { $0.value.isOpen }
    default: false
    }
  }
}

/// Whether two values are equal as 0 or 1, a node: as a whole, like the truth value that two known
/// values give.
/// - Throws: where a list or record would have to be compared part by part.
func openEquality(
  _ operation: ComparisonOperator, _ left: Value, _ right: Value, _ closeness: Closeness,
  at range: SourceRange, _ slots: Slots, _ runtime: Runtime
) throws(Failure) -> Value {
  guard let a = left.shape, let b = right.shape else {
    if left.isNumeric || right.isNumeric { return .truth(operation == .unequal) }
    throw notKnownYet(at: range, help: ["compare its numbers one by one"])
  }
  guard a == b else { return .truth(operation == .unequal) }
  var holds = try apply(.equal, to: [left, right], at: range)
  if operation == .close {
    holds = try closenessNode(left, right, closeness, at: range, slots, runtime)
  }
  if a.rank > 0 {
    if a.count == 0 { return .truth(operation != .unequal) }
    holds = try apply(.min(), to: [holds], at: range)
  }
  return operation == .unequal
    ? try apply(.subtract, to: [.number(1), holds], at: range) : holds
}

/// 1 where |a − b| is within what `≈` allows, by element.
private func closenessNode(
  _ left: Value, _ right: Value, _ closeness: Closeness, at range: SourceRange, _ slots: Slots,
  _ runtime: Runtime
) throws(Failure) -> Value {
  func sized(_ value: Value) throws(Failure) -> Value { try apply(.abs, to: [value], at: range) }
  let distance = try sized(try apply(.subtract, to: [left, right], at: range))
  var bound = Value.number(0)
  switch closeness {
  case .within(let code): bound = .number(try tolerance(code, slots, runtime))
  case .written(let numbers) where numbers.count == left.shape?.count:
    bound = Value(Tensor(left.shape ?? .scalar, numbers))
  case .written, .relative:
    let larger = try apply(.maximum, to: [try sized(left), try sized(right)], at: range)
    let share = try apply(.multiply, to: [larger, .number(1e-6)], at: range)
    bound = try apply(.add, to: [share, .number(1e-9)], at: range)
  }
  let isNear = try apply(.lessOrEqual, to: [distance, bound], at: range)
  let isFinite = try apply(.less, to: [distance, .number(.infinity)], at: range)
  let isClose = try apply(.multiply, to: [isNear, isFinite], at: range)
  return try apply(
    .maximum, to: [isClose, try apply(.equal, to: [left, right], at: range)], at: range)
}

/// What needs a value met one that comes later.
package func notKnownYet(at range: SourceRange, help: [String]) -> Failure {
  Failure(
    "this value is not known yet: the function is traced for all samples at once", at: range,
    help: help)
}
