import Differentiation
import Learning

/// Everything that has a name in the language before a user gives one: functions, constants and
/// the records that are chosen by name.
package enum Catalog {
  /// Every function, by topic.
  package static let functions: [BuiltinFunction] =
    elementwiseFunctions + mathematicsFunctions + arrayFunctions + linearAlgebraFunctions
    + listFunctions + stringFunctions + randomFunctions + differentiationFunctions
    + activationFunctions + lossFunctions + networkFunctions + trainingFunctions + metricFunctions
    + dataFunctions + generatorFunctions + preprocessingFunctions
    + crossValidationFunctions + dataTableFunctions + fileFunctions + savingFunctions
    + dataShapingFunctions
    + sessionFunctions + attemptFunctions + promptFunctions + pictureFunctions + explainingFunctions
    + notationFunctions
    + passFunctions + diagnosingFunctions + gradientCheckFunctions

  private static let functionsByName: [String: BuiltinFunction] = {
    var table: [String: BuiltinFunction] = [:]
    for function in functions {
      table[function.name] = function
      for alias in function.aliases where table[alias] == nil { table[alias] = function }
    }
    return table
  }()

  package struct Constant: Sendable {
    package let name: String
    package let aliases: [String]
    package let value: Double
    package let summary: String
  }

  package static let constants: [Constant] = [
    Constant(name: "pi", aliases: ["π"], value: .pi, summary: "Half the turn of a unit circle."),
    Constant(
      name: "e", aliases: [], value: 2.718281828459045,
      summary: "The base of the natural logarithm."
    ),
    Constant(name: "inf", aliases: ["∞"], value: .infinity, summary: "More than any number."),
    Constant(name: "nan", aliases: [], value: .nan, summary: "Not a number."),
  ]

  package static func function(_ name: String) -> BuiltinFunction? { functionsByName[name] }

  /// The data set that a name stands for; a function of the same name comes first.
  static func generator(_ name: String) -> DataGenerator? {
    guard let function = function(name), function.topic == .data else { return nil }
    return DataGenerator.named(function.name)
  }

  package static func constant(_ name: String) -> Constant? {
    constants.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// The names of all records of a kind, in the order of the reference.
  package static func choiceNames(of kind: Choice.Kind) -> [String] {
    choices(of: kind).map { $0.name }
  }

  package static func choices(of kind: Choice.Kind) -> [Choice] {
    switch kind {
    case .activation: Activation.all.map { .activation($0) }
    case .loss: Loss.all.map { .loss($0) }
    case .optimizer: Optimizer.all.map { .optimizer($0) }
    case .initializer: Initializer.all.map { .initializer($0) }
    case .schedule: Schedule.all.map { .schedule($0) }
    case .data: DataGenerator.all.map { .data($0) }
    }
  }

  /// What a variable of this name would hide: `the function sum`; nil for a free name.
  static func description(ofValueNamed name: String) -> String? {
    if constant(name) != nil { return "the constant \(name)" }
    // A word of the prompt is found in front of its argument whatever else has its name.
    guard let function = function(name), function.topic != .session else { return nil }
    return generator(name) != nil
      ? "the data set \(name)" : "the function \(name)"
  }

  /// All names that can be looked up, for suggestions and completion.
  package static var names: [String] {
    functions.flatMap { [$0.name] + $0.aliases }
      + constants.flatMap { [$0.name] + $0.aliases }
  }
}
