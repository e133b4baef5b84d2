import Differentiation
import Learning

extension TrainingRun {
  /// The options it was carried out with, as `train` takes them; those that were not used are
  /// left out.
  package var optionsRecord: Record {
    Record(
      TrainingOption.all.compactMap { option in
        option.told(by: options).map { (option.name, Value($0)) }
      })
  }
}

extension Value {
  init(_ value: OptionValue) {
    self =
      switch value {
      case .number(let number): .number(number)
      case .wholeNumber(let number): .number(Double(number))
      case .truth(let truth): .truth(truth)
      case .word(let word): .string(word)
      case .words(let words): .list(List(words.map { .string($0) }))
      case .numbers(let numbers): .tensor(Tensor(vector: numbers))
      case .samples(let samples): Value(samples)
      case .optimizer(let optimizer): .choice(.optimizer(optimizer))
      case .schedule(let schedule): .choice(.schedule(schedule))
      case .loss(let loss): .choice(.loss(loss))
      }
  }
}

extension Function {
  /// What the last step learned, by name.
  package var learned: Record {
    func vector(_ numbers: [Double]) -> Value { .tensor(Tensor(vector: numbers)) }
    guard let prepared, let steps = prepared.pipeline?.steps else { return Record() }
    var ofFeatures = steps[...]
    var fields = Record([("data", Value(prepared))])
    if case .scaleTargets(let scaling)? = ofFeatures.last {
      ofFeatures.removeLast()
      fields[scaling.kind == .standardize ? "target_mean" : "target_shift"] = vector(scaling.shift)
      fields[scaling.kind == .standardize ? "target_sd" : "target_scale"] = vector(scaling.scale)
    }
    guard let step = ofFeatures.last else { return fields }
    switch step {
    case .scale(let scaling):
      fields[scaling.kind == .standardize ? "mean" : "shift"] = vector(scaling.shift)
      fields[scaling.kind == .standardize ? "sd" : "scale"] = vector(scaling.scale)
    case .impute(let imputation): fields["fills"] = vector(imputation.fills)
    case .encode(let encoding):
      fields["categories"] = .list(
        encoding.columns.map { .list($0.values.map { .string($0) }) })
    case .dropMissing, .scaleTargets: break
    }
    fields["features"] = .list(prepared.pattern.featureNames.map { .string($0) })
    return fields
  }
}
