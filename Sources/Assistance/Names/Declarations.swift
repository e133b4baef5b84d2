import Language
import Syntax

/// Finds the names that statements give a value, outside of the functions in them.
struct Declarations {
  let source: SourceText
  let scope: NameScope
  /// The file, where it is another one than the script that is looked at.
  var file: ScriptFile?
  private(set) var imports: [Expression] = []
  private var isConditional = false

  init(source: SourceText, scope: NameScope, file: ScriptFile? = nil) {
    self.source = source
    self.scope = scope
    self.file = file
  }

  mutating func add(_ statements: [Statement]) {
    for statement in statements { add(statement) }
  }

  mutating func add(_ body: FunctionBody) {
    switch body {
    case .expression(let expression): add(expression, within: expression.range)
    case .block(let block): add(block.statements)
    }
  }

  private mutating func add(_ statement: Statement) {
    switch statement.kind {
    case .definition(let definition):
      let symbol = define(definition.name, within: statement.range, .function)
      let isOnly = symbol.definitions.count == 1
      symbol.form = isOnly ? FunctionForm(definition, in: source) : nil
      symbol.help = isOnly ? definition.help : nil
      return
    case .assignment(let assignment):
      if assignment.targets.count == 1, assignment.operation == .set,
        case .name(let name) = assignment.targets[0], case .function = assignment.value
      {
        define(name, within: statement.range, .function).form = nil
        return
      }
    case .importFile(let path): imports.append(path)
    default: break
    }
    for part in statement.parts { add(part, within: statement.range) }
  }

  private mutating func add(_ part: SyntaxPart, within whole: SourceRange) {
    switch part {
    case .expression(let expression): add(expression, within: whole)
    case .statement(let statement): add(statement)
    case .block(let block), .loop(let block):
      let outer = isConditional
      isConditional = true
      add(block.statements)
      isConditional = outer
    case .assigned(let name): define(name, within: whole, .variable).form = nil
    case .changed(let target):
      if let name = target.root { scope.symbols[name.text]?.form = nil }
    case .function: break
    }
  }

  private mutating func add(_ expression: Expression, within whole: SourceRange) {
    for part in expression.parts { add(part, within: whole) }
  }

  @discardableResult
  private func define(
    _ name: Name, within whole: SourceRange, _ kind: ScriptSymbol.Kind
  ) -> ScriptSymbol {
    let symbol = scope.declare(name.text, kind)
    if symbol.kind != .parameter, kind == .function { symbol.kind = .function }
    symbol.define(at: name.range, whole: whole, in: file, isConditional: isConditional)
    return symbol
  }
}

extension FunctionForm {
  init(_ definition: Definition, in source: SourceText) {
    self.init(
      name: definition.name.text,
      parameters: definition.parameters.map { parameter in
        .init(
          name: parameter.name.text,
          defaultText: parameter.defaultValue.map { source.text(of: $0.range) })
      })
  }
}

extension Expression {
  /// The name that `x[1].a` starts from.
  var root: Name? {
    switch self {
    case .name(let name): name
    case .index(let index): index.base.root
    case .field(let field): field.base.root
    default: nil
    }
  }

  /// The text of a string without values in it.
  var plainText: String? {
    guard case .string(let literal) = self else { return nil }
    if literal.segments.isEmpty { return "" }
    guard literal.segments.count == 1, case .text(let text) = literal.segments[0] else {
      return nil
    }
    return text
  }
}
