import Differentiation
import Learning
import Syntax

/// An argument as it was given: its value, its place, and the variable it was read from.
package struct BoundArgument {
  package var value: Value
  package let range: SourceRange
  package let name: String?
  private var code: Code?

  /// The literals of a number, or of the numbers in brackets, as they were written; nil for
  /// anything that was computed.
  package var literals: [String]? { code?.literals }

  package init(value: Value, range: SourceRange, name: String?) {
    self.value = value
    self.range = range
    self.name = name
  }

  init(value: Value, code: Code) {
    self.init(value: value, range: code.range, name: code.variableName)
    self.code = code
  }
}

/// The bound and checked arguments of one call of a catalog function.
package struct Arguments {
  package let function: BuiltinFunction
  package let runtime: Runtime
  /// The whole call.
  package let range: SourceRange
  /// In the order of the declared parameters; nil where left out.
  package var bound: [BoundArgument?]
  /// Positional arguments beyond the declared parameters.
  package var rest: [BoundArgument] = []
  /// Options beyond the declared parameters, in order.
  package var options: [(name: Name, argument: BoundArgument)] = []

  /// - Parameter bound: in the order of the declared parameters; nil where left out.
  package init(
    function: BuiltinFunction, runtime: Runtime, range: SourceRange, bound: [BoundArgument?],
    rest: [BoundArgument] = [], options: [(name: Name, argument: BoundArgument)] = []
  ) {
    self.function = function
    self.runtime = runtime
    self.range = range
    self.bound = bound
    self.rest = rest
    self.options = options
  }

  package var session: Session { runtime.session }

  /// The argument as it was given; nil where it was left out.
  package func given<T>(_ key: Key<T>) -> BoundArgument? {
    guard let place = function.parameters.firstIndex(where: { $0.name == key.parameter.name })
    else { return nil }
    return bound[place]
  }

  /// The value of an argument, or its default.
  /// - Throws: where it is missing, or of another kind.
  package func callAsFunction<T>(_ key: Key<T>) throws(Failure) -> T {
    if let value = try optional(key) { return value }
    throw Failure("\(function.name) needs \(key.parameter.name)", at: range)
  }

  /// The value of an argument, its default, or nil where it has neither.
  /// - Throws: where it is of another kind.
  package func optional<T>(_ key: Key<T>) throws(Failure) -> T? {
    if let argument = given(key) {
      guard let value = key.read(argument.value) else {
        if case .traced = argument.value { throw unrecorded(at: argument.range) }
        throw Failure(
          "\(key.parameter.name) must be \(key.parameter.kind.expectation)", at: argument.range,
          label: argument.value.kind)
      }
      if case .traced(let node) = argument.value, !key.keepsHistory {
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

  /// All that were given, in the order of the parameters.
  var all: [BoundArgument] { bound.compactMap { $0 } + rest }

  /// The call as it is written with small values: `ce([0, 1], [1, 0])`.
  func text(in session: Session) -> String {
    let values = all.map { $0.value }
    let isShort = values.allSatisfy { ($0.shape?.count ?? 9) <= 4 }
    guard isShort, !values.isEmpty else { return "an element of this \(function.name)" }
    return "\(function.name)(\(values.map { session.text(of: $0.plain) }.joined(separator: ", ")))"
  }

  /// Where an argument stands, or the whole call where it was left out.
  package func range<T>(of key: Key<T>) -> SourceRange { given(key)?.range ?? range }

  /// An error of the rooms below, with carets under the arguments it speaks of.
  package func failure(
    _ message: String, _ notes: [(range: SourceRange, text: String)],
    _ labels: [Diagnostic.Label] = [], help: [String] = []
  ) -> Failure {
    guard let first = notes.first else { return Failure(message, at: range, help: help) }
    return Failure(
      message, at: first.range, label: first.text,
      labels: notes.dropFirst().map { Diagnostic.Label($0.range, $0.text) } + labels, help: help)
  }
}

extension Arguments {
  /// A value whose function read plain numbers from arguments that remember how they were
  /// computed: asking for a derivative by them is refused, where it would be wrong.
  func marked(_ value: Value, without history: [Node]) throws(Failure) -> Value {
    switch value {
    case .number, .tensor:
      guard let tensor = value.tensor else { return value }
      return .traced(.opaque(tensor, of: function.name, from: history))
    case .traced(let node) where node.value != nil:
      // By its other arguments, as z of leaky z slope=s, it has its derivative.
      let nothing = Node.opaque(
        Tensor(repeating: 0, shape: node.shape), of: function.name, from: history)
      return try apply(.add, to: [value, .traced(nothing)], at: range)
    case .data:
      guard runtime.differentiating > 0 else { return value }
      throw Failure(
        "a data set holds numbers only: no derivative goes through it", at: range,
        help: ["a net answers a vector directly: net x, and mse y t is a loss of its answer"])
    default: return value
    }
  }

  /// For a function of plain numbers inside an activation or a loss, which is derived before there
  /// are any.
  package func unrecorded(at range: SourceRange) -> Failure {
    Failure(
      "\(function.name) has no derivative, so it cannot be part of an activation or a loss",
      at: range)
  }
}
