import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let crossValidationFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "kfold", .data, "Pairs of training and test set in which every row is tested once.",
      parameters: [
        data.parameter, folds.parameter, mixes.parameter, seed.parameter, even.parameter,
      ],
      examples: [
        .init("parts = kfold circles k=4; a, b = parts[1]; print a.n, b.n", prints: "75 25")
      ]
    ) { arguments throws(Failure) in
      let data = try arguments(data)
      let folds = try folds(of: data, arguments)
      return .list(
        try arguments.learning(
          folds.testRows.indices.map { fold throws(LearningError) in
            .list([
              .data(try data.rows(folds.trainingRows(fold))),
              .data(try data.rows(folds.testRows[fold])),
            ])
          }))
    },
    BuiltinFunction(
      "crossval", .data,
      "Trains a fresh net for every fold and tests it on the rest; takes the options of train.",
      parameters: [
        network.parameter, data.parameter, folds.parameter, prepare.parameter, mixes.parameter,
        even.parameter,
      ] + trainOptions,
      examples: [
        .init(
          "r = crossval (mlp [2,8,1] tanh sigmoid) circles k=4 epochs=200 lr=0.5; print r.mean > 0.9",
          prints: "true")
      ]
    ) { arguments throws(Failure) in try crossValidation(arguments) },
  ]

  private static let train = trainFunction
  private static let ownNames = ["net", "data", "shuffle", "valid", "quiet", "every"]
  private static let trainOptions = TrainArgument.options.filter { !ownNames.contains($0.name) }

  private static let network = Key.network()
  private static let data = Key.data()
  private static let folds = Key.wholeNumber(
    "k", .number(5), in: 2...1_000_000, aliases: ["folds"], "The number of folds.")
  private static let prepare = Key.function(
    "prepare", .absent, "What to learn from each training set: standardize, or (d -> …).")
  private static let mixes = Key.truth(
    "shuffle", .truth(true), "Whether rows are drawn into folds at random.")
  private static let even = Key.truth(
    "stratified", .truth(false), "Whether every fold keeps the shares of the classes.")
  private static let seed = Key.wholeNumber("seed", .absent, "Where the drawing starts.")

  private static func folds(of data: DataSet, _ arguments: Arguments) throws(Failure) -> Folds {
    let seed = try arguments.optional(seed) ?? arguments.session.seed
    let isMixed = try arguments(mixes)
    let (count, isStratified) = (try arguments(folds), try arguments(even))
    return try arguments.learning(
      Folds(data, into: count, seed: isMixed ? seed : nil, isStratified: isStratified))
  }

  private static func crossValidation(_ arguments: Arguments) throws(Failure) -> Value {
    let network = try arguments(network)
    let data = try arguments(data)
    let folds = try folds(of: data, arguments)
    if let pipeline = data.pipeline {
      arguments.session.note(
        "\(pipeline.title) saw all rows, those tested included: prepare=(d -> …) learns anew in"
          + " every fold")
    }
    var losses: [Double] = []
    var metrics: [Double] = []
    var metricName = ""
    for fold in folds.testRows.indices {
      let (training, test) = try prepared(fold, folds, data, arguments)
      let fresh = try arguments.learning(network.startingAnew())
      guard case .run(let run) = try trained(fresh, training, arguments) else { continue }
      if arguments.session.host.isInterrupted() { throw .interrupted }
      try arguments.learning { () throws(LearningError) in
        losses.append(try fresh.loss(on: test))
        let metric = try fresh.metric(for: data.pipeline == nil ? training : data)
        metrics.append(try metric.value(of: fresh, on: test))
        metricName = metric.rawValue
      }
      _ = run
    }
    return report(folds, losses, metrics, metricName)
  }

  private static func prepared(
    _ fold: Int, _ folds: Folds, _ data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> (training: DataSet, test: DataSet) {
    let (training, test) = try arguments.learning { () throws(LearningError) in
      (try data.rows(folds.trainingRows(fold)), try data.rows(folds.testRows[fold]))
    }
    guard let prepare = try arguments.optional(prepare) else { return (training, test) }
    let range = arguments.range(of: Self.prepare)
    let answer = try arguments.runtime.call(prepare, [.data(training)], at: range)
    guard case .function(let function) = answer, let prepared = function.prepared,
      let pipeline = prepared.pipeline
    else {
      throw Failure(
        "prepare gives what standardize, normalize, impute or onehot give", at: range,
        label: "gave \(answer.kind)", help: ["prepare=(d -> standardize (impute d))"])
    }
    return (prepared, try arguments.learning(pipeline.applied(to: test)))
  }

  /// Calls `train` with the options it was given.
  private static func trained(
    _ network: Network, _ data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> Value {
    func given(_ name: String) -> BoundArgument? {
      let place = arguments.function.parameters.firstIndex { $0.name == name }
      return place.flatMap { arguments.bound[$0] }
    }
    func argument(_ value: Value) -> BoundArgument {
      BoundArgument(value: value, range: arguments.range, name: nil)
    }
    let bound = train.parameters.map { parameter -> BoundArgument? in
      switch parameter.name {
      case "net": argument(.network(network))
      case "data": argument(.data(data))
      case "quiet": argument(.truth(true))
      case let name where ownNames.contains(name): nil
      default: given(parameter.name)
      }
    }
    return try train.body(
      Arguments(
        function: train, runtime: arguments.runtime, range: arguments.range, bound: bound))
  }

  private static func report(
    _ folds: Folds, _ losses: [Double], _ metrics: [Double], _ metricName: String
  ) -> Value {
    func summary(_ numbers: [Double]) -> (mean: Double, sd: Double) {
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, (squares / Double(max(1, numbers.count - 1))).squareRoot())
    }
    let (loss, metric) = (summary(losses), summary(metrics))
    let fields = Record([
      ("mean", .number(metric.mean)), ("sd", .number(metric.sd)),
      (metricName, .tensor(Tensor(vector: metrics))), ("losses", .tensor(Tensor(vector: losses))),
      ("loss", .number(loss.mean)),
    ])
    return .report(
      Report(title: "cross-validation", fields: fields) { display in
        let style = NumberStyle.significantDigits(6)
        var table = Table(
          [
            .init("fold", .right), .init("rows", .right), .init("loss", .right),
            .init(metricName, .right),
          ])
        for (fold, rows) in folds.testRows.enumerated() {
          table.append([
            "\(fold + 1)", "\(rows.count)", style.text(losses[fold]), style.text(metrics[fold]),
          ])
        }
        table.appendRule()
        table.append(["mean", "", style.text(loss.mean), style.text(metric.mean)])
        table.append(["sd", "", style.text(loss.sd), style.text(metric.sd)])
        return table.text(display.isASCII ? .ascii : .unicode, width: display.columns)
      })
  }
}
