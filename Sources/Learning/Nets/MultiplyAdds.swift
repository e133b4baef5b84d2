import Differentiation

/// What the matrix products of a net cost, counted in the graph that is explained and trained.
package struct MultiplyAdds: Hashable, Sendable {
  /// From the sample to its loss.
  package let forward: Int
  /// From the loss back to every parameter.
  package let backward: Int
  package let parameters: Int

  /// Forward passes that differ in one parameter each, and one where none differs: the same
  /// derivatives by nudging.
  package var nudging: Int {
    let (all, overflows) = forward.multipliedReportingOverflow(by: parameters + 1)
    return overflows ? .max : all
  }
}

extension Network {
  /// Multiplications, each with its addition, in the matrix products of one sample. What is done
  /// element by element is not counted: it grows with the units, not with the weights.
  /// - Throws: what a user's activation throws.
  package func multiplyAdds() throws(LearningError) -> MultiplyAdds {
    let graph = try lossGraph(
      x: .input(.matrix(1, inputCount), name: "x"), t: .input(.matrix(1, outputCount), name: "t"))
    let sweep = try deriving(ReverseSweep(of: graph.loss, by: graph.parameters))
    let forward = topologicalOrder(of: [graph.loss])
    let known = Set(forward.map { ObjectIdentifier($0) })
    let backward = topologicalOrder(of: graph.parameters.compactMap { sweep.adjoint(of: $0) })
      .filter { !known.contains(ObjectIdentifier($0)) }
    return MultiplyAdds(
      forward: forward.reduce(0) { $0 + $1.multiplyAdds },
      backward: backward.reduce(0) { $0 + $1.multiplyAdds }, parameters: count)
  }
}

extension Node {
  fileprivate var multiplyAdds: Int {
    guard let primitive, inputs.count == 2,
      [Primitive.matmul.name, Primitive.outer.name].contains(primitive.name)
    else { return 0 }
    let inner = primitive.name == Primitive.outer.name ? 1 : inputs[0].shape.columns
    return shape.count * inner
  }
}
