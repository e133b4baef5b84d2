import Differentiation
import Learning
import Syntax

/// The field of a value: `net.W1`, `run.loss`, `data.x`.
func field(
  _ name: Name, of value: Value, at range: SourceRange, _ runtime: Runtime
) throws(Failure) -> Value {
  switch value {
  case .record(let record):
    guard let part = record[name.text] else {
      throw noField(name.text, in: record, at: name.range)
    }
    return part
  case .report(let report):
    guard let part = report.fields[report.aliases[name.text] ?? name.text] else {
      throw noField(name.text, in: report.fields, of: "the report", at: name.range)
    }
    return part
  case .network(let network): return try part(name, of: network, runtime)
  case .run(let run): return try part(name, of: run, runtime)
  case .data(let data): return try part(name, of: data, runtime)
  case .stream(let stream): return try part(name, of: stream, runtime)
  case .function(let function) where function.prepared != nil:
    let fields = function.learned
    guard let part = fields[name.text] else {
      throw noField(name.text, in: fields, of: function.name, at: name.range)
    }
    return part
  default:
    throw Failure(
      "\(value.kind) has no fields", at: name.range, label: "unknown field",
      labels: [.init(range, value.kind)], help: helpForField(name.text, runtime))
  }
}

/// Gives a field of a thing with identity another value.
func setField(
  _ name: Name, of value: Value, to part: Value, at range: SourceRange, _ runtime: Runtime
) throws(Failure) {
  guard case .network(let network) = value else {
    throw Failure("the fields of \(value.kind) cannot be assigned to", at: name.range)
  }
  guard let tensor = part.tensor else {
    let isOption = ["loss", "reduction", "dtype"].contains(name.text)
    throw Failure(
      isOption
        ? "\(name.text) of a net is given when the net is made" : "\(name.text) holds numbers",
      at: range, label: part.kind,
      help: isOption ? ["as an option: mlp [2,3,1] relu sigmoid \(name.text)=…"] : [])
  }
  if runtime.differentiating > 0, case .traced = part {
    throw Failure(
      "a net holds numbers only: no derivative goes through \(name.text)", at: range,
      label: "computed from what is derived by",
      help: ["grad net data gives the derivatives by the weights of a net"])
  }
  let before = network.count <= NetMemory.largestKept ? network.state : nil
  do throws(LearningError) {
    try network.set(name.text, to: tensor)
    // What a training's own callbacks set belongs to the training.
    if let before, !network.isBeingTrained {
      let session = runtime.session
      session.nets.keep(
        before, of: network, before: .assignment(statement: session.statementCount))
    }
  } catch {
    if !network.parameterNames.contains(name.text) {
      throw unknownField(name, of: "the net", among: network.parameterNames, runtime)
    }
    var help = error.help
    if case .matrix(let rows, let columns) = tensor.shape,
      (try? network.value(of: name.text))?.shape == .matrix(columns, rows)
    {
      help.append(
        "its transpose fits, written with ' behind it: one row a unit, one column an input")
    }
    throw Failure(
      error.message, at: range, label: part.kind,
      labels: [.init(name.range, error.notes.first?.text ?? "")], help: help)
  }
}

/// The fields that a value has; nil for a kind without any.
package func fieldNames(of value: Value) -> [String]? {
  switch value {
  case .record(let record): record.names
  case .report(let report): report.fields.names
  case .network(let network): network.parameterNames + fieldsOfNetwork
  case .run(let run): fieldsOfRun + [run.metricName]
  case .data: fieldsOfData
  case .stream: fieldsOfStream
  case .function(let function) where function.prepared != nil: function.learned.names
  default: nil
  }
}

/// Besides the net's parameters.
private let fieldsOfNetwork = [
  "count", "sizes", "layers", "loss", "reduction", "dtype", "activations", "parameters",
]
private let fieldsOfRun = [
  "net", "data", "loss", "first_loss", "losses", "metric", "metrics", "valid_losses", "epochs",
  "steps", "best_epoch", "seconds", "options", "seed", "update_ratios", "valid_loss",
  "shards", "rows_by_rank",
  "metric_of", "loss_with", "penalty",
]
private let fieldsOfStream = ["n", "features", "targets", "classes"]
private let fieldsOfData = ["x", "t", "n", "features", "targets", "classes", "row_names"]

private func part(
  _ name: Name, of network: Network, _ runtime: Runtime
) throws(Failure) -> Value {
  if let parameter = network.parameters.first(where: { $0.name == name.text }) {
    return Value(parameter.value)
  }
  switch name.text {
  case "count": return .number(Double(network.count))
  case "sizes": return .tensor(Tensor(vector: network.sizes.map { Double($0) }))
  case "layers": return .number(Double(network.layers.count))
  case "loss": return .choice(.loss(network.loss))
  case "reduction": return .string(network.reduction.rawValue)
  case "dtype": return .string(network.precision.rawValue)
  case "activations":
    return .list(network.layers.map { .string($0.activation.title) })
  case "parameters":
    return .record(Record(network.parameters.map { ($0.name, Value($0.value)) }))
  default:
    throw unknownField(name, of: "the net", among: fieldNames(of: .network(network)) ?? [], runtime)
  }
}

private func part(
  _ name: Name, of run: TrainingRun, _ runtime: Runtime
) throws(Failure) -> Value {
  func vector(_ numbers: [Double]) -> Value { .tensor(Tensor(vector: numbers)) }
  switch name.text {
  case "net": return .network(run.network)
  case "loss": return .number(run.lastLoss)
  case "first_loss": return .number(run.firstLoss)
  case "losses": return vector(run.losses)
  case "metric": return .number(run.metric)
  case "metrics": return vector(run.metrics)
  case run.metricName: return .number(run.metric)
  case "valid_losses": return vector(run.validationLosses)
  case "valid_loss": return run.bestValidationLoss.map { .number($0) } ?? .nothing
  case "metric_of": return .string(run.isValidated ? "validation" : "training")
  case "penalty": return .number(run.penalty)
  case "loss_with": return .list(List(run.weightings.map { .string($0) }))
  case "epochs": return .number(Double(run.epochs.count))
  case "best_epoch": return run.bestEpoch.map { .number(Double($0)) } ?? .nothing
  case "steps": return .number(Double(run.steps))
  case "data": return Value(run.data)
  case "seconds": return run.seconds.map { .number($0) } ?? .nothing
  case "options": return .record(run.optionsRecord)
  case "seed": return .number(Double(run.options.seed))
  case "shards": return .number(Double(run.shards))
  case "rows_by_rank":
    return vector(run.rowsAnEpoch.map { Double($0 * run.epochs.count) })
  case "update_ratios":
    return .record(Record(run.updateRatios.map { ($0.name, .number($0.ratio)) }))
  default:
    throw unknownField(name, of: "the run", among: fieldNames(of: .run(run)) ?? [], runtime)
  }
}

private func part(
  _ name: Name, of data: DataSet, _ runtime: Runtime
) throws(Failure) -> Value {
  switch name.text {
  case "x": return .tensor(data.x)
  case "t": return .tensor(data.t)
  case "n": return .number(Double(data.count))
  case "features": return .list(data.featureNames.map { .string($0) })
  case "targets": return .list(data.targetNames.map { .string($0) })
  case "classes":
    return data.ownClasses.map { .list($0.names.map { Value(label: $0) }) } ?? .nothing
  case "row_names": return .list(data.rowNames.map { .string($0) })
  default:
    if (data.featureNames + data.targetNames).contains(name.text) {
      throw Failure(
        "the data set has no field \(name.text)", at: name.range, label: "a column",
        help: ["a column is had by its name in brackets: [\"\(name.text)\"]"])
    }
    throw unknownField(name, of: "the data set", among: fieldsOfData, runtime)
  }
}

private func part(
  _ name: Name, of stream: RowStream, _ runtime: Runtime
) throws(Failure) -> Value {
  switch name.text {
  case "n": return .number(Double(stream.count))
  case "features": return .list(stream.featureNames.map { .string($0) })
  case "targets": return .list(stream.targetNames.map { .string($0) })
  case "classes":
    do throws(LearningError) {
      return try Samples.stream(stream).telling().ownClasses
        .map { .list($0.names.map { Value(label: $0) }) } ?? .nothing
    } catch {
      throw Failure(error.message, at: name.range, help: error.help)
    }
  case "x", "t", "row_names":
    throw Failure(
      "the rows of a stream are not in memory, so it has no field \(name.text)", at: name.range,
      label: "unknown field", help: ["s[1..1000].\(name.text) reads the first of them"])
  default:
    throw unknownField(name, of: "the stream", among: fieldsOfStream, runtime)
  }
}

/// How it is said here what is a field or a method elsewhere.
private func helpForField(_ name: String, _ runtime: Runtime) -> [String] {
  if let foreign = ForeignName.fields[name] { return [foreign] }
  if let function = runtime.session.catalog.function(name) {
    return ["a function stands in front: \(function.order)"]
  }
  return ForeignWord.named(name).map { [$0.help] } ?? []
}

private func unknownField(_ name: Name, of what: String, among names: [String], _ runtime: Runtime)
  -> Failure
{
  var help = helpForField(name.text, runtime)
  if let near = Spelling.nearest(to: name.text, in: names) { help.append("did you mean \(near)?") }
  help.append("its fields: \(names.joined(separator: ", "))")
  return Failure(
    "\(what) has no field \(name.text)", at: name.range, label: "unknown field", help: help)
}
