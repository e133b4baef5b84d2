internal import CKernels

// Products of matrices and vectors. A vector counts as a column.

extension Primitive {
  package static let matmul: Primitive = Primitive(
    "matmul", "The matrix product; of two vectors their dot product.", formula: "x @ y", arity: 2,
    kernel: .product,
    derivative: .rule { adjoint, inputs, _, index throws(ShapeError) in
      let a = inputs[0]
      let b = inputs[1]
      switch (a.shape, b.shape) {
      case (.vector, .vector):
        return try adjoint * inputs[1 - index]
      case (.matrix, .vector):
        return index == 0
          ? try Node.apply(.outer, to: [adjoint, b]) : try a.transposed().product(adjoint)
      case (.vector(let n), .matrix(let rows, let columns)) where rows == n:
        return index == 0
          ? try b.product(adjoint).reshaped(.vector(n))
          : try Node.apply(.outer, to: [a, adjoint]).reshaped(.matrix(rows, columns))
      case (.vector, .matrix(_, let columns)):
        return index == 0
          ? try adjoint.product(b.reshaped(.vector(columns)))
          : try a.product(adjoint).reshaped(b.shape)
      default:
        return index == 0
          ? try adjoint.product(b.transposed()) : try a.transposed().product(adjoint)
      }
    },
    samples: [
      [.matrix(3, 4), .matrix(4, 2)], [.matrix(3, 4), .vector(4)], [.vector(3), .matrix(3, 2)],
      [.vector(4), .vector(4)], [.vector(3), .matrix(1, 2)], [.vector(1), .matrix(1, 3)],
    ]
  ) { shapes throws(ShapeError) in
    let a = shapes[0]
    let b = shapes[1]
    switch (a, b) {
    case (.vector(let m), .vector(let n)):
      if m == n { return .scalar }
      throw ShapeError(
        "the dot product needs vectors of one length, not \(m) and \(n)",
        help: "v @ w' is the outer product")
    case (.vector(let n), .matrix(let rows, let columns)):
      if n == rows { return .vector(columns) }
      if rows == 1 { return .matrix(n, columns) }
      throw ShapeError(
        "cannot multiply \(a) by \(b): \(n) elements against \(rows) rows",
        help: columns == n ? "W @ v multiplies the matrix by the vector" : nil)
    case (.matrix(let rows, let columns), .vector(let n)):
      if n == columns { return .vector(rows) }
      throw ShapeError(
        "cannot multiply \(a) by \(b): \(columns) columns against \(n) elements",
        help: rows == n ? "v @ W multiplies the vector by the matrix" : nil)
    case (.matrix(let m, let k), .matrix(let rows, let n)):
      if k == rows { return .matrix(m, n) }
      throw ShapeError(
        "cannot multiply \(a) by \(b): \(k) columns against \(rows) rows",
        help: k == n ? "a @ b' multiplies by the transpose" : nil)
    case (.scalar, _), (_, .scalar):
      throw ShapeError(
        "@ multiplies vectors and matrices, not \(a) by \(b)", help: "* multiplies by a number")
    }
  }

  package static let outer: Primitive = Primitive(
    "outer", "The outer product of two vectors: every product of their elements.",
    formula: "outer(x, y)", arity: 2, kernel: .outer,
    derivative: .rule { adjoint, inputs, _, index throws(ShapeError) in
      index == 0 ? try adjoint.product(inputs[1]) : try adjoint.transposed().product(inputs[0])
    },
    samples: [[.vector(3), .vector(2)]]
  ) { shapes throws(ShapeError) in
    guard case .vector(let m) = shapes[0], case .vector(let n) = shapes[1] else {
      throw ShapeError("the outer product takes two vectors, not \(shapes[0]) and \(shapes[1])")
    }
    return .matrix(m, n)
  }

  package static let transpose: Primitive = Primitive(
    "transpose", "Rows and columns exchanged.", formula: "x'", kernel: .transpose,
    derivative: .rule { adjoint, inputs, _, _ throws(ShapeError) in
      inputs[0].shape.rank == 2
        ? try adjoint.transposed() : try adjoint.reshaped(inputs[0].shape)
    },
    samples: [[.matrix(2, 3)], [.vector(3)]]
  ) { shapes in shapes[0].transposed }
}
