import Differentiation
import Language
import Learning
import Syntax

extension Catalog {
  static let arrayFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "length", .arrays, "The number of elements, rows, characters or fields.",
      parameters: [anything.parameter],
      examples: [.init("length [4, 5, 6]", prints: "3"), .init("length \"abc\"", prints: "3")]
    ) { arguments throws(Failure) in
      let value = try arguments(anything)
      switch value.shape {
      case .vector(let count)?: return .number(Double(count))
      case .matrix(let rows, _)?: return .number(Double(rows))
      case .scalar?: return .number(1)
      case nil: break
      }
      switch value {
      case .list(let list): return .number(Double(list.count))
      case .string(let text): return .number(Double(text.count))
      case .record(let record): return .number(Double(record.count))
      case .data(let data): return .number(Double(data.count))
      case .stream(let stream): return .number(Double(stream.count))
      default:
        throw Failure(
          "\(value.kind) has no length", at: arguments.range(of: anything), label: value.kind)
      }
    },
    BuiltinFunction(
      "shape", .arrays, "The sizes: [] for a number, [n] for a vector, [rows, columns].",
      parameters: [numeric.parameter],
      examples: [.init("shape [[1,2,3],[4,5,6]]", prints: "[2, 3]")]
    ) { arguments throws(Failure) in
      switch try arguments(numeric).shape ?? .scalar {
      case .scalar: .tensor(Tensor(vector: []))
      case .vector(let count): .tensor(Tensor(vector: [Double(count)]))
      case .matrix(let rows, let columns):
        .tensor(Tensor(vector: [Double(rows), Double(columns)]))
      }
    },
    filled("zeros", "A vector or matrix of zeros.", 0),
    filled("ones", "A vector or matrix of ones.", 1),
    BuiltinFunction(
      "fill", .arrays, "A vector or matrix of one number.",
      parameters: [element.parameter, rows.parameter, columns.parameter],
      examples: [.init("fill 7 2", prints: "[7, 7]")]
    ) { arguments throws(Failure) in
      try apply(
        .broadcast(to: try requestedShape(arguments)), to: [try arguments(element)],
        names: [arguments.given(element)?.name], at: arguments.range)
    },
    BuiltinFunction(
      "eye", aliases: ["identity"], .arrays, "The identity matrix.",
      parameters: [rows.parameter], examples: [.init("eye(2)[1,:]", prints: "[1, 0]")]
    ) { arguments throws(Failure) in
      let size = try arguments(rows)
      try arguments.runtime.charge(rows: size, columns: size, at: arguments.range)
      var tensor = Tensor(repeating: 0, shape: .matrix(size, size))
      for place in 0..<size { tensor.elements[place * size + place] = 1 }
      return .tensor(tensor)
    },
    BuiltinFunction(
      "linspace", .arrays, "Evenly spaced numbers from a to b, both included.",
      parameters: [low.parameter, high.parameter, count.parameter],
      examples: [.init("linspace 0 1 5", prints: "[0, 0.25, 0.5, 0.75, 1]")]
    ) { arguments throws(Failure) in
      let count = try arguments(count)
      try arguments.runtime.charge(elements: count, at: arguments.range)
      let steps = Value.tensor(
        Tensor(
          vector: [Double](count: count) { count == 1 ? 0 : Double($0) / Double(count - 1) }))
      let (start, end) = (try arguments(low), try arguments(high))
      let span = try apply(.subtract, to: [end, start], at: arguments.range)
      if span.firstNotFinite != nil, start.firstNotFinite == nil, end.firstNotFinite == nil {
        // The way between two huge numbers is too long for a number; shares of both are not.
        let rest = try apply(.subtract, to: [.number(1), steps], at: arguments.range)
        return try apply(
          .add,
          to: [
            try apply(.multiply, to: [start, rest], at: arguments.range),
            try apply(.multiply, to: [end, steps], at: arguments.range),
          ], at: arguments.range)
      }
      let shares = try apply(.multiply, to: [span, steps], at: arguments.range)
      return try apply(.add, to: [start, shares], at: arguments.range)
    },
    BuiltinFunction(
      "reshape", .arrays, "The same elements, row by row, in another shape.",
      parameters: [numeric.parameter, rows.parameter, columns.parameter],
      examples: [.init("reshape(1..6, 2, 3)[2,:]", prints: "[4, 5, 6]")]
    ) { arguments throws(Failure) in
      try apply(
        .reshape(to: try requestedShape(arguments)), to: [try arguments(numeric)],
        at: arguments.range)
    },
    BuiltinFunction(
      "flatten", .arrays, "All elements, row by row, as a vector.",
      parameters: [numeric.parameter],
      examples: [.init("flatten [[1,2],[3,4]]", prints: "[1, 2, 3, 4]")]
    ) { arguments throws(Failure) in
      let value = try arguments(numeric)
      return try apply(
        .reshape(to: .vector(value.shape?.count ?? 1)), to: [value], at: arguments.range)
    },
    BuiltinFunction(
      "transpose", .arrays, "Rows become columns; short for x'.",
      parameters: [numeric.parameter],
      examples: [.init("transpose([[1,2],[3,4]])[1,:]", prints: "[1, 3]")]
    ) { arguments throws(Failure) in
      let value = try arguments(numeric)
      if case .scalar? = value.shape { return value }
      return try apply(.transpose, to: [value], at: arguments.range)
    },
    BuiltinFunction(
      "hstack", .arrays, "Puts matrices or columns side by side.",
      rest: Parameter("x", .numeric, "A vector (a column) or a matrix."),
      examples: [.init("hstack([1,2], [3,4])[1,:]", prints: "[1, 3]")]
    ) { arguments throws(Failure) in try stacked(arguments, side: true) },
    BuiltinFunction(
      "vstack", .arrays, "Puts matrices or rows below each other.",
      rest: Parameter("x", .numeric, "A vector (a row) or a matrix."),
      examples: [.init("vstack([1,2], [3,4])[:,1]", prints: "[1, 3]")]
    ) { arguments throws(Failure) in try stacked(arguments, side: false) },
  ]

  private static let anything = Key.any("x", "Any value.")
  private static let numeric = Key.any("x", .numeric, "A number, vector or matrix.")
  private static let number = Parameter.Kind.number(-.infinity ... .infinity, aboveLow: false)
  private static let element = Key.any("value", number, "The number to fill with.")
  private static let low = Key.any("from", number, "The first number.")
  private static let high = Key.any("to", number, "The last number.")
  private static let count = Key.wholeNumber(
    "n", .number(50), in: 1...Int.max, "How many numbers.")
  private static let rows = Key.wholeNumber("rows", in: 0...Int.max, "Elements, or rows.")
  private static let columns = Key.wholeNumber(
    "columns", .absent, in: 0...Int.max, "Columns; a vector without.")

  private static func requestedShape(_ arguments: Arguments) throws(Failure) -> Shape {
    let rows = try arguments(rows)
    guard let columns = try arguments.optional(columns) else {
      try arguments.runtime.charge(elements: rows, at: arguments.range)
      return .vector(rows)
    }
    try arguments.runtime.charge(rows: rows, columns: columns, at: arguments.range)
    return .matrix(rows, columns)
  }

  private static func filled(_ name: String, _ text: String, _ number: Double) -> BuiltinFunction {
    BuiltinFunction(
      name, .arrays, text, parameters: [rows.parameter, columns.parameter],
      examples: [.init("\(name) 2", prints: number == 0 ? "[0, 0]" : "[1, 1]")]
    ) { arguments throws(Failure) in
      .tensor(Tensor(repeating: number, shape: try requestedShape(arguments)))
    }
  }

  /// A vector is one row below others, and one column beside others.
  private static func stacked(_ arguments: Arguments, side: Bool) throws(Failure) -> Value {
    guard let first = arguments.rest.first else {
      throw Failure("\(arguments.function.name) needs at least one value", at: arguments.range)
    }
    let counts = arguments.rest.map { max($0.value.shape?.count ?? 1, $0.value.shape?.rows ?? 1) }
    try arguments.runtime.charge(elements: counts.reduce(0, +), at: arguments.range)
    // Beside each other is below each other, with rows for columns.
    var parts: [Value] = []
    var (rows, width) = (0, 0)
    for part in arguments.rest {
      var value = part.value
      if side, case .matrix? = value.shape {
        value = try apply(.transpose, to: [value], at: part.range)
      }
      let shape = value.shape ?? .scalar
      let (height, length) =
        if case .matrix(let rows, let columns) = shape { (rows, columns) } else { (1, shape.count) }
      if parts.isEmpty { width = length }
      guard length == width else {
        throw Failure(
          side
            ? "\(length) rows do not stand beside \(width)"
            : "\(length) columns do not stand below \(width)",
          at: part.range, label: part.value.kind, labels: [.init(first.range, first.value.kind)])
      }
      parts.append(value)
      rows += height
    }
    let stack = try apply(
      .join(parts.map { $0.shape ?? .scalar }, as: .matrix(rows, width)), to: parts,
      at: arguments.range)
    return side ? try apply(.transpose, to: [stack], at: arguments.range) : stack
  }
}
