import Glibc

/// Probabilities that softmax or the sigmoid made, seen through what only moves or chooses elements.
///
/// Far from 0 of the net inputs a probability is 0 or 1 to the last bit, and its logarithm and what goes
/// back through it are lost. From the net inputs they are not: ln softmax(z) = z - ln Σ exp(z), and
/// ln σ(z) = -ln(1 + exp(-z)).
indirect enum Probability {
  case softmax(Node)
  case sigmoid(Node)
  /// 1 - σ(z)
  case sigmoidComplement(Node)
  /// A slice, another shape: the same of the logarithms.
  case moved(Node, Primitive, Probability)
  case joined(Node, Primitive, [Probability])
  case chosen(Node, Probability, Probability)
  /// Numbers that vary with nothing.
  case constant(Node, isComplement: Bool)

  /// Deeper computations are not looked through.
  private static let mostSteps = 32

  /// nil where the node is no such probability, or only constants.
  init?(_ node: Node) {
    guard let found = Self.found(node, isComplement: false, steps: 0), found.hasNetInputs else {
      return nil
    }
    self = found
  }

  private static func found(_ node: Node, isComplement: Bool, steps: Int) -> Probability? {
    if node.isConstant { return .constant(node, isComplement: isComplement) }
    guard let primitive = node.primitive, steps < mostSteps else { return nil }
    func inner(_ place: Int, _ complement: Bool) -> Probability? {
      found(node.inputs[place], isComplement: complement, steps: steps + 1)
    }
    if primitive === Primitive.softmax { return isComplement ? nil : .softmax(node) }
    if primitive === Primitive.sigmoid {
      return isComplement ? .sigmoidComplement(node) : .sigmoid(node)
    }
    if primitive === Primitive.subtract, node.inputs[0].literal == 1 {
      return inner(1, !isComplement).map { .moved(node, .identity, $0) }
    }
    if primitive === Primitive.choose {
      guard let a = inner(1, isComplement), let b = inner(2, isComplement) else { return nil }
      return .chosen(node, a, b)
    }
    switch primitive.kernel {
    case .view, .transpose, .take, .broadcast:
      return inner(0, isComplement).map { .moved(node, primitive, $0) }
    case .map where primitive === Primitive.identity:
      return inner(0, isComplement).map { .moved(node, primitive, $0) }
    case .join:
      let parts = node.inputs.indices.map { inner($0, isComplement) }
      let all = parts.compactMap { $0 }
      return all.count == parts.count ? .joined(node, primitive, all) : nil
    default: return nil
    }
  }

  private var hasNetInputs: Bool {
    switch self {
    case .softmax, .sigmoid, .sigmoidComplement: true
    case .moved(_, _, let inner): inner.hasNetInputs
    case .joined(_, _, let parts): parts.contains { $0.hasNetInputs }
    case .chosen(_, let a, let b): a.hasNetInputs || b.hasNetInputs
    case .constant: false
    }
  }

  /// The natural logarithm, from the net inputs.
  func logarithm() throws(ShapeError) -> Node {
    switch self {
    case .softmax(let node):
      let z = node.inputs[0]
      return try z - z.applying(.logSumExp).asColumn(beside: z)
    case .sigmoid(let node): return try -(-node.inputs[0]).applying(.softplus)
    case .sigmoidComplement(let node): return try -node.inputs[0].applying(.softplus)
    case .moved(_, let primitive, let inner): return try inner.logarithm().applying(primitive)
    case .joined(_, let primitive, let parts):
      return try Node.apply(
        primitive, to: parts.map { part throws(ShapeError) in try part.logarithm() })
    case .chosen(let node, let a, let b):
      return try Node.apply(.choose, to: [node.inputs[0], a.logarithm(), b.logarithm()])
    case .constant(let node, let isComplement):
      let numbers = try isComplement ? 1 - node : node
      return try numbers.applying(.log)
    }
  }

  /// What goes back to the net inputs where `adjoint` comes to the natural logarithm.
  func contributions(of adjoint: Node) throws(ShapeError) -> [(z: Node, part: Node)] {
    switch self {
    case .softmax(let y): return [(y.inputs[0], try adjoint - y * adjoint.summedByRow())]
    case .sigmoid(let y):
      return [(y.inputs[0], try adjoint * (-y.inputs[0]).applying(.sigmoid))]
    case .sigmoidComplement(let y): return [(y.inputs[0], try -(adjoint * y))]
    case .moved(let node, let primitive, let inner):
      guard case .rule(let rule) = primitive.derivative else {
        return try inner.contributions(of: adjoint)
      }
      guard let back = try rule(adjoint, node.inputs, node, 0) else { return [] }
      return try inner.contributions(of: back.collapsed(to: node.inputs[0].shape))
    case .joined(let node, let primitive, let parts):
      return try contributions(parts, of: node, primitive, from: 0, adjoint)
    case .chosen(let node, let a, let b):
      return try contributions([a, b], of: node, .choose, from: 1, adjoint)
    case .constant: return []
    }
  }

  private func contributions(
    _ parts: [Probability], of node: Node, _ primitive: Primitive, from first: Int, _ adjoint: Node
  ) throws(ShapeError) -> [(z: Node, part: Node)] {
    guard case .rule(let rule) = primitive.derivative else { return [] }
    var all: [(z: Node, part: Node)] = []
    for (place, part) in parts.enumerated() {
      guard let back = try rule(adjoint, node.inputs, node, first + place) else { continue }
      all += try part.contributions(of: back.collapsed(to: node.inputs[first + place].shape))
    }
    return all
  }
}

extension Primitive {
  /// Whether it is a logarithm to any base.
  var isLogarithm: Bool {
    self === Primitive.log || self === Primitive.log2 || self === Primitive.log10
  }

  /// What the natural logarithm is multiplied by; 1 for itself.
  var shareOfNaturalLogarithm: Double {
    if self === Primitive.log2 { return 1 / Glibc.log(2.0) }
    return self === Primitive.log10 ? 1 / Glibc.log(10.0) : 1
  }
}

extension Node {
  /// Whether it is what softmax or the sigmoid gives.
  var isProbability: Bool { primitive === Primitive.softmax || primitive === Primitive.sigmoid }

  /// The logarithm of a probability from the net inputs behind it; nil for other nodes.
  static func logarithm(_ primitive: Primitive, of node: Node) throws(ShapeError) -> Node? {
    guard let probability = Probability(node) else { return nil }
    let natural = try probability.logarithm()
    let share = primitive.shareOfNaturalLogarithm
    return share == 1 ? natural : try natural * Node(number: share)
  }
}

/// A probability on the way to `output` that its logarithm was not computed from, since it is 0 or 1
/// nearly or to the last bit: step by step there is no way past it.
/// - Parameter everyStep: whether values without a name are steps, too.
package func roundedProbability(behind output: Node, everyStep: Bool = false) -> Node? {
  for node in topologicalOrder(of: [output]) {
    guard let primitive = node.primitive, primitive.isLogarithm, let exact = node.value,
      let input = node.inputs.first, let value = input.value, Probability(input) != nil,
      let plain = try? primitive.evaluate([value])
    else { continue }
    let isFar = zip(plain.elements, exact.elements).contains { plain, exact in
      !(abs(plain - exact) <= 1e-6 * max(1, abs(exact)))
    }
    guard isFar else { continue }
    let steps = topologicalOrder(of: [input]).filter { $0 === input || $0.isProbability }
    if let step = steps.first(where: { $0.name != nil }) { return step }
    if everyStep { return input }
  }
  return nil
}
