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
      // All parts together hold every row once a fold.
      try arguments.runtime.charge(
        scratch: Int(
          clamped: Double(folds.testRows.count) * Double(data.count)
            * Double(data.featureCount + data.targetNames.count)),
        at: arguments.range)
      return .list(
        try arguments.mappingErrors(
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
      ] + trainOptions + [preparedOption.parameter],
      examples: [
        .init(
          "r = crossval (mlp [2,8,1] tanh sigmoid) circles k=4 epochs=200 lr=0.5; print r.mean > 0.9",
          prints: "true")
      ]
    ) { arguments throws(Failure) in try crossValidation(arguments) },
  ]

  /// Rows are set apart by the folds, and drawn as `shuffle` says.
  private static let ownNames = ["shuffle", "valid"]
  private static let trainOptions =
    TrainingOption.all.map { $0.parameter }.filter { !ownNames.contains($0.name) }
    + [TrainArgument.until.parameter]

  private static let network = Key.network()
  private static let data = Key.data()
  private static let folds = Key.wholeNumber(
    "k", .number(5), in: 2...Int.max, aliases: ["folds"], "The number of folds.")
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
    return try arguments.mappingErrors(
      Folds(data, into: count, seed: isMixed ? seed : nil, isStratified: isStratified))
  }

  private static func crossValidation(_ arguments: Arguments) throws(Failure) -> Value {
    let network = try arguments(network)
    let given = try arguments(data)
    let isPrepared = try arguments.isPrepared()
    let data = try arguments.mappingErrors(
      network.preparedForTraining(given, isPrepared: isPrepared))
    let folds = try folds(of: data, arguments)
    if let pipeline = data.pipeline {
      arguments.session.note(
        "\(pipeline.title) saw all rows, those tested included: prepare=(d -> …) learns anew in"
          + " every fold")
    }
    let condition = StopCondition()
    let options = try arguments.trainingOptions(condition)
    let runtime = arguments.runtime
    let progress = WorkProgress(arguments.session)
    defer { progress.end() }
    let count = folds.testRows.count
    let result = try arguments.mappingErrors { () throws(LearningError) in
      try CrossValidation(
        of: network, on: data, folds, options, threads: runtime.trainingThreads,
        team: arguments.session.host.team,
        isStopped: { runtime.stopsTrainings($0) || condition.failure != nil },
        onProgress: progress.isWatched ? { progress.show($0, "fold ", of: count) } : nil,
        prepare: try preparation(arguments))
    }
    let read = try arguments.mappingErrors(
      network.reading(data, for: options.loss, isLearning: true))
    arguments.session.noteClasses(of: read, readFrom: data, outputs: network.outputCount)
    if let failure = condition.failure { throw failure }
    if runtime.isStopped() { throw .interrupted }
    return report(folds, result.losses, result.metrics, result.metricName)
  }

  /// What the user's function learns from a training set.
  private static func preparation(
    _ arguments: Arguments
  ) throws(LearningError) -> ((DataSet) throws(LearningError) -> DataSet)? {
    let runtime = arguments.runtime
    let range = arguments.range(of: prepare)
    guard
      let function = try runtime.carrying({ () throws(Failure) in try arguments.optional(prepare) })
    else { return nil }
    return { training throws(LearningError) in
      try runtime.carrying { () throws(Failure) in
        let answer = try runtime.call(function, [.data(training)], at: range)
        guard case .function(let learned) = answer, let prepared = learned.prepared?.table,
          prepared.pipeline != nil
        else {
          throw Failure(
            "prepare gives what standardize, normalize, impute or onehot give", at: range,
            label: "gave \(answer.kind)", help: ["prepare=(d -> standardize (impute d))"])
        }
        return prepared
      }
    }
  }

  private static func report(
    _ folds: Folds, _ losses: [Double], _ metrics: [Double], _ metricName: String
  ) -> Value {
    let (loss, metric) = (Spread(losses), Spread(metrics))
    let fields = Record([
      ("mean", .number(metric.mean)), ("sd", .number(metric.deviation)),
      (metricName, .tensor(Tensor(vector: metrics))), ("losses", .tensor(Tensor(vector: losses))),
      ("loss", .number(loss.mean)),
    ])
    return .report(
      .ofTables(title: "cross-validation", fields: fields) { _ in
        let style = NumberStyle.significantDigits(6)
        var table = Table(
          [
            .init("fold", .right), .init("rows", .right), .init("test loss", .right),
            .init("test \(metricName)", .right),
          ])
        for (fold, rows) in folds.testRows.enumerated() {
          table.append([
            "\(fold + 1)", "\(rows.count)", style.text(losses[fold]), style.text(metrics[fold]),
          ])
        }
        table.appendRule()
        table.append(["mean", "", style.text(loss.mean), style.text(metric.mean)])
        table.append(["sd", "", style.text(loss.deviation), style.text(metric.deviation)])
        return TextBlocks(table)
      })
  }
}
