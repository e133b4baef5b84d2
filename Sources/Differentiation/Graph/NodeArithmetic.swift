// Arithmetic on nodes as it is written on paper; numbers stand for constants.

extension Node: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  package convenience init(floatLiteral number: Double) { self.init(number: number) }
  package convenience init(integerLiteral number: Int) { self.init(number: Double(number)) }

  package convenience init(number: Double) {
    self.init(.constant, inputs: [], shape: .scalar, name: nil, value: Tensor(number))
  }

  /// - Throws: where the shapes do not go together.
  package static func + (a: Node, b: Node) throws(ShapeError) -> Node {
    try apply(.add, to: [a, b])
  }

  /// - Throws: where the shapes do not go together.
  package static func - (a: Node, b: Node) throws(ShapeError) -> Node {
    try apply(.subtract, to: [a, b])
  }

  /// - Throws: where the shapes do not go together.
  package static func * (a: Node, b: Node) throws(ShapeError) -> Node {
    try apply(.multiply, to: [a, b])
  }

  /// - Throws: where the shapes do not go together.
  package static func / (a: Node, b: Node) throws(ShapeError) -> Node {
    try apply(.divide, to: [a, b])
  }

  package static prefix func - (a: Node) throws(ShapeError) -> Node {
    try apply(.negate, to: [a])
  }

  /// The matrix product; a vector counts as a column.
  /// - Throws: where the inner sizes differ.
  package func product(_ other: Node) throws(ShapeError) -> Node {
    try Node.apply(.matmul, to: [self, other])
  }

  /// - Throws: never for a vector or matrix.
  package func transposed() throws(ShapeError) -> Node {
    if primitive === Primitive.transpose, inputs[0].shape.rank == 2 { return inputs[0] }
    return try Node.apply(.transpose, to: [self])
  }

  /// - Throws: where the primitive does not take this shape.
  package func applying(_ primitive: Primitive) throws(ShapeError) -> Node {
    try Node.apply(primitive, to: [self])
  }

  /// The same elements in another shape; the node itself where it has that shape.
  /// - Throws: where the counts of elements differ.
  package func reshaped(_ shape: Shape) throws(ShapeError) -> Node {
    shape == self.shape ? self : try Node.apply(.reshape(to: shape), to: [self])
  }

  /// - Throws: where the shape cannot be repeated to the other.
  package func broadcast(to shape: Shape) throws(ShapeError) -> Node {
    shape == self.shape ? self : try Node.apply(.broadcast(to: shape), to: [self])
  }

  /// Summed over what broadcasting had repeated.
  func collapsed(to shape: Shape) throws(ShapeError) -> Node {
    shape == self.shape ? self : try Node.apply(.collapse(to: shape), to: [self])
  }
}
