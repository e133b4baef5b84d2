import Differentiation
import Syntax

/// The elements that a loop, an unpacking or `map` goes through: of a vector its numbers, of a
/// matrix its rows, of a list or string its parts, of a record its values.
/// - Throws: where the value has no elements.
package func elements(of value: Value, at range: SourceRange) throws(Failure) -> [Value] {
  switch value {
  case .list(let list): return list.elements
  case .tensor(let tensor):
    switch tensor.shape {
    case .scalar: break
    case .vector: return values(tensor.elements.count) { .number(tensor.elements[$0]) }
    case .matrix(let rows, let columns):
      return values(rows) { row in
        .tensor(
          Tensor(vector: Array(tensor.elements[row * columns..<(row + 1) * columns])))
      }
    }
  case .traced(let node):
    switch node.shape {
    case .scalar: break
    case .vector(let count):
      return try parts(of: node, count: count, width: 1, as: .scalar, at: range)
    case .matrix(let rows, let columns):
      return try parts(of: node, count: rows, width: columns, as: .vector(columns), at: range)
    }
  case .string(let text): return text.map { .string(String($0)) }
  case .record(let record): return record.map { $0.value }
  default: break
  }
  throw Failure(
    "\(value.kind) has no elements to go through", at: range, label: value.kind,
    help: value.number != nil ? ["1..n counts from 1 to n"] : [])
}

/// The values that `make` gives for 0..<count; fewer where nobody waits any more.
private func values(_ count: Int, _ make: (Int) -> Value) -> [Value] {
  var values: [Value] = []
  values.reserveCapacity(count)
  Interruption.pieces(count) { piece in for place in piece { values.append(make(place)) } }
  return values
}

extension Value {
  /// What a list holds: of a vector its numbers, of a matrix its rows; nil for what is none of them.
  package var parts: [Value]? {
    switch plain {
    case .list(let list): return list.elements
    case .tensor(let tensor) where tensor.shape.rank == 1:
      return tensor.elements.map { .number($0) }
    case .tensor(let tensor) where tensor.shape.rank == 2:
      let columns = tensor.shape.columns
      return stride(from: 0, to: tensor.elements.count, by: max(columns, 1)).map {
        .tensor(Tensor(vector: Array(tensor.elements[$0..<$0 + columns])))
      }
    default: return nil
    }
  }
}

/// Consecutive parts of a traced vector or matrix, each with its history.
private func parts(
  of node: Node, count: Int, width: Int, as shape: Shape, at range: SourceRange
) throws(Failure) -> [Value] {
  var parts: [Value] = []
  for part in 0..<count {
    let indices = Array(part * width..<(part + 1) * width)
    parts.append(
      try apply(.slice(indices, of: node.shape, as: shape), to: [.traced(node)], at: range))
  }
  return parts
}

/// A bracket's values as a vector, a matrix or a list.
///
/// Numbers make a vector and vectors of one length a matrix; a bracket that holds anything else
/// is a list.
/// - Throws: where it is larger than the limits allow.
package func gather(
  _ values: [Value], ranges: [SourceRange], names: [String?]
) throws(Failure) -> Value {
  guard let first = values.first else { return .tensor(Tensor(vector: [])) }
  guard let expected = first.shape, values.allSatisfy({ $0.isNumeric }) else {
    return .list(values)
  }
  let range = SourceRange(
    start: ranges.first?.start ?? 0, end: ranges.last?.end ?? ranges.first?.end ?? 0)
  var isTraced = false
  for (place, value) in values.enumerated() {
    if case .traced = value { isTraced = true }
    let shape = value.shape ?? .scalar
    if shape.rank == 2 { return .list(values) }
    guard shape.rank == expected.rank else { return .list(values) }
    if shape.rank == 1, shape != expected {
      throw Failure(
        "the rows of a matrix must be of one length: row \(place + 1) has \(shape.count), row 1 "
          + "has \(expected.count)",
        at: ranges[place], label: "\(shape.count == 1 ? "1 number" : "\(shape.count) numbers")",
        labels: [
          .init(ranges[0], expected.count == 1 ? "1 number" : "\(expected.count) numbers")
        ])
    }
  }
  if isTraced {
    let shape: Shape =
      expected.rank == 0 ? .vector(values.count) : .matrix(values.count, expected.count)
    return try apply(
      .join(Array(repeating: expected, count: values.count), as: shape), to: values, names: names,
      at: range)
  }
  if case .scalar = expected {
    return .tensor(Tensor(vector: [Double](count: values.count) { values[$0].number ?? .nan }))
  }
  return .tensor(
    Tensor(
      .matrix(values.count, expected.count), values.flatMap { $0.tensor?.elements ?? [] }))
}
