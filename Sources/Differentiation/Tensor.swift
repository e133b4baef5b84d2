/// A number, vector or matrix of binary64 elements, stored row by row.
package struct Tensor: Hashable, Sendable {
  package let shape: Shape
  package var elements: [Double]

  /// - Precondition: `elements.count == shape.count`.
  package init(_ shape: Shape, _ elements: [Double]) {
    precondition(elements.count == shape.count)
    self.shape = shape
    self.elements = elements
  }

  package init(_ number: Double) { self.init(.scalar, [number]) }

  package init(vector elements: [Double]) { self.init(.vector(elements.count), elements) }

  package init(repeating number: Double, shape: Shape) {
    self.init(shape, Array(repeating: number, count: shape.count))
  }
}
