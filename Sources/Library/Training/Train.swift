import Differentiation
import Interchange
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let trainingFunctions = [
    trainFunction, comparisonFunction, rateSearchFunction, sweepFunction,
  ]

  static let trainFunction = BuiltinFunction(
    "train", aliases: ["fit"], .training,
    "Trains a net on a data set from its present weights and gives the run.",
    traits: .endsByItself,
    parameters: [TrainArgument.network.parameter, TrainArgument.data.parameter]
      + TrainArgument.options,
    examples: [
      .init(
        "net = mlp [2,1] sigmoid; run = train net gate(\"and\") epochs=500 lr=1 quiet=true; print accuracy net",
        prints: "1")
    ]
  ) { arguments throws(Failure) in
    let network = try arguments(TrainArgument.network)
    let given = try arguments(TrainArgument.data)
    let isPrepared = try arguments.isPrepared()
    if let pipeline = network.pipeline, given.pipeline == nil, !isPrepared {
      arguments.session.noteOnce(
        "raw data are prepared as the net's training data were: \(pipeline.title)")
    }
    let data = try arguments.mappingErrors(
      network.preparedForTraining(given, isPrepared: isPrepared))
    arguments.session.remember(data, for: network)
    let before = network.count <= NetMemory.largestKept ? network.state : nil
    let condition = StopCondition()
    var options = try arguments.trainingOptions(condition)
    options.team = arguments.session.host.team
    options.evaluatesEpochs = arguments.given(TrainArgument.every) != nil
    let isQuiet = try arguments(TrainArgument.quiet)
    let keepsEnd = network.count <= TrainingRun.largestKept
    let ending = try addCheckpoints(&options, arguments, keepsEnd: keepsEnd)
    let watcher = TrainingWatcher(
      arguments, isQuiet: isQuiet, every: try arguments.optional(TrainArgument.every),
      log: try logFile(arguments), hasValidation: options.validation != nil,
      picture: try livePicture(arguments, network, data))
    let runtime = arguments.runtime
    let clock = arguments.session.host.clock
    let began = clock()
    var run: TrainingRun
    do throws(Failure) {
      run = try arguments.mappingErrors(
        Learning.train(
          network, on: data, options, isStopped: arguments.runtime.stopsTraining,
          onEvent: { event throws(LearningError) in
            try runtime.carrying { () throws(Failure) in try watcher.answer(to: event) }
          }))
    } catch {
      try? watcher.end()
      throw error
    }
    run.seconds = clock() - began
    run.reached = ending.state
    arguments.session.remember(run.data, for: network)
    arguments.session.noteClasses(of: run.data, readFrom: given, outputs: network.outputCount)
    arguments.session.nets.remember(run)
    if run.steps > 0 {
      arguments.session.nets.keep(before ?? network.state, of: network, before: .training)
    }
    try watcher.end()
    if let failure = condition.end() { throw failure }
    if let team = options.team, !isQuiet { arguments.session.noteDivision(of: run, team) }
    if !isQuiet {
      try arguments.session.write(
        arguments.session.summary(of: run) + "\n", at: arguments.range)
      let notes = try arguments.mappingErrors(run.healthNotes(on: data))
      let followed = HealthNote.Followed(run)
      for note in notes { arguments.session.note(note.text(followed)) }
    }
    return .run(run)
  }

  /// Between two writings of a checkpoint, in seconds.
  private static let checkpointInterval = 10.0

  /// Where a training ended, for one that goes on from it.
  final class Ending {
    var state: TrainingState?
  }

  /// Takes up where another training ended, and writes where this one does, where the arguments say so.
  /// - Parameter keepsEnd: whether its end is kept for a training that goes on, too.
  @discardableResult
  static func addCheckpoints(
    _ options: inout TrainingOptions, _ arguments: Arguments, keepsEnd: Bool = false
  ) throws(Failure) -> Ending {
    options.resumed = try resumed(arguments)
    let ending = Ending()
    let isWritten = arguments.given(TrainArgument.checkpoint) != nil
    guard isWritten || keepsEnd else { return ending }
    let clock = arguments.session.host.clock
    var written = clock()
    options.checkpoint = { isLast, makeState throws(LearningError) in
      if isLast, keepsEnd { ending.state = makeState() }
      guard isWritten, isLast || clock() - written > checkpointInterval else { return }
      try arguments.runtime.carrying { () throws(Failure) in
        let bytes = try arguments.mappingErrors(
          in:
            TrainArgument.checkpoint, TrainingFile.bytes(makeState()))
        try arguments.write(bytes, to: TrainArgument.checkpoint)
      }
      written = clock()
    }
    return ending
  }

  /// Where to go on from: a run, or a file that a training wrote.
  private static func resumed(_ arguments: Arguments) throws(Failure) -> TrainingState? {
    guard let argument = arguments.given(TrainArgument.resume) else { return nil }
    guard case .run(let run) = try arguments.optional(TrainArgument.resume) else {
      let bytes = try arguments.bytes(of: TrainArgument.resumedFile)
      return try arguments.mappingErrors(
        in: TrainArgument.resumedFile, TrainingFile.state(bytes, budget: arguments.budget))
    }
    guard let state = run.reached else {
      throw Failure(
        "where this run ended is not kept", at: argument.range,
        label: "its net is too large, or it made no epoch",
        help: ["train … checkpoint=\"file\" writes it, and resume=\"file\" goes on from there"])
    }
    return state
  }

  private static func logFile(_ arguments: Arguments) throws(Failure) -> TrainingLog? {
    guard arguments.given(TrainArgument.log) != nil else { return nil }
    let path = try arguments(TrainArgument.log)
    let ending = path.lowercased().hasSuffix(".gz") ? "gz" : fileExtension(path)
    guard let format = TrainingLog.Format.named(extension: ending) else {
      throw Failure(
        ending.isEmpty
          ? "the file of log= needs an ending" : "log= does not write files .\(visible(ending))",
        at: arguments.range(of: TrainArgument.log),
        help: ["log=\"run.csv\" is a table, log=\"run.jsonl\" (or .ndjson) JSON, one object a line"]
      )
    }
    return TrainingLog(clock: arguments.session.host.clock) { table, names throws(Failure) in
      let bytes = try arguments.mappingErrors(
        in: TrainArgument.log, try format.bytes(table, names))
      try arguments.write(bytes, to: TrainArgument.log)
    }
  }

  private static func livePicture(
    _ arguments: Arguments, _ network: Network, _ data: Samples
  ) throws(Failure) -> LivePicture? {
    switch try arguments.optional(TrainArgument.plot) {
    case .truth(true)?: LivePicture(kind: .curves, network: network, data: data.pattern)
    case .string("map")?:
      // Of a stream so many points as can be told apart.
      LivePicture(
        kind: .map, network: network, data: try arguments.mappingErrors(data.first(1000)))
    case .string?: LivePicture(kind: .curves, network: network, data: data.pattern)
    default: nil
    }
  }
}
