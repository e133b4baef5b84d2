import Differentiation
import Language
import Learning
import Rendering

/// What `train … plot=true` draws anew while it trains, and leaves when it is done.
final class LivePicture {
  enum Kind { case curves, map }

  private let kind: Kind
  private let network: Network
  private let data: DataSet
  private var losses: [Double] = []
  private var validationLosses: [Double] = []

  init(kind: Kind, network: Network, data: DataSet) {
    self.kind = kind
    self.network = network
    self.data = data
  }

  func add(_ summary: EpochSummary) {
    losses.append(summary.loss)
    if let loss = summary.validationLoss { validationLosses.append(loss) }
  }

  var isEmpty: Bool { losses.isEmpty }

  /// The frame, as high as leaves room for a line below it.
  func text(on display: Display) -> String {
    var display = display
    // On a terminal a frame that scrolls could not be taken back.
    if let rows = display.rows { display.rows = max(rows - 2, 10) }
    return picture.text(on: display)
  }

  /// What has been reached.
  var picture: Picture {
    switch kind {
    case .curves: curves
    case .map: (try? map()) ?? curves
    }
  }

  private var curves: Picture {
    var runs = [LossCurves.Run("training", losses)]
    if !validationLosses.isEmpty { runs.append(LossCurves.Run("validation", validationLosses)) }
    return LossCurves.picture(
      runs, label: validationLosses.isEmpty ? "training loss" : "loss")
  }

  private func map() throws(LearningError) -> Picture? {
    guard network.inputCount == 2 else { return nil }
    return try Catalog.decisionMap(of: network, on: data)
  }
}
