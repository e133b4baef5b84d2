import Differentiation
import Learning
import Rendering

extension Session {
  /// One line without times, so that outputs can be compared.
  func summary(of run: TrainingRun) -> String {
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
      metrics: [NamedNumber(run.metricName, run.metric)], stopped: stopped
    ).text(on: host.display())
  }

  func summary(of data: DataSet) -> String {
    let targets =
      data.classes.map { "\($0.count) classes" }
      ?? (data.outputCount == 1 ? "1 target" : "\(data.outputCount) targets")
    let features = data.featureCount == 1 ? "1 feature" : "\(data.featureCount) features"
    return "\(data.title): \(data.count) rows, \(features), \(targets)"
  }

  func remember(_ data: DataSet, for network: Network) {
    nets.remember(data, for: network)
  }

  func lastData(of network: Network) -> DataSet? { nets.data(of: network) }
}

extension TrainingRun {
  /// The options it was carried out with, as `train` takes them; those that were not used are
  /// left out.
  var optionsRecord: Record {
    func vector(_ numbers: [Double]) -> Value { .tensor(Tensor(vector: numbers)) }
    var record = Record([
      ("epochs", .number(Double(options.epochs))), ("lr", .number(options.rate ?? .nan)),
      ("batch", options.batch.value), ("optimizer", .choice(.optimizer(options.optimizer))),
      ("loss", .choice(.loss(options.loss ?? network.loss))),
      ("reduction", .string((options.reduction ?? network.reduction).rawValue)),
      ("schedule", .choice(.schedule(options.schedule))),
      ("shuffle", .truth(options.isShuffled)), ("seed", .number(Double(options.seed))),
    ])
    if options.l1 > 0 { record["l1"] = .number(options.l1) }
    if options.l2 > 0 { record["l2"] = .number(options.l2) }
    if let clip = options.clip { record["clip"] = .number(clip) }
    switch options.validation {
    case .fraction(let share)?: record["valid"] = .number(share)
    case .data(let data)?: record["valid"] = .data(data)
    case nil: break
    }
    if let patience = options.patience { record["patience"] = .number(Double(patience)) }
    if options.improvement > 0 { record["min_delta"] = .number(options.improvement) }
    if !options.frozen.isEmpty { record["freeze"] = .list(options.frozen.map { .string($0) }) }
    if options.order == .outputFirst { record["order"] = .string("output_first") }
    if let weights = options.classWeights { record["class_weights"] = vector(weights) }
    if let weights = options.sampleWeights { record["sample_weights"] = vector(weights) }
    return record
  }
}

extension TrainingOptions.Batch {
  fileprivate var value: Value {
    switch self {
    case .rows(let count): .number(Double(count))
    case .full: .string("full")
    }
  }
}
