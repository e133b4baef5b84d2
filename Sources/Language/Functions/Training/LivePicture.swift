import Differentiation
import Learning
import Rendering

/// What `train … plot=true` draws anew while it trains.
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

  /// The frame, as high as leaves room for a line below it; nil where there is nothing to draw.
  func text(on display: Display) -> String? {
    var display = display
    // On a terminal a frame that scrolls could not be taken back.
    if let rows = display.rows { display.rows = max(rows - 2, 10) }
    switch kind {
    case .curves: return curves.text(on: display)
    case .map: return (try? map())?.text(on: display) ?? curves.text(on: display)
    }
  }

  private var curves: Picture {
    var runs = [LossCurves.Run("loss", losses)]
    if !validationLosses.isEmpty { runs.append(LossCurves.Run("validation", validationLosses)) }
    return LossCurves.picture(runs)
  }

  private func map() throws -> Picture? {
    guard network.inputCount == 2, network.outputCount == 1 else { return nil }
    let classes = try network.classification(on: data)
    let samples = (0..<data.count).map {
      DecisionMap.Sample(
        data.x.elements[$0 * 2], data.x.elements[$0 * 2 + 1], classIndex: classes.actual[$0] - 1)
    }
    let region = DecisionMap.Region.around(samples, columns: 64, rows: 40)
    return DecisionMap.picture(
      region: region, values: try network.output(region.tensor).elements, samples: samples,
      classNames: classes.classes, xLabel: data.featureNames[0], yLabel: data.featureNames[1])
  }
}
