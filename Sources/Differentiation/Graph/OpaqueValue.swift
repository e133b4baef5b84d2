extension Node {
  /// A value that was computed outside of the graph. It can be computed with, but a derivative by
  /// what `inputs` come from is refused, with the name of the operation, instead of being wrong.
  package static func opaque(_ value: Tensor, of operation: String, from inputs: [Node]) -> Node {
    let primitive = Primitive(
      operation, "A value whose computation was not recorded.", arity: inputs.count,
      // Zeros, wherever it should run: the shape rule refuses before that.
      kernel: .scatter([]),
      derivative: .none("there is no rule for how its value changes"),
      samples: []
    ) { _ throws(ShapeError) in
      throw ShapeError("\(operation) can be computed once only")
    }
    return Node(
      .operation(primitive), inputs: inputs, shape: value.shape, name: nil, value: value)
  }
}
