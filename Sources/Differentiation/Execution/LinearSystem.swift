internal import CKernels

/// A square matrix as the product of a triangular one and another: P A = L U, with partial pivoting
/// (Golub and Van Loan, Matrix Computations, 3.4).
package struct LinearSystem {
  package let size: Int
  private let factors: [Double]
  /// The row that each row was exchanged with.
  private let swaps: [Int]
  /// Whether every pivot is larger than what rounding leaves.
  private let isRegular: Bool
  /// Whether some pivot is exactly 0.
  private let hasNoPivot: Bool

  /// - Precondition: the matrix is square.
  package init(_ matrix: Tensor) {
    size = matrix.shape.rows
    // Smaller than rounding leaves of any entry: the matrix has no inverse.
    let least = 1e-14 * matrix.elements.reduce(0) { max($0, abs($1)) }
    let size = size
    var factors = matrix.elements
    var swaps = [Int](repeating: 0, count: size)
    var isWhole = true
    Self.withScratch(size * size) { scratch in
      factors.withUnsafeMutableBytes { factors in
        swaps.withUnsafeMutableBufferPointer { swaps in
          guard let factors = factors.baseAddress, let swaps = swaps.baseAddress else { return }
          // Only a pivot of 0 ends it: a determinant may be as small as it is.
          isWhole = Precision.float64.kernels.pointee.factor(factors, size, swaps, scratch)
        }
      }
    }
    (self.factors, self.swaps, hasNoPivot) = (factors, swaps, !isWhole)
    isRegular = isWhole && (0..<size).allSatisfy { !(abs(factors[$0 * size + $0]) <= least) }
  }

  private static func withScratch(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
    let memory = Memory(bytes: count * MemoryLayout<Double>.stride)
    withExtendedLifetime(memory) { body(memory.base) }
  }

  /// The x with A x = b, of one column or several; nil where the matrix is singular.
  /// - Precondition: `right` has as many rows.
  package func solution(of right: Tensor) -> Tensor? {
    guard isRegular else { return nil }
    var elements = right.elements
    let columns = right.shape.count / max(1, size)
    Self.withScratch(size * size) { scratch in
      elements.withUnsafeMutableBytes { elements in
        factors.withUnsafeBytes { factors in
          swaps.withUnsafeBufferPointer { swaps in
            guard let elements = elements.baseAddress, let factors = factors.baseAddress,
              let swaps = swaps.baseAddress
            else { return }
            Precision.float64.kernels.pointee.solve(
              factors, size, swaps, elements, columns, scratch)
          }
        }
      }
    }
    return Tensor(right.shape, elements)
  }

  package var determinant: Double {
    if hasNoPivot { return 0 }
    return (0..<size).reduce(1) { product, place in
      (swaps[place] == place ? product : -product) * factors[place * size + place]
    }
  }
}
