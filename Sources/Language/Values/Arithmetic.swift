import Differentiation
import Syntax

/// Where an operation stands and by what names its operands are read.
struct ArithmeticPlace {
  let left: SourceRange
  let right: SourceRange
  let operatorRange: SourceRange
  let leftName: String?
  let rightName: String?
}

extension BinaryOperator {
  /// The primitive of the operator; nil for `and` and `or`.
  var primitive: Primitive? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .remainder: .remainder
    case .matrixProduct: .matmul
    case .power: .power
    case .or, .and: nil
    }
  }
}

/// The value of `left operation right` for any two values.
func arithmetic(
  _ operation: BinaryOperator, _ left: Value, _ right: Value, _ place: ArithmeticPlace
) throws(Failure) -> Value {
  if case .number(let a) = left, case .number(let b) = right,
    let value = combine(operation, a, b)
  {
    return .number(value)
  }
  guard let primitive = operation.primitive, left.isNumeric, right.isNumeric else {
    if operation == .add, case .string(let a) = left, case .string(let b) = right {
      return .string(a + b)
    }
    throw unsuited(operation, left, right, place)
  }
  do throws(ShapeError) {
    if case .traced(let a) = left {
      return .traced(
        try Node.apply(primitive, to: [a, node(right, name: place.rightName)]))
    }
    if case .traced(let b) = right {
      return .traced(
        try Node.apply(primitive, to: [node(left, name: place.leftName), b]))
    }
    guard let a = left.tensor, let b = right.tensor else {
      throw ShapeError("\(left.kind) \(operation.rawValue) \(right.kind) has no value")
    }
    return Value(try primitive.evaluate([a, b]))
  } catch {
    throw Failure(
      error.message, at: place.operatorRange,
      labels: [.init(place.left, left.kind), .init(place.right, right.kind)],
      help: error.help.map { [$0] } ?? [])
  }
}

/// A value as a node: a plain one becomes a constant that is shown by `name`.
func node(_ value: Value, name: String?) -> Node {
  switch value {
  case .traced(let node): node
  default: Node.constant(value.tensor ?? Tensor(.nan), name: name)
  }
}

@inline(__always)
private func combine(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> Double? {
  switch operation {
  case .add: return a + b
  case .subtract: return a - b
  case .multiply: return a * b
  case .divide: return a / b
  case .remainder, .power:
    guard case .two(let function)? = operation.primitive?.scalar else { return nil }
    return function(a, b)
  case .matrixProduct, .or, .and: return nil
  }
}

/// −x of a number, vector or matrix.
func negate(_ value: Value, at range: SourceRange, name: String?) throws(Failure) -> Value {
  guard value.isNumeric else {
    throw Failure("- needs a number, vector or matrix", at: range, label: value.kind)
  }
  return try apply(.negate, to: [value], names: [name], at: range)
}

/// Applies a primitive to values that are numeric, keeping their history.
func apply(
  _ primitive: Primitive, to values: [Value], names: [String?] = [], at range: SourceRange
) throws(Failure) -> Value {
  do throws(ShapeError) {
    let isTraced = values.contains { if case .traced = $0 { true } else { false } }
    if isTraced {
      var nodes: [Node] = []
      for (place, value) in values.enumerated() {
        nodes.append(node(value, name: place < names.count ? names[place] : nil))
      }
      return .traced(try Node.apply(primitive, to: nodes))
    }
    return Value(try primitive.evaluate(values.compactMap(\.tensor)))
  } catch {
    throw Failure(error.message, at: range, help: error.help.map { [$0] } ?? [])
  }
}

private func unsuited(
  _ operation: BinaryOperator, _ left: Value, _ right: Value, _ place: ArithmeticPlace
) -> Failure {
  var help: [String] = []
  if operation == .add {
    switch (left, right) {
    case (.string, _): help.append("put the value into the string: \"… {x}\"")
    case (_, .string): help.append("put the value into the string: \"{x} …\"")
    case (.list, _): help.append("append xs x adds an element, concat xs ys joins two lists")
    default: break
    }
  }
  if case .function(let function) = left {
    help.append("to apply \(function.name), write \(function.name)(…)")
    if operation == .subtract, place.operatorRange.end == place.right.start {
      help = ["to pass a negative number, write \(function.name) (-…)"]
    }
  }
  if case .truth = left { help.append("where(c, 1, 0) makes a number of a truth value") }
  return Failure(
    "\(operation.rawValue) takes numbers, vectors and matrices", at: place.operatorRange,
    labels: [.init(place.left, left.kind), .init(place.right, right.kind)], help: help)
}
