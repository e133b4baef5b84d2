import Differentiation
import Learning

extension TrainingRun {
  /// The options it was carried out with, as `train` takes them; those that were not used are
  /// left out.
  package var optionsRecord: Record {
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

extension Function {
  /// What the last step learned, by name.
  package var learned: Record {
    func vector(_ numbers: [Double]) -> Value { .tensor(Tensor(vector: numbers)) }
    guard let prepared, let step = prepared.pipeline?.steps.last else { return Record() }
    var fields = Record([("data", .data(prepared))])
    switch step {
    case .scale(let scaling):
      fields[scaling.kind == .standardize ? "mean" : "shift"] = vector(scaling.shift)
      fields[scaling.kind == .standardize ? "sd" : "scale"] = vector(scaling.scale)
    case .impute(let imputation): fields["fills"] = vector(imputation.fills)
    case .encode(let encoding):
      fields["categories"] = .list(
        encoding.columns.map { .list($0.values.map { .string($0) }) })
    case .dropMissing: break
    }
    fields["features"] = .list(prepared.featureNames.map { .string($0) })
    return fields
  }
}
