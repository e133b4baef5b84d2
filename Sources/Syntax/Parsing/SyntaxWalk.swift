/// Walking over the parts of the tree, for those who look for something in it.
extension Expression {
  /// The expressions right inside, in the order of the text; blocks are not entered.
  package var children: [Expression] {
    switch self {
    case .number, .truth, .nothing, .name, .blank: []
    case .string(let literal):
      literal.segments.compactMap {
        if case .interpolation(let inner, _) = $0 { inner } else { nil }
      }
    case .bracket(let elements, _): elements
    case .rows(let rows, _): rows.flatMap { $0 }
    case .record(let fields, _): fields.map { $0.value }
    case .group(let inner, _), .transpose(let inner, _): [inner]
    case .unary(let unary): [unary.operand]
    case .binary(let binary): [binary.left, binary.right]
    case .comparison(let comparison):
      [comparison.first] + comparison.links.map { $0.right }
        + (comparison.tolerance.map { [$0] } ?? [])
    case .range(let range): [range.low, range.high] + (range.step.map { [$0] } ?? [])
    case .call(let call): [call.callee] + call.arguments.map { $0.value }
    case .index(let index):
      [index.base]
        + index.items.compactMap { if case .expression(let item) = $0 { item } else { nil } }
    case .field(let field): [field.base]
    case .function(let literal): literal.parameters.compactMap { $0.defaultValue }
    case .conditional(let conditional): [conditional.condition]
    }
  }
}

extension FunctionBody {
  /// Hands over every name in the body, at any depth, whatever it is used for.
  package func forEachName(_ visit: (Name) -> Void) {
    switch self {
    case .expression(let expression): expression.forEachName(visit)
    case .block(let block): block.forEachName(visit)
    }
  }
}

extension Block {
  package func forEachName(_ visit: (Name) -> Void) {
    for statement in statements { statement.forEachName(visit) }
  }
}

extension Expression {
  package func forEachName(_ visit: (Name) -> Void) {
    for child in children { child.forEachName(visit) }
    switch self {
    case .name(let name): visit(name)
    case .function(let literal): literal.body.forEachName(visit)
    case .conditional(let conditional): conditional.forEachNameInBranches(visit)
    default: break
    }
  }
}

extension ConditionalExpression {
  fileprivate func forEachNameInBranches(_ visit: (Name) -> Void) {
    consequence.forEachName(visit)
    switch alternative {
    case .block(let block): block.forEachName(visit)
    case .conditional(let inner): Expression.conditional(inner).forEachName(visit)
    case nil: break
    }
  }
}

extension Statement {
  package func forEachName(_ visit: (Name) -> Void) {
    switch kind {
    case .expression(let expression), .hint(let expression), .importFile(let expression),
      .task(let expression):
      expression.forEachName(visit)
    case .assignment(let assignment):
      for target in assignment.targets { target.forEachName(visit) }
      assignment.value.forEachName(visit)
    case .definition(let definition):
      visit(definition.name)
      for parameter in definition.parameters { parameter.defaultValue?.forEachName(visit) }
      definition.body.forEachName(visit)
    case .parameters(let fields), .variants(let fields):
      for field in fields {
        visit(field.name)
        field.value.forEachName(visit)
      }
    case .print(let expressions): for expression in expressions { expression.forEachName(visit) }
    case .check(let check):
      check.condition.forEachName(visit)
      check.message?.forEachName(visit)
      for option in check.options { option.value.forEachName(visit) }
    case .forEach(let variable, let sequence, let body):
      visit(variable)
      sequence.forEachName(visit)
      body.forEachName(visit)
    case .whileLoop(let condition, let body), .repeatLoop(let condition, let body):
      condition.forEachName(visit)
      body.forEachName(visit)
    case .breakLoop, .continueLoop: break
    case .returnValue(let value): value?.forEachName(visit)
    case .time(let inner): inner.forEachName(visit)
    case .exercise(let title, let options, let body):
      title.forEachName(visit)
      for option in options { option.value.forEachName(visit) }
      body.forEachName(visit)
    case .mistake(let condition, let message):
      condition.forEachName(visit)
      message.forEachName(visit)
    case .answer(let name, let description, let options):
      visit(name)
      description?.forEachName(visit)
      for option in options { option.value.forEachName(visit) }
    case .tests(let body): body.forEachName(visit)
    }
  }
}
