/// Where a value that is infinite or no number arose.
package struct NotFiniteOrigin {
  /// The operation whose operands are finite though its result is not; or what was given so.
  package let node: Node
  /// The place of the first such element.
  package let element: Int
  package let value: Double
  /// The last node with a name on the way from the output, where it has one.
  package let named: Node?

  /// nil where the output is finite, or has no value.
  package init?(of output: Node) {
    guard let first = output.firstNotFinite else { return nil }
    var (node, place) = (output, first)
    var named = output.name == nil ? nil : output
    while let (input, element) = node.inputs.lazy.compactMap({ input in
      input.firstNotFinite.map { (input, $0) }
    }).first {
      (node, place) = (input, element)
      if input.name != nil { named = input }
    }
    self.node = node
    self.named = named
    element = place
    value = node.value?.elements[place] ?? .nan
  }
}

extension Node {
  /// The place of the first element that is infinite or no number.
  fileprivate var firstNotFinite: Int? { value?.elements.firstIndex { !$0.isFinite } }
}
