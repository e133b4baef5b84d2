import Foundation

@testable import Interchange

/// Runs an ONNX model as its operations are defined, on numbers of float64.
struct ONNXEvaluator {
  /// A table of numbers; truths are 1 and 0, a vector is a row and a number a table of one.
  struct Table: Equatable {
    var rows: Int
    var columns: Int
    var numbers: [Double]

    init(_ rows: Int, _ columns: Int, _ numbers: [Double]) {
      (self.rows, self.columns, self.numbers) = (rows, columns, numbers)
    }

    subscript(row: Int, column: Int) -> Double {
      numbers[(rows == 1 ? 0 : row) * columns + (columns == 1 ? 0 : column)]
    }

    func row(_ row: Int) -> ArraySlice<Double> { numbers[row * columns..<(row + 1) * columns] }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private struct Operation {
    let name: String
    let inputs: [String]
    let output: String
    let numbers: [String: [Int]]
    let floats: [String: Double]
  }

  private var operations: [Operation] = []
  private var constants: [String: Table] = [:]
  private let input: String
  private let output: String
  /// The names of the operations.
  var operationNames: Set<String> { Set(operations.map { $0.name }) }

  init(_ bytes: [UInt8]) throws {
    let model = try ProtobufFields(bytes[...])
    guard let content = model.all(7).last else { throw Failure(description: "no graph") }
    let graph = try ProtobufFields(content)
    for content in graph.all(5) {
      let fields = try ProtobufFields(content)
      let shape = try fields.numbers(1)
      guard let raw = fields.all(9).last.map({ Array($0) }), let type = fields.number(2) else {
        throw Failure(description: "an array without numbers")
      }
      let width = type == 1 ? 4 : 8
      let numbers = stride(from: 0, to: raw.count, by: width).map { start -> Double in
        let bits = (0..<width).reduce(UInt64(0)) { $0 | UInt64(raw[start + $1]) << UInt64(8 * $1) }
        switch type {
        case 1: return Double(Float(bitPattern: UInt32(bits)))
        case 11: return Double(bitPattern: bits)
        default: return Double(Int64(bitPattern: bits))
        }
      }
      let columns = shape.last ?? 1
      constants[fields.text(8) ?? ""] = Table(numbers.count / max(columns, 1), columns, numbers)
    }
    for content in graph.all(1) {
      let node = try ProtobufFields(content)
      var numbers: [String: [Int]] = [:]
      var floats: [String: Double] = [:]
      for content in node.all(5) {
        let attribute = try ProtobufFields(content)
        let name = attribute.text(1) ?? ""
        switch attribute.number(20) {
        case 1: floats[name] = attribute.float(2).map { Double($0) }
        case 2: numbers[name] = [attribute.number(3) ?? 0]
        case 7: numbers[name] = try attribute.numbers(8)
        default: throw Failure(description: "the attribute \(name) has no type")
        }
      }
      operations.append(
        Operation(
          name: node.text(4) ?? "",
          inputs: node.all(1).map { String(decoding: $0, as: UTF8.self) },
          output: node.text(2) ?? "", numbers: numbers, floats: floats))
    }
    func name(_ field: Int) throws -> String {
      try graph.all(field).last.flatMap { try ProtobufFields($0).text(1) } ?? ""
    }
    (input, output) = (try name(11), try name(12))
  }

  /// The output for rows of samples.
  func run(_ x: Table) throws -> Table {
    var values = constants
    values[input] = x
    for operation in operations {
      let inputs = try operation.inputs.map { name -> Table in
        guard let value = values[name] else {
          throw Failure(description: "\(operation.name) before its operand \(name)")
        }
        return value
      }
      values[operation.output] = try Self.result(of: operation, inputs)
    }
    guard let result = values[output] else { throw Failure(description: "no output") }
    return result
  }

  private static func map(_ x: Table, _ function: (Double) -> Double) -> Table {
    Table(x.rows, x.columns, x.numbers.map(function))
  }

  private static func zip(
    _ inputs: [Table], _ function: (Double, Double) -> Double
  ) throws -> Table {
    let (a, b) = (inputs[0], inputs[1])
    let (rows, columns) = (max(a.rows, b.rows), max(a.columns, b.columns))
    guard [1, rows].contains(a.rows), [1, rows].contains(b.rows), [1, columns].contains(a.columns),
      [1, columns].contains(b.columns)
    else { throw Failure(description: "shapes that do not meet") }
    return Table(
      rows, columns,
      (0..<rows).flatMap { i in (0..<columns).map { function(a[i, $0], b[i, $0]) } })
  }

  private static func product(_ a: Table, _ b: Table, transposed: Bool) throws -> Table {
    let (inner, columns) = transposed ? (b.columns, b.rows) : (b.rows, b.columns)
    guard a.columns == inner else { throw Failure(description: "a product that does not fit") }
    return Table(
      a.rows, columns,
      (0..<a.rows).flatMap { i in
        (0..<columns).map { j in
          (0..<inner).reduce(0) {
            $0 + a.row(i)[i * a.columns + $1]
              * b.numbers[transposed ? j * inner + $1 : $1 * columns + j]
          }
        }
      })
  }

  private static func result(of node: Operation, _ x: [Table]) throws -> Table {
    func reduced(_ function: (ArraySlice<Double>) -> Double) throws -> Table {
      let axes = x.count > 1 ? x[1].numbers.map { Int($0) } : node.numbers["axes"]
      guard axes == [1], node.numbers["keepdims"] ?? [1] == [1] else {
        throw Failure(description: "\(node.name) along \(axes ?? [])")
      }
      return Table(x[0].rows, 1, (0..<x[0].rows).map { function(x[0].row($0)) })
    }
    func extreme(_ a: Double, _ b: Double, _ takesFirst: Bool) -> Double {
      a.isNaN || b.isNaN ? .nan : takesFirst ? a : b
    }
    switch node.name {
    case "Gemm":
      guard node.numbers["transA"] ?? [0] == [0], node.floats["alpha"] ?? 1 == 1,
        node.floats["beta"] ?? 1 == 1
      else { throw Failure(description: "a Gemm with factors") }
      let y = try product(x[0], x[1], transposed: node.numbers["transB"] == [1])
      return x.count > 2 ? try zip([y, x[2]], +) : y
    case "MatMul": return try product(x[0], x[1], transposed: false)
    case "Identity", "Cast": return x[0]
    case "Add": return try zip(x, +)
    case "Sub": return try zip(x, -)
    case "Mul": return try zip(x, *)
    case "Div": return try zip(x, /)
    case "Pow": return try zip(x, Foundation.pow)
    case "Mod":
      guard node.numbers["fmod"] == [1] else { throw Failure(description: "Mod of integers") }
      return try zip(x, Foundation.fmod)
    case "Min": return try zip(x) { extreme($0, $1, $0 <= $1) }
    case "Max": return try zip(x) { extreme($0, $1, $0 >= $1) }
    case "Less": return try zip(x) { $0 < $1 ? 1 : 0 }
    case "LessOrEqual": return try zip(x) { $0 <= $1 ? 1 : 0 }
    case "Greater": return try zip(x) { $0 > $1 ? 1 : 0 }
    case "GreaterOrEqual": return try zip(x) { $0 >= $1 ? 1 : 0 }
    case "Equal": return try zip(x) { $0 == $1 ? 1 : 0 }
    case "Where":
      // A truth and two numbers: the numbers meet first, nan and all.
      let first = try zip([x[1], x[2]]) { a, _ in a }
      let second = try zip([x[1], x[2]]) { _, b in b }
      let kept = try zip([x[0], first]) { $0 != 0 ? $1 : 0 }
      let other = try zip([x[0], second]) { $0 != 0 ? 0 : $1 }
      let isFirst = try zip([x[0], first]) { truth, _ in truth }
      return Table(
        kept.rows, kept.columns,
        kept.numbers.indices.map {
          isFirst.numbers[$0] != 0 ? kept.numbers[$0] : other.numbers[$0]
        })
    case "Neg": return map(x[0], -)
    case "Abs": return map(x[0], abs)
    case "Sqrt": return map(x[0]) { $0.squareRoot() }
    case "Exp": return map(x[0], Foundation.exp)
    case "Log": return map(x[0], Foundation.log)
    case "Sin": return map(x[0], Foundation.sin)
    case "Cos": return map(x[0], Foundation.cos)
    case "Tan": return map(x[0], Foundation.tan)
    case "Asin": return map(x[0], Foundation.asin)
    case "Acos": return map(x[0], Foundation.acos)
    case "Atan": return map(x[0], Foundation.atan)
    case "Sinh": return map(x[0], Foundation.sinh)
    case "Cosh": return map(x[0], Foundation.cosh)
    case "Erf": return map(x[0], Foundation.erf)
    case "Floor": return map(x[0]) { $0.rounded(.down) }
    case "Ceil": return map(x[0]) { $0.rounded(.up) }
    case "IsNaN": return map(x[0]) { $0.isNaN ? 1 : 0 }
    case "Sigmoid": return map(x[0]) { 1 / (1 + Foundation.exp(-$0)) }
    case "Tanh": return map(x[0], Foundation.tanh)
    case "Relu": return map(x[0]) { max($0, 0) }
    case "Softplus": return map(x[0]) { max($0, 0) + log1p(Foundation.exp(-abs($0))) }
    case "LeakyRelu":
      let slope = node.floats["alpha"] ?? 0.01
      return map(x[0]) { $0 < 0 ? slope * $0 : $0 }
    case "Elu":
      let size = node.floats["alpha"] ?? 1
      return map(x[0]) { $0 < 0 ? size * expm1($0) : $0 }
    case "PRelu": return try zip(x) { $0 < 0 ? $1 * $0 : $0 }
    case "Softmax":
      guard node.numbers["axis"] ?? [-1] == [-1] else {
        throw Failure(description: "Softmax along another axis")
      }
      return Table(
        x[0].rows, x[0].columns,
        (0..<x[0].rows).flatMap { row -> [Double] in
          let most = x[0].row(row).max() ?? 0
          let powers = x[0].row(row).map { Foundation.exp($0 - most) }
          let sum = powers.reduce(0, +)
          return powers.map { $0 / sum }
        })
    case "Softsign": return map(x[0]) { $0 / (1 + abs($0)) }
    case "Selu":
      return map(x[0]) { 1.0507010221481323 * ($0 > 0 ? $0 : 1.6732631921768188 * expm1($0)) }
    case "Celu":
      let alpha = node.floats["alpha"] ?? 1
      return map(x[0]) { max(0, $0) + min(0, alpha * expm1($0 / alpha)) }
    case "HardSigmoid":
      let (alpha, beta) = (node.floats["alpha"] ?? 0.2, node.floats["beta"] ?? 0.5)
      return map(x[0]) { max(0, min(1, alpha * $0 + beta)) }
    case "ReduceSum": return try reduced { $0.reduce(0, +) }
    case "ReduceMean": return try reduced { $0.reduce(0, +) / Double($0.count) }
    case "ReduceMax": return try reduced { $0.max() ?? .nan }
    case "ReduceMin": return try reduced { $0.min() ?? .nan }
    case "Gather":
      guard node.numbers["axis"] == [1] else { throw Failure(description: "Gather of rows") }
      let places = x[1].numbers.map { Int($0) }
      return Table(
        x[0].rows, places.count, (0..<x[0].rows).flatMap { row in places.map { x[0][row, $0] } })
    case "Concat":
      guard node.numbers["axis"] == [1] else { throw Failure(description: "Concat of rows") }
      return Table(
        x[0].rows, x.reduce(0) { $0 + $1.columns },
        (0..<x[0].rows).flatMap { row in x.flatMap { $0.row(row) } })
    case "Expand":
      let shape = x[1].numbers.map { Int($0) }
      return try zip([
        x[0], Table(shape[0], shape[1], Array(repeating: 0, count: shape[0] * shape[1])),
      ]) {
        a, _ in a
      }
    default: throw Failure(description: "the operation \(node.name) is not known")
    }
  }
}
