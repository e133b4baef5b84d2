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

  /// What the records of all kinds have.
  private struct Header {
    let name: String
    let title: String
    let summary: String
    let formula: String
    let signature: String
    let settings: [Setting]

    init(_ record: some CatalogEntry) {
      name = record.name
      title = record.title
      summary = record.summary
      formula = record.formula
      signature = record.signature
      settings = record.settings
    }
  }

  private var header: Header {
    switch self {
    case .activation(let record): Header(record)
    case .loss(let record): Header(record)
    case .optimizer(let record): Header(record)
    case .initializer(let record): Header(record)
    case .schedule(let record): Header(record)
    case .data(let record): Header(record)
    }
  }

  package var name: String { header.name }
  package var title: String { header.title }
  package var summary: String { header.summary }
  package var formula: String { header.formula }
  package var signature: String { header.signature }
  package var settings: [Setting] { header.settings }

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
