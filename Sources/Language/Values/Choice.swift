import Learning

/// One of the records that are named in options, with its settings: `relu`, `momentum(0.9)`.
package enum Choice {
  case activation(Activation)
  case loss(Loss)
  case optimizer(Optimizer)
  case initializer(Initializer)
  case schedule(Schedule)
  case data(DataGenerator)

  package typealias Kind = EntryKind

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

  private var header: EntryHeader {
    switch self {
    case .activation(let entry): entry.header
    case .loss(let entry): entry.header
    case .optimizer(let entry): entry.header
    case .initializer(let entry): entry.header
    case .schedule(let entry): entry.header
    case .data(let entry): entry.header
    }
  }

  package var name: String { header.name }
  package var summary: String { header.summary }
  package var formula: String { header.formula }
  package var signature: String { header.signature }
  package var settings: [Parameter] { header.settings }
  /// As a user would write it: `leaky(slope=0.01)`.
  package var title: String { header.title }

  func configured(
    _ positional: [Parameter.Value], named: [(name: String, value: Parameter.Value)]
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

extension EntryKind {
  /// Every built-in entry of the kind, in the order of the reference.
  package var choices: [Choice] { names.compactMap { Choice.named($0, kind: self) } }
}
