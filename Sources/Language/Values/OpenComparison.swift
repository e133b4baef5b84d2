import Differentiation
import Syntax

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
  return try apply(.lessOrEqual, to: [distance, bound], at: range)
}

/// What needs a value met one that comes later.
package func notKnownYet(at range: SourceRange, help: [String]) -> Failure {
  Failure(
    "this value is not known yet: the function is traced for all samples at once", at: range,
    help: help)
}
