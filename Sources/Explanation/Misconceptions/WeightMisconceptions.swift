import Differentiation
import Learning

extension Misconception {
  /// What is done wrong where a weight meets its input, or is moved too early.
  static let ofWeights: [Misconception] = [
    Misconception("inputForgotten", "the input that the weight is multiplied by is forgotten") {
      _ in
      [
        Change {
          $0.operands = { node, input throws(ShapeError) in
            guard Computation.isWeighted(node),
              Computation.parameter(in: node.inputs[input]) != nil
            else { return nil }
            var operands = node.inputs
            let one = Tensor(repeating: 1, shape: node.inputs[1 - input].shape)
            operands[1 - input] = .constant(one)
            return (operands, node)
          }
        }
      ]
    },
    Misconception(
      "netForOut", "the net input of the layer before is used instead of its output"
    ) { _ in
      [
        Change {
          $0.operands = { node, input in
            guard let other = Computation.weightedInput(of: node), other != input,
              Computation.isActivation(node.inputs[other])
            else { return nil }
            var operands = node.inputs
            operands[other] = node.inputs[other].inputs[0]
            return (operands, node)
          }
        }
      ]
    },
    Misconception(
      "updatedWeights", "the weights are updated before the error goes back through them{place}"
    ) { computation throws(ShapeError) in
      computation.rates.compactMap { rate in
        guard var change = computation.afterUpdate(rate) else { return nil }
        change.place = computation.rateText(rate)
        change.isGuess = !computation.isRateGiven
        return change
      }
    },
  ]
}

extension Computation {
  /// `, with the learning rate 0.5`, where the question gave none.
  func rateText(_ rate: Double) -> String {
    guard !isRateGiven else { return "" }
    let text = "\(rate)"
    return ", with the learning rate \(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)"
  }

  /// Every weight is moved as soon as its derivative is known, and the error goes back through the
  /// moved weights.
  fileprivate func afterUpdate(_ rate: Double) -> Change? {
    var revision = Revision()
    let moving = parameters.filter { !frozen.contains(ObjectIdentifier($0)) }
    let layers = order.map { depth(of: $0) }.max() ?? 0
    // Each round is right for one layer more, from the outputs back.
    for _ in 0..<min(max(layers - 1, 1), 6) {
      guard let gradient = try? gradients(of: output, by: moving, revision: revision) else {
        return nil
      }
      var moved: [ObjectIdentifier: Node] = [:]
      for (parameter, derivative) in zip(moving, gradient) {
        guard let step = try? parameter - Node(number: rate) * derivative else { return nil }
        moved[ObjectIdentifier(parameter)] = step
      }
      revision.operands = { node, input throws(ShapeError) in
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
    var change = Change()
    change.revision = revision
    return change
  }

  /// The same form of another parameter.
  private static func rebuilt(_ node: Node, from new: Node) throws(ShapeError) -> Node {
    guard let primitive = node.primitive else { return new }
    return try Node.apply(primitive, to: [rebuilt(node.inputs[0], from: new)])
  }
}
