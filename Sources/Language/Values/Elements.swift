import Differentiation
import Syntax

/// What a loop, an unpacking or `map` goes through, made one at a time: a vector of millions of
/// numbers needs no list of them.
package struct Elements: RandomAccessCollection {
  private enum Source {
    case values([Value])
    case numbers([Double])
    case rows([Double], width: Int)
  }

  private let source: Source
  package let startIndex = 0
  package let endIndex: Int

  fileprivate init(_ values: [Value]) {
    source = .values(values)
    endIndex = values.count
  }

  fileprivate init(numbers: [Double]) {
    source = .numbers(numbers)
    endIndex = numbers.count
  }

  fileprivate init(rows count: Int, columns: Int, of numbers: [Double]) {
    source = .rows(numbers, width: columns)
    endIndex = count
  }

  package subscript(place: Int) -> Value {
    switch source {
    case .values(let values): return values[place]
    case .numbers(let numbers): return .number(numbers[place])
    case .rows(let numbers, let width):
      return .tensor(Tensor(vector: Array(numbers[place * width..<(place + 1) * width])))
    }
  }
}

/// The elements that a loop, an unpacking or `map` goes through: of a vector its numbers, of a
/// matrix its rows, of a list or string its parts, of a record its values.
/// - Throws: where the value has no elements.
package func elements(of value: Value, at range: SourceRange) throws(Failure) -> Elements {
  switch value {
  case .list(let list): return Elements(list.elements)
  case .tensor(let tensor):
    switch tensor.shape {
    case .scalar: break
    case .vector: return Elements(numbers: tensor.elements)
    case .matrix(let rows, let columns):
      return Elements(rows: rows, columns: columns, of: tensor.elements)
    }
  case .traced(let node):
    switch node.shape {
    case .scalar: break
    case .vector(let count):
      return Elements(try parts(of: node, count: count, width: 1, as: .scalar, at: range))
    case .matrix(let rows, let columns):
      return Elements(
        try parts(of: node, count: rows, width: columns, as: .vector(columns), at: range))
    }
  case .string(let text): return Elements(text.map { .string(String($0)) })
  case .record(let record): return Elements(record.map { $0.value })
  default: break
  }
  throw Failure(
    "\(value.kind) has no elements to go through", at: range, label: value.kind,
    help: value.number != nil ? ["1..n counts from 1 to n"] : [])
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
