import Differentiation
import Learning
import Syntax

/// An argument as it was given: its value, its place, and the variable it was read from.
struct BoundArgument {
  var value: Value
  let range: SourceRange
  let name: String?
}

/// The bound and checked arguments of one call of a catalog function.
struct Arguments {
  let function: BuiltinFunction
  let runtime: Runtime
  /// The whole call.
  let range: SourceRange
  /// In the order of the declared parameters; nil where left out.
  var bound: [BoundArgument?]
  /// Positional arguments beyond the declared parameters.
  var rest: [BoundArgument] = []
  /// Options beyond the declared parameters, in order.
  var options: [(name: Name, argument: BoundArgument)] = []

  var session: Session { runtime.session }

  /// The argument as it was given; nil where it was left out.
  func given<T>(_ key: Key<T>) -> BoundArgument? {
    guard let place = function.parameters.firstIndex(where: { $0.name == key.parameter.name })
    else { return nil }
    return bound[place]
  }

  /// The value of an argument, or its default.
  func callAsFunction<T>(_ key: Key<T>) throws(Failure) -> T {
    if let value = try optional(key) { return value }
    throw Failure("\(function.name) needs \(key.parameter.name)", at: range)
  }

  /// The value of an argument, its default, or nil where it has neither.
  func optional<T>(_ key: Key<T>) throws(Failure) -> T? {
    if let argument = given(key) {
      guard let value = key.read(argument.value) else {
        if case .traced = argument.value { throw unrecorded(at: argument.range) }
        throw Failure(
          "\(key.parameter.name) must be \(key.parameter.kind.expectation)", at: argument.range,
          label: argument.value.kind)
      }
      if case .traced(let node) = argument.value, !(value is Value) {
        runtime.droppedHistory.append(node)
      }
      return value
    }
    switch key.parameter.standard {
    case .required, .absent: return nil
    case .number(let number): return key.read(.number(number))
    case .truth(let truth): return key.read(.truth(truth))
    case .string(let text): return key.read(.string(text))
    case .word(let word):
      if case .choice(let kind) = key.parameter.kind,
        let choice = Choice.named(word, kind: kind)
      {
        return key.read(.choice(choice))
      }
      return key.read(.string(word))
    }
  }

  /// Where an argument stands, or the whole call where it was left out.
  func range<T>(of key: Key<T>) -> SourceRange { given(key)?.range ?? range }

  /// An error of the rooms below, with carets under the arguments it speaks of.
  func failure(
    _ message: String, _ notes: [(range: SourceRange, text: String)],
    _ labels: [Diagnostic.Label] = [], help: [String] = []
  ) -> Failure {
    guard let first = notes.first else { return Failure(message, at: range, help: help) }
    return Failure(
      message, at: first.range, label: first.text,
      labels: notes.dropFirst().map { Diagnostic.Label($0.range, $0.text) } + labels, help: help)
  }
}
