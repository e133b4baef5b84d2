import Syntax

extension Resolver {
  /// - Parameter keepsValue: whether the value of an expression is wanted, as at the end of a
  ///   function's block and at the prompt.
  mutating func code(for statement: Statement, keepsValue: Bool) throws(Failure) -> Code {
    let range = statement.range
    switch statement.kind {
    case .expression(.conditional(let conditional)):
      return try conditionalStatement(conditional, keepsValue: keepsValue)
    case .expression(let expression):
      return ExpressionStatementCode(try code(for: expression), keepsValue: keepsValue)
    case .assignment(let assignment): return try code(for: assignment, range)
    case .definition(let definition):
      let template = try template(
        name: definition.name.text, parameters: definition.parameters, body: definition.body,
        range: range, help: definition.help)
      return AssignmentCode(
        target: try store(definition.name), value: FunctionLiteralCode(template, range: range),
        source: source, range: range)
    case .parameters(let fields):
      var codes: [Code] = []
      for field in fields {
        codes.append(
          ParameterCode(
            target: try store(field.name), value: try code(for: field.value),
            range: field.name.range))
      }
      return SequenceCode.make(codes[...], range: range)
    case .print(let expressions): return PrintCode(try codes(for: expressions), range: range)
    case .check(let check): return try code(for: check, range)
    case .forEach(let variable, let sequence, let body):
      return ForCode(
        variable: try store(variable), sequence: try code(for: sequence),
        body: try loopBody(body), range: range)
    case .whileLoop(let condition, let body):
      return WhileCode(
        condition: try code(for: condition), body: try loopBody(body), range: range)
    case .repeatLoop(let count, let body):
      return RepeatCode(count: try code(for: count), body: try loopBody(body), range: range)
    case .breakLoop: return try jump(.breakLoop, "break", range)
    case .continueLoop: return try jump(.continueLoop, "continue", range)
    case .returnValue(let value):
      guard scope != nil else {
        throw Failure("return stands outside of any function", at: range)
      }
      if isInsideValue { throw jumpsOutOfValue("return", range) }
      return ReturnCode(try codeIfPresent(for: value), range: range)
    case .importFile(let path): return ImportCode(path: try code(for: path), range: range)
    case .time(let inner):
      return TimeCode(try code(for: inner, keepsValue: keepsValue), range: range)
    case .exercise(let title, let options, let body):
      return ExerciseCode(
        title: try code(for: title), options: try codes(for: options),
        body: body.statements.map { ($0, codeOnItsOwn(for: $0)) }, source: source, range: range)
    case .tests(let body):
      return TestsCode(
        body: body.statements.map { ($0, codeOnItsOwn(for: $0)) }, source: source, range: range)
    case .task(let text): return TaskCode(try code(for: text), range: range)
    case .answer(let name, let description, let options):
      return AnswerCode(
        name: name, description: try codeIfPresent(for: description),
        options: try codes(for: options), source: source, range: range)
    case .variants(let fields):
      return SequenceCode.make(
        try fields.map { field throws(Failure) in
          VariantCode(
            target: try store(field.name), value: try code(for: field.value), source: source,
            range: field.name.range.union(field.value.range))
        }[...], range: range)
    case .hint(let text): return HintCode(try code(for: text), range: range)
    case .mistake(let condition, let message):
      return MistakeCode(
        condition: try code(for: condition), message: try code(for: message), range: range)
    }
  }

  private mutating func code(for check: CheckStatement, _ range: SourceRange) throws(Failure)
    -> Code
  {
    var solution: (name: String, value: Code)?
    if let (name, value) = check.solution {
      solution = (name.text, try code(for: value))
    }
    return CheckCode(
      condition: try code(for: check.condition), message: try codeIfPresent(for: check.message),
      options: try codes(for: check.options), isPublic: check.isPublic, solution: solution,
      source: source, range: range)
  }

  private mutating func codes(for options: [Argument]) throws(Failure) -> [(String, Code)] {
    try options.map { option throws(Failure) in
      (option.name?.text ?? "", try code(for: option.value))
    }
  }

  mutating func code(for block: Block, keepsValue: Bool) throws(Failure) -> Code {
    var codes: [Code] = []
    for (place, statement) in block.statements.enumerated() {
      codes.append(
        try code(
          for: statement, keepsValue: keepsValue && place == block.statements.count - 1))
    }
    return SequenceCode.make(codes[...], range: block.range)
  }

  /// A statement whose errors are its own, those of its names as well.
  private mutating func codeOnItsOwn(for statement: Statement) -> Code {
    do throws(Failure) {
      return try code(for: statement, keepsValue: false)
    } catch {
      return UnresolvedCode(error, range: statement.range)
    }
  }

  private mutating func loopBody(_ block: Block) throws(Failure) -> Code {
    let (wasInLoop, wasInsideValue) = (isInLoop, isInsideValue)
    isInLoop = true
    isInsideValue = false
    defer {
      isInLoop = wasInLoop
      isInsideValue = wasInsideValue
    }
    return try code(for: block, keepsValue: false)
  }

  private func jump(_ flow: Flow, _ word: String, _ range: SourceRange) throws(Failure) -> Code {
    guard isInLoop else { throw Failure("\(word) stands outside of any loop", at: range) }
    if isInsideValue { throw jumpsOutOfValue(word, range) }
    return JumpCode(flow, range: range)
  }

  private func jumpsOutOfValue(_ word: String, _ range: SourceRange) -> Failure {
    Failure(
      "\(word) cannot leave an if whose value is used", at: range,
      help: ["write the if as a statement of its own"])
  }

  private mutating func conditionalStatement(
    _ conditional: ConditionalExpression, keepsValue: Bool
  ) throws(Failure) -> Code {
    let alternative: Code? =
      switch conditional.alternative {
      case .block(let block): try code(for: block, keepsValue: keepsValue)
      case .conditional(let inner): try conditionalStatement(inner, keepsValue: keepsValue)
      case nil: nil
      }
    return ConditionalCode(
      condition: try code(for: conditional.condition),
      consequence: try code(for: conditional.consequence, keepsValue: keepsValue),
      alternative: alternative, elementwise: elementwise(conditional), range: conditional.range)
  }

  // MARK: Assignments

  private mutating func code(
    for assignment: Assignment, _ range: SourceRange
  ) throws(Failure) -> Code {
    let value = try code(for: assignment.value)
    if assignment.targets.count == 1 {
      return try assign(
        value, to: assignment.targets[0], assignment.operation.arithmetic,
        operatorRange: assignment.operatorRange, range)
    }
    let element = UnpackingCode.UnpackedElement(range: assignment.value.range)
    var targets: [Code] = []
    for target in assignment.targets {
      targets.append(
        try assign(element, to: target, nil, operatorRange: assignment.operatorRange, range))
    }
    return UnpackingCode(targets: targets, assigned: element, value: value, range: range)
  }

  private mutating func assign(
    _ value: Code, to target: Expression, _ operation: BinaryOperator?,
    operatorRange: SourceRange, _ range: SourceRange
  ) throws(Failure) -> Code {
    if case .name(let name) = target {
      let result =
        try operation.map { operation throws(Failure) in
          ArithmeticCode.make(
            operation, try code(for: target), value, operatorRange: operatorRange,
            source: source)
        } ?? value
      let target = try store(name)
      if case .arithmetic(let arithmetic) = result.form {
        return arithmetic.assigned(to: target, range: range)
      }
      let assigned = AssignmentCode(
        target: target, value: result, source: source, range: range)
      return GrowthCode(assigned) ?? assigned
    }
    var steps: [PartAssignmentCode.Step] = []
    var base = target
    while true {
      switch base {
      case .index(let index):
        steps.insert(
          .index(IndexCodes(try items(index.items), range: index.range), index.range), at: 0)
        base = index.base
        continue
      case .field(let field):
        steps.insert(.field(field.name), at: 0)
        base = field.base
        continue
      default: break
      }
      break
    }
    guard case .name(let name) = base else {
      throw Failure("only a name, a part or a field can be assigned to", at: base.range)
    }
    return PartAssignmentCode(
      root: try code(for: base), target: try store(name), isForeign: scope != nil && !isLocal(name),
      steps: steps, operation: operation, value: value, source: source, range: target.range)
  }

  private func isLocal(_ name: Name) -> Bool { scope?.variables[name.text] != nil }
}

extension Assignment.Operator {
  var arithmetic: BinaryOperator? {
    switch self {
    case .set: nil
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    }
  }
}
