import Differentiation
import Language
import Learning

extension Catalog {
  private static let product: @Sendable (Tensor, Tensor) -> Tensor? = { $0.product(few: $1) }
  private static let outer: @Sendable (Tensor, Tensor) -> Tensor? = { $0.outer(few: $1) }

  static let linearAlgebraFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "dot", .arrays, "The sum of products of two vectors; v @ w says the same.",
      parameters: [first.parameter, second.parameter],
      examples: [.init("dot([1,2], [3,4])", prints: "11")], pair: product
    ) { arguments throws(Failure) in
      try apply(
        .matmul, to: [try arguments(first), try arguments(second)],
        names: [arguments.given(first)?.name, arguments.given(second)?.name], at: arguments.range)
    },
    BuiltinFunction(
      "outer", .arrays, "All products of two vectors, as a matrix; v @ w' says the same.",
      parameters: [firstVector.parameter, secondVector.parameter],
      examples: [.init("outer([1,2], [3,4])[2,:]", prints: "[6, 8]")],
      pair: outer
    ) { arguments throws(Failure) in
      let (first, second) = (try arguments(firstVector), try arguments(secondVector))
      try arguments.runtime.charge(
        rows: first.shape?.count ?? 0, columns: second.shape?.count ?? 0, at: arguments.range)
      return try apply(.outer, to: [first, second], at: arguments.range)
    },
    BuiltinFunction(
      "solve", .arrays, "The x with A @ x = b.",
      parameters: [square.parameter, rightSide.parameter],
      examples: [.init("solve([[2,0],[0,4]], [2,4])", prints: "[1, 1]")]
    ) { arguments throws(Failure) in
      let right = try arguments(rightSide)
      let system = try LinearSystem(arguments, square)
      return Value(try system.solution(of: right, arguments, rightSide))
    },
    BuiltinFunction(
      "inv", .arrays, "The inverse of a matrix.", parameters: [square.parameter],
      examples: [.init("inv([[2,0],[0,4]])[2,:]", prints: "[0, 0.25]")]
    ) { arguments throws(Failure) in
      let system = try LinearSystem(arguments, square)
      var identity = Tensor(repeating: 0, shape: .matrix(system.size, system.size))
      for place in 0..<system.size { identity.elements[place * system.size + place] = 1 }
      return .tensor(try system.solution(of: identity, arguments, square))
    },
    BuiltinFunction(
      "det", .arrays, "The determinant of a matrix.", parameters: [square.parameter],
      examples: [.init("det [[1,2],[3,4]]", prints: "-2")]
    ) { arguments throws(Failure) in
      .number(try LinearSystem(arguments, square).determinant)
    },
    BuiltinFunction(
      "diag", .arrays, "The diagonal of a matrix, or the matrix with a vector as diagonal.",
      parameters: [numeric.parameter],
      examples: [.init("diag [[1,2],[3,4]]", prints: "[1, 4]")]
    ) { arguments throws(Failure) in
      let value = try arguments(numeric)
      let shape = value.shape ?? .scalar
      switch shape {
      case .scalar: return value
      case .matrix(let rows, let columns):
        let count = min(rows, columns)
        return try apply(
          .slice((0..<count).map { $0 * (columns + 1) }, of: shape, as: .vector(count)),
          to: [value], at: arguments.range)
      case .vector(let count):
        try arguments.runtime.charge(rows: count, columns: count, at: arguments.range)
        return try apply(
          .scatter((0..<count).map { $0 * (count + 1) }, into: .matrix(count, count)),
          to: [value], at: arguments.range)
      }
    },
  ]

  private static let first = Key.any("a", .numeric, "A vector or matrix.")
  private static let second = Key.any("b", .numeric, "A vector or matrix.")
  private static let firstVector = Key.any("v", .vector, "A vector.")
  private static let secondVector = Key.any("w", .vector, "A vector.")
  private static let square = Key.matrix("A", "A square matrix.")
  private static let rightSide = Key.numeric("b", "A vector or matrix.")
  private static let numeric = Key.any("x", .numeric, "A vector or matrix.")
}

extension LinearSystem {
  fileprivate init(_ arguments: Arguments, _ key: Key<Tensor>) throws(Failure) {
    let matrix = try arguments(key)
    guard case .matrix(let rows, let columns) = matrix.shape, rows == columns else {
      throw Failure(
        "\(arguments.function.name) needs a square matrix", at: arguments.range(of: key),
        label: matrix.shape.description)
    }
    let size = Double(rows)
    // The factors, and the right side beside them.
    try arguments.runtime.charge(scratch: 3 * matrix.elements.count, at: arguments.range)
    try arguments.runtime.count(multiplyAdds: size * size * size / 3, at: arguments.range)
    self.init(matrix)
  }

  fileprivate func solution(
    of right: Tensor, _ arguments: Arguments, _ key: Key<Tensor>
  ) throws(Failure) -> Tensor {
    switch right.shape {
    case .vector(size), .matrix(size, _): break
    default:
      throw Failure(
        "the right side needs \(size) rows", at: arguments.range(of: key),
        label: right.shape.description)
    }
    let columns = Double(right.shape.count / Swift.max(1, size))
    try arguments.runtime.count(
      multiplyAdds: Double(size) * Double(size) * columns, at: arguments.range)
    guard let solution = solution(of: right) else {
      throw Failure(
        "the matrix is singular: no inverse, and no unique solution", at: arguments.range)
    }
    return solution
  }
}
