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
