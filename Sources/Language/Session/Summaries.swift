import Differentiation
import Learning
import Rendering

extension Session {
  /// One line without times, so that outputs can be compared.
  package func summary(of run: TrainingRun) -> String {
    let stopped: String? =
      switch run.ending {
      case .allEpochs: nil
      case .interrupted: "interrupted after step \(run.steps)"
      case .conditionMet: "condition met"
      case .nothingLeft: "nothing left to learn"
      case .noImprovement:
        "no improvement, best weights from epoch \(run.bestEpoch ?? run.epochs.count)"
      }
    return TrainingSummary(
      epochs: run.epochs.count, firstLoss: run.firstLoss, lastLoss: run.lastLoss,
      metrics: (run.bestValidationLoss.map { [NamedNumber(run.names.validationLoss, $0)] } ?? [])
        + [NamedNumber(run.names.metric, run.metric)],
      lossName: run.names.loss, stopped: stopped
    ).text(on: host.display())
  }

  package func summary(of data: DataSet) -> String {
    let targets =
      data.classes.map { "\($0.count) classes" }
      ?? (data.outputCount == 1 ? "1 target" : "\(data.outputCount) targets")
    let features = data.featureCount == 1 ? "1 feature" : "\(data.featureCount) features"
    return "\(data.title): \(data.count) rows, \(features), \(targets)"
  }

  package func remember(_ data: DataSet, for network: Network) {
    nets.remember(data, for: network)
  }

  package func lastData(of network: Network) -> DataSet? { nets.data(of: network) }
}
