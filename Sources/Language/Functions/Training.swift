import Differentiation
import Interchange
import Learning
import Rendering
import Syntax

extension Catalog {
  static let trainingFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "train", aliases: ["fit"], .training,
      "Trains a net on a data set from its present weights and gives the run.",
      parameters: [
        network.parameter, data.parameter, epochs.parameter, rate.parameter, batch.parameter,
        optimizer.parameter, loss.parameter, reduction.parameter, l1.parameter, l2.parameter,
        clip.parameter, schedule.parameter, shuffle.parameter, seed.parameter, valid.parameter,
        patience.parameter, improvement.parameter, until.parameter, every.parameter,
        freeze.parameter, order.parameter,
        classWeights.parameter, sampleWeights.parameter, log.parameter, checkpoint.parameter,
        resume.parameter, quiet.parameter, plot.parameter,
      ],
      examples: [
        .init(
          "net = mlp [2,1] sigmoid; run = train net gate(\"and\") epochs=500 lr=1 quiet=true; print accuracy net",
          prints: "1")
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let data = try arguments(data)
      arguments.session.remember(data, for: network)
      let earlier = network.parameters.map(\.value)
      let condition = StopCondition()
      var options = try options(arguments, condition)
      let isQuiet = try arguments(quiet)
      try addCheckpoints(&options, arguments)
      let watcher = TrainingWatcher(
        arguments, isQuiet: isQuiet, every: try arguments.optional(every),
        log: try logFile(arguments), hasValidation: options.validation != nil,
        picture: try livePicture(arguments, network, data))
      let run: TrainingRun
      do throws(Failure) {
        run = try arguments.learning {
          try Learning.train(
            network, on: data, options, isStopped: arguments.session.host.isInterrupted,
            onEvent: { try watcher.answer(to: $0) })
        }
      } catch {
        try? watcher.end()
        throw error
      }
      arguments.session.nets.remember(run)
      if run.steps > 0 { arguments.session.nets.keep(earlier, of: network) }
      try watcher.end()
      if let failure = condition.failure { throw failure }
      if !isQuiet {
        try arguments.session.write(
          arguments.session.summary(of: run) + "\n", at: arguments.range)
        let notes = try arguments.learning { try run.healthNotes(on: data) }
        for note in notes { arguments.session.note(note.text) }
      }
      return .run(run)
    }
  ]

  private static let network = Key.network()
  private static let data = Key.data()
  private static let epochs = Key.wholeNumber(
    "epochs", .number(100), in: 0...TrainingOptions.longestTraining,
    aliases: ["nb_epoch", "epoch"],
    "Passes over the data.")
  private static let rate = Key.number(
    "lr", .absent, from: 0, aliases: learningRateNames,
    "The learning rate; 0.1 for sgd, 0.001 for adam and its kin where left out.")
  private static let batch = Key.any(
    "batch", .either([.word(["full"]), .wholeNumber(1...Int.max)]), .number(10),
    aliases: ["batch_size"], "Samples a step, or full.")
  private static let optimizer = Key.choice(
    "optimizer", .optimizer, .word("sgd"), "How weights follow the gradient.")
  private static let loss = netLoss
  private static let reduction = netReduction
  private static let l1 = Key.number("l1", .number(0), from: 0, "Penalty on the weights' sizes.")
  private static let l2 = Key.number(
    "l2", .number(0), from: 0, aliases: ["weight_decay"], "Penalty on the weights' squares.")
  private static let clip = Key.number(
    "clip", .absent, from: 0, aboveLow: true, "The largest norm of the gradient.")
  private static let schedule = Key.choice(
    "schedule", .schedule, .word("constant"), "How the rate changes with the epochs.")
  private static let shuffle = Key.truth("shuffle", .truth(true), "Whether epochs mix the rows.")
  private static let seed = Key.wholeNumber("seed", .absent, "Where the shuffling starts.")
  private static let valid = Key.any(
    "valid", .either([.number(0...1, aboveLow: true), .data]), .absent,
    "A data set, or the fraction of rows, to watch and not to train on.")
  private static let patience = Key.wholeNumber(
    "patience", .absent, in: 1...Int.max,
    "Epochs without a better loss before it stops with the best weights.")
  private static let improvement = Key.number(
    "min_delta", .number(0), from: 0,
    "How much smaller the loss must be to count as better for patience.")
  private static let until = Key.function(
    "until", .absent, "A condition on the run that ends the training: (r -> r.loss < 0.01).")
  private static let every = Key.any(
    "every", .either([.wholeNumber(1...Int.max), .function]), .absent,
    "What to do after each epoch: (r -> …), or after how many epochs to write a line.")
  private static let order = Key.word(
    "order", of: ["together", "output_first"], .word("together"),
    "output_first updates later layers before the error goes back: a known slip.")
  private static let classWeights = Key.vector(
    "class_weights", .absent, "One factor for each class.")
  private static let sampleWeights = Key.vector(
    "sample_weights", .absent, "One factor for each row.")
  private static let log = Key.string(
    "log", .absent, "A CSV file of loss and metric by epoch, relative to the script.")
  private static let plot = Key.any(
    "plot", .either([.truth, .word(["curves", "map"])]), .absent,
    "Whether to draw the curves, or the map of the plane, on the terminal while it trains.")
  private static let checkpoint = Key.string(
    "checkpoint", .absent, "A file to go on from, written now and then and at the end.")
  private static let resume = Key.string(
    "resume", .absent, "A checkpoint: goes on there as if the training had never stopped.")
  private static let quiet = Key.truth("quiet", .truth(false), "Whether to write no summary.")

  /// Between two writings of a checkpoint, in seconds.
  private static let checkpointInterval = 10.0

  private static func addCheckpoints(
    _ options: inout TrainingOptions, _ arguments: Arguments
  ) throws(Failure) {
    if arguments.given(resume) != nil {
      let bytes = try arguments.bytes(of: resume)
      options.resumed = try arguments.interchanging(resume) { try TrainingFile.state(bytes) }
    }
    guard arguments.given(checkpoint) != nil else { return }
    let clock = arguments.session.host.clock
    var written = clock()
    options.checkpoint = { isLast, makeState in
      guard isLast || clock() - written > checkpointInterval else { return }
      let bytes = try arguments.interchanging(checkpoint) { try TrainingFile.bytes(makeState()) }
      try arguments.write(bytes, to: checkpoint)
      written = clock()
    }
  }

  private static func logFile(_ arguments: Arguments) throws(Failure) -> TrainingLog? {
    guard arguments.given(log) != nil else { return nil }
    return TrainingLog(clock: arguments.session.host.clock) { bytes throws(Failure) in
      try arguments.write(bytes, to: log)
    }
  }

  private static func livePicture(
    _ arguments: Arguments, _ network: Network, _ data: DataSet
  ) throws(Failure) -> LivePicture? {
    switch try arguments.optional(plot) {
    case .truth(true)?: LivePicture(kind: .curves, network: network, data: data)
    case .string(let word)?:
      LivePicture(kind: word == "map" ? .map : .curves, network: network, data: data)
    default: nil
    }
  }

  /// What `until` came to: an error in it ends the training and is thrown after it.
  private final class StopCondition {
    var failure: Failure?
  }

  private static func options(
    _ arguments: Arguments, _ stop: StopCondition
  ) throws(Failure) -> TrainingOptions {
    var options = TrainingOptions()
    options.epochs = try arguments(epochs)
    options.rate = try arguments.optional(rate)
    let batch = try arguments(batch)
    options.batch =
      if let number = batch.number, let count = Int(exactly: number) { .rows(count) } else { .full }
    if case .optimizer(let optimizer) = try arguments(optimizer) { options.optimizer = optimizer }
    if case .schedule(let schedule)? = try arguments.optional(schedule) {
      options.schedule = schedule
    }
    options.loss = try arguments.loss(loss)
    options.reduction = try arguments.reduction()
    options.l1 = try arguments(l1)
    options.l2 = try arguments(l2)
    options.clip = try arguments.optional(clip)
    options.isShuffled = try arguments(shuffle)
    options.seed = try arguments.optional(seed) ?? arguments.session.seed
    switch try arguments.optional(valid) {
    case .number(let share)?: options.validation = .fraction(share)
    case .data(let data)?: options.validation = .data(data)
    default: break
    }
    options.patience = try arguments.optional(patience)
    options.improvement = try arguments(improvement)
    options.frozen = try arguments.frozenNames(freeze)
    options.classWeights = try arguments.optional(classWeights)?.elements
    options.sampleWeights = try arguments.optional(sampleWeights)?.elements
    options.order = try arguments(order) == "output_first" ? .outputFirst : .together
    if let condition = try arguments.optional(until) {
      let machine = arguments.machine
      let range = arguments.range(of: until)
      options.until = { summary in
        do throws(Failure) {
          let answer = try machine.call(condition, [summary.value], at: range)
          guard case .truth(let holds) = answer else {
            throw Failure("until answers true or false", at: range, label: "gave \(answer.kind)")
          }
          return holds
        } catch {
          stop.failure = error
          return true
        }
      }
    }
    return options
  }
}

extension Session {
  /// One line without times, so that outputs can be compared.
  func summary(of run: TrainingRun) -> String {
    let stopped: String? =
      switch run.ending {
      case .allEpochs: nil
      case .interrupted: "stopped after step \(run.steps)"
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
