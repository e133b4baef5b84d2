/// An entry of one of the lists a user chooses from by name: activations, losses, initializers,
/// optimizers, schedules and data generators. Adding one is adding one literal to its list.
package protocol CatalogEntry {
  /// What a user calls a record of this list: `activation`.
  static var kind: String { get }
  /// Every built-in record, in the order of a reference page.
  static var all: [Self] { get }

  var name: String { get }
  var aliases: [String] { get }
  /// One sentence.
  var summary: String { get }
  /// In the language's own notation, empty where the record has none.
  var formula: String { get }
  var settings: [Setting] { get }
  var values: Settings { get set }
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
      "there is no \(kind) called \(name)", (target, "unknown"),
      help: ["choose one of \(choices)"])
  }

  /// This record with other settings: positional values in the order of `settings`, then named
  /// ones; what is not given keeps its present value.
  /// - Throws: on too many values, an unknown or repeated name, or a value out of its range.
  package func configured(
    _ positional: [Setting.Value] = [], named: [(name: String, value: Setting.Value)] = []
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
    _ setting: Setting, to value: Setting.Value, at target: LearningError.Target,
    in bound: inout Set<String>
  ) throws(LearningError) {
    guard bound.insert(setting.name).inserted else {
      throw LearningError("\(setting.name) of \(name) is given twice", (target, "again"))
    }
    guard setting.accepts(value) else {
      throw LearningError(
        "\(setting.name) of \(name) must be \(setting.expectation)", (target, "is \(value)"))
    }
    values.bind(setting, to: value)
  }

  private var signatureHelp: [String] { settings.isEmpty ? [] : ["\(signature)"] }

  /// With every setting and its standard value: `leaky(slope=0.1)`.
  package var signature: String {
    guard !settings.isEmpty else { return name }
    let list = settings.map { "\($0.name)=\($0.standard)" }
    return "\(name)(\(list.joined(separator: ", ")))"
  }

  /// As a user would write it: `leaky`, or `leaky(slope=0.01)` where a setting is not standard.
  package var title: String {
    let changed = settings.filter { values.values[$0.name] != $0.standard }
    guard !changed.isEmpty else { return name }
    let list = changed.map { "\($0.name)=\(values.values[$0.name] ?? $0.standard)" }
    return "\(name)(\(list.joined(separator: ", ")))"
  }
}
