import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

// Masks of dropout: those of a training's steps, and those that a pass is asked about with.

extension Catalog {
  static let maskOption = Key.any(
    "mask", .any, .absent,
    "Which hidden units take part, 1 or 0 for each row and unit: what dropout_mask gives, a matrix, or of several layers a record [m1: …, m2: …]; all where left out."
  )

  static let dropoutFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "dropout_mask", .nets,
      "Which hidden units take part in a step of a training, 1 or 0 for each of its rows, and which rows those are; of a run, or of a training with the same options.",
      parameters: [
        trained.parameter, maskData.parameter, step.parameter,
      ] + maskTrainingOptions.map { $0.parameter },
      examples: [
        .init(
          "net = mlp [2,4,1] relu sigmoid dropout=0.5; m = dropout_mask net xor step=2 batch=2 seed=3; print m.rows; print m.m1",
          prints: "[1, 3]\n0  1  0  1\n0  1  1  0"),
        .init(
          "net = mlp [2,4,1] relu sigmoid dropout=0.5; run = train net xor epochs=5 quiet=true; m = dropout_mask run step=5; print m.epoch, length m.rows",
          prints: "5 4"),
      ]
    ) { arguments throws(Failure) in
      let (network, options, data, made) = try training(arguments)
      try arguments.mappingErrors(network.requireDropout())
      // The order of the rows, and what mixes it.
      try arguments.runtime.charge(scratch: 3 * data.count, at: arguments.range)
      let number = try arguments(step)
      let place = try arguments.mappingErrors(
        StepPlace(number, of: options, on: data, made: made))
      for layer in network.layers.dropLast() {
        try arguments.runtime.charge(
          rows: place.rows.count, columns: layer.units, at: arguments.range)
      }
      let masks = try arguments.mappingErrors(network.dropoutMasks(at: place))
      return .report(report(masks, place, network, arguments.session))
    }
  ]

  private static let trained = Key.any(
    "net", .either([.run, .network]), "The run, or the net of a training.")
  private static let maskData = Key<Samples>.lastSamples()
  private static let step = Key.wholeNumber(
    "step", .number(1), in: 1...Int.max, "The step of the training, from 1.")
  /// The options of a training that say which rows a step takes, and how many steps there are.
  private static let maskTrainingOptions = ["epochs", "batch", "shuffle", "seed", "valid"]
    .compactMap { TrainingOption.named($0) }

  /// The training that is asked about, and how many steps it made; nil where it has yet to be made.
  private static func training(
    _ arguments: Arguments
  ) throws(Failure) -> (Network, TrainingOptions, Samples, made: Int?) {
    switch try arguments(trained) {
    case .run(let run):
      try refuseOptionsOfRun(arguments)
      return (run.network, run.options, run.data, run.steps)
    case .network(let network):
      let options = try arguments.trainingOptions(StopCondition())
      guard
        let data = try arguments.optional(maskData) ?? arguments.session.lastSamples(of: network)
      else {
        throw Failure(
          "the rows of a step are those of data", at: arguments.range,
          help: ["name the data: dropout_mask net circles step=3"])
      }
      return (network, options, data, nil)
    case let value:
      throw Failure(
        "dropout_mask takes a run or a net", at: arguments.range(of: trained), label: value.kind)
    }
  }

  /// What a run was trained with it knows itself.
  private static func refuseOptionsOfRun(_ arguments: Arguments) throws(Failure) {
    for (parameter, argument) in zip(arguments.function.parameters, arguments.bound) {
      guard let argument, ![trained.parameter.name, step.parameter.name].contains(parameter.name)
      else { continue }
      throw Failure(
        "a run knows what it was trained on and how", at: argument.range,
        label: "of a net",
        help: ["dropout_mask run step=3", "dropout_mask net circles step=3 batch=10"])
    }
  }

  private static func report(
    _ masks: [Tensor], _ place: StepPlace, _ network: Network, _ session: Session
  ) -> Report {
    let share = DropoutShare(masks, of: network)
    var fields = Record([
      ("step", .number(Double(place.step))), ("epoch", .number(Double(place.epoch))),
      ("rows", .tensor(Tensor(vector: place.rows.map { Double($0 + 1) }))),
      ("n", .number(Double(place.dataCount))), ("left_out", .number(share.share)),
    ])
    for (index, mask) in masks.enumerated() { fields["m\(index + 1)"] = .tensor(mask) }
    let shown = fields
    return Report(title: "dropout mask", fields: fields) { display in
      let rows = place.rows.prefix(mostNamed).map { "\($0 + 1)" }.joined(separator: ", ")
      let more = place.rows.count > mostNamed ? ", … (\(place.rows.count))" : ""
      var lines = [
        "step \(place.step), in epoch \(place.epoch), on row\(place.rows.count == 1 ? "" : "s") "
          + "\(rows)\(more): \(share.text)"
      ]
      for index in masks.indices {
        let name = "m\(index + 1)"
        lines.append(
          session.shownText(of: .record(Record([(name, shown[name] ?? .nothing)]))))
      }
      let text = lines.joined(separator: "\n")
      return display.isASCII ? PlainCharacters.ascii(text) : text
    }
  }

  private static let mostNamed = 20
}

/// The mask of a call as it was given.
struct GivenMask {
  /// Of each hidden layer rows × units, the first one first.
  let layers: [Tensor]
  /// The rows of the data that it is of, from 0, where it is that of a step.
  let rows: [Int]?
  /// The rows of the training's data; nil where nothing says it.
  let dataCount: Int?
  /// The step that it is of, from 1.
  let step: Int?
}

extension Arguments {
  /// The mask that was given; nil where none was.
  func mask() throws(Failure) -> GivenMask? {
    guard let argument = given(Catalog.maskOption) else { return nil }
    switch argument.value.plain {
    case .report(let report): return try mask(in: report.fields, argument)
    case .record(let record): return try mask(in: record, argument)
    case let value:
      guard let tensor = value.tensor, tensor.shape.rank > 0 else {
        throw Failure(
          "a mask is a matrix of 1 and 0, a row for each sample, or what dropout_mask gives",
          at: argument.range, label: value.kind, help: ["mask=[[1, 0, 1]]"])
      }
      return GivenMask(layers: [Self.rows(tensor)], rows: nil, dataCount: nil, step: nil)
    }
  }

  /// A vector is one row.
  private static func rows(_ tensor: Tensor) -> Tensor {
    tensor.shape.rank == 2 ? tensor : Tensor(.matrix(1, tensor.shape.count), tensor.elements)
  }

  private func mask(
    in record: Record, _ argument: BoundArgument
  ) throws(Failure) -> GivenMask {
    var layers: [Tensor] = []
    for number in 1...Network.deepest {
      guard let value = record["m\(number)"]?.plain.tensor else { break }
      layers.append(Self.rows(value))
    }
    guard !layers.isEmpty else {
      throw Failure(
        "a mask of several layers is a record of m1, m2, …", at: argument.range,
        label: "has no m1", help: ["mask=[m1: [[1, 0, 1]], m2: [[1, 1]]]"])
    }
    guard let numbers = record["rows"]?.plain.tensor?.elements else {
      return GivenMask(layers: layers, rows: nil, dataCount: nil, step: nil)
    }
    let rows = numbers.compactMap { number in
      Int(exactly: number).flatMap { $0 >= 1 ? $0 - 1 : nil }
    }
    guard rows.count == numbers.count, !rows.isEmpty else {
      throw Failure(
        "the rows of a mask are counted from 1", at: argument.range,
        label: rows.isEmpty ? "has none in rows" : "has others in rows")
    }
    func whole(_ name: String) -> Int? { record[name]?.number.flatMap { Int(exactly: $0) } }
    return GivenMask(layers: layers, rows: rows, dataCount: whole("n"), step: whole("step"))
  }

  /// The masks of the hidden layers, in their order; nil where none was given.
  /// - Parameter rows: of the pass.
  func masks(
    _ mask: GivenMask?, of network: Network, rows: Int
  ) throws(Failure) -> [Tensor]? {
    guard let mask else { return nil }
    // Its errors have their places here, where the call is known.
    _ = try mappingErrors(network.factors(of: mask.layers, rows: rows))
    return mask.layers
  }

  /// The rows that a mask is of, where it is that of a step; else all.
  func stepRows(of data: DataSet?, _ mask: GivenMask?) throws(Failure) -> DataSet? {
    guard let data, let rows = mask?.rows else { return data }
    try check(mask, rowCount: data.count)
    return try mappingErrors(data.rows(rows))
  }

  func stepRows(of x: Tensor, _ mask: GivenMask?) throws(Failure) -> Tensor {
    guard let rows = mask?.rows, case .matrix(let count, let width) = x.shape else { return x }
    try check(mask, rowCount: count)
    return Tensor(
      .matrix(rows.count, width),
      rows.flatMap { x.elements[$0 * width..<($0 + 1) * width] })
  }

  private func check(_ mask: GivenMask?, rowCount: Int) throws(Failure) {
    guard let mask, let rows = mask.rows else { return }
    let needed = mask.dataCount ?? (rows.max().map { $0 + 1 } ?? 0)
    guard needed == rowCount || mask.dataCount == nil && needed <= rowCount,
      rows.allSatisfy({ $0 < rowCount })
    else {
      throw failure(
        "the mask is that of a step on \(counted(rows.count, "row")) of data of "
          + "\(counted(needed, "row")), not of \(rowCount)",
        [(range(of: Catalog.maskOption), "takes its rows from all of the training's data")],
        help: ["mask=m.m1 is the mask alone, for data of its rows"])
    }
  }

  /// Says which rows of the data a derivation is of, where the mask of a step chose them.
  func namingStepRows(_ derivation: Derivation) -> Derivation {
    guard let mask = try? mask(), let rows = mask.rows, !rows.isEmpty else { return derivation }
    let most = 12
    let names = rows.prefix(most).map { "\($0 + 1)" }.joined(separator: ", ")
    let of = mask.step.map { "step \($0) takes" } ?? "the mask is of"
    var result = derivation
    result.parts.insert(
      .note(
        rows.count == 1
          ? "\(of) row \(names) of the data, which is sample 1 here"
          : "\(of) rows \(names)\(rows.count > most ? ", …" : "") of the data, which are the samples "
            + "1 to \(rows.count) here"),
      at: 0)
    return result
  }
}
