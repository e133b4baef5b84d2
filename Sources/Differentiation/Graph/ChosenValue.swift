extension Node {
  /// More nodes behind a condition than this are not looked through.
  private static let mostLookedThrough = 4096
  /// A value that is computed from more nodes than this is taken to have parameters behind it.
  private static let mostConstants = 64

  /// The same value, which a condition chose. Its derivative by what the condition compared or passed
  /// over is 0 unless it was computed from that.
  /// - Throws: never for a node with a value.
  package func chosen(over others: [Node]) throws(ShapeError) -> Node {
    var passed: [Node] = []
    for node in nodes(behind: others, atMost: Self.mostLookedThrough)
    where node.isParameter || node.name != nil || others.contains(where: { $0 === node }) {
      passed.append(node)
    }
    let choice: Node
    if let value, let constants = onlyConstants() {
      // A count that goes on through many conditions does not grow a graph.
      choice = Node.constant(value, name: name)
      passed += constants.flatMap { $0.passedOver.compactMap { $0.object } }
    } else {
      choice = try applying(.identity)
    }
    var seen: Set<ObjectIdentifier> = []
    choice.passedOver = passed.filter { seen.insert(ObjectIdentifier($0)).inserted }.map {
      WeakReference($0)
    }
    return choice
  }

  /// All nodes that it is computed from, where they are few and none of them is a parameter.
  private func onlyConstants() -> [Node]? {
    let all = nodes(behind: [self], atMost: Self.mostConstants + 1)
    let isFixed = all.allSatisfy { node in
      if case .constant = node.kind { true } else { node.primitive != nil }
    }
    return all.count <= Self.mostConstants && isFixed ? all : nil
  }
}

private func nodes(behind outputs: [Node], atMost most: Int) -> [Node] {
  var found: [Node] = []
  var seen: Set<ObjectIdentifier> = []
  for output in outputs where seen.insert(ObjectIdentifier(output)).inserted {
    found.append(output)
  }
  var next = 0
  while next < found.count, found.count < most {
    for input in found[next].inputs where seen.insert(ObjectIdentifier(input)).inserted {
      found.append(input)
    }
    next += 1
  }
  return found
}

/// Every node that `output` is computed from, then those that conditions on the way looked at.
package func allNodes(behind output: Node) -> [Node] {
  var found = topologicalOrder(of: [output])
  guard found.contains(where: { !$0.passedOver.isEmpty }) else { return found }
  var seen = Set(found.map { ObjectIdentifier($0) })
  var next = 0
  while next < found.count {
    for case let node? in found[next].passedOver.map({ $0.object }) {
      for part in topologicalOrder(of: [node]) where seen.insert(ObjectIdentifier(part)).inserted {
        found.append(part)
      }
    }
    next += 1
  }
  return found
}
