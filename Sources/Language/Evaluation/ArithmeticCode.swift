import Syntax

/// `a + b` and the other arithmetic operators.
///
/// One class for each frequent operator, so that two numbers meet their instruction without
/// a further choice.
class ArithmeticCode: Code {
  let left: Operand
  let right: Operand
  let operation: BinaryOperator
  let operatorRange: SourceRange
  let source: SourceID

  required init(
    _ operation: BinaryOperator, _ left: Code, _ right: Code, operatorRange: SourceRange,
    source: SourceID
  ) {
    self.source = source
    self.operation = operation
    self.left = Operand(left)
    self.right = Operand(right)
    self.operatorRange = operatorRange
    super.init(range: left.range.union(right.range))
  }

  override var form: Form { .arithmetic }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let a = try left.evaluate(slots, runtime)
    let b = try right.evaluate(slots, runtime)
    return try apply(a, b, runtime)
  }

  /// - Throws: where the operands do not go together.
  @inline(never)
  package final func apply(_ a: Value, _ b: Value, _ runtime: Runtime) throws(Failure) -> Value {
    try arithmetic(
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
    let a = try left.evaluate(slots, runtime)
    let b = try right.evaluate(slots, runtime)
    if case .number(let x) = a, case .number(let y) = b {
      let value = x + y
      if value.isFinite { return .number(value) }
    }
    return try apply(a, b, runtime)
  }
}

final class SubtractionCode: ArithmeticCode {
  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let a = try left.evaluate(slots, runtime)
    let b = try right.evaluate(slots, runtime)
    if case .number(let x) = a, case .number(let y) = b {
      let value = x - y
      if value.isFinite { return .number(value) }
    }
    return try apply(a, b, runtime)
  }
}

final class MultiplicationCode: ArithmeticCode {
  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let a = try left.evaluate(slots, runtime)
    let b = try right.evaluate(slots, runtime)
    if case .number(let x) = a, case .number(let y) = b {
      let value = x * y
      if value.isFinite { return .number(value) }
    }
    return try apply(a, b, runtime)
  }
}

final class DivisionCode: ArithmeticCode {
  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let a = try left.evaluate(slots, runtime)
    let b = try right.evaluate(slots, runtime)
    if case .number(let x) = a, case .number(let y) = b {
      let value = x / y
      if value.isFinite { return .number(value) }
    }
    return try apply(a, b, runtime)
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

  init(_ operation: ComparisonOperator, _ left: Code, _ right: Code, range: SourceRange) {
    self.operation = operation
    self.left = Operand(left)
    self.right = Operand(right)
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let a = try left.evaluate(slots, runtime)
    let b = try right.evaluate(slots, runtime)
    if case .number(let x) = a, case .number(let y) = b {
      switch operation {
      case .less: return .truth(x < y)
      case .lessOrEqual: return .truth(x <= y)
      case .greater: return .truth(x > y)
      case .greaterOrEqual: return .truth(x >= y)
      case .equal: return .truth(x == y)
      case .unequal: return .truth(x != y)
      case .close: break
      }
    }
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
