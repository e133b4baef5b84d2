import Differentiation
import Learning

/// A wrong way of computing a value: the right one with one misconception in it.
package struct WrongWay {
  /// The name of the misconception.
  package let name: String
  /// What was done, as it follows `if`; the same for the same formula with other numbers.
  package let description: String
  /// In the shape of the right value.
  package let output: Node
}

extension Diagnosis {
  /// Every wrong way of computing a value that makes a difference to it.
  /// - Parameter name: of the one misconception that is made; nil for all.
  /// - Throws: where a misconception cannot be made.
  package static func wrongWays(
    of output: Node, named name: String? = nil
  ) throws(LearningError) -> [WrongWay] {
    let known = try Known(ValueTrial(of: output))
    var result: [WrongWay] = []
    for candidate in try candidates(known.trial, known.right, known.truth, named: name)
    where candidate.value.shape == output.shape && !candidate.change.isGuess {
      let (root, scale) = (candidate.change.root ?? output, candidate.change.lossScale)
      let wrong =
        scale == 1
        ? root : try building { () throws(ShapeError) in try root * .constant(Tensor(scale)) }
      result.append(
        WrongWay(
          name: candidate.misconception.name,
          description: explanations([candidate])[0].description, output: wrong))
    }
    return result
  }

  /// A value computed in the same way from other nodes.
  /// - Parameter inputs: parameters of it, and what stands in their place.
  /// - Throws: where shapes do not go together.
  package static func value(
    of output: Node, from inputs: [(parameter: Node, other: Node)]
  ) throws(LearningError) -> Node {
    let computation = Computation(output: output, parameters: [], target: nil)
    return try building { () throws(ShapeError) in
      try computation.rebuilt { node, _ in inputs.first { $0.parameter === node }?.other }
    }
  }
}
