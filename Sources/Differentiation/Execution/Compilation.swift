internal import CKernels

/// Turns nodes into instructions on values in memory: drops what is not needed, folds constants,
/// takes transposes into the products beside them, biases and derivatives into products, or derivatives into
/// the multiplication by an adjoint.
struct Compilation {
  /// A node's result in memory, row by row or `transposed`: column by column.
  struct Value: Hashable {
    let node: Int
    var transposed = false
  }

  enum Work {
    case kernel(Kernel)
    /// Inputs: left and right, the flags say which are stored transposed; then the bias if there is
    /// one, or what a function of two numbers takes besides the result. A function of one is
    /// applied to the result.
    case product(BPProduct, then: Kernel? = nil)
    case turn
    /// No work: the value lies where its input lies.
    case alias
  }

  struct Instruction {
    let work: Work
    let inputs: [Value]
    /// The shapes of inputs and output as they lie in memory.
    let shapes: [Shape]
    let output: Value
    let shape: Shape
  }

  private struct Selection {
    let work: Work
    let inputs: [Value]
  }

  let nodes: [Node]
  private(set) var instructions: [Instruction] = []
  /// Constants to be laid out once.
  private(set) var constants: [Value: Tensor] = [:]
  /// Where each requested value is found, in the order of the requests.
  private(set) var results: [Value] = []

  private var index: [ObjectIdentifier: Int] = [:]
  private var isConstant: [Bool] = []
  private var uses: [Int] = []
  private var needed: [Bool]
  private var plain: [Bool]
  private var transposed: [Bool]
  private let storedTransposed: (Node) -> Bool

  /// - Parameters:
  ///   - requests: what is wanted and whether it shall lie transposed.
  ///   - storedTransposed: whether a parameter lies transposed.
  init(_ requests: [(node: Node, transposed: Bool)], storedTransposed: @escaping (Node) -> Bool) {
    self.storedTransposed = storedTransposed
    nodes = topologicalOrder(of: requests.map { $0.node })
    needed = Array(repeating: false, count: nodes.count)
    plain = needed
    transposed = needed
    uses = Array(repeating: 0, count: nodes.count)
    for (position, node) in nodes.enumerated() {
      index[ObjectIdentifier(node)] = position
      let inputs = node.inputs.compactMap { index[ObjectIdentifier($0)] }
      let isFixed = node.isConstant || (!inputs.isEmpty && inputs.allSatisfy { isConstant[$0] })
      isConstant.append(isFixed && node.value != nil)
      for input in inputs { uses[source(of: nodes[input]).node] += 1 }
    }
    for request in requests {
      var value = source(of: request.node)
      uses[value.node] += 1
      if request.transposed { value = flipped(value) }
      results.append(value)
      demand(value)
    }
    var selections: [Selection?] = Array(repeating: nil, count: nodes.count)
    var layouts = Array(repeating: false, count: nodes.count)
    for position in nodes.indices.reversed() where needed[position] && !isConstant[position] {
      let node = nodes[position]
      guard let primitive = node.primitive else {
        layouts[position] = !node.shape.isThin && isParameter(node) && storedTransposed(node)
        continue
      }
      let selection = select(node, primitive)
      selections[position] = selection
      layouts[position] = transposed[position] && !plain[position] && canTurn(selection)
      request(selection, transposed: layouts[position])
    }
    for position in nodes.indices where needed[position] && !isConstant[position] {
      if let selection = selections[position] {
        emit(selection, position, transposed: layouts[position], layouts)
      }
      let wantsOther = layouts[position] ? plain[position] : transposed[position]
      if wantsOther { turn(Value(node: position, transposed: layouts[position])) }
    }
  }

  /// The parameters that a product takes transposed from the right; kept transposed, their products
  /// run along memory, forward and backward.
  static func transposedParameters(in outputs: [Node]) -> Set<ObjectIdentifier> {
    var found: Set<ObjectIdentifier> = []
    for node in topologicalOrder(of: outputs) where node.primitive === Primitive.matmul {
      let right = node.inputs[1]
      if right.primitive === Primitive.transpose, case .parameter = right.inputs[0].kind,
        !right.inputs[0].shape.isThin
      {
        found.insert(ObjectIdentifier(right.inputs[0]))
      }
    }
    return found
  }

  // What a node's value is taken from: identities and transposes vanish, but for the transpose of
  // a single row or column, which lies alike and is an alias with a shape of its own.
  private func source(of node: Node) -> Value {
    var node = node
    var isTransposed = false
    while !isFolded(node) {
      if node.primitive === Primitive.identity {
        node = node.inputs[0]
      } else if node.primitive === Primitive.transpose, !node.shape.isThin {
        node = node.inputs[0]
        isTransposed.toggle()
      } else {
        break
      }
    }
    let position = index[ObjectIdentifier(node)] ?? 0
    return Value(node: position, transposed: isTransposed)
  }

  private func isFolded(_ node: Node) -> Bool {
    guard let position = index[ObjectIdentifier(node)] else { return false }
    return position < isConstant.count && isConstant[position]
  }

  private func flipped(_ value: Value) -> Value {
    nodes[value.node].shape.isThin ? value : Value(node: value.node, transposed: !value.transposed)
  }

  private func isParameter(_ node: Node) -> Bool {
    if case .parameter = node.kind { true } else { false }
  }

  private mutating func demand(_ value: Value) {
    needed[value.node] = true
    if isConstant[value.node] { return lay(value) }
    if value.transposed { transposed[value.node] = true } else { plain[value.node] = true }
  }

  private mutating func lay(_ value: Value) {
    guard constants[value] == nil, let tensor = nodes[value.node].value else { return }
    constants[value] = value.transposed ? tensor.transposed : tensor
  }

  // MARK: Which instruction a node becomes

  private func select(_ node: Node, _ primitive: Primitive) -> Selection {
    switch primitive.kernel {
    case .zip(BPZip.multiply, _):
      if let fused = fusedDerivative(node) ?? scaling(node) { return fused }
      return Selection(work: .kernel(primitive.kernel), inputs: node.inputs.map(unspread))
    case .zip(BPZip.add, _):
      if let affine = affine(node) { return affine }
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

  private func canTurn(_ selection: Selection) -> Bool {
    switch selection.work {
    case .product: selection.inputs.count == 2
    case .kernel(.map), .kernel(.zip), .kernel(.choose): true
    default: false
    }
  }

  /// Asks for the inputs: a product takes its operands as they lie, anything else insists.
  private mutating func request(_ selection: Selection, transposed isTransposed: Bool) {
    if case .product = selection.work {
      for input in selection.inputs { needed[input.node] = true }
      for input in selection.inputs where isConstant[input.node] { lay(Value(node: input.node)) }
      return
    }
    for input in selection.inputs { demand(isTransposed ? flipped(input) : input) }
  }

  // MARK: Writing instructions down

  private func shape(of value: Value) -> Shape {
    let shape = nodes[value.node].shape
    return value.transposed ? shape.transposed : shape
  }

  /// The shape as it lies in memory; what has one row or column lies alike either way.
  private func shape(of value: Value, transposedWith isTransposed: Bool) -> Shape {
    let shape = nodes[value.node].shape
    if shape.rank == 0 { return shape }
    return value.transposed || (isTransposed && shape.isThin)
      ? Shape.matrix(shape.columns, shape.rows) : shape
  }

  private mutating func emit(
    _ selection: Selection, _ position: Int, transposed isTransposed: Bool, _ layouts: [Bool]
  ) {
    let output = Value(node: position, transposed: isTransposed)
    if case .product(var product, let then) = selection.work {
      // As it lies: constants plain, others in the layout they were made in.
      var operands = selection.inputs.prefix(2).map { input in
        let isStoredTransposed = !isConstant[input.node] && layouts[input.node]
        return (
          value: Value(node: input.node, transposed: isStoredTransposed),
          flag: isStoredTransposed != input.transposed
        )
      }
      if isTransposed {
        operands = operands.reversed().map { ($0.value, !$0.flag) }
        swap(&product.m, &product.n)
      }
      product.transposeA = operands[0].flag
      product.transposeB = operands[1].flag
      append(
        .product(product, then: then), operands.map { $0.value } + selection.inputs.dropFirst(2),
        output
      )
      return
    }
    let inputs = isTransposed ? selection.inputs.map(flipped) : selection.inputs
    append(selection.work, inputs, output)
  }

  private mutating func append(_ work: Work, _ inputs: [Value], _ output: Value) {
    instructions.append(
      Instruction(
        work: work, inputs: inputs,
        shapes: inputs.map { shape(of: $0, transposedWith: output.transposed) }, output: output,
        shape: shape(of: output)))
  }

  private mutating func turn(_ value: Value) {
    append(.turn, [value], flipped(value))
  }
}

extension Shape {
  /// At most one row or column, so that the transpose lies alike in memory.
  var isThin: Bool { rows <= 1 || columns <= 1 }
}
