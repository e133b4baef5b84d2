/// The shape of a tensor: rank 0, 1 or 2, the highest there is.
package enum Shape: Hashable, Sendable {
  case scalar
  case vector(Int)
  /// Rows × columns.
  case matrix(Int, Int)

  package var rank: Int {
    switch self {
    case .scalar: 0
    case .vector: 1
    case .matrix: 2
    }
  }

  /// The number of elements.
  package var count: Int {
    switch self {
    case .scalar: 1
    case .vector(let count): count
    case .matrix(let rows, let columns): rows * columns
    }
  }

  /// Rows where the tensor is laid out as a table: a vector is one row there, as in broadcasting.
  package var rows: Int {
    if case .matrix(let rows, _) = self { rows } else { 1 }
  }

  package var columns: Int {
    switch self {
    case .scalar: 1
    case .vector(let count): count
    case .matrix(_, let columns): columns
    }
  }

  /// The shape of the transpose: a vector counts as a column, so its transpose is a 1×n matrix.
  package var transposed: Shape {
    switch self {
    case .scalar: .scalar
    case .vector(let count): .matrix(1, count)
    case .matrix(let rows, let columns): .matrix(columns, rows)
    }
  }

  /// The shape two operands of an element-wise operation have in common.
  ///
  /// As in NumPy, except that a vector never meets an n×1 matrix, nor 1×n an n×1: what looks like
  /// a sum of two columns would become an n×n table.
  /// - Throws: where neither shape can be repeated to the other.
  package static func broadcast(_ a: Shape, _ b: Shape, for verb: String) throws(ShapeError)
    -> Shape
  {
    switch (a, b) {
    case (.scalar, _): return b
    case (_, .scalar): return a
    case (.vector(let m), .vector(let n)):
      if m == n { return a }
      if m == 1 { return b }
      if n == 1 { return a }
    case (.vector(let n), .matrix(let rows, let columns)),
      (.matrix(let rows, let columns), .vector(let n)):
      let matrix = Shape.matrix(rows, columns)
      if columns == 1, n > 1, rows > 1 { throw ShapeError.columnMeetsRow(a, b, verb: verb) }
      if n == columns || n == 1 { return matrix }
      if columns == 1 { return .matrix(rows, n) }
    case (.matrix(let r, let c), .matrix(let p, let q)):
      if r == p, c == q { return a }
      if r == 1, q == 1, c > 1, p > 1 { throw ShapeError.columnMeetsRow(a, b, verb: verb) }
      if c == 1, p == 1, r > 1, q > 1 { throw ShapeError.columnMeetsRow(a, b, verb: verb) }
      if r == p || r == 1 || p == 1, c == q || c == 1 || q == 1 {
        return .matrix(r == 1 ? p : r, c == 1 ? q : c)
      }
    }
    throw ShapeError(
      "cannot \(verb) \(a) and \(b)",
      help: "element by element, both need the same shape, or one of them a single row or number")
  }
}

extension Shape: CustomStringConvertible {
  /// In a user's words: `a number`, `a vector of 3`, `a 2×3 matrix`.
  package var description: String {
    switch self {
    case .scalar: "a number"
    case .vector(let count): "a vector of \(count)"
    case .matrix(let rows, let columns): "a \(rows)×\(columns) matrix"
    }
  }
}

/// Shapes that do not go together, in the user's words.
package struct ShapeError: Error, Hashable, Sendable {
  package let message: String
  package let help: String?

  package init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }

  static func columnMeetsRow(_ a: Shape, _ b: Shape, verb: String) -> ShapeError {
    ShapeError(
      "cannot \(verb) \(a) and \(b): one is a column, the other counts as a row here",
      help: "make the column a vector with [:,1]")
  }
}
