import Differentiation
import Rendering
import Syntax

/// Where an operation stands and by what names its operands are read.
struct ArithmeticPlace {
  let left: SourceRange
  let right: SourceRange
  let operatorRange: SourceRange
  let leftName: String?
  let rightName: String?
  let source: SourceID
}

extension ArithmeticPlace {
  /// The whole operation.
  var range: SourceRange { left.union(right) }
}

extension BinaryOperator {
  /// The result as a noun.
  var noun: String {
    switch self {
    case .add: "sum"
    case .subtract: "difference"
    case .multiply, .matrixProduct: "product"
    case .divide: "quotient"
    case .remainder: "remainder"
    case .power: "power"
    case .or, .and: "condition"
    }
  }

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
  _ operation: BinaryOperator, _ left: Value, _ right: Value, _ place: ArithmeticPlace,
  _ runtime: Runtime
) throws(Failure) -> Value {
  if case .number(let a) = left, case .number(let b) = right,
    let value = combine(operation, a, b)
  {
    if !value.isFinite {
      runtime.session.noteNotFinite(.number(value), of: [left, right], place.range, place.source) {
        "\($0.text(of: left)) \(operation.rawValue) \($0.text(of: right))"
      }
    }
    return .number(value)
  }
  guard let primitive = operation.primitive, left.isNumeric, right.isNumeric else {
    if operation == .add, case .string(let a) = left, case .string(let b) = right {
      try runtime.charge(bytes: a.utf8.count + b.utf8.count, at: place.range)
      return .string(a + b)
    }
    throw unsuited(operation, left, right, place)
  }
  if operation == .multiply, case .matrix(let rows, let columns)? = left.shape, rows == columns,
    rows > 1, case .vector(rows)? = right.shape
  {
    // The product of a matrix and a vector has another sign; here both are possible.
    let (a, b) = (place.leftName ?? "A", place.rightName ?? "x")
    runtime.session.noteOnce(
      "\(a)*\(b) multiplies each row of a matrix by a vector; the matrix product is \(a) @ \(b)")
  }
  try runtime.checkInterrupt(at: place.range)
  if operation == .matrixProduct, let a = left.shape, let b = right.shape {
    // v @ w' is the outer product.
    let rows = a.rank == 2 ? a.rows : b.rows == 1 ? a.count : 1
    if b.rank == 2 { try runtime.charge(rows: rows, columns: b.columns, at: place.range) }
    try runtime.count(
      multiplyAdds: Double(rows) * Double(b.columns) * Double(b.count / Swift.max(1, b.columns)),
      at: place.range)
  } else {
    try runtime.chargeResult(of: left, right, at: place.range)
  }
  let value: Value
  do throws(ShapeError) {
    if case .traced(let a) = left {
      value = .traced(try Node.apply(primitive, to: [a, node(right, name: place.rightName)]))
    } else if case .traced(let b) = right {
      value = .traced(try Node.apply(primitive, to: [node(left, name: place.leftName), b]))
    } else if let a = left.tensor, let b = right.tensor {
      value = Value(try primitive.evaluate([a, b]))
    } else {
      throw ShapeError("\(left.kind) \(operation.rawValue) \(right.kind) has no value")
    }
  } catch {
    throw Failure(
      error.message, at: place.operatorRange,
      labels: [.init(place.left, left.kind), .init(place.right, right.kind)],
      help: error.help.map { [$0] } ?? [])
  }
  if Interruption.hasCutShort { try runtime.checkInterrupt(at: place.range) }
  runtime.session.noteNotFinite(value, of: [left, right], place.range, place.source) { session in
    value.shape == .scalar && left.shape == .scalar && right.shape == .scalar
      ? "\(session.text(of: left)) \(operation.rawValue) \(session.text(of: right))"
      : "an element of this \(operation.noun)"
  }
  return value
}

/// A value as a node: a plain one becomes a constant that is shown by `name`.
package func node(_ value: Value, name: String?) -> Node {
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
/// - Throws: where the operands do not go together.
package func apply(
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
    return Value(try primitive.evaluate(values.compactMap { $0.tensor }))
  } catch {
    throw Failure(error.message, at: range, help: error.help.map { [$0] } ?? [])
  }
}

private func unsuited(
  _ operation: BinaryOperator, _ left: Value, _ right: Value, _ place: ArithmeticPlace
) -> Failure {
  var help: [String] = []
  for case (.string(let text), let name) in [(left, place.leftName), (right, place.rightName)]
  where Double(text) != nil {
    help.append("number \(name ?? "\"\(text)\"") is the number that the string writes")
  }
  if operation == .remainder, case .string = left {
    help.append("a value stands in the string itself: \"x = {x:.2}\"")
  }
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
      let argument = place.rightName ?? right.number.map { NumberStyle.standard.text($0) } ?? "…"
      return Failure(
        "\(function.name) -\(argument) subtracts, and \(function.name) is a function",
        at: place.operatorRange,
        labels: [.init(place.left, "a function"), .init(place.right, right.kind)],
        help: ["to pass -\(argument), write \(function.name) (-\(argument))"])
    }
  }
  for (value, name) in [(left, place.leftName), (right, place.rightName)] {
    guard case .nothing = value else { continue }
    help.append(
      name == nil
        ? "a function gives its last expression; an assignment, or an if without else, gives nothing"
        : "\(name ?? "it") holds nothing")
  }
  if case .truth = left { help.append("where(c, 1, 0) makes a number of a truth value") }
  return Failure(
    "\(operation.rawValue) takes numbers, vectors and matrices", at: place.operatorRange,
    labels: [.init(place.left, left.kind), .init(place.right, right.kind)], help: help)
}

/// Operations on a few plain numbers, as lectures have them: what large operands need beside the
/// arithmetic would take most of the time here. The bits are those of the general way.
enum FewNumbers {
  /// Elements of an operand: done before anybody waits, and nothing that a budget would count.
  static let most = 64

  /// The value of `left operation right`; nil where an operand is another or larger, where they do not
  /// go together, and where the value is not finite.
  @inline(never)
  static func combined(_ operation: BinaryOperator, _ left: Value, _ right: Value) -> Value? {
    switch (left, right) {
    case (.tensor(let a), .tensor(let b)):
      if operation == .matrixProduct { return value(a, b) { $0.product(few: $1) } }
      guard a.shape == b.shape else { return nil }
      return combined(operation, a.shape, a.elements, b.elements)
    case (.tensor(let a), .number(let x)):
      return combined(operation, a.shape, a.elements, CollectionOfOne(x))
    case (.number(let x), .tensor(let b)):
      return combined(operation, b.shape, CollectionOfOne(x), b.elements)
    default: return nil
    }
  }

  /// The function of every element.
  @inline(__always)
  static func mapped(_ value: Value, _ function: (Double) -> Double) -> Value? {
    guard case .tensor(let tensor) = value else { return nil }
    return made(tensor.shape) { function(tensor.elements[$0]) }
  }

  /// The value of a function of two vectors or matrices.
  static func value(
    _ a: Tensor, _ b: Tensor, _ function: ((Tensor, Tensor) -> Tensor?)?
  ) -> Value? {
    guard a.elements.count <= most, b.elements.count <= most, let result = function?(a, b),
      result.elements.allSatisfy({ $0.magnitude < .infinity })
    else { return nil }
    return Value(result)
  }

  @inline(__always)
  private static func combined<
    A: RandomAccessCollection<Double>, B: RandomAccessCollection<Double>
  >(
    _ operation: BinaryOperator, _ shape: Shape, _ a: A, _ b: B
  ) -> Value? where A.Index == Int, B.Index == Int {
    // What is one number stands for as many as there are.
    let (i, j) = (a.count == 1 ? 0 : 1, b.count == 1 ? 0 : 1)
    return switch operation {
    case .add: made(shape) { a[$0 * i] + b[$0 * j] }
    case .subtract: made(shape) { a[$0 * i] - b[$0 * j] }
    case .multiply: made(shape) { a[$0 * i] * b[$0 * j] }
    case .divide: made(shape) { a[$0 * i] / b[$0 * j] }
    default: nil
    }
  }

  @inline(__always)
  private static func made(_ shape: Shape, _ element: (Int) -> Double) -> Value? {
    let count = shape.count
    guard count <= most else { return nil }
    var isFinite = true
    let elements = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      for place in 0..<count {
        let number = element(place)
        if !(number.magnitude < .infinity) { isFinite = false }
        buffer.initializeElement(at: place, to: number)
      }
      initialized = count
    }
    return isFinite ? .tensor(Tensor(shape, elements)) : nil
  }
}
