import Differentiation
import Learning
import Syntax

/// A function of the catalog: everything about it in one record.
package final class BuiltinFunction: Sendable {
  /// A statement that shows the function at work, and what it prints.
  package struct Example: Sendable {
    package let code: String
    package let output: String

    package init(_ code: String, prints output: String) {
      self.code = code
      self.output = output
    }
  }

  /// How the prompt and the interpreter treat a call by itself.
  package struct Traits: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Only looks or edits: a saved session leaves the statement out.
    package static let leavesNoTrace = Traits(rawValue: 1)
    /// Opens the entry before it, and so does not become the last entry itself.
    package static let opensLastEntry = Traits(rawValue: 2)
    /// Runs the script whose path it is given, also where a variable has its name.
    package static let runsScript = Traits(rawValue: 4)
    /// Its argument is any name of the catalog or a choice: completion offers them all.
    package static let explainsNames = Traits(rawValue: 8)
    /// Chooses among its arguments by a condition.
    package static let choosesByCondition = Traits(rawValue: 16)
    /// Ends soon after an interrupt with what it has, so that nothing in it is cut short.
    package static let endsByItself = Traits(rawValue: 32)
    /// Begins a part of the script, whose title is its argument.
    package static let beginsPart = Traits(rawValue: 64)
  }

  /// The files whose names stand in strings among the arguments, for completion.
  package enum Files: Sendable {
    case any
    /// Those with these extensions.
    case read([String])
    /// Those with these extensions, and new ones.
    case written([String])
  }

  package let name: String
  package let aliases: [String]
  package let topic: Topic
  package let traits: Traits
  package let files: Files
  /// One sentence.
  package let summary: String
  package let parameters: [Parameter]
  /// Further positional arguments, as many as are given.
  package let rest: Parameter?
  /// Whether options beyond the declared ones are handed to the body, as `grad f x=1` does.
  package let passesOptions: Bool
  package var examples: [Example] { makeExamples() }
  private let makeExamples: @Sendable () -> [Example]
  /// The value for one plain number, where the function is one of numbers.
  let scalar: (@Sendable (Double) -> Double)?
  /// The value for two plain vectors or matrices, where the function takes those alone; nil where it
  /// is for the body to say what is wrong.
  let pair: (@Sendable (Tensor, Tensor) -> Tensor?)?
  package let body: @Sendable (Arguments) throws(Failure) -> Value

  /// Changes the first argument to the value of the function, without a copy; false where only the
  /// function itself can say what that is. The element is the second argument.
  package typealias Growth =
    @Sendable (
      _ whole: inout Value, _ element: Value, _ runtime: Runtime, _ range: SourceRange
    ) throws(Failure) -> Bool

  /// For a function that gives its first argument with an element more.
  let grow: Growth?

  package init(
    _ name: String, aliases: [String] = [], _ topic: Topic, _ summary: String, traits: Traits = [],
    files: Files = .any, parameters: [Parameter] = [], rest: Parameter? = nil,
    passesOptions: Bool = false,
    examples: @autoclosure @escaping @Sendable () -> [Example] = [],
    scalar: (@Sendable (Double) -> Double)? = nil,
    pair: (@Sendable (Tensor, Tensor) -> Tensor?)? = nil, grow: Growth? = nil,
    body: @escaping @Sendable (Arguments) throws(Failure) -> Value
  ) {
    self.name = name
    self.aliases = aliases
    self.topic = topic
    self.traits = traits
    self.files = files
    self.summary = summary
    self.parameters = parameters
    self.rest = rest
    self.passesOptions = passesOptions
    makeExamples = examples
    self.scalar = scalar
    self.pair = pair
    self.grow = grow
    self.body = body
  }

  /// The call as a user writes it: required arguments, then options with their defaults.
  package var signature: String {
    var words = [name] + parameters.map { $0.signature }
    if let rest {
      words.insert("\(rest.name)…", at: 1 + parameters.count(where: { $0.isRequired }))
    }
    return words.joined(separator: " ")
  }

  /// The arguments that must be given, in their order: `train net data`.
  var order: String {
    let required = parameters.filter { $0.isRequired }.map { $0.name }
    return ([name] + required + (rest.map { ["\($0.name)…"] } ?? [])).joined(separator: " ")
  }

  /// Whether its value is computed from numbers by a formula, so that one that is not finite is
  /// worth a note.
  var isCalculation: Bool { [.mathematics, .arrays, .losses, .activations].contains(topic) }

  /// Whether it may stand alone as a statement: `vars`.
  var isCallableAlone: Bool {
    parameters.allSatisfy { !$0.isRequired } && topic != .data
  }
}

/// The chapters of the reference.
package enum Topic: String, Sendable, CaseIterable {
  case mathematics, arrays, lists, strings, random, differentiation, nets, training, data
  case losses, activations, pictures, session
}

// What may be wrong with a call whether its arguments have values yet or not.

extension BuiltinFunction {
  /// Where further positional arguments are taken, only required parameters are positional.
  package var positionalCount: Int {
    rest == nil ? parameters.count : parameters.prefix(while: { $0.isRequired }).count
  }

  /// - Parameter help: where left out, what the function takes.
  package func tooMany(given: Int, at range: SourceRange, help: String? = nil) -> Failure {
    let taken = positionalCount
    return Failure(
      "\(name) takes \(taken == 1 ? "1 argument" : "\(taken) arguments"), not \(given)",
      at: range, label: "one too many", help: [help ?? ForeignName.calls[name] ?? order])
  }

  package func missing(_ parameter: Parameter, at range: SourceRange) -> Failure {
    let phrase = parameter.kind.expectation
    let what = phrase.hasSuffix(parameter.name) ? "" : " for \(parameter.name)"
    return Failure("\(name) needs \(phrase)\(what)", at: range, help: [order])
  }
}

extension Parameter.Kind {
  /// The error of a word that names none of the choices.
  package func unknownWord(
    _ name: Name, of parameter: Parameter, in function: BuiltinFunction
  ) -> Failure {
    var help: [Advice] = []
    if Self.betweenWords.contains(name.text) {
      help.append(Advice("no word stands between arguments: \(function.order)"))
    }
    if let near = Spelling.nearest(to: name.text, in: choices) {
      help.append(.nearest(near, to: name.range))
    }
    help.append(
      Advice(
        ForeignName.values[parameter.name] ?? "choose one of \(choices.joined(separator: ", "))"))
    return Failure(
      "there is no \(parameter.name) called \(name.text)", at: name.range, label: "unknown",
      advice: help)
  }

  private static let betweenWords: Set<String> = [
    "on", "with", "using", "over", "to", "from", "and", "of", "at", "the", "data",
  ]
}
