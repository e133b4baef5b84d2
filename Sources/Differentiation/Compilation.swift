internal import CKernels

/// Turns nodes into instructions on values in memory: drops what is not needed, folds constants,
/// takes transposes into the products beside them, biases and slopes into products, or slopes into
/// the multiplication by an adjoint.
struct Compilation {
  /// A node's result in memory, row by row or `turned`: column by column.
  struct Value: Hashable {
    let node: Int
    var turned = false
  }

  enum Work {
    case kernel(Kernel)
    /// Inputs: left and right, the flags say which are stored turned; then the bias if there is
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
  private var turned: [Bool]
  private let storedTurned: (Node) -> Bool

  /// - Parameters:
  ///   - requests: what is wanted and whether it shall lie turned.
  ///   - storedTurned: whether a parameter lies turned.
  init(_ requests: [(node: Node, turned: Bool)], storedTurned: @escaping (Node) -> Bool) {
    self.storedTurned = storedTurned
    nodes = topologicalOrder(of: requests.map(\.node))
    needed = Array(repeating: false, count: nodes.count)
    plain = needed
    turned = needed
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
      if request.turned { value = flipped(value) }
      results.append(value)
      demand(value)
    }
    var selections: [Selection?] = Array(repeating: nil, count: nodes.count)
    var layouts = Array(repeating: false, count: nodes.count)
    for position in nodes.indices.reversed() where needed[position] && !isConstant[position] {
      let node = nodes[position]
      guard let primitive = node.primitive else {
        layouts[position] = !node.shape.isThin && isParameter(node) && storedTurned(node)
        continue
      }
      let selection = select(node, primitive)
      selections[position] = selection
      layouts[position] = turned[position] && !plain[position] && canTurn(selection)
      request(selection, turned: layouts[position])
    }
    for position in nodes.indices where needed[position] && !isConstant[position] {
      if let selection = selections[position] {
        emit(selection, position, turned: layouts[position], layouts)
      }
      let wantsOther = layouts[position] ? plain[position] : turned[position]
      if wantsOther { turn(Value(node: position, turned: layouts[position])) }
    }
  }

  /// The parameters that a product takes transposed from the right; kept turned, their products
  /// run along memory, forward and backward.
  static func turnedParameters(in outputs: [Node]) -> Set<ObjectIdentifier> {
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
    var isTurned = false
    while !isFolded(node) {
      if node.primitive === Primitive.identity {
        node = node.inputs[0]
      } else if node.primitive === Primitive.transpose, !node.shape.isThin {
        node = node.inputs[0]
        isTurned.toggle()
      } else {
        break
      }
    }
    let position = index[ObjectIdentifier(node)] ?? 0
    return Value(node: position, turned: isTurned)
  }

  private func isFolded(_ node: Node) -> Bool {
    guard let position = index[ObjectIdentifier(node)] else { return false }
    return position < isConstant.count && isConstant[position]
  }

  private func flipped(_ value: Value) -> Value {
    nodes[value.node].shape.isThin ? value : Value(node: value.node, turned: !value.turned)
  }

  private func isParameter(_ node: Node) -> Bool {
    if case .parameter = node.kind { true } else { false }
  }

  private mutating func demand(_ value: Value) {
    needed[value.node] = true
    if isConstant[value.node] { return lay(value) }
    if value.turned { turned[value.node] = true } else { plain[value.node] = true }
  }

  private mutating func lay(_ value: Value) {
    guard constants[value] == nil, let tensor = nodes[value.node].value else { return }
    constants[value] = value.turned ? tensor.transposed : tensor
  }

  // MARK: Which instruction a node becomes

  private func select(_ node: Node, _ primitive: Primitive) -> Selection {
    switch primitive.kernel {
    case .zip(BPZip.multiply, _):
      if let fused = fusedSlope(node) ?? scaling(node) { return fused }
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
    while !value.turned,
      case .broadcast? = nodes[value.node].primitive?.kernel
    {
      value = source(of: nodes[value.node].inputs[0])
    }
    return value
  }

  /// An adjoint times a slope in one pass, from the activation's input or output.
  private func fusedSlope(_ node: Node) -> Selection? {
    let factor = node.inputs[1]
    guard let slope = factor.slope, let fused = slope.primitive.fusedSlope,
      factor.shape == node.shape, factor.shape == slope.output.shape
    else { return nil }
    let from = fused.from == .output ? slope.output : slope.output.inputs[0]
    guard index[ObjectIdentifier(from)] != nil else { return nil }
    let kernel = Kernel.zip(fused.function, fused.constant)
    let inputs = [unspread(node.inputs[0]), source(of: from)]
    if let product = soleProduct(inputs[0]), product.inputs.count == 2, !inputs[1].turned,
      nodes[inputs[0].node].shape == node.shape
    {
      return Selection(
        work: .product(product.shape, then: kernel), inputs: product.inputs + [inputs[1]])
    }
    return Selection(work: .kernel(kernel), inputs: inputs)
  }

  /// The product that a value is, where nothing else wants it.
  private func soleProduct(_ value: Value) -> (shape: BPProduct, inputs: [Value])? {
    guard !value.turned, uses[value.node] == 1, !isConstant[value.node],
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
    while rest === node || uses[value.node] == 1, !value.turned, !isConstant[value.node],
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
    if factor != 1, uses[value.node] == 1, !value.turned, let kernel = rest.primitive?.kernel,
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

  /// The number a value is known to be when the program is compiled.
  private func known(_ value: Value) -> Double? {
    isConstant[value.node] && nodes[value.node].shape.count == 1
      ? nodes[value.node].value?.elements.first : nil
  }

  /// A product of matrices plus one number a column.
  private func affine(_ node: Node) -> Selection? {
    for (product, bias) in [(0, 1), (1, 0)] {
      let inner = source(of: node.inputs[product])
      let added = source(of: node.inputs[bias])
      let shape = nodes[inner.node].shape
      guard !inner.turned, nodes[inner.node].primitive === Primitive.matmul, uses[inner.node] == 1,
        !isConstant[inner.node], shape.rank == 2, shape == node.shape, !added.turned,
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
  private mutating func request(_ selection: Selection, turned isTurned: Bool) {
    if case .product = selection.work {
      for input in selection.inputs { needed[input.node] = true }
      for input in selection.inputs where isConstant[input.node] { lay(Value(node: input.node)) }
      return
    }
    for input in selection.inputs { demand(isTurned ? flipped(input) : input) }
  }

  // MARK: Writing instructions down

  private func shape(of value: Value) -> Shape {
    let shape = nodes[value.node].shape
    return value.turned ? shape.transposed : shape
  }

  /// The shape as it lies in memory; what has one row or column lies alike either way.
  private func shape(of value: Value, turnedWith isTurned: Bool) -> Shape {
    let shape = nodes[value.node].shape
    if shape.rank == 0 { return shape }
    return value.turned || (isTurned && shape.isThin)
      ? Shape.matrix(shape.columns, shape.rows) : shape
  }

  private mutating func emit(
    _ selection: Selection, _ position: Int, turned isTurned: Bool, _ layouts: [Bool]
  ) {
    let output = Value(node: position, turned: isTurned)
    if case .product(var product, let then) = selection.work {
      // As it lies: constants plain, others in the layout they were made in.
      var operands = selection.inputs.prefix(2).map { input in
        let isStoredTurned = !isConstant[input.node] && layouts[input.node]
        return (
          value: Value(node: input.node, turned: isStoredTurned),
          flag: isStoredTurned != input.turned
        )
      }
      if isTurned {
        operands = operands.reversed().map { ($0.value, !$0.flag) }
        swap(&product.m, &product.n)
      }
      product.transposeA = operands[0].flag
      product.transposeB = operands[1].flag
      append(
        .product(product, then: then), operands.map(\.value) + selection.inputs.dropFirst(2), output
      )
      return
    }
    let inputs = isTurned ? selection.inputs.map(flipped) : selection.inputs
    append(selection.work, inputs, output)
  }

  private mutating func append(_ work: Work, _ inputs: [Value], _ output: Value) {
    instructions.append(
      Instruction(
        work: work, inputs: inputs,
        shapes: inputs.map { shape(of: $0, turnedWith: output.turned) }, output: output,
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
