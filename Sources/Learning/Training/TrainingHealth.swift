import Differentiation
import Glibc

/// A sign of trouble in a training that ran to its end.
package enum HealthNote: Hashable, Sendable {
  /// So many of the units of this layer answer 0 to every row.
  case deadUnits(Int, of: Int, layer: Int)
  /// This share of the answers of a layer lies within a hundredth of the bounds of its activation.
  case saturation(Double, layer: Int)
  /// The loss before training, far above what guessing among so many classes costs.
  case firstLoss(Double, classes: Int)
  /// One step moves the weights of a layer by this share of their size: far too much.
  case largeSteps(Double, parameter: String)
  /// No layer's weights move by more than this share of their size, and the loss hardly fell.
  case smallSteps(Double)

  /// All units of a layer have the same weights to both sides, so they learn the same.
  case alikeUnits(Int, layer: Int, help: String)
  /// The net is linear in all its layers, and no line separates these classes.
  case noLine(String, isDeep: Bool, help: String)
  /// The net is linear in all its layers and explains this share of the targets.
  case linearNet(explained: Double, help: String)
  /// This number of targets is outside the range of the output activation.
  case unreachableTargets(
    Int, of: Int, from: Double, to: Double, output: String, range: ClosedRange<Double>,
    help: String)
  /// The output answers 0 to every row and passes nothing back.
  case stuckOutput(String, help: String)
  /// The outputs stayed far below targets of this size.
  case largeTargets(Double)

  /// Measures taken already, which are not advised again.
  package struct Followed {
    /// The features are of a usual size.
    package var isScaled = false
    package var clips = false
    package var drawsForRelu = false

    package init() {}

    package init(_ run: TrainingRun) {
      isScaled = !run.data.hasLargeFeatures
      clips = run.options.clip.map { $0 <= 1 } ?? false
      drawsForRelu = ["auto", "he"].contains(run.network.initializer.name)
    }
  }

  /// As a sentence.
  package func text(_ followed: Followed = Followed()) -> String {
    let tamed = (followed.isScaled ? "" : "standardized data or ") + "smaller first weights help"
    switch self {
    case .deadUnits(let dead, let units, let layer):
      return (dead == units ? "all \(units)" : "\(dead) of the \(units)")
        + " units of layer \(layer) answer 0 to every row (dead "
        + "units): a smaller lr\(followed.drawsForRelu ? "" : ", init=he") or leaky helps"
    case .saturation(let share, let layer):
      return
        "layer \(layer) is saturated: \(Int(clamped: share * 100)) % of its answers lie at the ends of "
        + "its range, where derivatives vanish; \(tamed)"
    case .firstLoss(let loss, let classes):
      return
        "the first loss was \(brief(shortened(loss))), guessing among \(classes) classes costs "
        + "ln \(classes) = \(brief(shortened(log(Double(classes))))): \(tamed)"
    case .largeSteps(let ratio, let parameter):
      return "one step moves \(parameter) by \(percent(ratio)) of its size, where about 0.1 % is "
        + "usual: a smaller lr\(followed.clips ? "" : " or clip=1") helps"
    case .smallSteps(let ratio):
      return "one step moves the weights by \(percent(ratio)) of their size at most, where about "
        + "0.1 % is usual, and the loss hardly fell: a larger lr helps"
    case .alikeUnits(let units, let layer, let help):
      return
        "all \(units) units of layer \(layer) have the same weights, so they learn the same and "
        + "are worth one: weights drawn at random differ, as \(help) has them"
    case .noLine(let classes, let isDeep, let help):
      return "no line separates \(classes), and this net is "
        + (isDeep ? "linear in all its layers" : "one layer, which draws a line")
        + ": \(isDeep ? "tanh in the hidden layers" : "a hidden layer") bends it, as in \(help)"
    case .linearNet(let share, let help):
      return "the net is linear in all its layers, and no better than one layer: r2 is "
        + "\(brief(shortened(share))); tanh in the hidden layers bends it, as in \(help)"
    case .unreachableTargets(
      let outside, let all, let low, let high, let output, let range, let help):
      return "\(outside) of \(all) targets lie outside of what the output \(output) reaches, "
        + "\(bounds(range)); they go from \(brief(shortened(low))) to \(brief(shortened(high))): "
        + "a linear output reaches them, as in \(help)"
    case .stuckOutput(let output, let help):
      return
        "the output \(output) answers 0 to every row and passes nothing back, so nothing moves "
        + "it: a linear output does not get stuck, as in \(help)"
    case .largeTargets(let size):
      return "the targets reach \(brief(shortened(size))), far more than a net answers at first: "
        + "s = standardize data targets=true; train net (s data) learns them scaled, and the net "
        + "answers in their units"
    }
  }

  private func bounds(_ range: ClosedRange<Double>) -> String {
    switch (range.lowerBound.isFinite, range.upperBound.isFinite) {
    case (true, true): "\(brief(range.lowerBound)) to \(brief(range.upperBound))"
    case (true, false): "\(brief(range.lowerBound)) and more"
    default: "up to \(brief(range.upperBound))"
    }
  }

  private func percent(_ share: Double) -> String { "\(brief(shortened(100 * share))) %" }
}

extension TrainingRun {
  /// Rows that the units are checked on.
  private static let sample = 1000
  /// A step that moves weights by a thousandth of their size is the field's rule of thumb
  /// (Stanford's CS231n); these are a hundred times more and less.
  private static let usualSteps = 1e-5...1e-1

  /// What there is to note about the net on the data that it was trained on.
  /// - Throws: where the data do not fit the net; what a user's activation throws.
  package func healthNotes(on data: Samples) throws(LearningError) -> [HealthNote] {
    guard epochs.count > 0 else { return [] }
    let rows = try data.first(Self.sample)
    let obstacles = try obstacles(on: rows)
    guard network.rule == .gradientDescent else { return obstacles }
    var notes = obstacles
    // One of bad luck is not far above.
    if isFirst, let classes = guessedClasses, firstLoss > 3 * log(Double(classes)) {
      notes.append(.firstLoss(firstLoss, classes: classes))
    }
    let isLarge = obstacles.contains { if case .largeTargets = $0 { true } else { false } }
    let units = isLarge ? [] : try unitNotes(on: rows)
    // Units that pass nothing back are why nothing moves, and what cannot work gains nothing by
    // larger steps.
    guard units.isEmpty else { return notes + units }
    let steps = stepNotes
    if case .smallSteps? = steps.first, !obstacles.isEmpty { return notes }
    return notes + steps
  }

  /// Among how many classes a net that knows nothing guesses; nil where the loss tells nothing.
  private var guessedClasses: Int? {
    guard options.reduction == .mean else { return nil }
    switch options.loss?.partner {
    case .distribution: return network.outputCount
    case .probability: return 2
    default: return nil
    }
  }

  private var stepNotes: [HealthNote] {
    guard let largest = updateRatios.max(by: { $0.ratio < $1.ratio }) else { return [] }
    if largest.ratio > Self.usualSteps.upperBound {
      return [.largeSteps(largest.ratio, parameter: largest.name)]
    }
    let isStuck = lastLoss > 0.95 * firstLoss && !(metricName != "mse" && metric > 0.95)
    guard largest.ratio > 0, largest.ratio < Self.usualSteps.lowerBound, isStuck else { return [] }
    return [.smallSteps(largest.ratio)]
  }

  private func unitNotes(on data: DataSet) throws(LearningError) -> [HealthNote] {
    var notes: [HealthNote] = []
    let width = data.featureCount
    guard width == network.inputCount else { return notes }
    let rows = min(data.count, Self.sample)
    let x = Tensor(.matrix(rows, width), Array(data.x.elements.prefix(rows * width)))
    let answers = try network.forward(x).a
    for (layer, a) in zip(network.layers, answers).dropLast() {
      if layer.activation.traits.contains(.dying) {
        let dead = (0..<layer.units).count { unit in
          stride(from: unit, to: a.elements.count, by: layer.units).allSatisfy {
            a.elements[$0] == 0
          }
        }
        if 2 * dead >= layer.units {
          notes.append(.deadUnits(dead, of: layer.units, layer: layer.number))
        }
      }
      if let range = layer.activation.range, layer.activation.traits.contains(.saturating) {
        let margin = 0.01 * (range.upperBound - range.lowerBound)
        let ends = a.elements.count {
          $0 < range.lowerBound + margin || $0 > range.upperBound - margin
        }
        let share = Double(ends) / Double(a.elements.count)
        if share > 0.9 { notes.append(.saturation(share, layer: layer.number)) }
      }
    }
    return notes
  }
}
