import Differentiation

/// An array of any rank, as a file holds it.
package struct NumberArray: Hashable, Sendable {
  package let shape: [Int]
  /// Row by row, whatever the order in the file.
  package let numbers: [Double]

  package init(shape: [Int], numbers: [Double]) {
    self.shape = shape
    self.numbers = numbers
  }

  /// As a number, vector or matrix; the axes behind the first of more become one.
  package var tensor: Tensor {
    switch shape.count {
    case 0: return Tensor(numbers[0])
    case 1: return Tensor(vector: numbers)
    default:
      let columns = byteCount(Array(shape.dropFirst()), width: 1) ?? 0
      // Without rows any width would do, also one that no loop could go through.
      let isSound = !numbers.isEmpty || columns <= NumberBudget.standard.limit
      let rows = numbers.isEmpty ? min(shape[0], NumberBudget.standard.limit) : shape[0]
      return Tensor(.matrix(rows, isSound ? columns : 0), numbers)
    }
  }
}
