/// What a statement or an expression consists of, for those who follow what it does with names.
package enum SyntaxPart: Sendable {
  case expression(Expression)
  case statement(Statement)
  case block(Block)
  /// A block that is carried out again and again.
  case loop(Block)
  /// A name that is given a value.
  case assigned(Name)
  /// The target of an assignment that changes a part of a value: `W[1,2]`.
  case changed(Expression)
  case function([FunctionParameter], FunctionBody)
}

extension Expression {
  /// What is right inside, in the order of the text.
  package var parts: [SyntaxPart] {
    switch self {
    case .function(let literal): [.function(literal.parameters, literal.body)]
    case .conditional(let conditional): conditional.parts
    default: children.map { .expression($0) }
    }
  }
}

extension ConditionalExpression {
  fileprivate var parts: [SyntaxPart] {
    let alternative: [SyntaxPart] =
      switch alternative {
      case .block(let block): [.block(block)]
      case .conditional(let inner): [.expression(.conditional(inner))]
      case nil: []
      }
    return [.expression(condition), .block(consequence)] + alternative
  }
}

extension Statement {
  /// What is right inside, in the order in which it is carried out.
  package var parts: [SyntaxPart] {
    func values(_ options: [Argument]) -> [SyntaxPart] { options.map { .expression($0.value) } }
    func values(_ expression: Expression?) -> [SyntaxPart] {
      expression.map { [.expression($0)] } ?? []
    }
    switch kind {
    case .expression(let expression), .hint(let expression), .importFile(let expression),
      .task(let expression):
      return [.expression(expression)]
    case .assignment(let assignment):
      let targets: [SyntaxPart] = assignment.targets.flatMap { target -> [SyntaxPart] in
        guard case .name(let name) = target else { return [.changed(target)] }
        return assignment.operation == .set
          ? [.assigned(name)] : [.expression(target), .assigned(name)]
      }
      return [.expression(assignment.value)] + targets
    case .definition(let definition):
      return [.assigned(definition.name), .function(definition.parameters, definition.body)]
    case .parameters(let fields), .variants(let fields):
      return fields.flatMap { [.expression($0.value), .assigned($0.name)] as [SyntaxPart] }
    case .print(let expressions): return expressions.map { .expression($0) }
    case .check(let check):
      return [.expression(check.condition)] + values(check.message) + values(check.options)
    case .forEach(let variable, let sequence, let body):
      return [.expression(sequence), .assigned(variable), .loop(body)]
    case .whileLoop(let condition, let body), .repeatLoop(let condition, let body):
      return [.expression(condition), .loop(body)]
    case .breakLoop, .continueLoop: return []
    case .returnValue(let value): return values(value)
    case .time(let inner): return [.statement(inner)]
    case .exercise(let title, let options, let body):
      return [.expression(title)] + values(options) + [.block(body)]
    case .mistake(let condition, let message):
      return [.expression(condition), .expression(message)]
    case .answer(let name, let description, let options):
      return [.assigned(name)] + values(description) + values(options)
    case .tests(let body): return [.block(body)]
    }
  }
}
