import Differentiation
import Learning

/// A known mistake in a derivation: its name, what was done, and what that changes.
///
/// A new one is one literal in a list of this folder. `diagnose` and `bp check` name it then.
package struct Misconception: Sendable {
  package let name: String
  /// What was done, as it follows `if`; `{place}` stands for where.
  package let words: String
  /// What it changes in a derivation, once for each place where it can be made.
  let changes: @Sendable (Computation) throws(ShapeError) -> [Change]

  init(
    _ name: String, _ words: String,
    changes: @escaping @Sendable (Computation) throws(ShapeError) -> [Change]
  ) {
    self.name = name
    self.words = words
    self.changes = changes
  }

  /// Every misconception once, the commonest of a topic first.
  package static let all =
    ofLoss + ofActivations + ofOutputs + ofPaths + ofMasks + ofWeights + ofValues + ofAnswers
}

/// What a misconception changes at one place.
struct Change {
  /// Where, as it follows the words; empty where there is one place only.
  var place: String
  /// Other rules for the way back.
  var revision: Revision?
  /// Derived instead of the loss: what comes of a wrong way forward.
  var root: Node?
  /// The derivative is multiplied by this.
  var scale = 1.0
  /// The losses of the samples are multiplied by this, and not the penalties.
  var lossScale = 1.0
  /// What the penalties l1 and l2 are multiplied by.
  var penaltyScale = PenaltyScale()
  /// So often the weight itself is added.
  var weightShare = 0.0
  /// Whether the value of the loss changes too.
  var changesLoss = false
  /// Rows and columns change places.
  var isTransposed = false
  /// Gradients of earlier steps are added to this one.
  var accumulates = false
  /// Biases stay as they are.
  var freezesBiases = false
  /// What is given after some steps where the weight is asked for.
  var givesInstead: Step?
  /// Whether it assumes a learning rate, because the question gave none.
  var isGuess = false

  enum Step {
    case derivative, move
  }

  struct PenaltyScale: Equatable {
    var l1 = 1.0
    var l2 = 1.0
  }

  init(at place: String = "") { self.place = place }

  /// The right way.
  static var none: Change {
    var change = Change()
    change.changesLoss = true
    return change
  }

  /// One that only changes the rules of the way back.
  init(at place: String = "", _ revise: (inout Revision) -> Void) {
    self.place = place
    var revision = Revision()
    revise(&revision)
    self.revision = revision
  }

  init(at place: String = "", scale: Double) {
    self.place = place
    self.scale = scale
  }

  init(at place: String = "", lossScale: Double) {
    self.place = place
    self.lossScale = lossScale
    changesLoss = true
  }

  init(at place: String = "", penaltyScale: PenaltyScale) {
    self.place = place
    self.penaltyScale = penaltyScale
    changesLoss = true
  }

  init(at place: String = "", gives step: Step) {
    self.place = place
    givesInstead = step
  }

  init(at place: String = "", root: Node, changesLoss: Bool = true) {
    self.place = place
    self.root = root
    self.changesLoss = changesLoss
  }

  /// Whether a derivation of its own is needed, and not only another use of its result.
  var isStructural: Bool { revision != nil || root != nil || accumulates || freezesBiases }

  /// Both changes at once; nil where they cannot be made together.
  func combined(with other: Change) -> Change? {
    // The rules of the way back speak of nodes that a wrong way forward does not have.
    guard root == nil || !other.isStructural, other.root == nil || !isStructural,
      weightShare == 0 || other.weightShare == 0, !isGuess, !other.isGuess,
      givesInstead == nil || other.givesInstead == nil
    else { return nil }
    var result = self
    result.revision =
      revision.map { own in other.revision.map(own.combined) ?? own }
      ?? other.revision
    result.root = root ?? other.root
    result.scale = scale * other.scale
    result.lossScale = lossScale * other.lossScale
    result.penaltyScale.l1 *= other.penaltyScale.l1
    result.penaltyScale.l2 *= other.penaltyScale.l2
    result.weightShare = weightShare + other.weightShare
    result.changesLoss = changesLoss && other.changesLoss
    result.isTransposed = isTransposed != other.isTransposed
    result.accumulates = accumulates || other.accumulates
    result.freezesBiases = freezesBiases || other.freezesBiases
    result.givesInstead = givesInstead ?? other.givesInstead
    return result
  }
}
