import Differentiation
import Learning

/// Finds activations that one after the other compute what a graph of element-wise operations
/// computes.
struct ActivationChain {
  typealias Match = ActivationRecognition.Match

  let function: Node
  let leaves: [(node: Node, affine: Affine)]
  let netInput: Affine
  /// The nodes whose slope below zero is one that training changes.
  let learned: Set<ObjectIdentifier>

  /// So many places are tried between activations.
  private static let mostCuts = 6

  /// The fewest activations, the first of which takes the net inputs; nil where there are none.
  /// - Parameter post: what is done to the value of the function.
  func matches(post: Affine) -> [Match]? {
    if let alone = match(function, leaves, netInput, post) { return [alone] }
    let order = topologicalOrder(of: [function])
    let ends = cuts(order) + [function]
    var found: [Found?] = []
    for (place, end) in ends.enumerated() {
      let isLast = place == ends.count - 1
      let behind = isLast ? post : .identity
      var best = match(end, leaves, netInput, behind).map { Found().followed(by: $0) }
      for start in 0..<place {
        guard let before = found[start],
          best.map({ before.matches.count < $0.matches.count }) ?? true
        else { continue }
        let leaf = Node.input(.scalar, name: nil)
        guard let rest = Self.replacing(ends[start], by: leaf, in: end),
          let next = match(rest, [(leaf, .identity)], .identity, behind)
        else { continue }
        let longer = before.followed(by: next)
        if best.map({ longer.matches.count < $0.matches.count }) ?? true { best = longer }
      }
      found.append(best)
    }
    guard let last = found.last, let chain = last, !chain.matches.isEmpty else { return nil }
    return chain.matches
  }

  /// Activations found so far; what is linear joins those beside it.
  private struct Found {
    var pre = Affine.identity
    var matches: [Match] = []

    func followed(by match: Match) -> Found {
      var result = self
      guard match.activation.name == "linear" else {
        var next = match
        if matches.isEmpty { next.pre = pre.then(match.pre) }
        result.matches.append(next)
        return result
      }
      let affine = match.pre.then(match.post)
      if matches.isEmpty {
        result.pre = pre.then(affine)
      } else {
        result.matches[matches.count - 1].post = matches[matches.count - 1].post.then(affine)
      }
      return result
    }
  }

  private func match(
    _ function: Node, _ leaves: [(node: Node, affine: Affine)], _ netInput: Affine, _ post: Affine
  ) -> Match? {
    let learnsSlope = topologicalOrder(of: [function]).contains {
      learned.contains(ObjectIdentifier($0))
    }
    return ActivationRecognition(
      function: function, leaves: leaves, netInput: netInput, learnsSlope: learnsSlope
    ).match(post: post)
  }

  /// Nodes that everything goes through on its way from the leaves to the function, the last ones.
  private func cuts(_ order: [Node]) -> [Node] {
    var depending = Set(leaves.map { ObjectIdentifier($0.node) })
    let leaves = depending
    var lastUse: [ObjectIdentifier: Int] = [:]
    var lastLeaf = -1
    for (place, node) in order.enumerated() {
      if leaves.contains(ObjectIdentifier(node)) { lastLeaf = place }
      for input in node.inputs where depending.contains(ObjectIdentifier(input)) {
        lastUse[ObjectIdentifier(input)] = place
        depending.insert(ObjectIdentifier(node))
      }
    }
    var cuts: [Node] = []
    var furthest = -1
    for (place, node) in order.enumerated().dropLast() {
      let id = ObjectIdentifier(node)
      guard depending.contains(id) else { continue }
      if place > lastLeaf, furthest <= place { cuts.append(node) }
      furthest = max(furthest, lastUse[id] ?? -1)
    }
    return cuts.suffix(Self.mostCuts)
  }

  /// The function of another node in place of one; nil where it has no such value.
  private static func replacing(_ node: Node, by leaf: Node, in function: Node) -> Node? {
    var values = [ObjectIdentifier(node): leaf]
    for next in topologicalOrder(of: [function]) where values[ObjectIdentifier(next)] == nil {
      let inputs = next.inputs.map { values[ObjectIdentifier($0)] ?? $0 }
      guard let primitive = next.primitive, !zip(inputs, next.inputs).allSatisfy({ $0 === $1 })
      else { continue }
      guard let changed = try? Node.apply(primitive, to: inputs) else { return nil }
      values[ObjectIdentifier(next)] = changed
    }
    return values[ObjectIdentifier(function)]
  }
}
