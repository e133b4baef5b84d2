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

  struct Selection {
    let work: Work
    let inputs: [Value]
  }

  let nodes: [Node]
  private(set) var instructions: [Instruction] = []
  /// Constants to be laid out once.
  private(set) var constants: [Value: Tensor] = [:]
  /// Where each requested value is found, in the order of the requests.
  private(set) var results: [Value] = []

  private(set) var index: [ObjectIdentifier: Int] = [:]
  private(set) var isConstant: [Bool] = []
  private(set) var uses: [Int] = []
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
  func source(of node: Node) -> Value {
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
