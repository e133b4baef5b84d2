import Language
import Learning
import Syntax

/// Follows the names of a script without running it: what each means where it stands, and which
/// mean nothing.
///
/// A name that a function assigns is the function's own, any other is found in the functions around
/// it, then outside, then in the catalog. Before arguments what cannot be applied is passed over.
final class NameResolution {
  let interpreter: Interpreter
  let source: SourceText
  let scope: NameScope
  private(set) var uses: [NameUse] = []
  private(set) var problems: [Diagnostic] = []
  /// Of the functions, in the order of the text.
  private(set) var scopes: [NameScope] = []
  /// Names before `=` in calls that are parameters of the script's functions.
  var named: [(name: Name, function: ScriptSymbol)] = []
  /// The parameters of the script's functions, by the place of the function's name.
  private var parameters: [Int: [String: ScriptSymbol]] = [:]
  /// Names that may have a value though nothing here gives them one.
  var presumed: Set<String> = []
  /// Whether a script that cannot be read may give any name a value.
  var presumesAll = false

  private var current: NameScope
  /// The outer names that have a value by now.
  private var assigned: Set<String> = []
  private var loops = 0
  /// The choices that were asked for, whose records are made anew each time.
  private var choices: [Choice.Kind: [String: Choice?]] = [:]
  /// Whether what is looked at runs later, when names may have values that they have not now.
  private var isDeferred: Bool { !current.isGlobal || loops > 0 }

  var catalog: Catalog { interpreter.session.catalog }

  init(_ interpreter: Interpreter, source: SourceText, scope: NameScope) {
    self.interpreter = interpreter
    self.source = source
    self.scope = scope
    current = scope
  }

  func visit(_ statements: [Statement]) {
    for statement in statements { visit(statement) }
  }

  func report(_ failure: Failure) {
    if case .diagnostic(let diagnostic) = failure.reason { problems.append(diagnostic) }
  }

  func choice(_ name: String, _ kind: Choice.Kind) -> Choice? {
    if let known = choices[kind]?[name] { return known }
    let choice = Choice.named(name, kind: kind)
    choices[kind, default: [:]][name] = .some(choice)
    return choice
  }

  func record(_ range: SourceRange, _ meaning: NameUse.Meaning) {
    uses.append(NameUse(range: range, meaning: meaning))
  }

  // MARK: Statements and expressions

  private func visit(_ statement: Statement) {
    if case .definition(let definition) = statement.kind {
      // A function may call itself.
      assign(definition.name)
      let inner = visitFunction(definition.parameters, definition.body, at: statement.range)
      parameters[definition.name.range.start] = inner.symbols
      return
    }
    for part in statement.parts { visit(part) }
    if case .answer(_, _, let options) = statement.kind { recordNames(of: options) }
    if case .exercise(_, let options, _) = statement.kind { recordNames(of: options) }
    if case .check(let check) = statement.kind { recordNames(of: check.options) }
  }

  func visit(_ part: SyntaxPart) {
    switch part {
    case .expression(let expression): visit(expression)
    case .statement(let statement): visit(statement)
    case .block(let block): visit(block.statements)
    case .loop(let block):
      loops += 1
      visit(block.statements)
      loops -= 1
    case .assigned(let name): assign(name)
    case .changed(let target): visit(target)
    case .function(let parameters, let body):
      visitFunction(parameters, body, at: nil)
    }
  }

  func visit(_ expression: Expression) {
    switch expression {
    case .name(let name): read(name)
    case .call(let call): visit(call)
    case .field(let field):
      visit(field.base)
      record(field.name.range, .field)
    case .record(let fields, _):
      for field in fields {
        record(field.name.range, .field)
        visit(field.value)
      }
    case .function(let literal):
      visitFunction(literal.parameters, literal.body, at: literal.range)
    default: for part in expression.parts { visit(part) }
    }
  }

  private func recordNames(of options: [Argument]) {
    for option in options { if let name = option.name { record(name.range, .field) } }
  }

  // MARK: Functions

  @discardableResult
  private func visitFunction(
    _ parameters: [FunctionParameter], _ body: FunctionBody, at range: SourceRange?
  ) -> NameScope {
    let inner = NameScope(parent: current, range: range ?? body.range)
    scopes.append(inner)
    for parameter in parameters {
      let symbol = inner.declare(parameter.name.text, .parameter)
      symbol.define(
        at: parameter.name.range, whole: range ?? body.range, isConditional: false)
    }
    var declarations = Declarations(source: source, scope: inner)
    declarations.add(body)
    let outer = (current, loops)
    current = inner
    loops = 0
    defer { (current, loops) = outer }
    for parameter in parameters {
      if let symbol = inner.symbols[parameter.name.text] {
        record(parameter.name.range, .symbol(symbol, isDefinition: true))
      }
      if let value = parameter.defaultValue { visit(value) }
    }
    switch body {
    case .expression(let expression): visit(expression)
    case .block(let block): visit(block.statements)
    }
    return inner
  }

  // MARK: Names

  private func assign(_ name: Name) {
    guard let symbol = current.symbols[name.text] else { return }
    if current.isGlobal { assigned.insert(name.text) }
    record(name.range, .symbol(symbol, isDefinition: true))
  }

  /// What gives names values all at once: an import.
  func assign(all names: some Sequence<String>) { assigned.formUnion(names) }

  func read(_ name: Name) {
    if let symbol = current.find(name.text) {
      use(symbol, at: name, isHead: false)
    } else if let constant = catalog.constant(name.text) {
      record(name.range, .constant(constant))
    } else if let function = catalog.function(name.text) {
      record(name.range, .function(function))
    } else {
      unknown(name, isHead: false)
    }
  }

  func use(_ symbol: ScriptSymbol, at name: Name, isHead: Bool) {
    record(name.range, .symbol(symbol, isDefinition: false))
    guard symbol.scope == nil, !isDeferred, !assigned.contains(name.text),
      !presumed.contains(name.text), !presumesAll, !knows(name.text),
      let first = symbol.definitions.first, first.file == nil
    else { return }
    let failure = interpreter.session.unknownName(
      name.text, at: name.range, isHead: isHead, among: Array(assigned), interpreter.runtime)
    guard case .diagnostic(var diagnostic) = failure.reason else { return }
    diagnostic.label = "used before it is given a value"
    diagnostic.labels.append(.init(first.range, "given a value here"))
    diagnostic.help.removeAll()
    problems.append(diagnostic)
  }

  /// Whether the catalog has something under the name.
  private func knows(_ name: String) -> Bool {
    catalog.constant(name) != nil || catalog.function(name) != nil
  }

  func unknown(_ name: Name, isHead: Bool) {
    record(name.range, .unknown)
    guard !presumed.contains(name.text), !presumesAll else { return }
    report(
      interpreter.session.unknownName(
        name.text, at: name.range, isHead: isHead, among: visibleNames, interpreter.runtime))
  }

  /// Once all functions are known: `f(x=1)` names the parameter x of f.
  func recordNamedArguments() {
    for (name, function) in named {
      let symbol = function.definitions.first.flatMap { parameters[$0.range.start]?[name.text] }
      record(name.range, symbol.map { .symbol($0, isDefinition: false) } ?? .field)
    }
  }

  /// Whether a variable of the name may have a value here.
  func mayHaveValue(_ name: String) -> Bool {
    guard let symbol = current.find(name) else { return false }
    return symbol.scope != nil || isDeferred || assigned.contains(name)
  }

  func find(_ name: String) -> ScriptSymbol? { current.find(name) }

  private var visibleNames: [String] {
    var names: [String] = []
    var scope: NameScope? = current
    while let here = scope {
      names += here.symbols.keys
      scope = here.parent
    }
    return names.sorted()
  }
}

extension FunctionBody {
  var range: SourceRange {
    switch self {
    case .expression(let expression): expression.range
    case .block(let block): block.range
    }
  }
}
