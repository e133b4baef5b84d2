import Learning

/// One of the records that are named in options, with its settings: `relu`, `momentum(0.9)`.
package enum Choice {
  case activation(Activation)
  case loss(Loss)
  case optimizer(Optimizer)
  case initializer(Initializer)
  case schedule(Schedule)
  case data(DataGenerator)

  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case activation, loss, optimizer, initializer, schedule, data

    /// The kind as a noun in a sentence.
    package var noun: String { self == .data ? "data set" : rawValue }

    /// Every built-in record of the kind, in the order of the reference.
    package var choices: [Choice] {
      switch self {
      case .activation: Activation.all.map { .activation($0) }
      case .loss: Loss.all.map { .loss($0) }
      case .optimizer: Optimizer.all.map { .optimizer($0) }
      case .initializer: Initializer.all.map { .initializer($0) }
      case .schedule: Schedule.all.map { .schedule($0) }
      case .data: DataGenerator.all.map { .data($0) }
      }
    }

    /// Their names.
    package var names: [String] { choices.map { $0.name } }
  }

  /// The built-in record of this name or alias.
  package static func named(_ name: String, kind: Kind) -> Choice? {
    switch kind {
    case .activation: Activation.named(name).map { .activation($0) }
    case .loss: Loss.named(name).map { .loss($0) }
    case .optimizer: Optimizer.named(name).map { .optimizer($0) }
    case .initializer: Initializer.named(name).map { .initializer($0) }
    case .schedule: Schedule.named(name).map { .schedule($0) }
    case .data: DataGenerator.named(name).map { .data($0) }
    }
  }

  package var kind: Kind {
    switch self {
    case .activation: .activation
    case .loss: .loss
    case .optimizer: .optimizer
    case .initializer: .initializer
    case .schedule: .schedule
    case .data: .data
    }
  }

  private var record: any CatalogEntry {
    switch self {
    case .activation(let record): record
    case .loss(let record): record
    case .optimizer(let record): record
    case .initializer(let record): record
    case .schedule(let record): record
    case .data(let record): record
    }
  }

  package var name: String { record.name }
  package var title: String { record.title }
  package var summary: String { record.summary }
  package var formula: String { record.formula }
  package var signature: String { record.signature }
  package var settings: [Setting] { record.settings }

  func configured(
    _ positional: [Setting.Value], named: [(name: String, value: Setting.Value)]
  ) throws(LearningError) -> Choice {
    switch self {
    case .activation(let record): .activation(try record.configured(positional, named: named))
    case .loss(let record): .loss(try record.configured(positional, named: named))
    case .optimizer(let record): .optimizer(try record.configured(positional, named: named))
    case .initializer(let record): .initializer(try record.configured(positional, named: named))
    case .schedule(let record): .schedule(try record.configured(positional, named: named))
    case .data(let record): .data(try record.configured(positional, named: named))
    }
  }
}
