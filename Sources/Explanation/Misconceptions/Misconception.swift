import Differentiation
import Learning

/// A known mistake in going back through a computation, as a change to the rules of the sweep.
package struct Misconception {
  package enum Kind: String, CaseIterable, Sendable {
    case half, two, noDerivative, derivativeAtOutput, extraDerivative, updatedWeights, onePath,
      notTransposed
    case netForOut, mean, noMean, sign, notReset, biasNotTrained
  }

  package let kind: Kind
  /// What was done, as it follows `if`: `the ½ of the squared error is forgotten`.
  package let description: String
  var revision = Revision()
  /// Everything multiplied by this.
  var scale = 1.0
  /// Gradients of earlier steps are added to this one.
  var accumulates = false
  /// Biases stay as they are.
  var freezesBiases = false

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// Both misconceptions at once.
  func combined(with other: Misconception) -> Misconception {
    var result = Misconception(kind, "\(description), and \(other.description)")
    result.revision = revision.combined(with: other.revision)
    result.scale = scale * other.scale
    result.accumulates = accumulates || other.accumulates
    result.freezesBiases = freezesBiases || other.freezesBiases
    return result
  }
}
