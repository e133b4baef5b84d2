internal import CKernels

// Parts of a tensor, tensors put together, and other shapes of the same elements.

extension Primitive {
  /// The positions a slice takes, counted from 0 row by row; nothing for other operations.
  package var selection: [Int]? {
    if case .take(let indices) = kernel { indices } else { nil }
  }

  /// Whether its result holds elements of its operand, only in another order or shape.
  package var isView: Bool {
    switch kernel {
    case .take, .view, .transpose: true
    default: false
    }
  }

  /// Elements by position in `shape`, counted from 0 row by row, in the shape `result`.
  ///
  /// - Precondition: every index lies within `shape`, and there are `result.count` of them.
  package static func slice(_ indices: [Int], of shape: Shape, as result: Shape) -> Primitive {
    precondition(
      indices.count == result.count && indices.allSatisfy { 0 <= $0 && $0 < shape.count })
    return Primitive(
      "slice", "Some of the elements.", kernel: .take(indices),
      derivative: .rule { adjoint, inputs, _, _ throws(ShapeError) in
        try adjoint.applying(.scatter(indices, into: inputs[0].shape))
      },
      samples: [[shape]]
    ) { shapes throws(ShapeError) in
      guard shapes[0] == shape else { throw ShapeError("\(shapes[0]) is not \(shape)") }
      return result
    }
  }

  /// Zeros, and at the positions given the sum of the elements that name them.
  package static func scatter(_ indices: [Int], into shape: Shape) -> Primitive {
    Primitive(
      "scatter", "Elements put back where they came from, zeros elsewhere.",
      kernel: .scatter(indices),
      derivative: .rule { adjoint, inputs, _, _ throws(ShapeError) in
        try adjoint.applying(.slice(indices, of: shape, as: inputs[0].shape))
      },
      samples: [[.vector(indices.count)]]
    ) { shapes throws(ShapeError) in
      guard shapes[0].count == indices.count else {
        throw ShapeError("\(shapes[0]) does not have \(indices.count) elements")
      }
      return shape
    }
  }

  /// The elements of all operands one after the other, in the shape `result`: numbers and vectors
  /// to a longer vector, vectors to the rows of a matrix.
  package static func join(_ parts: [Shape], as result: Shape) -> Primitive {
    precondition(parts.reduce(0) { $0 + $1.count } == result.count)
    return Primitive(
      "join", "Several tensors put together.", arity: parts.count, kernel: .join,
      derivative: .rule { adjoint, inputs, output, index throws(ShapeError) in
        let start = inputs[..<index].reduce(0) { $0 + $1.shape.count }
        let shape = inputs[index].shape
        return try adjoint.applying(
          .slice(Array(start..<start + shape.count), of: output.shape, as: shape))
      },
      samples: [parts]
    ) { shapes throws(ShapeError) in
      guard shapes == parts else { throw ShapeError("the parts to join have other shapes") }
      return result
    }
  }

  package static func reshape(to shape: Shape) -> Primitive {
    Primitive(
      "reshape", "The same elements in another shape.", kernel: .view,
      derivative: .rule { adjoint, inputs, _, _ throws(ShapeError) in
        try adjoint.reshaped(inputs[0].shape)
      },
      samples: [[.vector(shape.count)]]
    ) { shapes throws(ShapeError) in
      guard shapes[0].count == shape.count else {
        throw ShapeError(
          "\(shapes[0]) has \(shapes[0].count) elements, \(shape) has \(shape.count)")
      }
      return shape
    }
  }

  /// Repeated as broadcasting repeats it.
  package static func broadcast(to shape: Shape) -> Primitive {
    Primitive(
      "broadcast", "Repeated to a larger shape.", kernel: .broadcast,
      derivative: .rule { adjoint, inputs, _, _ throws(ShapeError) in
        try adjoint.collapsed(to: inputs[0].shape)
      },
      samples: shape.rank == 2
        ? [[.scalar], [.vector(shape.columns)], [.matrix(shape.rows, 1)]] : [[.scalar]]
    ) { shapes throws(ShapeError) in
      guard try Shape.broadcast(shapes[0], shape, for: "broadcast") == shape else {
        throw ShapeError("\(shapes[0]) cannot be repeated to \(shape)")
      }
      return shape
    }
  }

  /// Summed over what broadcasting from `shape` repeats.
  static func collapse(to shape: Shape) -> Primitive {
    Primitive(
      "collapse", "Summed to a smaller shape.", kernel: .collapse,
      derivative: .rule { adjoint, inputs, _, _ throws(ShapeError) in
        try adjoint.broadcast(to: inputs[0].shape)
      },
      samples: shape == .scalar
        ? [[.matrix(2, 3)], [.vector(4)]] : [[.matrix(3, shape.columns == 1 ? 4 : shape.columns)]]
    ) { shapes throws(ShapeError) in
      guard try Shape.broadcast(shapes[0], shape, for: "collapse") == shapes[0] else {
        throw ShapeError("\(shapes[0]) is no repetition of \(shape)")
      }
      return shape
    }
  }
}
