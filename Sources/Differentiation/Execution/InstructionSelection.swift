internal import CKernels

// Which instruction a node becomes.
extension Compilation {
  /// The instruction that computes a node, with whatever else it can take along.
  func select(_ node: Node, _ primitive: Primitive) -> Selection {
    switch primitive.kernel {
    case .zip(BPZip.multiply, _):
      if let fused = fusedDerivative(node) ?? scaling(node) { return fused }
      return Selection(work: .kernel(primitive.kernel), inputs: node.inputs.map(unspread))
    case .zip(BPZip.add, _):
      if let affine = affine(node) { return affine }
      return Selection(work: .kernel(primitive.kernel), inputs: node.inputs.map(unspread))
    case .zip(BPZip.equal, _):
      if let agreement = agreement(node) { return agreement }
      return Selection(work: .kernel(primitive.kernel), inputs: node.inputs.map(unspread))
    case .zip, .choose:
      return Selection(work: .kernel(primitive.kernel), inputs: node.inputs.map(unspread))
    case .reduce: return reduction(node, primitive.kernel, times: 1)
    case .map: return activation(node, primitive.kernel)
    case .product:
      let shape = Kernel.product(node.inputs[0].shape, node.inputs[1].shape)
      return Selection(work: .product(shape), inputs: node.inputs.map(source))
    case .view, .transpose,
      .collapse where node.shape.count == node.inputs[0].shape.count,
      .broadcast where node.shape.count == node.inputs[0].shape.count:
      return Selection(work: .alias, inputs: node.inputs.map(source))
    default:
      return Selection(work: .kernel(primitive.kernel), inputs: node.inputs.map(source))
    }
  }

  /// An operand of an element-wise kernel: these repeat their operands themselves.
  private func unspread(_ node: Node) -> Value {
    var value = source(of: node)
    while !value.transposed,
      case .broadcast? = nodes[value.node].primitive?.kernel
    {
      value = source(of: nodes[value.node].inputs[0])
    }
    return value
  }

  /// An adjoint times a derivative in one pass, from the activation's input or output.
  private func fusedDerivative(_ node: Node) -> Selection? {
    let factor = node.inputs[1]
    guard let origin = factor.derivativeOrigin, let fused = origin.primitive.fusedDerivative,
      factor.shape == node.shape, factor.shape == origin.output.shape
    else { return nil }
    let from = fused.from == .output ? origin.output : origin.output.inputs[0]
    guard index[ObjectIdentifier(from)] != nil else { return nil }
    let kernel = Kernel.zip(fused.function, fused.constant)
    let inputs = [unspread(node.inputs[0]), source(of: from)]
    if let product = soleProduct(inputs[0]), product.inputs.count == 2, !inputs[1].transposed,
      nodes[inputs[0].node].shape == node.shape
    {
      return Selection(
        work: .product(product.shape, then: kernel), inputs: product.inputs + [inputs[1]])
    }
    return Selection(work: .kernel(kernel), inputs: inputs)
  }

  /// Whether numbers reach a limit, compared with what is said of it, in one pass: how answers of two
  /// classes are counted.
  private func agreement(_ node: Node) -> Selection? {
    let guess = source(of: node.inputs[0])
    let comparison = nodes[guess.node]
    guard !guess.transposed, uses[guess.node] == 1, !isConstant[guess.node],
      case .zip(BPZip.greaterOrEqual, _)? = comparison.primitive?.kernel,
      comparison.shape == node.shape, comparison.inputs[0].shape == node.shape,
      let limit = known(unspread(comparison.inputs[1]))
    else { return nil }
    return Selection(
      work: .kernel(.zip(BPZip.agrees, limit)),
      inputs: [unspread(comparison.inputs[0]), unspread(node.inputs[1])])
  }

  /// The product that a value is, where nothing else wants it.
  private func soleProduct(_ value: Value) -> (shape: BPProduct, inputs: [Value])? {
    guard !value.transposed, uses[value.node] == 1, !isConstant[value.node],
      let primitive = nodes[value.node].primitive
    else { return nil }
    let selection = select(nodes[value.node], primitive)
    guard case .product(let shape, then: nil) = selection.work else { return nil }
    return (shape, selection.inputs)
  }

  /// A product with numbers known beforehand, however many, as one multiplication or none.
  private func scaling(_ node: Node) -> Selection? {
    var factor = 1.0
    var rest = node
    var value = source(of: node)
    while rest === node || uses[value.node] == 1, !value.transposed, !isConstant[value.node],
      case .zip(BPZip.multiply, _)? = rest.primitive?.kernel
    {
      let operands = rest.inputs.map(unspread)
      guard let fixed = operands.indices.first(where: { known(operands[$0]) != nil }),
        let number = known(operands[fixed]), rest.inputs[1 - fixed].shape == node.shape
      else { break }
      factor *= number
      value = source(of: rest.inputs[1 - fixed])
      rest = nodes[value.node]
    }
    if rest === node || isConstant[value.node] || rest.shape.count != node.shape.count {
      return nil
    }
    if factor != 1, uses[value.node] == 1, !value.transposed, let kernel = rest.primitive?.kernel,
      case .reduce(BPReduce.sum, _, _, _) = kernel
    {
      return reduction(rest, kernel, times: factor)
    }
    return Selection(
      work: factor == 1 ? .alias : .kernel(.map(BPMap.scale, factor)), inputs: [value])
  }

  /// A reduction, and with it the squares it sums and the number its result is multiplied by.
  private func reduction(_ node: Node, _ kernel: Kernel, times factor: Double) -> Selection {
    guard case .reduce(BPReduce.sum, let axis, let mean, _) = kernel else {
      return Selection(work: .kernel(kernel), inputs: node.inputs.map(source))
    }
    let input = source(of: node.inputs[0])
    if axis == 0, uses[input.node] == 1, !isConstant[input.node],
      nodes[input.node].primitive === Primitive.square
    {
      return Selection(
        work: .kernel(
          .reduce(BPReduce.sumOfSquares, axis: axis, mean: mean, times: factor)),
        inputs: [source(of: nodes[input.node].inputs[0])])
    }
    return Selection(
      work: .kernel(.reduce(BPReduce.sum, axis: axis, mean: mean, times: factor)), inputs: [input])
  }

  /// A function of every number, carried out with the product it is alone to take.
  private func activation(_ node: Node, _ kernel: Kernel) -> Selection {
    let plain = Selection(work: .kernel(kernel), inputs: node.inputs.map(source))
    guard let product = soleProduct(plain.inputs[0]) else { return plain }
    return Selection(work: .product(product.shape, then: kernel), inputs: product.inputs)
  }

  /// The number a value is known to be in all its places when the program is compiled.
  private func known(_ value: Value) -> Double? {
    guard isConstant[value.node], let numbers = nodes[value.node].value?.elements,
      let first = numbers.first, numbers.allSatisfy({ $0 == first })
    else { return nil }
    return first
  }

  /// A product of matrices plus one number a column.
  private func affine(_ node: Node) -> Selection? {
    for (product, bias) in [(0, 1), (1, 0)] {
      let inner = source(of: node.inputs[product])
      let added = source(of: node.inputs[bias])
      let shape = nodes[inner.node].shape
      guard !inner.transposed, nodes[inner.node].primitive === Primitive.matmul,
        uses[inner.node] == 1,
        !isConstant[inner.node], shape.rank == 2, shape == node.shape, !added.transposed,
        nodes[added.node].shape.rows == 1, nodes[added.node].shape.columns == shape.columns,
        inner.node != added.node
      else { continue }
      let operands = nodes[inner.node].inputs
      return Selection(
        work: .product(Kernel.product(operands[0].shape, operands[1].shape)),
        inputs: operands.map(source) + [added])
    }
    return nil
  }
}
