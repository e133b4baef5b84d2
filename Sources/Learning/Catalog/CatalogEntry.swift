/// The lists that a user chooses from by name.
package enum EntryKind: String, Hashable, Sendable, CaseIterable {
  case activation, loss, optimizer, initializer, schedule, data

  /// The kind as a noun in a sentence.
  package var noun: String { self == .data ? "data set" : rawValue }

  package var withArticle: String {
    switch self {
    case .activation, .optimizer, .initializer: "an \(noun)"
    case .loss, .schedule, .data: "a \(noun)"
    }
  }

  /// The names of the built-in entries, in the order of the reference.
  package var names: [String] {
    switch self {
    case .activation: Activation.all.map { $0.name }
    case .loss: Loss.all.map { $0.name }
    case .optimizer: Optimizer.all.map { $0.name }
    case .initializer: Initializer.all.map { $0.name }
    case .schedule: Schedule.all.map { $0.name }
    case .data: DataGenerator.all.map { $0.name }
    }
  }
}

/// What every entry of a list says of itself.
package struct EntryHeader: Sendable {
  package let name: String
  package let aliases: [String]
  /// One sentence.
  package let summary: String
  /// In the language's own notation, empty where the entry has none.
  package let formula: String
  package let settings: [Parameter]
  /// The present values of the settings.
  package var values: Settings

  package init(
    _ name: String, aliases: [String] = [], _ summary: String, formula: String = "",
    settings: [Parameter] = []
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.formula = formula
    self.settings = settings
    values = Settings(standard: settings)
  }

  /// With every setting and its standard value: `leaky(slope=0.1)`.
  package var signature: String {
    guard !settings.isEmpty else { return name }
    let list = settings.map { "\($0.name)=\($0.standardValue)" }
    return "\(name)(\(list.joined(separator: ", ")))"
  }

  /// As a user would write it: `leaky`, or `leaky(slope=0.01)` where a setting is not standard.
  package var title: String {
    let changed = settings.filter { values.values[$0.name] != $0.standardValue }
    guard !changed.isEmpty else { return name }
    let list = changed.map { "\($0.name)=\(values.values[$0.name] ?? $0.standardValue)" }
    return "\(name)(\(list.joined(separator: ", ")))"
  }
}

/// An entry of one of the lists a user chooses from by name: activations, losses, initializers,
/// optimizers, schedules and data generators. Adding one is adding one literal to its list.
package protocol CatalogEntry {
  static var kind: EntryKind { get }
  /// Every built-in entry, in the order of a reference page.
  static var all: [Self] { get }

  var header: EntryHeader { get set }
}

extension CatalogEntry {
  package var name: String { header.name }
  package var aliases: [String] { header.aliases }
  package var summary: String { header.summary }
  package var formula: String { header.formula }
  package var settings: [Parameter] { header.settings }
  package var values: Settings { header.values }
}

extension CatalogEntry {
  /// The first of the list: what is used where the user says nothing.
  package static var standard: Self { all[0] }

  /// The record of this name or alias, with its standard settings.
  package static func named(_ name: String) -> Self? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// The record of this name or alias.
  /// - Throws: an error that lists the choices.
  package static func required(
    _ name: String, as target: LearningError.Target
  ) throws(LearningError) -> Self {
    if let record = named(name) { return record }
    let choices = all.map { $0.name }.joined(separator: ", ")
    throw LearningError(
      "there is no \(kind.noun) called \(name)", (target, "unknown"),
      help: ["choose one of \(choices)"])
  }

  /// This record with other settings: positional values in the order of `settings`, then named
  /// ones; what is not given keeps its present value.
  /// - Throws: on too many values, an unknown or repeated name, or a value out of its range.
  package func configured(
    _ positional: [Parameter.Value] = [], named: [(name: String, value: Parameter.Value)] = []
  ) throws(LearningError) -> Self {
    var result = self
    var bound: Set<String> = []
    guard positional.count <= settings.count else {
      throw LearningError(
        settings.isEmpty
          ? "\(name) takes no settings"
          : "\(name) takes \(counted(settings.count, "setting")), not \(positional.count)",
        (.setting(settings.count), "one too many"), help: signatureHelp)
    }
    for (position, value) in positional.enumerated() {
      try result.bind(settings[position], to: value, at: .setting(position), in: &bound)
    }
    for (name, value) in named {
      let match = settings.first { $0.name == name || $0.aliases.contains(name) }
      guard let setting = match else {
        throw LearningError(
          "\(self.name) has no setting \(name)", (.option(name), "unknown"), help: signatureHelp)
      }
      try result.bind(setting, to: value, at: .option(name), in: &bound)
    }
    return result
  }

  private mutating func bind(
    _ setting: Parameter, to value: Parameter.Value, at target: LearningError.Target,
    in bound: inout Set<String>
  ) throws(LearningError) {
    guard bound.insert(setting.name).inserted else {
      throw LearningError("\(setting.name) of \(name) is given twice", (target, "again"))
    }
    guard setting.kind.accepts(value) else {
      throw LearningError(
        "\(setting.name) of \(name) must be \(setting.kind.expectation)", (target, "is \(value)"))
    }
    header.values.bind(setting, to: value)
  }

  private var signatureHelp: [String] { settings.isEmpty ? [] : ["\(signature)"] }

  package var signature: String { header.signature }
  package var title: String { header.title }
}
