import Differentiation
import Learning
import Syntax

/// Something that can be applied to arguments.
package final class Function {
  package enum Body {
    case user(UserFunction)
    case builtin(BuiltinFunction)
    /// `f'`, the derivative of a function of one argument.
    case derivative(Function)
    case foreign(ForeignFunction)
  }

  package let name: String
  package let body: Body
  /// The training set behind the step that it taught, where the function applies such a step to
  /// other data: `s = standardize train_set`.
  package let prepared: Samples?

  package init(name: String, body: Body, prepared: Samples? = nil) {
    self.name = name
    self.body = body
    self.prepared = prepared
  }

  /// The names of the parameters, in order.
  package var parameterNames: [String] {
    switch body {
    case .user(let function): function.parameters.map { $0.name }
    case .builtin(let function): function.parameters.map { $0.name }
    case .derivative(let function): function.parameterNames
    case .foreign(let function): function.parameterNames
    }
  }

  /// How many arguments must be given.
  package var requiredCount: Int {
    switch body {
    case .user(let function): function.requiredCount
    case .builtin(let function): function.parameters.count(where: { $0.isRequired })
    case .derivative(let function): function.requiredCount
    case .foreign(let function): function.requiredCount
    }
  }

  /// The call as a user writes it: `f(x, y = 1)`.
  package var signature: String {
    switch body {
    case .user(let function): function.signature
    case .builtin(let function): function.signature
    case .derivative(let function): function.signature
    case .foreign(let function): function.signature
    }
  }
}

/// A function whose code runs outside of the script that calls it, as a key's does.
package final class ForeignFunction {
  package let parameterNames: [String]
  package let requiredCount: Int
  package let signature: String
  /// Gives the value for the arguments in the order of the parameters, nil for one left out.
  let evaluate: (_ given: [Value?], _ range: SourceRange) throws(Failure) -> Value

  /// - Parameter original: its parameters are those of the function.
  package init(
    like original: Function,
    evaluate: @escaping (_ given: [Value?], _ range: SourceRange) throws(Failure) -> Value
  ) {
    parameterNames = original.parameterNames
    requiredCount = original.requiredCount
    signature = original.signature
    self.evaluate = evaluate
  }
}

/// A function that the user defined: its code, and the cells of the scope it closes over.
package final class UserFunction {
  package struct Parameter {
    package let name: String
    /// Evaluated in the function's own frame when the argument is left out.
    let defaultValue: Code?
    let defaultText: String?
    /// Whether an inner function closes over it, so that its slot holds a cell.
    let isCaptured: Bool
  }

  /// What errors call a function without a name.
  package static let literalName = "this function"

  package let name: String
  package let parameters: [Parameter]
  let parameterCount: Int
  let requiredCount: Int
  let slotCount: Int
  let code: FunctionCode
  private(set) var captures: [Cell]
  /// Whether entering it has cells to prepare.
  let needsCells: Bool
  /// Its parameters, where it is one expression and they are all its variables; else -1.
  let plainCount: Int
  package let source: SourceID
  package let definition: SourceRange
  package let help: String?

  init(template: FunctionTemplate, captures: [Cell]) {
    name = template.name
    parameters = template.parameters
    parameterCount = template.parameters.count
    requiredCount = template.parameters.count { $0.defaultValue == nil }
    slotCount = template.slotCount
    code = template.code
    self.captures = captures
    needsCells = !captures.isEmpty || template.parameters.contains { $0.isCaptured }
    plainCount =
      !needsCells && !code.isBlock && slotCount == parameterCount ? parameterCount : -1
    source = template.source
    definition = template.range
    help = template.help
  }

  // A chain of a million closures must not be released by a million nested calls.
  deinit {
    var waiting: [Cell] = []
    swap(&waiting, &captures)
    while var cell = waiting.popLast() {
      guard isKnownUniquelyReferenced(&cell), case .function(var function) = cell.value else {
        continue
      }
      cell.value = .nothing
      guard isKnownUniquelyReferenced(&function), case .user(let user) = function.body else {
        continue
      }
      waiting += user.captures
      user.captures = []
    }
  }

  package var form: FunctionForm {
    FunctionForm(
      name: name,
      parameters: parameters.map { .init(name: $0.name, defaultText: $0.defaultText) })
  }

  package var signature: String { form.signature }
}

/// A variable of a function that an inner function closes over.
package final class Cell {
  package var value: Value

  package init(_ value: Value) {
    self.value = value
  }
}

/// How a user's function is called: its name and parameters, and what may be wrong with a call.
package struct FunctionForm: Sendable {
  package struct Parameter: Sendable {
    package let name: String
    /// The default as it is written; nil for an argument that must be given.
    package let defaultText: String?

    package init(name: String, defaultText: String?) {
      self.name = name
      self.defaultText = defaultText
    }
  }

  package let name: String
  package let parameters: [Parameter]

  package init(name: String, parameters: [Parameter]) {
    self.name = name
    self.parameters = parameters
  }

  /// `f(x, y=1)`, or `(x, y) -> …` for a function without a name.
  package var signature: String {
    let list = parameters.map { parameter in
      parameter.defaultText.map { "\(parameter.name)=\($0)" } ?? parameter.name
    }
    if name == UserFunction.literalName {
      return list.count == 1 ? "\(list[0]) -> …" : "(\(list.joined(separator: ", "))) -> …"
    }
    return "\(name)(\(list.joined(separator: ", ")))"
  }

  /// - Parameter help: where left out, the signature.
  package func tooMany(given: Int, at range: SourceRange, help: String? = nil) -> Failure {
    let taken = parameters.count == 1 ? "1 argument" : "\(parameters.count) arguments"
    return Failure(
      "\(name) takes \(taken), not \(given)", at: range, label: "one too many",
      help: [help ?? signature])
  }

  package func missing(_ parameter: String, at range: SourceRange) -> Failure {
    Failure("\(name) needs a value for \(parameter)", at: range, help: [signature])
  }

  package func unknownParameter(_ parameter: Name) -> Failure {
    var help: [Advice] = []
    if let near = Spelling.nearest(to: parameter.text, in: parameters.map { $0.name }) {
      help.append(.nearest(near, to: parameter.range))
    }
    help.append(Advice(signature))
    return Failure(
      "\(name) has no parameter \(parameter.text)", at: parameter.range, label: "unknown",
      advice: help)
  }
}
