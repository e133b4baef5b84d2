/// One option of a training: its declaration and the field of `TrainingOptions` that holds it.
///
/// Everything that concerns an option by itself follows from its row: the argument of `train` and
/// of all that train, the range error, the default, the record of a run, the identity of a
/// checkpoint, the axis of a sweep, the line of a report, help and completion. An option that is
/// new is a row here, a field there, and its use.
package struct TrainingOption: Sendable {
  package struct Traits: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Says what a single step does, so that what makes steps outside of a training takes it too.
    package static let actsInStep = Traits(rawValue: 1)
    /// Changes what later steps come to: a checkpoint goes on with the same value only.
    package static let changesSteps = Traits(rawValue: 2)
    /// Stands in records and reports also where it is at its default.
    package static let isAlwaysTold = Traits(rawValue: 4)
    /// Its value is a list already, so lists of values are none of its alternatives.
    package static let isList = Traits(rawValue: 8)
    /// Left out of a comparison of runs where all have the same value.
    package static let isCommon = Traits(rawValue: 16)
    /// Says what is minimised, so that what asks for a net's loss takes it too.
    package static let actsInLoss = Traits(rawValue: 32)
    /// Is minimised beside the losses of samples and counted in none of them.
    package static let isPenalty = Traits(rawValue: 64)
  }

  package let parameter: Parameter
  package let traits: Traits
  /// The value that the options hold; nil for none.
  package let read: @Sendable (TrainingOptions) -> OptionValue?
  /// Puts a value of the parameter's kind into the options.
  package let write: @Sendable (inout TrainingOptions, OptionValue) -> Void

  package var name: String { parameter.name }

  /// - Parameter standard: what a signature shows as the default; where left out, what new options
  ///   hold.
  private init(
    _ name: String, _ kind: Parameter.Kind, standard: Parameter.Default? = nil,
    aliases: [String] = [], _ summary: String, _ traits: Traits = [],
    read: @escaping @Sendable (TrainingOptions) -> OptionValue?,
    write: @escaping @Sendable (inout TrainingOptions, OptionValue) -> Void
  ) {
    parameter = Parameter(
      name, kind, standard ?? read(TrainingOptions())?.standard ?? .absent, aliases: aliases,
      summary)
    self.traits = traits
    self.read = read
    self.write = write
  }

  /// The value where it belongs into a record of the options: always, or because it is not the
  /// default.
  package func told(by options: TrainingOptions) -> OptionValue? {
    guard let value = read(options) else { return nil }
    if traits.contains(.isAlwaysTold) { return value }
    return value.text == read(TrainingOptions())?.text ? nil : value
  }

  /// Whether a sweep may vary it.
  package var isSweepable: Bool { !traits.contains(.isList) }

  /// The option of this name.
  package static func named(_ name: String) -> TrainingOption? { all.first { $0.name == name } }
}

/// A value of a training option.
package enum OptionValue {
  case number(Double)
  case wholeNumber(Int)
  case truth(Bool)
  case word(String)
  case words([String])
  case numbers([Double])
  case samples(Samples)
  case optimizer(Optimizer)
  case schedule(Schedule)
  case loss(Loss)

  /// Exact, without blanks between the parts of lists.
  var text: String {
    switch self {
    case .number(let number): "\(number)"
    case .wholeNumber(let number): "\(number)"
    case .truth(let truth): "\(truth)"
    case .word(let word): word
    case .words(let words): words.joined(separator: ",")
    case .numbers(let numbers): Self.text(numbers)
    case .samples(let samples): samples.title
    case .optimizer(let optimizer): optimizer.title
    case .schedule(let schedule): schedule.title
    case .loss(let loss): loss.title
    }
  }

  /// The value of a range or a closed word; nil where only its kind counts.
  var bound: Parameter.Value? {
    switch self {
    case .number(let number): .number(number)
    case .wholeNumber(let number): .number(Double(number))
    case .word(let word): .word(word)
    default: nil
    }
  }

  /// For messages.
  var brief: String { if case .number(let number) = self { Learning.brief(number) } else { text } }

  /// Many numbers as their count and a checksum (FNV-1a of their bits).
  private static func text(_ numbers: [Double]) -> String {
    guard numbers.count > 32 else { return numbers.map { "\($0)" }.joined(separator: ",") }
    let sum = numbers.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { sum, number in
      (sum ^ number.bitPattern) &* 0x100_0000_01B3
    }
    return "\(numbers.count):\(String(sum, radix: 16))"
  }

  /// As a default in a signature; nil for what is no single number or word.
  fileprivate var standard: Parameter.Default? {
    switch self {
    case .number(let number): .number(number)
    case .wholeNumber(let number): .number(Double(number))
    case .truth(let truth): .truth(truth)
    case .word(let word): .word(word)
    case .optimizer(let optimizer): .word(optimizer.name)
    case .schedule(let schedule): .word(schedule.name)
    case .loss(let loss): .word(loss.name)
    case .words, .numbers, .samples: nil
    }
  }
}

extension OptionValue {
  fileprivate var number: Double? { if case .number(let number) = self { number } else { nil } }
  fileprivate var wholeNumber: Int? {
    if case .wholeNumber(let number) = self { number } else { nil }
  }
  fileprivate var truth: Bool? { if case .truth(let truth) = self { truth } else { nil } }
  fileprivate var word: String? { if case .word(let word) = self { word } else { nil } }
  fileprivate var words: [String]? { if case .words(let words) = self { words } else { nil } }
  fileprivate var numbers: [Double]? {
    if case .numbers(let numbers) = self { numbers } else { nil }
  }
}

extension TrainingOption {
  /// The other names of a learning rate.
  package static let rateNames = ["eta", "learning_rate", "η", "alpha", "epsilon"]

  /// All of them in the order of the reference.
  package static let all: [TrainingOption] = [
    TrainingOption(
      "epochs", .wholeNumber(0...TrainingOptions.longestTraining), aliases: ["nb_epoch", "epoch"],
      "Passes over the data.", [.isAlwaysTold, .isCommon],
      read: { .wholeNumber($0.epochs) }, write: { $0.epochs = $1.wholeNumber ?? $0.epochs }),
    TrainingOption(
      "lr", .number(NumberRange(0)), aliases: rateNames,
      "The learning rate; 0.1 for sgd, 0.001 for adam and its kin where left out.",
      [.changesSteps, .isAlwaysTold],
      read: { $0.rate.map { .number($0) } }, write: { $0.rate = $1.number }),
    TrainingOption(
      "batch", .either([.word(["full"]), .wholeNumber(1...Int.max)]), aliases: ["batch_size"],
      "Samples a step, or full.", [.actsInStep, .changesSteps, .isAlwaysTold],
      read: {
        switch $0.batch {
        case .rows(let count): .wholeNumber(count)
        case .full: .word("full")
        }
      }, write: { $0.batch = $1.wholeNumber.map { .rows($0) } ?? .full }),
    TrainingOption(
      "optimizer", .choice(.optimizer),
      "How weights follow the gradient; a user's rule (w, g, …) -> [w: …] counts.",
      [.actsInStep, .changesSteps, .isAlwaysTold],
      read: { .optimizer($0.optimizer) },
      write: { if case .optimizer(let optimizer) = $1 { $0.optimizer = optimizer } }),
    TrainingOption(
      "loss", .choice(.loss),
      "What is minimised; where left out, bce for sigmoid, ce for softmax, else mse.",
      [.actsInStep, .actsInLoss, .isAlwaysTold],
      read: { $0.loss.map { .loss($0) } },
      write: { if case .loss(let loss) = $1 { $0.loss = loss } }),
    TrainingOption(
      "reduction", .word(["mean", "sum"]), "How the losses of samples become one; mean first.",
      [.actsInStep, .actsInLoss, .isAlwaysTold, .isCommon],
      read: { $0.reduction.map { .word($0.rawValue) } },
      write: { $0.reduction = $1.word.flatMap { Reduction(rawValue: $0) } }),
    TrainingOption(
      "l1", .number(NumberRange(0)),
      "The penalty l1*sum(abs(w)) on weights, not on biases; part of the loss.",
      [.actsInStep, .actsInLoss, .isPenalty, .changesSteps],
      read: { .number($0.l1) }, write: { $0.l1 = $1.number ?? 0 }),
    TrainingOption(
      "l2", .number(NumberRange(0)),
      "The penalty l2/2*sum(w^2), with the ½, on weights, not on biases; part of the loss.",
      [.actsInStep, .actsInLoss, .isPenalty, .changesSteps],
      read: { .number($0.l2) }, write: { $0.l2 = $1.number ?? 0 }),
    TrainingOption(
      "weight_decay", .number(NumberRange(0)),
      "The optimizer's setting of that name: pulls weights and biases to 0, no part of the loss.",
      [.actsInStep, .changesSteps],
      read: { $0.weightDecay.map { .number($0) } }, write: { $0.weightDecay = $1.number }),
    TrainingOption(
      "clip", .number(NumberRange(0, excludesLow: true, allowsInfinity: true)),
      "The largest norm of the gradient.", [.actsInStep, .changesSteps],
      read: { $0.clip.map { .number($0) } }, write: { $0.clip = $1.number }),
    TrainingOption(
      "schedule", .choice(.schedule), "How the rate changes with the epochs.",
      [.changesSteps, .isAlwaysTold, .isCommon],
      read: { .schedule($0.schedule) },
      write: { if case .schedule(let schedule) = $1 { $0.schedule = schedule } }),
    TrainingOption(
      "shuffle", .truth, "Whether epochs mix the rows.",
      [.actsInStep, .changesSteps, .isAlwaysTold, .isCommon],
      read: { .truth($0.isShuffled) }, write: { $0.isShuffled = $1.truth ?? true }),
    // Where none is given, the session's seed.
    TrainingOption(
      "seed", .wholeNumber(.min ... .max), standard: .absent, "Where the shuffling starts.",
      [.actsInStep, .changesSteps, .isAlwaysTold, .isCommon],
      read: { .wholeNumber($0.seed) }, write: { $0.seed = $1.wholeNumber ?? $0.seed }),
    TrainingOption(
      "valid",
      .either([.number(NumberRange(0, 1, excludesLow: true, excludesHigh: true)), .samples]),
      "A data set, or the fraction of rows, to watch and not to train on.",
      read: {
        switch $0.validation {
        case .fraction(let share)?: .number(share)
        case .samples(let samples)?: .samples(samples)
        case nil: nil
        }
      },
      write: {
        if case .samples(let samples) = $1 {
          $0.validation = .samples(samples)
        } else {
          $0.validation = $1.number.map { .fraction($0) }
        }
      }),
    TrainingOption(
      "patience", .wholeNumber(1...Int.max),
      "Epochs without a better loss before it stops with the best weights.",
      read: { $0.patience.map { .wholeNumber($0) } }, write: { $0.patience = $1.wholeNumber }),
    TrainingOption(
      "min_delta", .number(NumberRange(0)),
      "How much smaller the loss must be to count as better for patience.",
      read: { .number($0.improvement) }, write: { $0.improvement = $1.number ?? 0 }),
    TrainingOption(
      "freeze", .either([.bareWord, .list]),
      "Parameters that stay as they are: bias, weights, or names.",
      [.actsInStep, .changesSteps, .isList],
      read: { $0.frozen.isEmpty ? nil : .words($0.frozen) },
      write: { $0.frozen = $1.words ?? [] }),
    TrainingOption(
      "order", .word(["together", "output_first"]),
      "output_first updates later layers before the error goes back: a known misconception.",
      .changesSteps,
      read: { .word($0.order == .outputFirst ? "output_first" : "together") },
      write: { $0.order = $1.word == "output_first" ? .outputFirst : .together }),
    TrainingOption(
      "shards", .wholeNumber(1...TrainingPlan.mostShards),
      "Into how many parts a batch is cut for mpirun, a power of two; where left out, its size says.",
      .changesSteps, read: { $0.shards.map { .wholeNumber($0) } },
      write: { $0.shards = $1.wholeNumber }),
    TrainingOption(
      "class_weights", .vector, "One factor for each class.",
      [.actsInStep, .actsInLoss, .changesSteps],
      read: { $0.classWeights.map { .numbers($0) } }, write: { $0.classWeights = $1.numbers }),
    TrainingOption(
      "sample_weights", .vector, "One factor for each row.",
      [.actsInStep, .actsInLoss, .changesSteps],
      read: { $0.sampleWeights.map { .numbers($0) } }, write: { $0.sampleWeights = $1.numbers }),
  ]
}
