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
    case 0: Tensor(numbers[0])
    case 1: Tensor(vector: numbers)
    default: Tensor(.matrix(shape[0], shape[0] == 0 ? 0 : numbers.count / shape[0]), numbers)
    }
  }
}
