import Learning

/// Everything that has a name in the language before a user gives one: the functions and
/// constants that an interpreter is given.
package struct Catalog: Sendable {
  package struct Constant: Sendable {
    package let name: String
    package let aliases: [String]
    package let value: Double
    package let summary: String

    package init(_ name: String, aliases: [String] = [], _ value: Double, _ summary: String) {
      self.name = name
      self.aliases = aliases
      self.value = value
      self.summary = summary
    }
  }

  /// Every function, by topic, in the order of the reference.
  package let functions: [BuiltinFunction]
  package let constants: [Constant]
  private let functionsByName: [String: BuiltinFunction]

  /// - Parameter functions: where two have a name in common, the later one has it; a name comes
  ///   before an alias.
  package init(functions: [BuiltinFunction], constants: [Constant] = []) {
    self.functions = functions
    self.constants = constants
    var table: [String: BuiltinFunction] = [:]
    for function in functions { table[function.name] = function }
    for function in functions {
      for alias in function.aliases where table[alias] == nil { table[alias] = function }
    }
    functionsByName = table
  }

  package func function(_ name: String) -> BuiltinFunction? { functionsByName[name] }

  package func constant(_ name: String) -> Constant? {
    constants.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// The data set that a name stands for; a function of the same name comes first.
  func generator(_ name: String) -> DataGenerator? {
    guard let function = function(name), function.topic == .data else { return nil }
    return DataGenerator.named(function.name)
  }

  /// What a variable of this name would hide: `the function sum`; nil for a free name.
  package func description(ofValueNamed name: String) -> String? {
    if constant(name) != nil { return "the constant \(name)" }
    // A word of the prompt is found in front of its argument whatever else has its name.
    guard let function = function(name), function.topic != .session else { return nil }
    return generator(name) != nil ? "the data set \(name)" : "the function \(name)"
  }

  /// All names that can be looked up, for suggestions and completion.
  package var names: [String] {
    functions.flatMap { [$0.name] + $0.aliases } + constants.flatMap { [$0.name] + $0.aliases }
  }
}
