import Differentiation
import Learning

extension Misconception {
  /// What is done wrong where an activation of the outputs meets the loss.
  static let ofOutputs: [Misconception] = [
    Misconception(
      "extraDerivative",
      "the slope of the output's activation is multiplied in as {place}, though it cancels here"
    ) { computation in
      let (fused, separate) = (
        computation.fusedLosses(), computation.activationsUnderLogarithms()
      )
      let activations = Set(
        (fused + separate).compactMap { Self.fusedActivation(of: $0) ?? $0.primitive?.name })
      guard !activations.isEmpty else { return [] }
      var changes = [
        Change(at: "y(1 - y)") {
          $0.contribution = { node, input, _, part throws(ShapeError) in
            guard input == 0, let y = try Self.outputs(of: node, fused, separate) else {
              return nil
            }
            return try part * (y * (1 - y))
          }
        }
      ]
      if activations.contains("softmax") {
        changes.append(
          Change(at: "the matrix of softmax") {
            $0.contribution = { node, input, _, part throws(ShapeError) in
              guard input == 0, let y = try Self.outputs(of: node, fused, separate),
                y.primitive === Primitive.softmax
              else { return nil }
              return try y * (part - Self.sumByRow(part * y))
            }
          })
      }
      return changes
    },
    Misconception(
      "softmaxDiagonal",
      "only y(1 - y), the diagonal of the derivative of softmax, is taken"
    ) { computation in
      let places = computation.fusedLosses().filter { $0.primitive === Primitive.crossEntropy }
      let separate = computation.outputActivations().filter {
        $0.primitive === Primitive.softmax
      }
      guard !(places + separate).isEmpty else { return [] }
      return [
        Change {
          $0.contribution = { node, input, adjoint, _ throws(ShapeError) in
            guard input == 0 else { return nil }
            if separate.contains(where: { $0 === node }) {
              return try adjoint * (node * (1 - node))
            }
            guard places.contains(where: { $0 === node }) else { return nil }
            // ∂L/∂y is -t/y, so y(1 - y) leaves -t(1 - y).
            let y = try node.inputs[0].applying(.softmax)
            return try adjoint.column(beside: y) * -(node.inputs[1] * (1 - y))
          }
        }
      ]
    },
    Misconception("activationTwice", "{place} is applied twice at the outputs") {
      computation throws(ShapeError) in
      let names = ["softmax": Primitive.softmax, "sigmoid": Primitive.sigmoid]
      let fused = computation.fusedLosses()
      let last = computation.outputActivations()
      let found = Set(
        (fused + last).compactMap { Self.fusedActivation(of: $0) ?? $0.primitive?.name })
      return try found.sorted().filter { names[$0] != nil }.map { name throws(ShapeError) in
        let activation = names[name] ?? .identity
        let root = try computation.rebuilt { node, inputs throws(ShapeError) in
          guard let primitive = node.primitive else { return nil }
          if fused.contains(where: { $0 === node }), Self.fusedActivation(of: node) == name {
            return try Node.apply(primitive, to: [inputs[0].applying(activation), inputs[1]])
          }
          guard primitive === activation, last.contains(where: { $0 === node }) else {
            return nil
          }
          return try inputs[0].applying(activation).applying(activation)
        }
        return Change(at: name, root: root)
      }
    },
  ]

  /// The activation that a loss from net inputs holds.
  private static func fusedActivation(of node: Node) -> String? {
    if node.primitive === Primitive.crossEntropy { return "softmax" }
    return node.primitive === Primitive.binaryCrossEntropy ? "sigmoid" : nil
  }

  /// The outputs of an activation, where its slope cancels against that of a logarithm.
  private static func outputs(
    of node: Node, _ fused: [Node], _ separate: [Node]
  ) throws(ShapeError) -> Node? {
    if separate.contains(where: { $0 === node }) { return node }
    guard fused.contains(where: { $0 === node }) else { return nil }
    let isSoftmax = node.primitive === Primitive.crossEntropy
    return try node.inputs[0].applying(isSoftmax ? .softmax : .sigmoid)
  }

  private static func sumByRow(_ node: Node) throws(ShapeError) -> Node {
    if node.shape.rank < 2 { return try node.applying(.sum()) }
    return try node.applying(.sum(axis: .columns)).column(beside: node)
  }
}

extension Computation {
  /// The sigmoids and softmaxes that the loss takes logarithms of, or of what they leave to 1.
  func activationsUnderLogarithms() -> [Node] {
    outputActivations().filter { node in
      guard node.primitive === Primitive.sigmoid || node.primitive === Primitive.softmax else {
        return false
      }
      var seen: Set<ObjectIdentifier> = []
      var open = [node]
      while let next = open.popLast() {
        for user in users(of: next) where seen.insert(ObjectIdentifier(user)).inserted {
          if user.primitive === Primitive.log { return true }
          if !Self.isActivation(user) { open.append(user) }
        }
      }
      return false
    }
  }
}
