import Syntax

/// How the functions of a statement use names, each looked at once: a function is asked for what the
/// ones in it mention, however deep they stand.
final class NameUses {
  private var uses: [Int: NameUse] = [:]

  func use(of body: FunctionBody, parameters: [FunctionParameter]) -> NameUse {
    let start =
      switch body {
      case .expression(let expression): expression.range.start
      case .block(let block): block.range.start
      }
    if let known = uses[start] { return known }
    let use = NameUse(of: body, parameters: parameters, within: self)
    uses[start] = use
    return use
  }
}

/// How a function's body uses names, found before the body is resolved.
struct NameUse {
  /// Names that are assigned in the body itself, in order: they are its locals.
  private(set) var assigned: [Name] = []
  /// Names that functions further in mention: as locals they live in cells.
  private(set) var mentionedInside: Set<String> = []
  /// Names that are read before they are assigned.
  private var readFirst: [String: SourceRange] = [:]
  private var known: Set<String>
  /// All names in it, those of functions further in included.
  private var mentioned: Set<String> = []
  private let functions: NameUses

  fileprivate init(
    of function: FunctionBody, parameters: [FunctionParameter], within functions: NameUses
  ) {
    self.functions = functions
    mentioned = Set(parameters.map { $0.name.text })
    known = Set(parameters.map { $0.name.text })
    for parameter in parameters {
      if let value = parameter.defaultValue { visit(value) }
    }
    switch function {
    case .expression(let expression): visit(expression)
    case .block(let block): visit(block)
    }
  }

  /// The first name that is assigned although it was read from outside before, with the place
  /// of that reading.
  var readThenAssigned: (name: Name, read: SourceRange)? {
    for name in assigned {
      if let range = readFirst[name.text] { return (name, range) }
    }
    return nil
  }

  private mutating func read(_ name: Name) {
    mentioned.insert(name.text)
    guard !known.contains(name.text), readFirst[name.text] == nil else { return }
    readFirst[name.text] = name.range
  }

  private mutating func assign(_ name: Name) {
    mentioned.insert(name.text)
    guard !known.contains(name.text) else { return }
    known.insert(name.text)
    assigned.append(name)
  }

  private mutating func visit(_ block: Block) {
    for statement in block.statements { visit(statement) }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .expression(let expression), .hint(let expression), .importFile(let expression),
      .task(let expression):
      visit(expression)
    case .assignment(let assignment):
      visit(assignment.value)
      for target in assignment.targets {
        if case .name(let name) = target {
          if assignment.operation != .set { read(name) }
          assign(name)
        } else {
          visit(target)
        }
      }
    case .definition(let definition):
      visitInside(definition.body, parameters: definition.parameters)
      assign(definition.name)
    case .parameters(let fields), .variants(let fields):
      for field in fields {
        visit(field.value)
        assign(field.name)
      }
    case .print(let expressions): for expression in expressions { visit(expression) }
    case .check(let check):
      visit(check.condition)
      if let message = check.message { visit(message) }
      for option in check.options { visit(option.value) }
    case .forEach(let variable, let sequence, let body):
      visit(sequence)
      assign(variable)
      visit(body)
    case .whileLoop(let condition, let body), .repeatLoop(let condition, let body):
      visit(condition)
      visit(body)
    case .breakLoop, .continueLoop: break
    case .returnValue(let value): if let value { visit(value) }
    case .time(let inner): visit(inner)
    case .exercise(let title, let options, let body):
      visit(title)
      for option in options { visit(option.value) }
      visit(body)
    case .mistake(let condition, let message):
      visit(condition)
      visit(message)
    case .answer(let name, let description, let options):
      mentioned.insert(name.text)
      if let description { visit(description) }
      for option in options { visit(option.value) }
    case .tests(let body): visit(body)
    }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression {
    case .number, .truth, .nothing, .blank: break
    case .string(let literal):
      for case .interpolation(let inner, _) in literal.segments { visit(inner) }
    case .name(let name): read(name)
    case .bracket(let elements, _): for element in elements { visit(element) }
    case .rows(let rows, _): for element in rows.joined() { visit(element) }
    case .record(let fields, _): for field in fields { visit(field.value) }
    case .group(let inner, _), .transpose(let inner, _): visit(inner)
    case .unary(let unary): visit(unary.operand)
    case .binary(let binary):
      visit(binary.left)
      visit(binary.right)
    case .comparison(let comparison):
      visit(comparison.first)
      for link in comparison.links { visit(link.right) }
      if let tolerance = comparison.tolerance { visit(tolerance) }
    case .range(let range):
      visit(range.low)
      visit(range.high)
      if let step = range.step { visit(step) }
    case .call(let call):
      // A head skips what cannot be applied, so reading it does not bind the name to outside.
      if case .name(let name) = call.callee {
        mentioned.insert(name.text)
      } else {
        visit(call.callee)
      }
      for argument in call.arguments { visit(argument.value) }
    case .index(let index):
      visit(index.base)
      for case .expression(let item) in index.items { visit(item) }
    case .field(let field): visit(field.base)
    case .function(let literal): visitInside(literal.body, parameters: literal.parameters)
    case .conditional(let conditional): visit(conditional)
    }
  }

  private mutating func visit(_ conditional: ConditionalExpression) {
    visit(conditional.condition)
    visit(conditional.consequence)
    switch conditional.alternative {
    case .block(let block): visit(block)
    case .conditional(let inner): visit(inner)
    case nil: break
    }
  }

  /// A function further in: all it mentions may be one of our variables.
  private mutating func visitInside(_ body: FunctionBody, parameters: [FunctionParameter]) {
    let names = functions.use(of: body, parameters: parameters).mentioned
    mentioned.formUnion(names)
    mentionedInside.formUnion(names)
  }
}
