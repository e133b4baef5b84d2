import Differentiation
import Learning

/// The computation of an activation or a loss, traced for one sample: one row, which stands for
/// any number of them.
///
/// What does not depend on the sample has its value and counts as a constant.
struct TracedGraph {
  /// A row, or one number a row.
  let result: Node
  /// The nodes that come from outside, with the names that programs give them.
  let leaves: [(node: Node, name: String)]
  /// What it is, for errors: `the activation soft`.
  let title: String

  /// The outputs of a layer from its net inputs and, where it has one, its learned slope, under these
  /// names.
  /// - Throws: what a user's function throws.
  init(activationOf layer: Layer, z name: String = "z", slope slopeName: String = "slope")
    throws(FormatError)
  {
    let z = Node.input(.matrix(1, layer.units), name: name)
    var leaves = [(node: z, name: name)]
    var slope: Node?
    if layer.activation.traits.contains(.learnedSlope) {
      let node = Node.parameter(.scalar, name: slopeName)
      leaves.append((node, slopeName))
      slope = node
    }
    var result = try tracing(layer.activation.output(of: z, slope: slope))
    if result.value != nil {
      // The same for all samples: chosen in each row.
      let traced = result
      result = try Self.checkingShapes { () throws(ShapeError) in
        try Node.apply(.choose, to: [Node.apply(.equal, to: [z, z]), traced, traced])
      }
    }
    self.result = result
    self.leaves = leaves
    title = "the activation \(visible(layer.activation.title))"
  }

  /// The loss of a sample from the output `y` and the target `t`.
  ///
  /// A logarithm of 0 is taken of the least number instead: where an output leaves no room for
  /// the digits of its probability a program would train on with nan.
  /// - Throws: what a user's function throws, and an error where the loss is a constant.
  init(lossOf network: Network) throws(FormatError) {
    let shape = Shape.matrix(1, network.outputCount)
    let (y, t) = (Node.input(shape, name: "y"), Node.input(shape, name: "t"))
    title = "the loss \(visible(network.loss.title))"
    leaves = [(y, "y"), (t, "t")]
    let least: Double =
      network.precision == .float64
      ? .leastNormalMagnitude : Double(Float.leastNormalMagnitude)
    let traced = try tracing(network.loss.samples(y: y, t: t))
    guard topologicalOrder(of: [traced]).contains(where: { $0 === y }) else {
      throw FormatError("\(title) does not depend on the output: nothing can be trained with it")
    }
    result = try Self.rewritten(traced) { primitive, inputs throws(FormatError) in
      try Self.checkingShapes {
        () throws(ShapeError) in
        guard primitive === Primitive.log else { return try Node.apply(primitive, to: inputs) }
        let isZero = try Node.apply(.equal, to: [inputs[0], 0])
        return try Node.apply(.choose, to: [isZero, Node(number: least), inputs[0]])
          .applying(.log)
      }
    }
  }

  /// A graph that was traced already.
  init(_ result: Node, leaves: [(node: Node, name: String)], title: String) {
    self.result = result
    self.leaves = leaves
    self.title = title
  }

  private init(_ result: Node, like other: TracedGraph) {
    self.result = result
    leaves = other.leaves
    title = other.title
  }

  /// The primitive of a graph that is one primitive of the net inputs, and of the learned slope
  /// where there is one.
  var single: (primitive: Primitive, row: PrimitiveRow)? {
    guard let primitive = result.primitive, result.inputs.count == leaves.count,
      zip(result.inputs, leaves).allSatisfy({ $0 === $1.node }),
      let row = PrimitiveRow.row(of: primitive)
    else { return nil }
    return (primitive, row)
  }

  // MARK: For one language

  /// The graph in primitives that a language has a form for.
  /// - Throws: where a primitive has neither a form nor an expansion.
  func expanded(
    for language: String, having hasForm: (PrimitiveRow) -> Bool
  ) throws(FormatError) -> TracedGraph {
    let result = try Self.rewritten(result) { primitive, inputs throws(FormatError) in
      try form(of: primitive, inputs, for: language, having: hasForm)
    }
    return TracedGraph(result, like: self)
  }

  private func form(
    of primitive: Primitive, _ inputs: [Node], for language: String,
    having hasForm: (PrimitiveRow) -> Bool
  ) throws(FormatError) -> Node {
    guard let row = PrimitiveRow.row(of: primitive), Self.isByRow(row, primitive, inputs) else {
      throw lacking(primitive, in: language)
    }
    if row.kind == .unchanged || hasForm(row) {
      return try Self.checkingShapes { () throws(ShapeError) in
        try Node.apply(primitive, to: Self.meeting(inputs, for: row))
      }
    }
    guard let expansion = row.expansion else { throw lacking(primitive, in: language) }
    let parts = try Self.checkingShapes { () throws(ShapeError) in
      try expansion(primitive, inputs)
    }
    return try Self.rewritten(parts, from: inputs) { primitive, inputs throws(FormatError) in
      try form(of: primitive, inputs, for: language, having: hasForm)
    }
  }

  private func lacking(_ primitive: Primitive, in language: String) -> FormatError {
    FormatError(
      "\(visible(primitive.name)), which \(title) uses, has no counterpart in \(language)")
  }

  /// Whether a primitive does the same to every row, given what it does to the one that was traced.
  private static func isByRow(
    _ row: PrimitiveRow, _ primitive: Primitive, _ inputs: [Node]
  ) -> Bool {
    if row.primitive === Primitive.matmul {
      return inputs[0].value == nil && inputs[1].value != nil && inputs[1].shape.rank == 2
    }
    guard row.kind == .unchanged, let result = try? primitive.shape(of: inputs.map { $0.shape })
    else { return true }
    // A vector holds one number a row here.
    return result.columns == inputs[0].shape.columns && (result.rank == 2 || result.count == 1)
  }

  /// Operands without what only repeats a column, where another operand has all columns.
  private static func meeting(_ inputs: [Node], for row: PrimitiveRow) -> [Node] {
    guard inputs.count > 1, row.kind != .wholeArrays else { return inputs }
    func isRepeated(_ node: Node) -> Bool {
      node.value == nil && node.primitive?.operation == Primitive.broadcast(to: .scalar).operation
    }
    let width = inputs.reduce(1) { max($0, $1.shape.columns) }
    let isFull = inputs.contains { $0.shape.columns == width && !isRepeated($0) }
    return isFull ? inputs.map { isRepeated($0) ? $0.inputs[0] : $0 } : inputs
  }

  // MARK: Rewriting

  /// The graph with every operation made anew, from its inputs on.
  /// - Parameters:
  ///   - stops: nodes that stay as they are.
  ///   - make: an operation from its primitive and the inputs made anew.
  private static func rewritten(
    _ result: Node, from stops: [Node] = [],
    _ make: (Primitive, [Node]) throws(FormatError) -> Node
  ) throws(FormatError) -> Node {
    var made: [ObjectIdentifier: Node] = [:]
    for stop in stops { made[ObjectIdentifier(stop)] = stop }
    var path: [(node: Node, next: Int)] = [(result, 0)]
    while let (node, next) = path.last {
      guard made[ObjectIdentifier(node)] == nil else {
        path.removeLast()
        continue
      }
      guard node.value == nil, let primitive = node.primitive else {
        // A constant comes without what it was computed from.
        made[ObjectIdentifier(node)] = node.value.map { .constant($0) } ?? node
        continue
      }
      if next < node.inputs.count {
        path[path.count - 1].next += 1
        path.append((node.inputs[next], 0))
      } else {
        let inputs = node.inputs.map { made[ObjectIdentifier($0)] ?? $0 }
        made[ObjectIdentifier(node)] = try make(primitive, inputs)
      }
    }
    return made[ObjectIdentifier(result)] ?? result
  }

  private static func checkingShapes(
    _ body: () throws(ShapeError) -> Node
  ) throws(FormatError) -> Node {
    do throws(ShapeError) { return try body() } catch { throw FormatError(error.message) }
  }
}
