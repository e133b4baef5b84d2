import Differentiation
import Syntax

/// A comparison of two numbers that stand in variables or literals: whether it holds, without a call.
struct NumberTest {
  /// How two numbers can lie to each other.
  private struct Order: OptionSet {
    let rawValue: UInt8

    static let less = Order(rawValue: 1)
    static let equal = Order(rawValue: 2)
    static let greater = Order(rawValue: 4)
    /// One of them is none.
    static let unordered = Order(rawValue: 8)
  }

  private let left: ValuePlace
  private let right: ValuePlace
  /// The orders for which it holds.
  private let accepted: Order

  /// One that finds no numbers.
  static var never: NumberTest {
    NumberTest(left: .nowhere, right: .nowhere, accepted: [])
  }

  private init(left: ValuePlace, right: ValuePlace, accepted: Order) {
    (self.left, self.right, self.accepted) = (left, right, accepted)
  }

  /// Nil for what is no matter of order.
  init?(_ operation: ComparisonOperator, _ left: Operand, _ right: Operand) {
    switch operation {
    case .less: accepted = .less
    case .lessOrEqual: accepted = [.less, .equal]
    case .greater: accepted = .greater
    case .greaterOrEqual: accepted = [.greater, .equal]
    case .equal: accepted = .equal
    case .unequal: accepted = [.less, .greater, .unordered]
    case .close: return nil
    }
    (self.left, self.right) = (left.place, right.place)
  }

  /// Nil where something is to be evaluated, or is no number.
  @inline(__always)
  func direct(_ slots: Slots) -> Bool? {
    guard let x = left.number(slots), let y = right.number(slots) else { return nil }
    return holds(x, y)
  }

  /// Looking how the numbers lie costs less than choosing by the operator first.
  @inline(__always)
  func holds(_ x: Double, _ y: Double) -> Bool {
    if x < y { return accepted.contains(.less) }
    if x > y { return accepted.contains(.greater) }
    return accepted.contains(x == y ? .equal : .unordered)
  }
}

/// `a < b`, `x == 1`
final class ComparisonCode: Code {
  let left: Operand
  let right: Operand
  let operation: ComparisonOperator
  let test: NumberTest

  /// Nil for what is no matter of order.
  init?(_ operation: ComparisonOperator, _ left: Code, _ right: Code, range: SourceRange) {
    guard let test = NumberTest(operation, Operand(left), Operand(right)) else { return nil }
    self.test = test
    self.operation = operation
    self.left = Operand(left)
    self.right = Operand(right)
    super.init(range: range)
  }

  override var form: Form { .comparison(self) }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let a = try left.evaluate(slots, runtime)
    let b = try right.evaluate(slots, runtime)
    if case .number(let x) = a, case .number(let y) = b { return .truth(test.holds(x, y)) }
    return try compare(operation, a, b, closeness: .relative, at: range, slots, runtime)
  }

  override func evaluateWithSides(
    _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> (value: Value, sides: ComparedSides?) {
    let a = try left.evaluate(slots, runtime)
    let b = try right.evaluate(slots, runtime)
    let value = try compare(operation, a, b, closeness: .relative, at: range, slots, runtime)
    return (value, ComparedSides(left: a, operation: operation, right: b))
  }
}

/// `0 < x < 1`, `a ≈ 0.593269992`
final class ComparisonChainCode: Code {
  struct Link {
    let operation: ComparisonOperator
    let right: Code
  }

  let first: Code
  let links: [Link]
  let closeness: Closeness

  init(first: Code, links: [Link], closeness: Closeness, range: SourceRange) {
    self.first = first
    self.links = links
    self.closeness = closeness
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    var left = try first.evaluate(slots, runtime)
    var holds: Value?
    for link in links {
      let right = try link.right.evaluate(slots, runtime)
      let value = try compare(
        link.operation, left, right, closeness: closeness, at: range, slots, runtime)
      holds = try holds.map { held throws(Failure) in try both(held, value, at: range) } ?? value
      if case .truth(false)? = holds { return .truth(false) }
      left = right
    }
    return holds ?? .truth(true)
  }

  override func evaluateWithSides(
    _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> (value: Value, sides: ComparedSides?) {
    guard links.count == 1, let link = links.first else {
      return (try evaluate(slots, runtime), nil)
    }
    let left = try first.evaluate(slots, runtime)
    let right = try link.right.evaluate(slots, runtime)
    let value = try compare(
      link.operation, left, right, closeness: closeness, at: range, slots, runtime)
    return (value, ComparedSides(left: left, operation: link.operation, right: right))
  }
}

extension Code {
  /// The test that it is of two numbers at hand, where it is a single comparison.
  var numberTest: NumberTest {
    if case .comparison(let comparison) = form { comparison.test } else { .never }
  }
}

/// The value of a condition, which must be true or false.
/// - Parameter test: what it is of two numbers.
@inline(__always)
func truth(
  of code: Code, _ test: NumberTest, _ slots: Slots, _ runtime: Runtime,
  _ elementwise: String? = nil
) throws(Failure) -> Bool {
  if let truth = test.direct(slots) { return truth }
  return try truth(of: code, slots, runtime, elementwise)
}

/// The value of a condition, which must be true or false.
@inline(__always)
func truth(
  of code: Code, _ slots: Slots, _ runtime: Runtime, _ elementwise: String? = nil
) throws(Failure) -> Bool {
  let value = try code.evaluate(slots, runtime)
  if case .truth(let truth) = value { return truth }
  throw notATruth(value, at: code.range, code.variableName, elementwise)
}

func notATruth(
  _ value: Value, at range: SourceRange, _ name: String?, _ elementwise: String? = nil
) -> Failure {
  var help: [String] = []
  switch value.shape {
  case .scalar? where !value.isOpen: help = ["compare it: \(name ?? "x") != 0"]
  case .scalar?:
    help = [
      elementwise.map { "to choose for each sample, write \($0)" }
        ?? "where(c, a, b) chooses for each sample"
    ]
  case .vector?, .matrix?:
    help = [
      elementwise.map { "to choose by element, write \($0)" }
        ?? "where(c, a, b) chooses by element",
      "any(c) and all(c) make one truth value",
    ]
  case nil: break
  }
  return Failure(
    "a condition is true or false, not \(value.kind)", at: range, label: value.kind, help: help)
}
