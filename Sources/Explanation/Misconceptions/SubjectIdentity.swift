import Differentiation

extension Diagnosis.Subject {
  /// What a subject is computed from and how: equal identities have equal wrong answers.
  package struct Identity: Hashable {
    fileprivate var steps: [Step] = []
    /// What the derivative is taken by, as a place among the steps.
    fileprivate var target: Int?
    fileprivate var rate: Double?
  }

  /// Nil for a net, whose parameters and data are too many to compare.
  package var identity: Identity? {
    switch self {
    case .value(let node):
      return Identity(steps: Self.steps(topologicalOrder(of: [node])))
    case .derivative(let output, let target, let rate):
      let order = topologicalOrder(of: [output])
      guard let place = order.firstIndex(where: { $0 === target }) else { return nil }
      return Identity(steps: Self.steps(order), target: place, rate: rate)
    case .network: return nil
    }
  }

  private static func steps(_ order: [Node]) -> [Step] {
    var places: [ObjectIdentifier: Int] = [:]
    places.reserveCapacity(order.count)
    return order.enumerated().map { place, node in
      places[ObjectIdentifier(node)] = place
      return Step(node, inputs: node.inputs.map { places[ObjectIdentifier($0)] ?? -1 })
    }
  }
}

/// One node of a computation: what is done, to which steps, and under which name.
private struct Step: Hashable {
  /// Kept alive, so that it stays the only one at its address; nil for a leaf.
  let primitive: Primitive?
  let inputs: [Int]
  let name: String?
  let isParameter: Bool
  /// Of a leaf; other values follow from those.
  let value: Tensor?

  init(_ node: Node, inputs: [Int]) {
    primitive = node.primitive
    self.inputs = inputs
    name = node.name
    isParameter = node.isParameter
    value = node.primitive == nil ? node.value : nil
  }

  static func == (one: Step, other: Step) -> Bool {
    one.primitive === other.primitive && one.inputs == other.inputs && one.name == other.name
      && one.isParameter == other.isParameter && one.value?.shape == other.value?.shape
      && one.value?.elements == other.value?.elements
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(primitive.map { ObjectIdentifier($0) })
    hasher.combine(inputs)
    hasher.combine(value?.elements)
  }
}
