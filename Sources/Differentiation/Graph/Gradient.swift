/// What keeps a derivative from being taken.
package enum DifferentiationError: Error, Hashable, Sendable {
  /// Only a number has a gradient.
  case outputIsNotANumber(Shape)
  /// The path to a target runs through an operation without a derivative.
  case noDerivative(operation: String, reason: String)
  case shape(ShapeError)

  package var message: String {
    switch self {
    case .outputIsNotANumber(let shape):
      "a derivative is taken of one number, and this is \(shape)"
    case .noDerivative(let operation, let reason):
      "\(operation) has no derivative: \(reason)"
    case .shape(let error): error.message
    }
  }

  package var help: String? {
    switch self {
    case .outputIsNotANumber: "take the sum or the mean first"
    case .noDerivative: nil
    case .shape(let error): error.help
    }
  }
}

/// The reverse sweep over a graph: the derivative of one number by everything it is computed from
/// on the way to the targets. It adds nodes, so derivatives can be derived, compiled and explained
/// like anything else.
package struct ReverseSweep {
  package let output: Node
  /// The nodes on a path from a target to the output, each after its inputs.
  package let path: [Node]
  private let order: NodeOrder
  /// By the places of the nodes, as all that follows.
  private var adjoints: [Node?]
  /// Whether a node varies with a target.
  private var isVarying: [Bool]
  private let revision: Revision?

  /// - Parameter revision: rules to be changed, for what a mistake would give.
  /// - Throws: where a primitive on the way has no derivative.
  package init(
    of output: Node, by targets: [Node], revision: Revision? = nil
  ) throws(DifferentiationError) {
    guard output.shape == .scalar else {
      throw .outputIsNotANumber(output.shape)
    }
    self.output = output
    self.revision = revision
    let order = NodeOrder(of: [output])
    self.order = order
    adjoints = Array(repeating: nil, count: order.nodes.count)
    isVarying = Array(repeating: false, count: order.nodes.count)
    for target in targets {
      if let place = order.place(of: target) { isVarying[place] = true }
    }
    var path: [Node] = []
    for (place, node) in order.nodes.enumerated() {
      for input in node.inputs where !isVarying[place] {
        if let before = order.place(of: input), isVarying[before] { isVarying[place] = true }
      }
      if isVarying[place] { path.append(node) }
    }
    self.path = path
    do throws(ShapeError) {
      try sweep()
    } catch {
      switch error {
      case let fault: throw .shape(fault)
      }
    }
    if let failure { throw failure }
  }

  private var failure: DifferentiationError?

  /// ∂output/∂node, in the shape of the node; nothing for a node on no path to a target.
  package func adjoint(of node: Node) -> Node? { order.place(of: node).flatMap { adjoints[$0] } }

  /// What comes to a node from those that it goes into, most often one.
  private struct Parts {
    private var first: Node?
    private var others: [Node] = []

    mutating func append(_ part: Node) {
      if first == nil { first = part } else { others.append(part) }
    }

    var isEmpty: Bool { first == nil }
    var all: [Node] { first.map { [$0] + others } ?? [] }

    init(_ all: [Node] = []) { for part in all { append(part) } }

    /// The sum of these and then of others; nil for none.
    func sum(with more: Parts = Parts()) throws(ShapeError) -> Node? {
      guard var sum = first else { return more.isEmpty ? nil : try more.sum() }
      for part in others { sum = try sum + part }
      if let part = more.first { sum = try sum + part }
      for part in more.others { sum = try sum + part }
      return sum
    }
  }

  private mutating func sweep() throws(ShapeError) {
    var contributions = [Parts](repeating: Parts(), count: order.nodes.count)
    // What reaches a probability from its logarithm: its adjoint, but nothing that goes on from it,
    // since the net inputs have been given theirs.
    var ending = contributions
    let last = order.nodes.count - 1
    if isVarying[last] { contributions[last].append(Node(number: 1)) }
    for place in stride(from: last, through: 0, by: -1) where isVarying[place] {
      let node = order.nodes[place]
      var parts = contributions[place]
      let ended = ending[place]
      if let revision { parts = Parts(revision.parts(node, parts.all)) }
      guard let whole = try parts.sum(with: ended) else { continue }
      let adjoint = try named(whole, for: node)
      adjoints[place] = adjoint
      if revision == nil, node.primitive?.isLogarithm == true,
        let probability = Probability(node.inputs[0])
      {
        let share = Node(number: node.primitive?.shareOfNaturalLogarithm ?? 1)
        let natural = share.literal == 1 ? adjoint : try adjoint * share
        for (z, part) in try probability.contributions(of: natural) {
          if let place = varyingPlace(of: z) { contributions[place].append(part) }
        }
        for (index, input) in node.inputs.enumerated() {
          guard let place = varyingPlace(of: input),
            let part = try contribution(of: node, adjoint, to: index)
          else { continue }
          ending[place].append(part)
        }
        continue
      }
      let going = ended.isEmpty ? adjoint : try parts.sum()
      for (index, input) in node.inputs.enumerated() {
        guard let place = varyingPlace(of: input) else { continue }
        if let going,
          let part = try revised(contribution(of: node, going, to: index), node, going, index)
        {
          contributions[place].append(part)
        }
        if !ended.isEmpty, !node.isProbability, let end = try ended.sum(),
          let part = try contribution(of: node, end, to: index)
        {
          ending[place].append(part)
        }
      }
    }
  }

  private func varyingPlace(of node: Node) -> Int? {
    guard let place = order.place(of: node), isVarying[place] else { return nil }
    return place
  }

  /// What goes back to an input, changed by the revision if there is one.
  private func revised(
    _ part: Node?, _ node: Node, _ adjoint: Node, _ index: Int
  ) throws(ShapeError) -> Node? {
    guard let part, let revision,
      let new = try revision.contribution(node, index, adjoint, part)
    else { return part }
    return try new.collapsed(to: node.inputs[index].shape)
  }

  private mutating func contribution(of node: Node, _ adjoint: Node, to index: Int)
    throws(ShapeError) -> Node?
  {
    guard let primitive = node.primitive else { return nil }
    var inputs = node.inputs
    var output = node
    var adjoint = adjoint
    if let revision {
      if let revised = try revision.operands(node, index) { (inputs, output) = revised }
      if let revised = try revision.upstream(node, index, adjoint) { adjoint = revised }
    }
    var factor: Node
    switch primitive.derivative {
    case .none(let reason):
      failure = failure ?? .noDerivative(operation: primitive.name, reason: reason)
      return nil
    case .rule(let rule):
      return try rule(adjoint, inputs, output, index)?.collapsed(to: node.inputs[index].shape)
    case .taken(let derivative, _):
      factor = Node(number: derivative)
    case .local(let rule):
      factor = try rule(inputs, output, index)
    }
    if let revised = try revision?.factor(node, index, factor) {
      factor = revised
    } else {
      describe(factor, of: output, primitive, byInput: index)
    }
    let part: Node
    switch (factor.literal, adjoint.literal) {
    case (0, _): return nil
    case (1, _): part = adjoint
    case (-1, _): part = try -adjoint
    case (_, 1) where factor.shape == adjoint.shape: part = factor
    default: part = try adjoint * factor
    }
    return try part.collapsed(to: node.inputs[index].shape)
  }

  /// Names a local derivative that has none yet, `sigmoid'(z)` or `∂q/∂x`.
  private func describe(_ factor: Node, of node: Node, _ primitive: Primitive, byInput index: Int) {
    guard factor.primitive != nil, factor !== node, !node.inputs.contains(where: { $0 === factor })
    else { return }
    if primitive.arity == 1, primitive.fusedDerivative != nil {
      factor.derivativeOrigin =
        factor.derivativeOrigin ?? DerivativeOrigin(primitive: primitive, output: node)
    }
    guard factor.name == nil, let input = node.inputs[index].name else { return }
    if primitive.arity == 1 {
      factor.name = "\(primitive.name)'(\(input))"
    } else if let name = node.name {
      factor.name = "∂\(name)/∂\(input)"
    }
  }

  /// One node may be the adjoint of several; each keeps a name of its own.
  private func named(_ adjoint: Node, for node: Node) throws(ShapeError) -> Node {
    guard let top = output.name, let bottom = node.name else { return adjoint }
    let own = adjoint.name == nil ? adjoint : try adjoint.applying(.identity)
    own.name = "∂\(top)/∂\(bottom)"
    return own
  }
}

/// Changes to the rules of a sweep: what a student's misconception would make of them.
///
/// Every closure gives nil where the rule stays as it is.
package struct Revision {
  /// The operands and the output that a node's rule towards one input is applied to.
  package var operands: (_ node: Node, _ input: Int) throws(ShapeError) -> ([Node], Node)? = {
    _, _ in nil
  }
  /// The adjoint that goes back through a node towards one input.
  package var upstream: (_ node: Node, _ input: Int, Node) throws(ShapeError) -> Node? = {
    _, _, _ in nil
  }
  /// The local derivative of an element-wise node.
  package var factor: (_ node: Node, _ input: Int, Node) throws(ShapeError) -> Node? = {
    _, _, _ in nil
  }
  /// What goes back through a node towards one input in the end, whatever rule made it of the adjoint.
  package var contribution:
    (_ node: Node, _ input: Int, _ adjoint: Node, _ part: Node) throws(ShapeError) -> Node? = {
      _, _, _, _ in nil
    }
  /// What comes back to a node from all that use it.
  package var parts: (_ node: Node, [Node]) -> [Node] = { _, parts in parts }

  package init() {}

  /// Both changes at once; where both want other operands, this one's are taken.
  package func combined(with other: Revision) -> Revision {
    var result = Revision()
    result.operands = { node, input throws(ShapeError) in
      if let own = try self.operands(node, input) { return own }
      return try other.operands(node, input)
    }
    result.upstream = { node, input, adjoint throws(ShapeError) in
      let first = try self.upstream(node, input, adjoint)
      return try other.upstream(node, input, first ?? adjoint) ?? first
    }
    result.factor = { node, input, factor throws(ShapeError) in
      let first = try self.factor(node, input, factor)
      return try other.factor(node, input, first ?? factor) ?? first
    }
    result.contribution = { node, input, adjoint, part throws(ShapeError) in
      let first = try self.contribution(node, input, adjoint, part)
      return try other.contribution(node, input, adjoint, first ?? part) ?? first
    }
    result.parts = { node, parts in other.parts(node, self.parts(node, parts)) }
    return result
  }
}

/// The derivatives of one number by each target, as new nodes; zeros where it does not depend on
/// the target.
/// - Throws: where a primitive on the way has no derivative.
package func gradients(
  of output: Node, by targets: [Node], revision: Revision? = nil
) throws(DifferentiationError) -> [Node] {
  let sweep = try ReverseSweep(of: output, by: targets, revision: revision)
  return targets.map { target in
    if let adjoint = sweep.adjoint(of: target) { return adjoint }
    let name: String? =
      if let top = output.name, let bottom = target.name { "∂\(top)/∂\(bottom)" } else { nil }
    return .constant(Tensor(repeating: 0, shape: target.shape), name: name)
  }
}

/// The derivative of an element-wise function of the input, element by element.
/// - Throws: where a primitive on the way has no derivative.
package func elementwiseDerivative(
  of output: Node, by input: Node
) throws(DifferentiationError) -> Node {
  let total: Node
  do { total = try output.applying(.sum()) } catch { throw .shape(error) }
  return try gradients(of: total, by: [input])[0]
}
