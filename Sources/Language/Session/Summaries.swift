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

  /// The rows that numbers about a net are of, and what the net's last training did with them.
  package func rows(of data: DataSet, for network: Network) -> String {
    rows(of: .table(data), for: network)
  }

  package func rows(of data: Samples, for network: Network) -> String {
    let rows = "on \(data.title): \(data.count) row\(data.count == 1 ? "" : "s")"
    guard let run = nets.run(of: network) else { return rows }
    if case .samples(let held)? = run.options.validation, held == data {
      return rows + ", the validation rows"
    }
    guard run.data == data else { return rows + ", not those trained on" }
    if case .fraction? = run.options.validation {
      return rows + ", those trained on and the validation rows"
    }
    return rows + ", those trained on"
  }

  package func summary(of data: DataSet) -> String {
    let targets =
      data.classes.map { "\($0.count) classes" }
      ?? (data.outputCount == 1 ? "1 target" : "\(data.outputCount) targets")
    let features = data.featureCount == 1 ? "1 feature" : "\(data.featureCount) features"
    return "\(data.title): \(data.count) rows, \(features), \(targets)"
  }

  /// `images: 60000 rows × 785 columns, streamed from images: 784 features, 10 classes`
  package func summary(of stream: RowStream) -> String {
    let pattern = stream.pattern
    let columns = stream.featureCount + stream.targetNames.count
    let targets =
      pattern.classes.map { "\($0.count) classes" }
      ?? (pattern.outputCount == 1 ? "1 target" : "\(pattern.outputCount) targets")
    let features = stream.featureCount == 1 ? "1 feature" : "\(stream.featureCount) features"
    return "\(stream.title): \(stream.count) rows × \(columns) columns, streamed from "
      + "\(stream.source.origin): \(features), \(targets)"
  }

  package func remember(_ data: DataSet, for network: Network) {
    nets.remember(.table(data), for: network)
  }

  package func remember(_ samples: Samples, for network: Network) {
    nets.remember(samples, for: network)
  }

  /// What it last saw, where that is a table in memory.
  package func lastData(of network: Network) -> DataSet? { nets.samples(of: network)?.table }

  package func lastSamples(of network: Network) -> Samples? { nets.samples(of: network) }
}
