import Differentiation

/// Applies to every row of the operands what a user's function does to one sample.
///
/// The function is traced once on vectors, then each of its steps is repeated for all rows at
/// once: a number of one sample becomes a column, a vector becomes the rows of a matrix.
/// - Parameters:
///   - operands: matrices, rows × width.
///   - function: from vectors of one sample to a vector or a number.
/// - Returns: rows × width for a vector, a vector of rows for a number.
/// - Throws: what the function throws, or an error naming the step that has no form for rows.
func batched(
  _ operands: [Node], _ function: ([Node]) throws(LearningError) -> Node
) throws(LearningError) -> Node {
  let samples = operands.map { Node.input(.vector($0.shape.columns), name: $0.name) }
  let result = try function(samples)
  return try building(repeated(result, of: samples, for: operands))
}

/// The node that makes of all rows what `result` makes of one sample.
private func repeated(
  _ result: Node, of samples: [Node], for operands: [Node]
) throws(ShapeError) -> Node {
  let lift = BatchingTransform(rows: operands.first?.shape.rows ?? 0)
  var lifted: [ObjectIdentifier: Node] = [:]
  for (sample, operand) in zip(samples, operands) { lifted[ObjectIdentifier(sample)] = operand }
  for node in topologicalOrder(of: [result]) where lifted[ObjectIdentifier(node)] == nil {
    let inputs = node.inputs.map { lifted[ObjectIdentifier($0)] }
    guard inputs.contains(where: { $0 != nil }), let primitive = node.primitive else { continue }
    let operands = zip(node.inputs, inputs).map { original, row in
      row.map { BatchingTransform.Operand.rows($0) } ?? .fixed(original)
    }
    let value = try lift.apply(primitive, to: operands, sample: node)
    value.name = node.name
    lifted[ObjectIdentifier(node)] = value
  }
  guard let value = lifted[ObjectIdentifier(result)] else {
    // The function's value does not depend on the sample: the same for every row.
    if result.shape == .scalar { return try result.broadcast(to: .vector(lift.rows)) }
    return try result.broadcast(to: .matrix(lift.rows, result.shape.columns))
  }
  if result.shape == .scalar { return try value.reshaped(.vector(lift.rows)) }
  return value
}

private struct BatchingTransform {
  let rows: Int

  enum Operand {
    /// A column where the sample had a number, rows × width where it had a vector.
    case rows(Node)
    /// The same for all samples.
    case fixed(Node)
  }

  func apply(
    _ primitive: Primitive, to operands: [Operand], sample: Node
  ) throws(ShapeError) -> Node {
    if primitive.scalar != nil || primitive === Primitive.choose {
      return try Node.apply(
        primitive,
        to: try operands.map { operand throws(ShapeError) in
          try spread(operand, over: sample.shape)
        })
    }
    if case .rows(let x)? = operands.first, operands.count == 1 {
      return try unary(primitive, x, sample: sample)
    }
    if primitive === Primitive.matmul, operands.count == 2 {
      return try product(operands[0], operands[1], sample: sample)
    }
    throw refusal(primitive)
  }

  /// An operand of an element-wise step as a matrix that meets the others without broadcasting a
  /// column against a row.
  private func spread(_ operand: Operand, over sample: Shape) throws(ShapeError) -> Node {
    switch (operand, sample) {
    case (.rows(let node), .vector(let width)): return try node.broadcast(to: .matrix(rows, width))
    case (.rows(let node), _): return node
    case (.fixed(let node), .vector(let width)) where node.shape != .scalar:
      return try node.broadcast(to: .matrix(rows, width))
    case (.fixed(let node), _):
      return node.shape == .scalar ? node : try node.reshaped(.matrix(1, 1))
    }
  }

  private func unary(_ primitive: Primitive, _ x: Node, sample: Node) throws(ShapeError) -> Node {
    let wasNumber = sample.inputs[0].shape == .scalar
    let overAll = [Primitive.sum(), .mean(), .max(), .min()]
    let overColumns: [Primitive] = [
      .sum(axis: .columns), .mean(axis: .columns), .max(axis: .columns), .min(axis: .columns),
    ]
    if let index = overAll.firstIndex(where: { $0 === primitive }) {
      return try x.applying(overColumns[index]).reshaped(.matrix(rows, 1))
    }
    if primitive === Primitive.softmax { return try x.applying(primitive) }
    if primitive === Primitive.logSumExp {
      return try x.applying(primitive).reshaped(.matrix(rows, 1))
    }
    if primitive === Primitive.norm {
      return try x.applying(.square).applying(.sum(axis: .columns)).applying(.sqrt)
        .reshaped(.matrix(rows, 1))
    }
    if primitive.name == Primitive.reshape(to: .scalar).name {
      if sample.shape.rank == 2 { throw refusal(primitive) }
      return x
    }
    if primitive.name == Primitive.broadcast(to: .scalar).name, wasNumber,
      case .vector(let width) = sample.shape
    {
      return try x.broadcast(to: .matrix(rows, width))
    }
    if let indices = primitive.selection, sample.shape.rank < 2 {
      let width = sample.inputs[0].shape.count
      let all = (0..<rows).flatMap { row in indices.map { row * width + $0 } }
      return try x.applying(
        .slice(all, of: .matrix(rows, width), as: .matrix(rows, indices.count)))
    }
    throw refusal(primitive)
  }

  private func product(_ a: Operand, _ b: Operand, sample: Node) throws(ShapeError) -> Node {
    switch (a, b, sample.shape) {
    case (_, _, .scalar):
      let width = sample.inputs[0].shape.columns
      let both = try Node.apply(
        .multiply,
        to: [spread(a, over: .vector(width)), spread(b, over: .vector(width))])
      return try both.applying(.sum(axis: .columns)).reshaped(.matrix(rows, 1))
    case (.fixed(let matrix), .rows(let x), .vector) where matrix.shape.rank == 2:
      return try x.product(matrix.transposed())
    case (.rows(let x), .fixed(let matrix), .vector)
    where matrix.shape.rank == 2 && x.shape.columns == matrix.shape.rows:
      return try x.product(matrix)
    default: throw refusal(.matmul)
    }
  }

  private func refusal(_ primitive: Primitive) -> ShapeError {
    // Where several values are put together, nobody wrote a name.
    let what = primitive.name == "join" ? "putting values together in brackets" : primitive.name
    return ShapeError(
      "\(what) cannot be used in a function that is applied to many samples at once",
      help: "write it with element-wise operations, sum, mean, max, min, softmax or indexes")
  }
}
