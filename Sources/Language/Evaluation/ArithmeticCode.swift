import Differentiation
import Syntax

/// `a + b` and the other arithmetic operators.
///
/// One class for each frequent operator, so that two numbers meet their instruction without
/// a further choice. What is rare is a call of its own in each, so that the frequent case saves no
/// registers.
class ArithmeticCode: Code {
  let left: Operand
  let right: Operand
  let operation: BinaryOperator
  let operatorRange: SourceRange
  let source: SourceID
  /// The variable that takes the value, where that is all a statement does.
  private let target: VariableStore?
  private let targetPlace: ValuePlace

  required init(
    _ operation: BinaryOperator, _ left: Code, _ right: Code, operatorRange: SourceRange,
    source: SourceID, target: VariableStore? = nil, range: SourceRange? = nil
  ) {
    self.source = source
    self.target = target
    targetPlace = target?.place ?? .nowhere
    self.operation = operation
    self.left = Operand(left)
    self.right = Operand(right)
    self.operatorRange = operatorRange
    super.init(range: range ?? left.range.union(right.range))
  }

  override var form: Form { .arithmetic(self) }

  /// The same as the statement that assigns it to a variable.
  final func assigned(to target: VariableStore, range: SourceRange) -> Code {
    Self(
      operation, left.code, right.code, operatorRange: operatorRange, source: source,
      target: target, range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let a = try left.evaluate(slots, runtime)
    let b = try right.evaluate(slots, runtime)
    return try apply(a, b, runtime)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let value = try evaluate(slots, runtime)
    target?.store(value, slots, runtime)
    return .next
  }

  /// The value for two numbers where nothing is to be evaluated and nothing to be noted.
  @inline(__always)
  fileprivate final func direct(
    _ slots: Slots, _ operation: (Double, Double) -> Double
  ) -> Double? {
    guard let x = left.number(slots), let y = right.number(slots) else { return nil }
    let value = operation(x, y)
    return value.magnitude < .infinity ? value : nil
  }

  /// The value where something is to be evaluated.
  @inline(__always)
  fileprivate final func evaluateOperands(
    _ slots: Slots, _ runtime: Runtime, _ operation: (Double, Double) -> Double
  ) throws(Failure) -> Value {
    let a = try left.evaluate(slots, runtime)
    let b = try right.evaluate(slots, runtime)
    if case .number(let x) = a, case .number(let y) = b {
      let value = operation(x, y)
      if value.magnitude < .infinity { return .number(value) }
    }
    return try apply(a, b, runtime)
  }

  @inline(__always)
  fileprivate final func execute(
    _ slots: Slots, _ runtime: Runtime, _ operation: (Double, Double) -> Double
  ) throws(Failure) -> Flow {
    if let number = direct(slots, operation), targetPlace.replaceNumber(number, slots) {
      return .next
    }
    return try assign(slots, runtime)
  }

  @inline(never)
  private final func assign(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let value = try evaluate(slots, runtime)
    target?.store(value, slots, runtime)
    return .next
  }

  /// - Throws: where the operands do not go together.
  @inline(never)
  package final func apply(_ a: Value, _ b: Value, _ runtime: Runtime) throws(Failure) -> Value {
    if let value = FewNumbers.combined(operation, a, b) { return value }
    return try arithmetic(
      operation, a, b,
      ArithmeticPlace(
        left: left.range, right: right.range, operatorRange: operatorRange,
        leftName: left.variableName, rightName: right.variableName, source: source), runtime)
  }

  static func make(
    _ operation: BinaryOperator, _ left: Code, _ right: Code, operatorRange: SourceRange,
    source: SourceID
  ) -> Code {
    var kind: ArithmeticCode.Type =
      switch operation {
      case .add: AdditionCode.self
      case .subtract: SubtractionCode.self
      case .multiply: MultiplicationCode.self
      case .divide: DivisionCode.self
      case .remainder: RemainderCode.self
      default: ArithmeticCode.self
      }
    if operation == .power, case .number(2) = right.form { kind = SquareCode.self }
    return kind.init(operation, left, right, operatorRange: operatorRange, source: source)
  }
}

final class AdditionCode: ArithmeticCode {
  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if let number = direct(slots, { $0 + $1 }) { return .number(number) }
    return try evaluateOperands(slots, runtime)
  }

  @inline(never)
  private func evaluateOperands(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    try evaluateOperands(slots, runtime) { $0 + $1 }
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    try execute(slots, runtime) { $0 + $1 }
  }
}

final class SubtractionCode: ArithmeticCode {
  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if let number = direct(slots, { $0 - $1 }) { return .number(number) }
    return try evaluateOperands(slots, runtime)
  }

  @inline(never)
  private func evaluateOperands(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    try evaluateOperands(slots, runtime) { $0 - $1 }
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    try execute(slots, runtime) { $0 - $1 }
  }
}

final class MultiplicationCode: ArithmeticCode {
  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if let number = direct(slots, { $0 * $1 }) { return .number(number) }
    return try evaluateOperands(slots, runtime)
  }

  @inline(never)
  private func evaluateOperands(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    try evaluateOperands(slots, runtime) { $0 * $1 }
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    try execute(slots, runtime) { $0 * $1 }
  }
}

final class DivisionCode: ArithmeticCode {
  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if let number = direct(slots, { $0 / $1 }) { return .number(number) }
    return try evaluateOperands(slots, runtime)
  }

  @inline(never)
  private func evaluateOperands(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    try evaluateOperands(slots, runtime) { $0 / $1 }
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    try execute(slots, runtime) { $0 / $1 }
  }
}

/// `a % b`, quickly for the whole numbers that loops count with.
final class RemainderCode: ArithmeticCode {
  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let a = try left.evaluate(slots, runtime)
    let b = try right.evaluate(slots, runtime)
    if case .number(let x) = a, case .number(let y) = b, x >= 0, x < 0x1p52, y >= 1, y < 0x1p52 {
      let (whole, divisor) = (Int64(x), Int64(y))
      if Double(whole) == x, Double(divisor) == y { return .number(Double(whole % divisor)) }
    }
    return try apply(a, b, runtime)
  }
}

/// `x^2`
final class SquareCode: ArithmeticCode {
  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let base = try left.evaluate(slots, runtime)
    if case .number(let x) = base {
      let value = x * x
      if value.isFinite { return .number(value) }
    }
    return try apply(base, try right.evaluate(slots, runtime), runtime)
  }
}

/// `-x`
final class NegationCode: Code {
  let operand: Operand

  init(_ operand: Code, range: SourceRange) {
    self.operand = Operand(operand)
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let value = try operand.evaluate(slots, runtime)
    if case .number(let number) = value { return .number(-number) }
    if let value = FewNumbers.mapped(value, { -$0 }) { return value }
    return try negate(value, at: operand.range, name: operand.variableName)
  }
}

/// `not x`
final class NotCode: Code {
  let operand: Code

  init(_ operand: Code, range: SourceRange) {
    self.operand = operand
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    .truth(!(try truth(of: operand, slots, runtime)))
  }
}

/// `a and b`, `a or b`: the second side is evaluated only where it decides.
final class LogicCode: Code {
  let left: Code
  let right: Code
  /// The value of the left side that settles it.
  let decisive: Bool

  init(_ left: Code, _ right: Code, decisive: Bool) {
    self.left = left
    self.right = right
    self.decisive = decisive
    super.init(range: left.range.union(right.range))
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if try truth(of: left, slots, runtime) == decisive { return .truth(decisive) }
    return .truth(try truth(of: right, slots, runtime))
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
