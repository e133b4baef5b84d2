/// A computation as a graph: inputs at the left, values above and gradients below the edges.
package enum ComputationalGraph {
  package struct Input: Hashable, Sendable {
    /// The index of an earlier node.
    package var node: Int
    /// What flows back along this edge; empty for nothing.
    package var gradient: String

    package init(_ node: Int, gradient: String = "") {
      self.node = node
      self.gradient = gradient
    }
  }

  package struct Node: Hashable, Sendable {
    /// An operation (`+`, `sigmoid`) or the name of an input.
    package var label: String
    package var inputs: [Input]
    package var value: String

    package init(_ label: String, inputs: [Input] = [], value: String) {
      self.label = label
      self.inputs = inputs
      self.value = value
    }
  }

  /// - Parameters:
  ///   - nodes: every node after its inputs; the last is the result.
  ///   - result: the name of the result and its own gradient, usually 1.
  package static func picture(
    title: String = "", _ nodes: [Node], result: String = "", gradient: String = "1"
  ) -> Picture {
    guard !nodes.isEmpty else { return Picture(title: title, .panels([], columns: 1)) }
    // An input may only come earlier: others are left out.
    let inputs = nodes.enumerated().map { index, node in
      node.inputs.filter { $0.node >= 0 && $0.node < index }
    }
    let columns = columns(inputs)
    let places = places(inputs, columns)
    var drawn = nodes.enumerated().map { index, node in
      Diagram.Node(
        column: columns[index], place: places[index],
        outline: inputs[index].isEmpty ? .box : .circle, lines: [node.label])
    }
    var edges: [Diagram.Edge] = []
    for (index, list) in inputs.enumerated() {
      for input in list {
        edges.append(
          .init(
            from: input.node, to: index, above: nodes[input.node].value, below: input.gradient))
      }
    }
    let last = nodes.count - 1
    drawn.append(
      .init(
        column: columns[last] + 1, place: places[last], outline: .none,
        lines: [result.isEmpty ? " " : result]))
    edges.append(.init(from: last, to: nodes.count, above: nodes[last].value, below: gradient))
    return Picture(title: title, .diagram(Diagram(nodes: drawn, edges: edges)))
  }

  /// Every node right of its inputs, inputs of the whole beside the first node that uses them.
  private static func columns(_ inputs: [[Input]]) -> [Int] {
    var columns = [Int](repeating: 0, count: inputs.count)
    for (index, list) in inputs.enumerated() {
      columns[index] = (list.map { columns[$0.node] }.max() ?? -1) + 1
    }
    var firstUse = [Int?](repeating: nil, count: inputs.count)
    for (index, list) in inputs.enumerated() {
      for input in list {
        firstUse[input.node] = min(firstUse[input.node] ?? .max, columns[index])
      }
    }
    for (index, list) in inputs.enumerated() where list.isEmpty {
      if let use = firstUse[index] { columns[index] = use - 1 }
    }
    return columns
  }

  /// Inputs of the whole below each other in the order of their use; others between their inputs.
  private static func places(_ inputs: [[Input]], _ columns: [Int]) -> [Double] {
    var places = [Double?](repeating: nil, count: inputs.count)
    var next = 0.0
    // Depth first from the result, without recursion: a long sum is a deep graph.
    var stack = Array(inputs.indices)
    while let index = stack.last {
      if places[index] != nil {
        stack.removeLast()
        continue
      }
      let missing = inputs[index].filter { places[$0.node] == nil }
      if missing.isEmpty {
        if inputs[index].isEmpty {
          places[index] = next
          next += 1
        } else {
          let sum = inputs[index].reduce(0) { $0 + (places[$1.node] ?? 0) }
          places[index] = sum / Double(inputs[index].count)
        }
        stack.removeLast()
      } else {
        stack += missing.reversed().map { $0.node }
      }
    }
    var result = places.map { $0 ?? 0 }
    let byColumn = Dictionary(grouping: inputs.indices) { columns[$0] }
    for (_, members) in byColumn {
      var lowest = -Double.infinity
      for index in members.sorted(by: { (result[$0], $0) < (result[$1], $1) }) {
        result[index] = max(result[index], lowest + 1)
        lowest = result[index]
      }
    }
    return result
  }
}
