import Differentiation
import Language
import Learning
import Syntax

/// The options of `train`, which others that train take as well.
enum TrainingOption {
  static let network = Key.network()
  static let data = Key.data()
  static let epochs = Key.wholeNumber(
    "epochs", .number(100), in: 0...TrainingOptions.longestTraining,
    aliases: ["nb_epoch", "epoch"],
    "Passes over the data.")
  static let rate = Key.number(
    "lr", .absent, from: 0, aliases: Catalog.learningRateNames,
    "The learning rate; 0.1 for sgd, 0.001 for adam and its kin where left out.")
  static let batch = Key.any(
    "batch", .either([.word(["full"]), .wholeNumber(1...Int.max)]), .number(10),
    aliases: ["batch_size"], "Samples a step, or full.")
  static let optimizer = Key.choice(
    "optimizer", .optimizer, .word("sgd"), "How weights follow the gradient.")
  static let loss = Catalog.netLoss
  static let reduction = Catalog.netReduction
  static let l1 = Key.number("l1", .number(0), from: 0, "Penalty on the weights' sizes.")
  static let l2 = Key.number(
    "l2", .number(0), from: 0, aliases: ["weight_decay"], "Penalty on the weights' squares.")
  static let clip = Key.number(
    "clip", .absent, from: 0, aboveLow: true, "The largest norm of the gradient.")
  static let schedule = Key.choice(
    "schedule", .schedule, .word("constant"), "How the rate changes with the epochs.")
  static let shuffle = Key.truth("shuffle", .truth(true), "Whether epochs mix the rows.")
  static let seed = Key.wholeNumber("seed", .absent, "Where the shuffling starts.")
  static let valid = Key.any(
    "valid", .either([.number(0...1, aboveLow: true), .data]), .absent,
    "A data set, or the fraction of rows, to watch and not to train on.")
  static let patience = Key.wholeNumber(
    "patience", .absent, in: 1...Int.max,
    "Epochs without a better loss before it stops with the best weights.")
  static let improvement = Key.number(
    "min_delta", .number(0), from: 0,
    "How much smaller the loss must be to count as better for patience.")
  static let until = Key.function(
    "until", .absent, "A condition on the run that ends the training: (r -> r.loss < 0.01).")
  static let every = Key.any(
    "every", .either([.wholeNumber(1...Int.max), .function]), .absent,
    "What to do after each epoch: (r -> …), or after how many epochs to write a line.")
  static let order = Key.word(
    "order", of: ["together", "output_first"], .word("together"),
    "output_first updates later layers before the error goes back: a known misconception.")
  static let classWeights = Key.vector(
    "class_weights", .absent, "One factor for each class.")
  static let sampleWeights = Key.vector(
    "sample_weights", .absent, "One factor for each row.")
  static let log = Key.string(
    "log", .absent, "A CSV file of loss and metric by epoch, relative to the script.")
  static let plot = Key.any(
    "plot", .either([.truth, .word(["curves", "map"])]), .absent,
    "Whether to draw the curves, or the map of the plane, on the terminal while it trains.")
  static let checkpoint = Key.string(
    "checkpoint", .absent, "A file to go on from, written now and then and at the end.")
  static let resume = Key.string(
    "resume", .absent, "A checkpoint: goes on there as if the training had never stopped.")
  static let quiet = Key.truth("quiet", .truth(false), "Whether to write no summary.")

  /// All of them in the order of the reference.
  static let all = [
    epochs.parameter, rate.parameter, batch.parameter, optimizer.parameter, loss.parameter,
    reduction.parameter, l1.parameter, l2.parameter, clip.parameter, schedule.parameter,
    shuffle.parameter, seed.parameter, valid.parameter, patience.parameter,
    improvement.parameter, until.parameter, every.parameter, Catalog.freeze.parameter,
    order.parameter, classWeights.parameter,
    sampleWeights.parameter, log.parameter, checkpoint.parameter, resume.parameter,
    quiet.parameter, plot.parameter,
  ]
}

/// What `until` came to: an error in it ends the training and is thrown after it.
final class StopCondition {
  var failure: Failure?
}

extension Arguments {
  /// What a training is told by the options of `TrainingOption` that the function declares.
  /// - Parameter stop: takes the error of a condition that failed.
  func trainingOptions(_ stop: StopCondition) throws(Failure) -> TrainingOptions {
    typealias Option = TrainingOption
    var options = TrainingOptions()
    options.epochs = try self(Option.epochs)
    options.rate = try optional(Option.rate)
    let batch = try self(Option.batch)
    options.batch =
      if let number = batch.number, let count = Int(exactly: number) { .rows(count) } else { .full }
    if case .optimizer(let optimizer) = try self(Option.optimizer) { options.optimizer = optimizer }
    if case .schedule(let schedule)? = try optional(Option.schedule) { options.schedule = schedule }
    options.loss = try loss(Option.loss)
    options.reduction = try reduction()
    options.l1 = try self(Option.l1)
    options.l2 = try self(Option.l2)
    options.clip = try optional(Option.clip)
    options.isShuffled = try self(Option.shuffle)
    options.seed = try optional(Option.seed) ?? session.seed
    switch try optional(Option.valid)?.plain {
    case .number(let share)?: options.validation = .fraction(share)
    case .data(let data)?: options.validation = .data(data)
    default: break
    }
    options.patience = try optional(Option.patience)
    options.improvement = try self(Option.improvement)
    options.frozen = try frozenNames(Catalog.freeze)
    options.classWeights = try optional(Option.classWeights)?.elements
    options.sampleWeights = try optional(Option.sampleWeights)?.elements
    options.order = try self(Option.order) == "output_first" ? .outputFirst : .together
    options.until = try condition(stop)
    return options
  }

  private func condition(
    _ stop: StopCondition
  ) throws(Failure) -> ((EpochSummary) throws(LearningError) -> Bool)? {
    guard let function = try optional(TrainingOption.until) else { return nil }
    let runtime = runtime
    let range = range(of: TrainingOption.until)
    return { summary in
      do throws(Failure) {
        let answer = try runtime.call(function, [summary.value], at: range)
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
}
