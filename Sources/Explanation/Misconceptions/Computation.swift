import Differentiation
import Learning

/// What is derived, and where in it misconceptions can be made.
struct Computation {
  /// The loss of a net over samples.
  struct NetworkLoss {
    let graph: LossGraph
    let loss: Loss
    let isMean: Bool
    let rows: Int
    /// Penalties and factors of rows; the penalties are no part of `graph`.
    let objective: Objective
    /// The loss of the samples without the factors; nil where there are none.
    let unweighted: Node?
  }

  let output: Node
  let parameters: [Node]
  /// What the derivative is taken by; nil where the loss itself is asked for.
  let target: Node?
  let order: [Node]
  /// Learning rates that may have been used.
  var rates: [Double] = []
  /// Whether the learning rate was said.
  var isRateGiven = false
  /// Parameters that are not moved.
  var frozen: Set<ObjectIdentifier> = []
  var steps = 0
  /// Nil for an expression.
  var net: NetworkLoss?

  /// Where each node stands in the order.
  private let places: [ObjectIdentifier: Int]
  /// The places of all inputs, node after node.
  private let inputPlaces: [Int]
  private let usersByPlace: [[Node]]
  private let depths: [Int]
  private let allActivations: [Node]
  /// The layers: how many products with weights lie on the longest way back.
  private let depth: Int

  init(output: Node, parameters: [Node], target: Node?) {
    self.output = output
    self.parameters = parameters
    self.target = target
    let order = topologicalOrder(of: [output])
    var places: [ObjectIdentifier: Int] = [:]
    places.reserveCapacity(order.count)
    var inputPlaces: [Int] = []
    var users: [[Node]] = Array(repeating: [], count: order.count)
    for (place, node) in order.enumerated() {
      places[ObjectIdentifier(node)] = place
      for input in node.inputs {
        guard let own = places[ObjectIdentifier(input)] else { continue }
        inputPlaces.append(own)
        users[own].append(node)
      }
    }
    var depths = Array(repeating: 0, count: order.count)
    var deepest = 0
    for place in order.indices.reversed() {
      var depth = 0
      for user in users[place] {
        let above = places[ObjectIdentifier(user)].map { depths[$0] } ?? 0
        depth = max(depth, above + (Self.isWeighted(user) ? 1 : 0))
      }
      depths[place] = depth
      deepest = max(deepest, depth)
    }
    (self.order, self.places, self.inputPlaces) = (order, places, inputPlaces)
    (usersByPlace, self.depths, depth) = (users, depths, deepest)
    allActivations = order.filter(Self.isActivation)
  }

  func users(of node: Node) -> [Node] {
    places[ObjectIdentifier(node)].map { usersByPlace[$0] } ?? []
  }

  /// How many layers lie above: 0 for what is computed from the outputs, and for the outputs.
  func depth(of node: Node) -> Int { places[ObjectIdentifier(node)].map { depths[$0] } ?? 0 }

  // MARK: Layers

  /// Activations of one layer, or of all.
  struct Group {
    /// `the outputs`, `layer 2`
    let place: String
    let nodes: [Node]

    func holds(_ node: Node) -> Bool { nodes.contains { $0 === node } }
  }

  /// The activations by layer, the outputs first; where several layers have one, all together last.
  func activationGroups() -> [Group] {
    var layers: [[Node]] = []
    for node in activations() {
      let depth = depth(of: node)
      while layers.count <= depth { layers.append([]) }
      layers[depth].append(node)
    }
    var groups = layers.enumerated().filter { !$0.element.isEmpty }.map { depth, nodes in
      Group(place: place(ofDepth: depth), nodes: nodes)
    }
    if groups.count > 1 {
      groups.append(Group(place: "all units", nodes: groups.flatMap { $0.nodes }))
    }
    return groups
  }

  /// The activations whose outputs the loss is taken of.
  func outputActivations() -> [Node] {
    activations().filter { depth(of: $0) == 0 }
  }

  /// Those of the layers: a loss may use the same functions.
  func activations() -> [Node] {
    guard let net else { return allActivations }
    let forward = Set(topologicalOrder(of: [net.graph.y]).map { ObjectIdentifier($0) })
    return allActivations.filter { forward.contains(ObjectIdentifier($0)) }
  }

  private func place(ofDepth depth: Int) -> String {
    if depth == 0 { return "the outputs" }
    return self.depth == 2 ? "the hidden units" : "layer \(self.depth - depth)"
  }

  static func isActivation(_ node: Node) -> Bool {
    guard let primitive = node.primitive else { return false }
    return primitive === Primitive.softmax || primitive === Primitive.step
      || primitive === Primitive.sign || Primitive.activationNames.contains(primitive.name)
  }

  /// Cross-entropies that are computed from the net inputs.
  func fusedLosses() -> [Node] {
    order.filter {
      $0.primitive === Primitive.crossEntropy || $0.primitive === Primitive.binaryCrossEntropy
    }
  }

  // MARK: Products with weights

  /// A product with a parameter.
  static func isWeighted(_ node: Node) -> Bool {
    guard node.primitive === Primitive.matmul || node.primitive === Primitive.multiply else {
      return false
    }
    return node.inputs.contains { parameter(in: $0) != nil }
  }

  /// The position of the operand that is no weight, in a product of something with weights.
  static func weightedInput(of node: Node) -> Int? {
    guard node.primitive === Primitive.matmul || node.primitive === Primitive.multiply else {
      return nil
    }
    let isWeight = node.inputs.map { parameter(in: $0) != nil }
    guard isWeight[0] != isWeight[1] else { return nil }
    return isWeight[0] ? 1 : 0
  }

  /// A parameter, or one that was only turned, reshaped or taken a part of.
  static func parameter(in node: Node) -> Node? {
    var node = node
    while let primitive = node.primitive, primitive.arity == 1,
      ["transpose", "reshape", "broadcast", "slice"].contains(primitive.name)
    {
      node = node.inputs[0]
    }
    return node.isParameter ? node : nil
  }

  // MARK: Squares and differences

  /// What a node halves, if it is a half of something.
  static func halved(_ node: Node) -> Node? {
    guard let primitive = node.primitive, primitive.arity == 2 else { return nil }
    let constants = node.inputs.map { $0.isConstant ? $0.value?.number : nil }
    if primitive === Primitive.multiply {
      if constants[0] == 0.5 { return node.inputs[1] }
      if constants[1] == 0.5 { return node.inputs[0] }
    }
    return primitive === Primitive.divide && constants[1] == 2 ? node.inputs[0] : nil
  }

  static func isSquare(_ node: Node) -> Bool {
    node.primitive === Primitive.square
      || node.primitive === Primitive.power && node.inputs[1].value?.number == 2
  }

  /// The squares that stand in the loss, not below its outputs. In a net only those of an error:
  /// the lengths of a cosine are none.
  func squares() -> [Node] {
    order.filter { node in
      Self.isSquare(node) && depth(of: node) == 0
        && (net == nil || outputWithoutTarget(node.inputs[0]) != nil)
    }
  }

  /// The halves of squares.
  func halves() -> [Node] {
    order.filter { node in
      guard depth(of: node) == 0, let other = Self.halved(node) else { return false }
      return holdsSquare(other)
    }
  }

  /// Whether a square stands below, behind sums only.
  private func holdsSquare(_ node: Node) -> Bool {
    var open = [node]
    while let next = open.popLast() {
      if Self.isSquare(next) { return true }
      if ["add", "sum", "mean", "reshape"].contains(next.primitive?.name ?? "") {
        open += next.inputs
      }
    }
    return false
  }

  /// What is left of `t - y` or `y - t` where the target t, which no parameter is in, is forgotten.
  func outputWithoutTarget(_ difference: Node) -> (output: Node, isNegated: Bool)? {
    guard difference.primitive === Primitive.subtract else { return nil }
    let depends = difference.inputs.map { varies($0) }
    guard depends[0] != depends[1] else { return nil }
    return depends[0] ? (difference.inputs[0], false) : (difference.inputs[1], true)
  }

  private func varies(_ node: Node) -> Bool {
    topologicalOrder(of: [node]).contains { $0.isParameter }
  }

  // MARK: Other ways forward

  /// The output, computed anew where nodes are replaced.
  /// - Parameter replacement: of a node, given its new inputs; nil where it stays.
  func rebuilt(
    _ replacement: (_ node: Node, _ inputs: [Node]) throws(ShapeError) -> Node?
  ) throws(ShapeError) -> Node {
    var new = order
    var next = 0
    for (place, node) in order.enumerated() {
      var inputs = node.inputs
      var isChanged = false
      for slot in inputs.indices {
        let input = new[inputPlaces[next]]
        next += 1
        guard input !== inputs[slot] else { continue }
        inputs[slot] = input
        isChanged = true
      }
      if let other = try replacement(node, inputs) {
        new[place] = other
      } else if isChanged, let primitive = node.primitive {
        new[place] = try Node.apply(primitive, to: inputs)
      }
    }
    return new.last ?? output
  }
}
