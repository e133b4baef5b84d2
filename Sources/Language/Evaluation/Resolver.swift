import Syntax

/// Turns the syntax tree into code whose names are resolved to slots, once for every statement.
struct Resolver {
  let runtime: Runtime
  let source: SourceID
  /// The text, for what is shown as it is written.
  let text: SourceText
  /// The function at hand; nil at the top level.
  var scope: Scope?
  /// Whether a loop of the function at hand is around the statement.
  var isInLoop = false
  /// Whether the expression at hand is used as a value, where nothing may jump out of it.
  var isInsideValue = false
  private let uses = NameUses()

  init(runtime: Runtime, source: SourceID, text: SourceText) {
    self.runtime = runtime
    self.source = source
    self.text = text
  }

  // MARK: Names

  /// - Throws: where a file that a checked exercise imports would change what the exercise uses.
  func store(_ name: Name) throws(Failure) -> VariableStore {
    if let variable = scope?.variables[name.text] {
      return VariableStore(
        variable.isCell ? .cell(variable.slot) : .local(variable.slot), name: name.text)
    }
    try runtime.refuseForeignChange(of: name)
    return VariableStore(.global(runtime.place(ofGlobal: name.text)), name: name.text)
  }

  /// The variable of a function around, which is captured by all functions in between.
  func local(_ name: String, in scope: Scope) -> Scope.Variable? {
    if let variable = scope.variables[name] { return variable }
    guard let parent = scope.parent, local(name, in: parent) != nil else { return nil }
    scope.capture(name)
    return scope.variables[name]
  }

  func localCode(_ name: Name) -> Code? {
    guard let scope, let variable = local(name.text, in: scope) else { return nil }
    return variable.isCell
      ? CellCode(slot: variable.slot, name: name.text, range: name.range)
      : LocalCode(slot: variable.slot, name: name.text, range: name.range)
  }

  func variable(_ name: Name) -> Code {
    localCode(name)
      ?? GlobalCode(runtime.place(ofGlobal: name.text), name: name.text, range: name.range)
  }

  // MARK: Functions

  mutating func template(
    name: String, parameters: [FunctionParameter], body: FunctionBody, range: SourceRange,
    help: String?
  ) throws(Failure) -> FunctionTemplate {
    let use = uses.use(of: body, parameters: parameters)
    if let (name, read) = use.readThenAssigned {
      throw Failure(
        "\(name.text) is assigned here, which makes it the function's own, but read before",
        at: name.range, label: "assigned",
        labels: [.init(read, "read, with no value yet")],
        help: [
          runtime.global(name.text) == nil
            ? "assign \(name.text) before it is read"
            : "\(name.text) is global: return the new value, and assign it where the function is called"
        ])
    }
    let inner = Scope(parent: scope)
    for parameter in parameters {
      if inner.variables[parameter.name.text] != nil {
        throw Failure(
          "the parameter \(parameter.name.text) is there twice", at: parameter.name.range)
      }
      inner.declare(
        parameter.name.text, isCell: use.mentionedInside.contains(parameter.name.text))
    }
    for name in use.assigned {
      inner.declare(name.text, isCell: use.mentionedInside.contains(name.text))
    }
    let outer = (scope, isInLoop, isInsideValue)
    scope = inner
    isInLoop = false
    isInsideValue = false
    defer { (scope, isInLoop, isInsideValue) = outer }
    var declared: [UserFunction.Parameter] = []
    for parameter in parameters {
      declared.append(
        UserFunction.Parameter(
          name: parameter.name.text, defaultValue: try codeIfPresent(for: parameter.defaultValue),
          defaultText: parameter.defaultValue.map { text.text(of: $0.range) },
          isCaptured: inner.variables[parameter.name.text]?.isCell ?? false))
    }
    let code: FunctionCode =
      switch body {
      case .expression(let expression): .expression(try self.code(for: expression))
      case .block(let block): .block(try self.code(for: block, keepsValue: true))
      }
    return FunctionTemplate(
      name: name, parameters: declared, slotCount: inner.names.count,
      capturedSlots: inner.captured.compactMap { outer.0?.variables[$0]?.slot }, code: code,
      source: source, range: range, help: help)
  }
}
