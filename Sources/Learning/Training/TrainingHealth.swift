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

  /// As a sentence.
  package var text: String {
    switch self {
    case .deadUnits(let dead, let units, let layer):
      (dead == units ? "all \(units)" : "\(dead) of the \(units)")
        + " units of layer \(layer) answer 0 to every row (dead "
        + "units): a smaller lr, init=he or leaky helps"
    case .saturation(let share, let layer):
      "layer \(layer) is saturated: \(Int(share * 100)) % of its answers lie at the ends of its "
        + "range, where derivatives vanish; standardized data or smaller first weights help"
    case .firstLoss(let loss, let classes):
      "the first loss was \(brief(shortened(loss))), guessing among \(classes) classes costs "
        + "ln \(classes) = \(brief(shortened(log(Double(classes))))): standardized data or smaller first "
        + "weights help"
    case .largeSteps(let ratio, let parameter):
      "one step moves \(parameter) by \(percent(ratio)) of its size, where about 0.1 % is usual: a "
        + "smaller lr or clip=1 helps"
    case .smallSteps(let ratio):
      "one step moves the weights by \(percent(ratio)) of their size at most, where about 0.1 % is "
        + "usual, and the loss hardly fell: a larger lr helps"
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
  package func healthNotes(on data: DataSet) throws(LearningError) -> [HealthNote] {
    guard network.rule == .gradientDescent, epochs.count > 0 else { return [] }
    var notes: [HealthNote] = []
    // One of bad luck is not far above.
    if isFirst, let classes = guessedClasses, firstLoss > 3 * log(Double(classes)) {
      notes.append(.firstLoss(firstLoss, classes: classes))
    }
    let units = try unitNotes(on: data)
    // Units that pass nothing back are why nothing moves.
    return notes + units + (units.isEmpty ? stepNotes : [])
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
