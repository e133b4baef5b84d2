internal import CKernels

/// What a reduction runs over.
package enum Axis: Int, Sendable, CaseIterable {
  case all = 0
  /// Over the rows: one result a column.
  case rows = 1
  /// Over the columns: one result a row.
  case columns = 2

  func shape(reducing shape: Shape, to what: String) throws(ShapeError) -> Shape {
    switch (self, shape) {
    case (.all, _), (_, .scalar), (.rows, .vector): return .scalar
    case (.rows, .matrix(_, let columns)): return .vector(columns)
    case (.columns, .matrix(let rows, _)): return .vector(rows)
    case (.columns, .vector):
      throw ShapeError(
        "\(shape) has one axis: no \(what) along axis 2", help: "leave the axis out")
    }
  }

  /// A result of the reduction repeated over what was reduced.
  func spread(_ node: Node, over shape: Shape) throws(ShapeError) -> Node {
    if case .matrix(let rows, _) = shape, self == .columns {
      return try node.reshaped(.matrix(rows, 1)).broadcast(to: shape)
    }
    return try node.broadcast(to: shape)
  }
}

extension Primitive {
  /// Reductions of one axis, so that the same operation is the same object.
  private static func reduction(
    _ name: String, _ summary: String, _ function: BPReduce, _ axis: Axis, mean: Bool = false,
    emptyIsZero: Bool = false, samples: [[Shape]]? = nil, derivative: Derivative
  ) -> Primitive {
    Primitive(
      name, summary, formula: axis == .all ? "\(name)(x)" : "\(name)(x, axis=\(axis.rawValue))",
      kernel: .reduce(function, axis: axis.rawValue, mean: mean), derivative: derivative,
      samples: samples
        ?? (axis == .columns ? [[.matrix(3, 4)]] : [[.matrix(3, 4)], [.vector(5)], [.scalar]])
    ) { shapes throws(ShapeError) in
      if shapes[0].count == 0, !emptyIsZero {
        throw ShapeError("\(shapes[0]) has no \(name): there is nothing in it")
      }
      return try axis.shape(reducing: shapes[0], to: name)
    }
  }

  private static func onAxes(_ make: (Axis) -> Primitive) -> [Primitive] {
    Axis.allCases.map(make)
  }

  private static let sums = onAxes { axis in
    reduction(
      "sum", "The sum.", BPReduce.sum, axis, emptyIsZero: true,
      derivative: .rule { adjoint, inputs, _, _ throws(ShapeError) in
        try axis.spread(adjoint, over: inputs[0].shape)
      })
  }
  private static let means = onAxes { axis in
    reduction(
      "mean", "The arithmetic mean.", BPReduce.sum, axis, mean: true,
      derivative: .rule { adjoint, inputs, output, _ throws(ShapeError) in
        let count = Double(inputs[0].shape.count) / Double(output.shape.count)
        return try axis.spread(adjoint * Node(number: 1 / count), over: inputs[0].shape)
      })
  }
  private static let maxima = onAxes { axis in
    reduction("max", "The largest.", BPReduce.maximum, axis, derivative: shared(axis))
  }
  private static let minima = onAxes { axis in
    reduction("min", "The smallest.", BPReduce.minimum, axis, derivative: shared(axis))
  }

  /// The adjoint goes to what attains the extreme, in equal parts where several do.
  private static func shared(_ axis: Axis) -> Derivative {
    .rule { adjoint, inputs, output, _ throws(ShapeError) in
      let x = inputs[0]
      let attains = try Node.apply(.equal, to: [x, axis.spread(output, over: x.shape)])
      let count = try attains.applying(.sum(axis: axis))
      return try attains * axis.spread(adjoint / count, over: x.shape)
    }
  }

  package static func sum(axis: Axis = .all) -> Primitive { sums[axis.rawValue] }
  package static func mean(axis: Axis = .all) -> Primitive { means[axis.rawValue] }
  package static func max(axis: Axis = .all) -> Primitive { maxima[axis.rawValue] }
  package static func min(axis: Axis = .all) -> Primitive { minima[axis.rawValue] }

  package static let norm: Primitive = reduction(
    "norm", "The length: the root of the sum of squares.", BPReduce.norm, .all, emptyIsZero: true,
    derivative: .rule { adjoint, inputs, output, _ throws(ShapeError) in
      // The derivative at 0 is taken as 0.
      let length = try Node.apply(.maximum, to: [output, 1e-300])
      return try adjoint / length * inputs[0]
    })

  package static let cumulativeSum: Primitive = cumulation(backward: false)
  private static let cumulativeSumBackward: Primitive = cumulation(backward: true)

  private static func cumulation(backward: Bool) -> Primitive {
    Primitive(
      backward ? "cumsum_back" : "cumsum",
      backward
        ? "The sums of each element and all after it."
        : "The sums of each element and all before it.",
      formula: backward ? "" : "cumsum(x)", kernel: .accumulate(backward: backward),
      derivative: .rule { adjoint, _, _, _ throws(ShapeError) in
        try adjoint.applying(backward ? .cumulativeSum : .cumulativeSumBackward)
      },
      samples: [[.vector(5)]]
    ) { shapes throws(ShapeError) in
      guard case .vector = shapes[0] else {
        throw ShapeError("cumsum takes a vector, not \(shapes[0])")
      }
      return shapes[0]
    }
  }

  // By row; a vector is one row.

  private static func batched(
    _ name: String, _ summary: String, formula: String, derivativeFormula: String? = nil,
    arity: Int = 1,
    _ function: BPRow, keepsShape: Bool = false, derivative: Derivative
  ) -> Primitive {
    let samples: [[Shape]] = [[.matrix(3, 4)], [.vector(5)]].map { (shape: [Shape]) in
      Array(repeating: shape[0], count: arity)
    }
    return Primitive(
      name, summary, formula: formula, derivativeFormula: derivativeFormula, arity: arity,
      kernel: .row(function),
      derivative: derivative, samples: samples
    ) { shapes throws(ShapeError) in
      if arity == 2, shapes[0] != shapes[1] {
        throw ShapeError("\(name) compares equal shapes, not \(shapes[0]) with \(shapes[1])")
      }
      if shapes[0].columns == 0 {
        throw ShapeError("\(shapes[0]) has no \(name): its rows are empty")
      }
      if keepsShape { return shapes[0] }
      if case .matrix(let rows, _) = shapes[0] { return .vector(rows) }
      return .scalar
    }
  }

  package static let softmax: Primitive = batched(
    "softmax", "Exponentials divided by their sum, row by row.", formula: "exp(x)/sum(exp(x))",
    derivativeFormula: "diag(y) - outer(y, y)", BPRow.softmax, keepsShape: true,
    derivative: .rule { adjoint, _, y, _ throws(ShapeError) in
      try y * (adjoint - (adjoint * y).summedByRow())
    })

  package static let logSumExp: Primitive = batched(
    "logsumexp", "The logarithm of the sum of the exponentials of each row.",
    formula: "log(sum(exp(x)))", BPRow.logSumExp,
    derivative: .rule { adjoint, inputs, _, _ throws(ShapeError) in
      try adjoint.asColumn(beside: inputs[0]) * inputs[0].applying(.softmax)
    })

  /// −Σ t ln softmax(z) of each row from the net inputs z, with any sum of t.
  package static let crossEntropy: Primitive = batched(
    "ce_logits", "The cross-entropy of each row's softmax with its targets, from the net inputs.",
    formula: "sum(y)*log(sum(exp(x))) - sum(y*x)", arity: 2, BPRow.crossEntropy,
    derivative: .rule { adjoint, inputs, _, index throws(ShapeError) in
      let z = inputs[0]
      let t = inputs[1]
      let column = try adjoint.asColumn(beside: z)
      if index == 0 { return try column * (t.summedByRow() * z.applying(.softmax) - t) }
      return try column * (z.applying(.logSumExp).asColumn(beside: z) - z)
    })

  /// −t ln y − (1−t) ln(1−y) with y = sigmoid(z), from z: never infinite.
  package static let binaryCrossEntropy: Primitive = Primitive(
    "bce_logits", "The cross-entropy of sigmoid(x) with the target y, from the net input x.",
    formula: "log(1 + exp(x)) - x*y", arity: 2, kernel: .zip(BPZip.binaryCrossEntropy),
    derivative: .local { inputs, _, index throws(ShapeError) in
      index == 0
        ? try Node.apply(.binaryCrossEntropyDerivative, to: inputs) : try -inputs[0]
    },
    scalar: .two { smoothed($0) - $0 * $1 },
    samples: [[.matrix(2, 3), .matrix(2, 3)], [.scalar, .scalar]]
  ) { shapes throws(ShapeError) in
    try Shape.broadcast(shapes[0], shapes[1], for: "compare")
  }

  package static let binaryCrossEntropyDerivative: Primitive = Primitive(
    "bce_logits'", "The error sigmoid(x) - y.", formula: "1/(1 + exp(-x)) - y", arity: 2,
    kernel: .zip(BPZip.binaryCrossEntropyDerivative),
    derivative: .local { inputs, _, index throws(ShapeError) in
      if index == 1 { return -1 }
      let y = try inputs[0].applying(.sigmoid)
      return try y * (1 - y)
    },
    scalar: .two { logistic($0) - $1 }, samples: [[.matrix(2, 3), .matrix(2, 3)]]
  ) { shapes throws(ShapeError) in
    try Shape.broadcast(shapes[0], shapes[1], for: "compare")
  }
}

extension Node {
  /// The sum of each row as a column; of a vector, its sum.
  func summedByRow() throws(ShapeError) -> Node {
    if shape.rank < 2 { return try applying(.sum()) }
    return try applying(.sum(axis: .columns)).asColumn(beside: self)
  }

  /// One number a row, rows × 1 beside a matrix `other` of as many rows, else as it is.
  /// - Throws: where the numbers are not as many as the rows.
  package func asColumn(beside other: Node) throws(ShapeError) -> Node {
    if case .matrix(let rows, _) = other.shape { return try reshaped(.matrix(rows, 1)) }
    return self
  }
}
