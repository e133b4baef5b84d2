import Differentiation
import Language
import Learning
import Syntax

/// The arguments of `train` besides the options that `TrainingOption` declares: what a training is
/// given, and what it does beside learning.
enum TrainArgument {
  static let network = Key.network()
  static let data = Key.samples()
  /// The same of trainings that are made side by side.
  static let heldData = Key.data()
  static let until = Key.function(
    "until", .absent, "A condition on the run that ends the training: (r -> r.loss < 0.01).")
  static let every = Key.any(
    "every", .either([.wholeNumber(1...Int.max), .function]), .absent,
    "What to do after each epoch: (r -> …), or after how many epochs to write a line.")
  static let log = Key.string(
    "log", .absent,
    "A file of losses and metric by epoch: .csv, or .jsonl with an object a line; with resume, of all epochs."
  )
  static let plot = Key.any(
    "plot", .either([.truth, .word(["curves", "map"])]), .absent,
    "Whether to draw the curves, or the map of the plane, on the terminal while it trains.")
  static let checkpoint = Key.string(
    "checkpoint", .absent, "A file to go on from, written now and then and at the end.")
  static let resume = Key.any(
    "resume", .either([.run, .string]), .absent,
    resumeSummary)
  /// The same option where it names a file.
  static let resumedFile = Key.string("resume", .absent, resumeSummary)
  private static let resumeSummary =
    "A run, or a checkpoint: goes on there as if the training had never stopped."
  static let quiet = Key.truth("quiet", .truth(false), "Whether to write no summary.")

  /// All options in the order of the reference.
  static let options =
    TrainingOption.all.map { $0.parameter } + [
      until.parameter, every.parameter, log.parameter, checkpoint.parameter, resume.parameter,
      quiet.parameter, plot.parameter, Catalog.preparedOption.parameter,
    ]
}

extension TrainingOption {
  /// The argument that gives the option, whatever its kind.
  var key: Key<Value> { Key(parameter, keepsHistory: true) { $0 } }

  /// The value of an argument of the option's kind.
  /// - Throws: where a list holds something else than names.
  func value(
    of argument: BoundArgument, _ runtime: Runtime
  ) throws(Failure) -> OptionValue? {
    switch argument.value.plain {
    case .number(let number):
      Int(exactly: number).flatMap { parameter.kind.isWhole ? .wholeNumber($0) : nil }
        ?? .number(number)
    case .truth(let truth): .truth(truth)
    case .string(let word): traits.contains(.isList) ? .words([word]) : .word(word)
    case .tensor(let tensor): .numbers(tensor.elements)
    case .data(let data): .samples(.table(data))
    case .stream(let stream): .samples(.stream(stream))
    case .choice(.optimizer(let optimizer)): .optimizer(optimizer)
    case .choice(.schedule(let schedule)): .schedule(schedule)
    case .choice(.loss(let loss)): .loss(loss)
    case .function(let function): try value(of: function, argument.range, runtime)
    case .list(let list): .words(try names(list, argument))
    default: nil
    }
  }

  /// The loss, activation or optimizer that a user's function is taken as.
  private func value(
    of function: Function, _ range: SourceRange, _ runtime: Runtime
  ) throws(Failure) -> OptionValue {
    if case .choice(.optimizer) = parameter.kind {
      return .optimizer(try runtime.optimizer(function, at: range))
    }
    return .loss(runtime.loss(function, at: range))
  }

  private func names(_ list: List, _ argument: BoundArgument) throws(Failure) -> [String] {
    try list.map { value throws(Failure) in
      guard case .string(let name) = value else {
        throw Failure("\(self.name) takes names", at: argument.range, label: value.kind)
      }
      return name
    }
  }
}

extension Parameter.Kind {
  /// Whether the numbers that it takes are whole.
  fileprivate var isWhole: Bool {
    switch self {
    case .wholeNumber: true
    case .either(let kinds): kinds.contains { $0.isWhole }
    default: false
    }
  }
}

/// The outcome of `until`: an error in it ends the training and is thrown after it.
final class StopCondition {
  var failure: Failure?
  /// Whether nobody looks for the error any more: a training that is made anew throws it at once.
  fileprivate var isOver = false

  /// - Returns: the error of the trainings that are over.
  func end() -> Failure? {
    isOver = true
    return failure
  }
}

extension Arguments {
  /// The options of a training that the function declares.
  /// - Parameter stop: takes the error of a condition that failed.
  func trainingOptions(_ stop: StopCondition) throws(Failure) -> TrainingOptions {
    var options = TrainingOptions()
    options.seed = session.seed
    for option in TrainingOption.all {
      guard let argument = given(option.key) else { continue }
      _ = try optional(option.key)
      if let value = try option.value(of: argument, runtime) { option.write(&options, value) }
    }
    options.until = try condition(stop)
    return options
  }

  private func condition(
    _ stop: StopCondition
  ) throws(Failure) -> ((EpochSummary) throws(LearningError) -> Bool)? {
    guard let function = try optional(TrainArgument.until) else { return nil }
    let runtime = runtime
    let range = range(of: TrainArgument.until)
    return { summary throws(LearningError) in
      do throws(Failure) {
        let answer = try runtime.callingBack { () throws(Failure) in
          try runtime.call(function, [summary.value], at: range)
        }
        guard case .truth(let holds) = answer else {
          throw Failure("until answers true or false", at: range, label: "gave \(answer.kind)")
        }
        return holds
      } catch {
        if stop.isOver { return try runtime.carrying { () throws(Failure) in throw error } }
        stop.failure = error
        return true
      }
    }
  }
}
