import Differentiation
import Learning

/// A gradient check with the names of what was checked.
package struct GradientReview {
  package struct Entry {
    package let name: String
    package let gradient: Double
    package let difference: Double
    package let error: Double
    package let crossesKink: Bool

    /// Nothing flows either way: they agree, and there is no relative error.
    package var isZero: Bool { gradient == 0 && difference == 0 }
  }

  package let entries: [Entry]
  package let verdict: GradientCheck.Verdict
  /// How many derivatives there are; of many only some are checked.
  package let count: Int
  /// Slopes that are not the true ones by convention.
  package let notes: [String]

  /// Sees how many derivatives of how many are checked.
  package typealias Watcher = (_ done: Int, _ of: Int) -> Void

  /// More derivatives than this are not checked.
  package static let most = 1500

  package var worst: Entry? { entries.filter { !$0.crossesKink }.max { $0.error < $1.error } }
  package var kinks: [Entry] { entries.filter { $0.crossesKink } }

  /// - Parameters:
  ///   - output: the number.
  ///   - targets: what it is derived by, each with its name.
  ///   - value: the number anew, for other values of the targets.
  /// - Throws: where a derivative is missing or the value cannot be computed.
  package init(
    of output: Node, _ targets: [(name: String, node: Node)], watcher: Watcher = { _, _ in },
    value: ([Tensor]) throws(LearningError) -> Double
  ) throws(LearningError) {
    let nodes = try deriving(gradients(of: output, by: targets.map { $0.node }))
    let gradient = nodes.compactMap { $0.value }
    for (target, tensor) in zip(targets, gradient) {
      guard let odd = tensor.elements.first(where: { !$0.isFinite }) else { continue }
      throw LearningError(
        "there is no derivative by \(target.name) here: the chain rule gives \(odd)")
    }
    let point = targets.compactMap { $0.node.value }
    let total = point.reduce(0) { $0 + $1.elements.count }
    count = total
    // Of many every so-manieth is checked.
    let stride = max(1, (total + Self.most - 1) / Self.most)
    var chosen: [(target: Int, element: Int)] = []
    var running = 0
    for (target, tensor) in point.enumerated() {
      for element in tensor.elements.indices {
        if running % stride == 0 { chosen.append((target, element)) }
        running += 1
      }
    }
    let check = try GradientCheck(
      at: [Tensor(vector: chosen.map { point[$0.target].elements[$0.element] })],
      gradient: [Tensor(vector: chosen.map { gradient[$0.target].elements[$0.element] })],
      of: { moved throws(LearningError) in
        var tensors = point
        for (place, number) in zip(chosen, moved[0].elements) {
          tensors[place.target].elements[place.element] = number
        }
        return try value(tensors)
      }, onComponent: { watcher($0, chosen.count) })
    verdict = check.verdict
    entries = check.components.map { component in
      let place = chosen[component.element]
      return Entry(
        name: Self.name(targets[place.target].name, point[place.target].shape, place.element),
        gradient: component.gradient, difference: component.difference, error: component.error,
        crossesKink: component.crossesKink)
    }
    var notes: [String] = []
    for node in topologicalOrder(of: [output]) {
      if case .taken(_, let because)? = node.primitive?.derivative, !notes.contains(because) {
        notes.append(because)
      }
    }
    self.notes = notes
  }

  /// An element by its indexes from 1.
  private static func name(_ name: String, _ shape: Shape, _ element: Int) -> String {
    switch shape {
    case .scalar: name
    case .vector: "\(name)[\(element + 1)]"
    case .matrix(_, let columns): "\(name)[\(element / columns + 1),\(element % columns + 1)]"
    }
  }

  /// A number computed from parameters, by all of them or by some nodes.
  /// - Throws: where something has no derivative, or a value cannot be computed again.
  package init(
    of output: Node, by targets: [(name: String, node: Node)], watcher: Watcher = { _, _ in }
  ) throws(LearningError) {
    let order = allNodes(behind: output)
    var chosen = targets
    if chosen.isEmpty {
      chosen = order.filter { $0.isParameter }.map { ($0.name ?? "?", $0) }
    }
    var places: [ObjectIdentifier: Int] = [:]
    for (place, target) in chosen.enumerated() where places[ObjectIdentifier(target.node)] == nil {
      places[ObjectIdentifier(target.node)] = place
    }
    let steps = topologicalOrder(of: [output])
    try self.init(of: output, chosen, watcher: watcher) { point throws(LearningError) in
      // As nodes, so that what is computed in another way for its digits is so again.
      var moved: [ObjectIdentifier: Node] = [:]
      for node in steps {
        let id = ObjectIdentifier(node)
        if let place = places[id] {
          moved[id] = .constant(point[place])
        } else if let primitive = node.primitive {
          let inputs = node.inputs.compactMap { moved[ObjectIdentifier($0)] }
          moved[id] = try building(Node.apply(primitive, to: inputs))
        } else {
          moved[id] = node
        }
      }
      return moved[ObjectIdentifier(output)]?.value?.number ?? .nan
    }
  }

  /// A net's loss over all rows, by its weights, biases and slopes.
  /// - Throws: where something has no derivative, or a value cannot be computed again.
  package init(
    _ network: Network, _ data: DataSet, _ objective: Objective = Objective(),
    watcher: Watcher = { _, _ in }
  ) throws(LearningError) {
    let graph = try network.lossGraph(data, objective)
    let targets = zip(network.parameterNames, graph.parameters).map { (name: $0, node: $1) }
    try self.init(of: graph.loss, targets, watcher: watcher) { point throws(LearningError) in
      try network.lossGraph(
        x: graph.x, t: graph.t, weights: graph.weights, loss: objective.loss,
        reduction: objective.reduction, penalties: objective,
        parameters: point.map { .parameter($0, name: nil) }, masks: graph.masks
      ).loss.value?.number ?? .nan
    }
  }
}
