import Syntax

/// Turns the syntax tree into code whose names are resolved to slots, once for every statement.
struct Resolver {
  let machine: Machine
  let source: SourceID
  /// The text, for what is shown as it is written.
  let text: SourceText
  /// The function at hand; nil at the top level.
  private var scope: Scope?
  /// Whether a loop of the function at hand is around the statement.
  private var isInLoop = false
  /// Whether the expression at hand is used as a value, where nothing may jump out of it.
  private var isInsideValue = false

  init(machine: Machine, source: SourceID, text: SourceText) {
    self.machine = machine
    self.source = source
    self.text = text
  }

  // MARK: Statements

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
        range: definition.name.range, help: definition.help)
      return AssignmentCode(
        target: store(definition.name), value: FunctionLiteralCode(template, range: range),
        range: range)
    case .parameters(let fields):
      var codes: [Code] = []
      for field in fields {
        codes.append(
          ParameterCode(
            target: store(field.name), value: try code(for: field.value), range: field.name.range))
      }
      return BlockCode(codes, range: range)
    case .print(let expressions): return PrintCode(try codes(for: expressions), range: range)
    case .check(let condition, let message):
      return CheckCode(
        condition: try code(for: condition), message: try codeIfPresent(for: message),
        source: source, range: range)
    case .forEach(let variable, let sequence, let body):
      return ForCode(
        variable: store(variable), sequence: try code(for: sequence),
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
        title: try code(for: title),
        options: try options.map { option throws(Failure) in
          (option.name?.text ?? "", try code(for: option.value))
        }, body: try code(for: body, keepsValue: false), range: range)
    case .hint(let text): return HintCode(try code(for: text), range: range)
    case .mistake(let condition, let message):
      return MistakeCode(
        condition: try code(for: condition), message: try code(for: message), range: range)
    }
  }

  mutating func code(for block: Block, keepsValue: Bool) throws(Failure) -> Code {
    var codes: [Code] = []
    for (place, statement) in block.statements.enumerated() {
      codes.append(
        try code(
          for: statement, keepsValue: keepsValue && place == block.statements.count - 1))
    }
    return BlockCode(codes, range: block.range)
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
      alternative: alternative, range: conditional.range)
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
            operation, try code(for: target), value, operatorRange: operatorRange)
        } ?? value
      return AssignmentCode(target: store(name), value: result, range: range)
    }
    var steps: [PlaceAssignmentCode.Step] = []
    var base = target
    while true {
      switch base {
      case .index(let index):
        steps.insert(.index(try items(index.items), index.range), at: 0)
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
    return PlaceAssignmentCode(
      root: try code(for: base), target: store(name), isForeign: scope != nil && !isLocal(name),
      steps: steps, operation: operation, value: value, range: target.range)
  }

  private func isLocal(_ name: Name) -> Bool { scope?.variables[name.text] != nil }

  // MARK: Names

  private func store(_ name: Name) -> StoreCode {
    if let variable = scope?.variables[name.text] {
      return variable.isCell
        ? CellStore(slot: variable.slot, name: name.text)
        : LocalStore(slot: variable.slot, name: name.text)
    }
    return GlobalStore(place: machine.place(ofGlobal: name.text), name: name.text)
  }

  /// The variable of a function around, which is captured by all functions in between.
  private func local(_ name: String, in scope: Scope) -> Scope.Variable? {
    if let variable = scope.variables[name] { return variable }
    guard let parent = scope.parent, local(name, in: parent) != nil else { return nil }
    scope.capture(name)
    return scope.variables[name]
  }

  private func localCode(_ name: Name) -> Code? {
    guard let scope, let variable = local(name.text, in: scope) else { return nil }
    return variable.isCell
      ? CellCode(slot: variable.slot, name: name.text, range: name.range)
      : LocalCode(slot: variable.slot, name: name.text, range: name.range)
  }

  private func variable(_ name: Name) -> Code {
    localCode(name)
      ?? GlobalCode(
        place: machine.place(ofGlobal: name.text), name: name.text, range: name.range)
  }

  // MARK: Functions

  private mutating func template(
    name: String, parameters: [FunctionParameter], body: FunctionBody, range: SourceRange,
    help: String?
  ) throws(Failure) -> FunctionTemplate {
    let use = NameUse(of: body, parameters: parameters)
    if let (name, read) = use.readThenAssigned {
      throw Failure(
        "\(name.text) is assigned here, which makes it the function's own, but read before",
        at: name.range, label: "assigned",
        labels: [.init(read, "read, with no value yet")],
        help: [
          machine.global(name.text) == nil
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

  // MARK: Expressions

  private mutating func codes(for expressions: [Expression]) throws(Failure) -> [Code] {
    var codes: [Code] = []
    for expression in expressions { codes.append(try code(for: expression)) }
    return codes
  }

  private mutating func codeIfPresent(for expression: Expression?) throws(Failure) -> Code? {
    guard let expression else { return nil }
    return try code(for: expression)
  }

  mutating func code(for expression: Expression) throws(Failure) -> Code {
    let range = expression.range
    switch expression {
    case .number(let literal): return NumberCode(literal.value, range: range)
    case .string(let literal): return try string(literal)
    case .truth(let truth, _): return ConstantCode(.truth(truth), range: range)
    case .nothing: return Code(range: range)
    case .name(let name): return variable(name)
    case .blank: return BlankCode(range: range)
    case .bracket(let elements, _): return BracketCode(try codes(for: elements), range: range)
    case .rows(let rows, _):
      var codes: [Code] = []
      for row in rows {
        codes.append(
          BracketCode(
            try self.codes(for: row),
            range: row.first.map { $0.range.union(row[row.count - 1].range) } ?? range))
      }
      return BracketCode(codes, range: range)
    case .record(let fields, _):
      var codes: [(name: String, code: Code)] = []
      for field in fields { codes.append((field.name.text, try code(for: field.value))) }
      return RecordCode(codes, range: range)
    case .group(let inner, _): return try code(for: inner)
    case .unary(let unary): return try code(for: unary)
    case .binary(let binary): return try code(for: binary)
    case .comparison(let comparison): return try code(for: comparison)
    case .range(let bounds):
      return RangeCode(
        low: try code(for: bounds.low), high: try code(for: bounds.high),
        step: try codeIfPresent(for: bounds.step), range: range)
    case .call(let call): return try code(for: call)
    case .index(let index):
      return IndexCode(base: try code(for: index.base), items: try items(index.items), range: range)
    case .field(let field):
      return FieldCode(base: try code(for: field.base), name: field.name, range: range)
    case .transpose(let base, _): return TransposeCode(try code(for: base), range: range)
    case .function(let literal):
      return FunctionLiteralCode(
        try template(
          name: "function", parameters: literal.parameters, body: literal.body, range: range,
          help: nil), range: range)
    case .conditional(let conditional): return try value(of: conditional)
    }
  }

  private mutating func string(_ literal: StringLiteral) throws(Failure) -> Code {
    var segments: [InterpolationCode.Segment] = []
    for segment in literal.segments {
      switch segment {
      case .text(let text): segments.append(.text(text))
      case .interpolation(let inner, let format):
        segments.append(.value(try code(for: inner), format))
      }
    }
    if segments.isEmpty { return ConstantCode(.string(""), range: literal.range) }
    if segments.count == 1, case .text(let text) = segments[0] {
      return ConstantCode(.string(text), range: literal.range)
    }
    return InterpolationCode(segments, range: literal.range)
  }

  private mutating func code(for unary: UnaryExpression) throws(Failure) -> Code {
    let operand = try code(for: unary.operand)
    switch unary.operation {
    case .not: return NotCode(operand, range: unary.range)
    case .negate:
      if let number = operand as? NumberCode {
        return NumberCode(-number.value, range: unary.range)
      }
      return NegationCode(operand, range: unary.range)
    }
  }

  private mutating func code(for binary: BinaryExpression) throws(Failure) -> Code {
    let left = try code(for: binary.left)
    let right = try code(for: binary.right)
    switch binary.operation {
    case .and: return LogicCode(left, right, decisive: false)
    case .or: return LogicCode(left, right, decisive: true)
    default:
      return ArithmeticCode.make(
        binary.operation, left, right, operatorRange: binary.operatorRange)
    }
  }

  private mutating func code(for comparison: ComparisonExpression) throws(Failure) -> Code {
    let first = try code(for: comparison.first)
    var links: [ComparisonCode.Link] = []
    for link in comparison.links {
      links.append(.init(operation: link.operation, right: try code(for: link.right)))
    }
    if links.count == 1, let link = links.first, link.operation.isOrder {
      return OrderCode(link.operation, first, link.right, range: comparison.range)
    }
    var closeness = Closeness.relative
    if let tolerance = comparison.tolerance {
      closeness = .within(try code(for: tolerance))
    } else if comparison.links.count == 1, comparison.links[0].operation == .close {
      closeness = Closeness(left: comparison.first, right: comparison.links[0].right)
    }
    return ComparisonCode(
      first: first, links: links, closeness: closeness, range: comparison.range)
  }

  private mutating func code(for call: CallExpression) throws(Failure) -> Code {
    let callee: Code
    if case .name(let name) = call.callee {
      callee = HeadCode(
        name: name.text, locals: localCode(name).map { [$0] } ?? [],
        place: machine.place(ofGlobal: name.text), range: name.range)
    } else {
      callee = try code(for: call.callee)
    }
    return CallCode(callee: callee, arguments: try arguments(call.arguments), range: call.range)
  }

  private mutating func arguments(_ list: [Argument]) throws(Failure) -> [ArgumentCode] {
    var codes: [ArgumentCode] = []
    for argument in list {
      var word: ArgumentCode.Word?
      var wordArguments: [ArgumentCode] = []
      switch argument.value {
      case .name(let name): word = ArgumentCode.Word(name: name, hasArguments: false)
      case .call(let call), .group(.call(let call), _):
        if case .name(let name) = call.callee {
          word = ArgumentCode.Word(name: name, hasArguments: true)
          wordArguments = try arguments(call.arguments)
        }
      default: break
      }
      codes.append(
        ArgumentCode(
          name: argument.name, code: try code(for: argument.value), word: word,
          wordArguments: wordArguments))
    }
    return codes
  }

  private mutating func items(_ items: [IndexItem]) throws(Failure) -> [IndexItemCode] {
    var codes: [IndexItemCode] = []
    for item in items {
      switch item {
      case .all(let range): codes.append(.all(range))
      case .expression(let expression): codes.append(.expression(try code(for: expression)))
      }
    }
    return codes
  }

  /// An `if` whose value is used.
  private mutating func value(
    of conditional: ConditionalExpression
  ) throws(Failure) -> Code {
    let wasInsideValue = isInsideValue
    isInsideValue = true
    defer { isInsideValue = wasInsideValue }
    let alternative: Code? =
      switch conditional.alternative {
      case .block(let block): try branch(block)
      case .conditional(let inner): try value(of: inner)
      case nil: nil
      }
    return ConditionalCode(
      condition: try code(for: conditional.condition),
      consequence: try branch(conditional.consequence), alternative: alternative,
      range: conditional.range)
  }

  private mutating func branch(_ block: Block) throws(Failure) -> Code {
    if block.statements.count == 1, case .expression(let expression) = block.statements[0].kind {
      return try code(for: expression)
    }
    return try code(for: block, keepsValue: true)
  }
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

extension ComparisonOperator {
  var isOrder: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: true
    case .equal, .unequal, .close: false
    }
  }
}
