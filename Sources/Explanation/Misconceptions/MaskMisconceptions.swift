import Differentiation
import Learning

extension Misconception {
  /// What is done wrong where dropout leaves units out.
  static let ofMasks: [Misconception] = [
    Misconception("maskForgotten", "no unit is left out, as if there were no mask") {
      computation throws(ShapeError) in
      try computation.maskChange { _, unmasked in unmasked }
    },
    Misconception(
      "maskNotScaled", "what the mask leaves in is not divided by 1 - p"
    ) { computation throws(ShapeError) in
      try computation.maskChange { mask, unmasked throws(ShapeError) in
        try unmasked * .constant(Tensor(mask.shape, mask.elements.map { $0 == 0 ? 0 : 1 }))
      }
    },
    Misconception("maskForwardOnly", "the mask is left out going back") { computation in
      guard computation.net?.graph.masks.isEmpty == false else { return [] }
      return [
        Change {
          $0.factor = { node, input, _ in
            input == 0 && computation.mask(of: node) != nil ? 1 : nil
          }
        }
      ]
    },
    Misconception(
      "maskInverted", "the units that the mask leaves in are left out, and the others not"
    ) { computation throws(ShapeError) in
      let factor = computation.masks.flatMap { $0.elements }.max() ?? 0
      guard factor > 0 else { return [] }
      return try computation.maskChange { mask, unmasked throws(ShapeError) in
        try unmasked
          * .constant(Tensor(mask.shape, mask.elements.map { $0 == 0 ? factor : 0 }))
      }
    },
  ]
}

extension Computation {
  /// What the activations of the hidden layers are multiplied by.
  fileprivate var masks: [Tensor] { net?.graph.masks.compactMap { $0.value } ?? [] }

  /// The mask that a node multiplies with; nil where it is another.
  fileprivate func mask(of node: Node) -> Tensor? {
    guard node.primitive === Primitive.multiply else { return nil }
    return net?.graph.masks.first { $0 === node.inputs[1] }?.value
  }

  /// What comes of other activations where a mask is used; nothing without one.
  /// - Parameter other: what a hidden layer sends on, of its mask and what it would send without.
  fileprivate func maskChange(
    _ other: (Tensor, Node) throws(ShapeError) -> Node
  ) throws(ShapeError) -> [Change] {
    guard !masks.isEmpty else { return [] }
    return [
      Change(
        root: try rebuilt { node, inputs throws(ShapeError) in
          guard let mask = mask(of: node) else { return nil }
          return try other(mask, inputs[0])
        })
    ]
  }
}
