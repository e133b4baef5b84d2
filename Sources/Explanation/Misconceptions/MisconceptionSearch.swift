import Differentiation
import Learning

/// Finds the places of a computation where known misconceptions can happen.
struct MisconceptionSearch {
  let output: Node
  let parameters: [Node]
  /// Learning rates that weights may have been updated with too early.
  let rates: [Double]
  /// Parameters that are not moved.
  let frozen: Set<ObjectIdentifier>
  /// The outputs and samples that a loss is taken over.
  var outputs = 1
  var samples = 1
  var isMean = false

  private let order: [Node]
  private var users: [ObjectIdentifier: [Node]] = [:]

  init(output: Node, parameters: [Node], rates: [Double], frozen: Set<ObjectIdentifier> = []) {
    self.output = output
    self.parameters = parameters
    self.rates = rates
    self.frozen = frozen
    order = topologicalOrder(of: [output])
    for node in order {
      for input in node.inputs { users[ObjectIdentifier(input), default: []].append(node) }
    }
    outputs = Self.terms(of: output)
  }

  func misconceptions() -> [Misconception] {
    constantMisconceptions() + activationMisconceptions() + pathMisconceptions()
      + weightMisconceptions() + wholeMisconceptions()
  }

  // MARK: ½ and 2

  private func constantMisconceptions() -> [Misconception] {
    let halves = order.filter { node in
      guard let other = Self.halved(node) else { return false }
      return Self.holdsSquare(other)
    }
    guard halves.isEmpty else {
      var misconception = Misconception(.half, "the ½ of the squared error is forgotten")
      let places = Set(halves.map { ObjectIdentifier($0) })
      misconception.revision.factor = { node, input, factor in
        places.contains(ObjectIdentifier(node)) && Self.isFraction(factor) ? 1 : nil
      }
      return [misconception]
    }
    let squares = Set(order.filter(Self.isSquare).map { ObjectIdentifier($0) })
    guard !squares.isEmpty else { return [] }
    var misconception = Misconception(.two, "the factor 2 of the square's derivative is forgotten")
    misconception.revision.factor = { node, input, factor throws(ShapeError) in
      squares.contains(ObjectIdentifier(node)) && input == 0 ? try factor * 0.5 : nil
    }
    return [misconception]
  }

  private static func isFraction(_ factor: Node) -> Bool { factor.value?.number == 0.5 }

  /// What a node halves, if it is a half of something.
  private static func halved(_ node: Node) -> Node? {
    switch node.primitive?.name {
    case "multiply":
      if node.inputs[0].isConstant, node.inputs[0].value?.number == 0.5 { return node.inputs[1] }
      if node.inputs[1].isConstant, node.inputs[1].value?.number == 0.5 { return node.inputs[0] }
    case "divide":
      if node.inputs[1].isConstant, node.inputs[1].value?.number == 2 { return node.inputs[0] }
    default: break
    }
    return nil
  }

  private static func isSquare(_ node: Node) -> Bool {
    node.primitive?.name == "square"
      || node.primitive?.name == "power" && node.inputs[1].value?.number == 2
  }

  /// Whether a square stands below, behind sums only.
  private static func holdsSquare(_ node: Node) -> Bool {
    var open = [node]
    while let next = open.popLast() {
      if isSquare(next) { return true }
      if ["add", "sum", "mean", "reshape"].contains(next.primitive?.name ?? "") {
        open += next.inputs
      }
    }
    return false
  }

  /// How many terms the output is the sum of.
  private static func terms(of output: Node) -> Int {
    var open = [output]
    var count = 0
    while let next = open.popLast(), count < 1000 {
      switch next.primitive?.name {
      case "add": open += next.inputs
      case "multiply" where halved(next) != nil: open.append(halved(next) ?? next)
      case "divide" where halved(next) != nil: open.append(halved(next) ?? next)
      default: count += 1
      }
    }
    return count
  }

  // MARK: Derivatives of activations

  private func isActivation(_ node: Node) -> Bool {
    guard let name = node.primitive?.name, node.primitive?.arity ?? 0 >= 1 else { return false }
    return Primitive.activationNames.contains(name)
  }

  /// Activations by how many lie above them: those of the output layer are at 0.
  private func activationsByDepth() -> [[Node]] {
    var depths: [ObjectIdentifier: Int] = [:]
    var groups: [[Node]] = []
    for node in order.reversed() {
      let above = (users[ObjectIdentifier(node)] ?? []).map { user in
        (depths[ObjectIdentifier(user)] ?? 0) + (isActivation(user) ? 1 : 0)
      }
      let depth = above.max() ?? 0
      depths[ObjectIdentifier(node)] = depth
      guard isActivation(node) else { continue }
      while groups.count <= depth { groups.append([]) }
      groups[depth].append(node)
    }
    return groups
  }

  private func activationMisconceptions() -> [Misconception] {
    var result: [Misconception] = []
    let groups = activationsByDepth()
    for (depth, group) in groups.enumerated() where !group.isEmpty {
      result += activationMisconceptions(
        group,
        at: groups.count == 1 || depth == 0
          ? "the outputs"
          : depth == 1
            && groups.count == 2 ? "the hidden units" : "layer \(groups.count - depth)")
    }
    if groups.count > 1 {
      result += activationMisconceptions(groups.flatMap { $0 }, at: "all units")
    }
    let fused = order.filter { $0.primitive?.name == "bce_logits" }
    if !fused.isEmpty {
      let places = Set(fused.map { ObjectIdentifier($0) })
      var misconception = Misconception(
        .extraDerivative,
        "the slope of the output's activation is multiplied in, though it cancels here"
      )
      misconception.revision.factor = { node, input, factor throws(ShapeError) in
        guard places.contains(ObjectIdentifier(node)), input == 0 else { return nil }
        let y = try node.inputs[0].applying(.sigmoid)
        return try factor * (y * (1 - y))
      }
      result.append(misconception)
    }
    return result
  }

  private func activationMisconceptions(_ group: [Node], at place: String) -> [Misconception] {
    let places = Set(group.map { ObjectIdentifier($0) })
    var without = Misconception(
      .noDerivative, "the derivative of the activation is left out at \(place)")
    without.revision.factor = { node, input, _ in
      places.contains(ObjectIdentifier(node)) && input == 0 ? 1 : nil
    }
    var atOutput = Misconception(
      .derivativeAtOutput,
      "the derivative of the activation is taken at the output instead of the net input, at \(place)"
    )
    atOutput.revision.operands = { node, input throws(ShapeError) in
      guard places.contains(ObjectIdentifier(node)), input == 0, let primitive = node.primitive
      else {
        return nil
      }
      let operands = [node] + node.inputs.dropFirst()
      return (operands, try Node.apply(primitive, to: operands))
    }
    return [without, atOutput]
  }

  // MARK: Paths

  private func pathMisconceptions() -> [Misconception] {
    let most = users.filter { !$0.value.isEmpty }.map { $0.value.count }.max() ?? 0
    var result: [Misconception] = []
    if most > 1 {
      for kept in 0..<min(most, 4) {
        var misconception = Misconception(.onePath, "only one of several paths is counted")
        misconception.revision.parts = { _, parts in
          parts.count > 1 ? [parts[min(kept, parts.count - 1)]] : parts
        }
        result.append(misconception)
      }
    }
    let widths = order.filter { Self.weightedInput(of: $0) != nil }.map { $0.shape.columns }
    for unit in 0..<min(widths.max() ?? 0, 6) where (widths.max() ?? 0) > 1 {
      var misconception = Misconception(
        .onePath, "only one of the units above is counted in the error that comes back")
      misconception.revision.upstream = { node, input, adjoint throws(ShapeError) in
        guard let side = Self.weightedInput(of: node), side == input, unit < node.shape.columns,
          node.shape.columns > 1
        else { return nil }
        var mask = Tensor(repeating: 0, shape: .vector(node.shape.columns))
        mask.elements[unit] = 1
        return try adjoint * Node.constant(mask)
      }
      result.append(misconception)
    }
    return result
  }

  // MARK: Weights

  /// The position of the operand that is no weight, in a product of something with weights.
  private static func weightedInput(of node: Node) -> Int? {
    guard node.primitive?.name == "matmul" || node.primitive?.name == "multiply" else { return nil }
    let isWeight = node.inputs.map(holdsParameter)
    guard isWeight[0] != isWeight[1] else { return nil }
    return isWeight[0] ? 1 : 0
  }

  /// A parameter, or one that was only turned or reshaped.
  private static func holdsParameter(_ node: Node) -> Bool { parameter(in: node) != nil }

  private static func parameter(in node: Node) -> Node? {
    var node = node
    while let name = node.primitive?.name, ["transpose", "reshape", "broadcast"].contains(name) {
      node = node.inputs[0]
    }
    return node.isParameter ? node : nil
  }

  /// The same form of another parameter.
  private static func rebuilt(_ node: Node, from new: Node) throws(ShapeError) -> Node {
    guard let primitive = node.primitive else { return new }
    return try Node.apply(primitive, to: [rebuilt(node.inputs[0], from: new)])
  }

  private func weightMisconceptions() -> [Misconception] {
    var result: [Misconception] = []
    for rate in rates {
      if let misconception = updatedWeights(rate) { result.append(misconception) }
    }
    if let misconception = notTransposed() { result.append(misconception) }
    var misconception = Misconception(
      .netForOut, "the net input of the layer before is used instead of its output")
    let isActivation = isActivation
    misconception.revision.operands = { node, input in
      guard let other = Self.weightedInput(of: node), other != input,
        isActivation(node.inputs[other])
      else { return nil }
      var operands = node.inputs
      operands[other] = node.inputs[other].inputs[0]
      return (operands, node)
    }
    result.append(misconception)
    return result
  }

  /// Every weight is moved as soon as its derivative is known, and the error goes back through the
  /// moved weights.
  private func updatedWeights(_ rate: Double) -> Misconception? {
    var misconception = Misconception(
      .updatedWeights, "the weights are updated before the error goes back through them")
    let moving = parameters.filter { !frozen.contains(ObjectIdentifier($0)) }
    let layers = max(1, activationsByDepth().count)
    // Each round is right for one layer more, from the outputs back.
    for _ in 0..<min(layers, 6) {
      guard let gradient = try? gradients(of: output, by: moving, revision: misconception.revision)
      else {
        return nil
      }
      var moved: [ObjectIdentifier: Node] = [:]
      for (parameter, derivative) in zip(moving, gradient) {
        guard let step = try? parameter - Node(number: rate) * derivative else { return nil }
        moved[ObjectIdentifier(parameter)] = step
      }
      misconception.revision.operands = { node, input throws(ShapeError) in
        guard let other = Self.weightedInput(of: node), other == input else { return nil }
        let side = 1 - input
        guard let parameter = Self.parameter(in: node.inputs[side]),
          let new = moved[ObjectIdentifier(parameter)]
        else { return nil }
        var operands = node.inputs
        operands[side] = try Self.rebuilt(node.inputs[side], from: new)
        return (operands, node)
      }
    }
    return misconception
  }

  /// The error goes back through W instead of its transpose.
  private func notTransposed() -> Misconception? {
    var misconception = Misconception(
      .notTransposed, "the weight matrix is not transposed going back")
    let exchanged = exchangedWeights()
    misconception.revision.operands = { node, input throws(ShapeError) in
      guard let other = Self.weightedInput(of: node), other == input else { return nil }
      let side = 1 - input
      var operands = node.inputs
      if node.primitive?.name == "matmul" {
        guard case .matrix(let rows, let columns) = node.inputs[side].shape, rows == columns,
          rows > 1
        else { return nil }
        operands[side] = try node.inputs[side].transposed()
        return (operands, node)
      }
      guard let new = exchanged[ObjectIdentifier(node)] else { return nil }
      operands[side] = new
      return (operands, node)
    }
    return misconception
  }

  /// Where sums of products make a square layer written out: for each product w_ij·a_j the weight
  /// w_ji.
  private func exchangedWeights() -> [ObjectIdentifier: Node] {
    var layers: [[ObjectIdentifier]: [[Node]]] = [:]
    for node in order where node.primitive?.name == "add" {
      let isInner = (users[ObjectIdentifier(node)] ?? []).contains { $0.primitive?.name == "add" }
      if isInner && node.name == nil { continue }
      let products = Self.summands(of: node).filter {
        $0.primitive?.name == "multiply" && Self.weightedInput(of: $0) != nil
      }
      let sources = products.compactMap { product in
        Self.weightedInput(of: product).map { ObjectIdentifier(product.inputs[$0]) }
      }
      guard products.count > 1, Set(sources).count == sources.count else { continue }
      layers[sources, default: []].append(products)
    }
    var result: [ObjectIdentifier: Node] = [:]
    for rows in layers.values where rows.count > 1 && rows.count == rows[0].count {
      for (i, row) in rows.enumerated() {
        for (j, product) in row.enumerated() {
          let other = rows[j][i]
          guard let side = Self.weightedInput(of: other) else { continue }
          result[ObjectIdentifier(product)] = other.inputs[1 - side]
        }
      }
    }
    return result
  }

  private static func summands(of node: Node) -> [Node] {
    var result: [Node] = []
    var open = [node]
    while let next = open.popLast(), result.count < 10_000 {
      if next.primitive?.name == "add", next === node || next.name == nil {
        open += next.inputs.reversed()
      } else {
        result.append(next)
      }
    }
    return result
  }

  // MARK: The whole

  private func wholeMisconceptions() -> [Misconception] {
    var result: [Misconception] = []
    var sign = Misconception(.sign, "the sign is turned round")
    sign.scale = -1
    result.append(sign)
    if outputs > 1 {
      var mean = Misconception(.mean, "the mean over the outputs is taken instead of their sum")
      mean.scale = 1 / Double(outputs)
      result.append(mean)
    }
    if samples > 1 {
      var misconception =
        isMean
        ? Misconception(.noMean, "the sum over the samples is not divided by their number")
        : Misconception(.mean, "the mean over the samples is taken instead of their sum")
      misconception.scale = isMean ? Double(samples) : 1 / Double(samples)
      result.append(misconception)
    }
    return result
  }
}
