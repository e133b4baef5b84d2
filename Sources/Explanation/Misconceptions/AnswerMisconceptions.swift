import Differentiation
import Learning

extension Misconception {
  /// What is done wrong with a derivative that was found, or in the steps along it.
  static let ofAnswers: [Misconception] = [
    Misconception("sign", "the sign is turned round") { _ in [Change(scale: -1)] },
    Misconception(
      "notReset", "the derivative is added to that of before, which was not set to zero"
    ) { computation in
      if computation.steps == 0 { return [Change(scale: 2)] }
      var change = Change()
      change.accumulates = true
      return [change]
    },
    Misconception("newWeight", "the new weight is given instead of the derivative{place}") {
      computation in
      guard computation.steps == 0, computation.target?.isParameter == true else { return [] }
      return computation.rates.map { rate in
        var change = Change(at: computation.rateText(rate), scale: -rate)
        change.weightShare = 1
        change.isGuess = !computation.isRateGiven
        return change
      }
    },
    Misconception("move", "the change of the weight is given instead of {place}") { computation in
      guard computation.target?.isParameter == true else { return [] }
      if computation.steps > 0 { return [Change(at: "the weight", gives: .move)] }
      // At a rate of 1 that is the sign.
      return computation.rates.filter { $0 != 1 || computation.isRateGiven }.map { rate in
        var change = Change(at: "the derivative" + computation.rateText(rate), scale: -rate)
        change.isGuess = !computation.isRateGiven
        return change
      }
    },
    Misconception("derivativeForWeight", "the derivative is given instead of the new weight") {
      computation in
      computation.steps > 0 && computation.target != nil ? [Change(gives: .derivative)] : []
    },
    Misconception("transposed", "rows and columns of the matrix of derivatives are exchanged") {
      computation in
      guard computation.target?.shape.rank == 2 else { return [] }
      var change = Change()
      change.isTransposed = true
      return [change]
    },
    Misconception("biasNotTrained", "the biases are not trained") { computation in
      guard computation.steps > 0 else { return [] }
      var change = Change()
      change.freezesBiases = true
      return [change]
    },
  ]
}
