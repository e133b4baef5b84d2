extension Parser {
  mutating func parseStatement() throws(Abandoned) -> Statement {
    let start = position
    let kind = try parseStatementKind()
    let end = range(from: start)
    switch current.kind {
    case .semicolon:
      advance()
      return Statement(kind: kind, range: end, isSilent: true)
    case .newline, .closeBrace, .end:
      return Statement(kind: kind, range: end, isSilent: false)
    default:
      throw failBehindStatement(kind, from: start)
    }
  }

  private mutating func parseStatementKind() throws(Abandoned) -> StatementKind {
    let word = current
    try rejectReservedName()
    switch word.kind {
    case .param:
      return try parseParam()
    case .print:
      advance()
      return .print(try parseExpressions(after: word, mayBeEmpty: true))
    case .check:
      advance()
      return .check(try parseCheck(after: word))
    case .for: return try parseFor()
    case .while:
      advance()
      let condition = try parseCondition(after: word)
      let conditionHeight = height
      let body = try parseLoopBody(after: word)
      try rise(to: max(height, conditionHeight) + 1, at: word.range)
      return .whileLoop(condition: condition, body: body)
    case .repeat:
      advance()
      try rejectMissingExpression(after: word)
      let count = try parseExpression()
      let countHeight = height
      let body = try parseLoopBody(after: word)
      try rise(to: max(height, countHeight) + 1, at: word.range)
      return .repeatLoop(count: count, body: body)
    case .break, .continue:
      advance()
      guard loops > 0 || isExcused else {
        throw fail(
          "\(text(word)) stands inside a loop only", at: word.range, label: "no loop is around this"
        )
      }
      height = 1
      return word.kind == .break ? .breakLoop : .continueLoop
    case .return: return try parseReturn()
    case .import:
      advance()
      try rejectMissingExpression(after: word)
      let path = try parseExpression()
      try rejectModuleName(path)
      height += 1
      return .importFile(path)
    case .exercise: return try parseExercise()
    case .question: return .expression(try parseHelp())
    case .name:
      if let statement = try parseNamedStatementIfPresent() { return statement }
      return try parseAssignmentOrExpression()
    default:
      return try parseAssignmentOrExpression()
    }
  }

  /// Statements that begin with a word that is no keyword: a definition, `time`, `help`, those of
  /// exercise files; and habits from elsewhere.
  private mutating func parseNamedStatementIfPresent() throws(Abandoned) -> StatementKind? {
    let word = current
    if next.kind == .openParenthesis, !next.followsBlank,
      tokenBehindPartner(of: position + 1)?.kind == .assign
    {
      return try parseDefinition()
    }
    try rejectForeignStatement()
    switch text(word) {
    case "help" where isHelpTopic:
      return .expression(try parseHelp())
    case "help" where isOperatorLast(position + 1):
      // With a blank before it the operator would be the topic.
      layout.glued.insert(position + 1)
      return nil
    case "time" where startsWholeExpression(next):
      advance()
      try enter()
      defer { leave() }
      let start = position
      let kind = try parseStatementKind()
      try rise(to: height + 1, at: word.range)
      return .time(Statement(kind: kind, range: range(from: start), isSilent: false))
    default:
      return try parseExerciseStatementIfPresent()
    }
  }

  func startsWholeExpression(_ token: Token) -> Bool {
    guard token.followsBlank else { return false }
    return token.kind.beginsOperand || token.kind == .not || token.kind == .if
      || token.kind.beginsOnlyStatements
  }

  private mutating func parseDefinition() throws(Abandoned) -> StatementKind {
    let help = helpLines(above: current.range.start)
    let name = parseName()
    let parameters = try parseParameters()
    var highest = height
    let sign = advance()
    try parseLineBreak(after: sign)
    let body = try parseBody()
    highest = max(highest, height)
    try rise(to: highest + 1, at: name.range)
    return .definition(
      Definition(name: name, parameters: parameters, body: body, help: help))
  }

  // MARK: Assignments and expressions

  private mutating func parseAssignmentOrExpression() throws(Abandoned) -> StatementKind {
    let start = position
    let first = try parseExpression()
    var highest = height
    var targets = [first]
    while isAt(.comma), first.isTarget {
      let comma = advance()
      try parseLineBreak(after: comma)
      targets.append(try parseExpression())
      highest = max(highest, height)
    }
    guard let operation = Assignment.Operator(current.kind) else {
      guard targets.count == 1 else { throw failList(targets, from: start) }
      height = highest
      return .expression(first)
    }
    for target in targets where !target.isTarget {
      throw failTarget(target, from: start)
    }
    let sign = advance()
    guard targets.count == 1 || operation == .set else {
      throw fail("\(text(sign)) changes one name at a time", at: sign.range)
    }
    try parseLineBreak(after: sign)
    let value = try parseExpression()
    try rise(to: max(highest, height) + 1, at: sign.range)
    return .assignment(
      Assignment(
        targets: targets, operation: operation, operatorRange: sign.range, value: value))
  }

  /// Expressions with commas between them.
  private mutating func parseExpressions(
    after word: Token, mayBeEmpty: Bool
  ) throws(Abandoned) -> [Expression] {
    var expressions: [Expression] = []
    var highest = 0
    if mayBeEmpty, isAtStatementEnd {
      height = 1
      return []
    }
    try rejectMissingExpression(after: word)
    try rejectParenthesizedList(after: word)
    while true {
      expressions.append(try parseExpression())
      highest = max(highest, height)
      guard isAt(.comma) else { break }
      let comma = advance()
      try parseLineBreak(after: comma)
    }
    height = highest + 1
    return expressions
  }

  var isAtStatementEnd: Bool {
    isAt(.newline) || isAt(.semicolon) || isAt(.closeBrace) || isAt(.end)
  }

  mutating func parseConditionAndMessage(
    after word: Token
  ) throws(Abandoned) -> (Expression, Expression?) {
    try rejectMissingExpression(after: word)
    try rejectParenthesizedList(after: word)
    let condition = try parseCondition(after: word)
    var message: Expression?
    var highest = height
    if isAt(.comma) {
      let comma = advance()
      try parseLineBreak(after: comma)
      endsBeforeOptions = word.kind == .check
      defer { endsBeforeOptions = false }
      message = try parseExpression()
      highest = max(highest, height)
    }
    height = highest + 1
    return (condition, message)
  }

  /// The condition of `if`, `while`, `check` and `mistake`.
  mutating func parseCondition(after word: Token) throws(Abandoned) -> Expression {
    try rejectMissingExpression(after: word)
    let condition = try parseExpression()
    guard isAt(.assign) else { return condition }
    report(
      "= assigns and does not compare", at: current.range, label: "equality is written ==",
      help: corrected(.init(current.range, "==")))
    advance()
    _ = try parseExpression()
    return condition
  }

  private mutating func parseParam() throws(Abandoned) -> StatementKind {
    let word = advance()
    return .parameters(try parseFields(after: word))
  }

  /// `w1 = 0.15, w2 = 0.20`
  mutating func parseFields(after word: Token) throws(Abandoned) -> [RecordField] {
    var fields: [RecordField] = []
    var highest = 0
    while true {
      guard isAt(.name) else {
        throw fail(
          "a parameter's name is missing", at: isAtStatementEnd ? word.range : current.range,
          help: ["write param w1 = 0.15, w2 = 0.20"])
      }
      let name = parseName()
      guard isAt(.assign) else { throw failParamValue(name) }
      let sign = advance()
      try parseLineBreak(after: sign)
      fields.append(RecordField(name: name, value: try parseExpression()))
      highest = max(highest, height)
      guard isAt(.comma) else { break }
      let comma = advance()
      try parseLineBreak(after: comma)
    }
    try rise(to: highest + 1, at: word.range)
    return fields
  }

  // MARK: Loops and the rest

  private mutating func parseFor() throws(Abandoned) -> StatementKind {
    let word = advance()
    guard isAt(.name), next.kind == .in else { throw failFor(word) }
    let variable = parseName()
    let preposition = advance()
    try rejectMissingExpression(after: preposition)
    let sequence = try parseExpression()
    let sequenceHeight = height
    let body = try parseLoopBody(after: word)
    try rise(to: max(height, sequenceHeight) + 1, at: word.range)
    return .forEach(variable: variable, sequence: sequence, body: body)
  }

  private mutating func parseLoopBody(after word: Token) throws(Abandoned) -> Block {
    loops += 1
    defer { loops -= 1 }
    return try parseBlock(after: word)
  }

  private mutating func parseReturn() throws(Abandoned) -> StatementKind {
    let word = advance()
    guard functions > 0 || isExcused else {
      throw fail(
        "return stands inside a function only", at: word.range,
        label: "no function is around this")
    }
    if isAtStatementEnd {
      height = 1
      return .returnValue(nil)
    }
    let value = try parseExpression()
    height += 1
    return .returnValue(value)
  }

  // MARK: Help

  /// Whether the word behind `help` is its topic, so that it is neither assigned nor computed with.
  private var isHelpTopic: Bool {
    guard next.followsBlank else { return false }
    return next.kind == .name || next.kind.isKeyword || isOperatorLast(position + 1)
  }

  /// Whether an operator stands at `index` and ends its line.
  private func isOperatorLast(_ index: Int) -> Bool {
    guard index + 1 < tokens.count, tokens[index + 1].kind.endsStatement else { return false }
    switch tokens[index].kind {
    case .assign, .addAssign, .subtractAssign, .multiplyAssign, .divideAssign, .arrow,
      .placeholder, .question, .dot, .colon, .prime:
      return true
    case let kind: return OperatorTable.rule(for: kind) != nil
    }
  }

  /// `?train`, `help for`: a call of `help` with the topic as a string.
  private mutating func parseHelp() throws(Abandoned) -> Expression {
    let start = position
    let word = advance()
    var arguments: [Argument] = []
    let first = position
    while !current.kind.endsStatement {
      // What is in brackets belongs to it, the end of a statement too.
      if let closing = current.partner, closing > position { position = closing }
      advance()
    }
    if position > first {
      layout.verbatim[first] = position - 1
      let topic = range(from: first)
      let segments = [StringLiteral.Segment.text(source.text(of: topic))]
      arguments.append(
        Argument(
          name: nil,
          value: .string(StringLiteral(segments: segments, isBlock: false, range: topic))))
    }
    height = 2
    return .call(
      CallExpression(
        callee: .name(Name("help", at: word.range)), arguments: arguments, form: .command,
        range: range(from: start)))
  }
}

extension Assignment.Operator {
  init?(_ kind: TokenKind) {
    switch kind {
    case .assign: self = .set
    case .addAssign: self = .add
    case .subtractAssign: self = .subtract
    case .multiplyAssign: self = .multiply
    case .divideAssign: self = .divide
    default: return nil
    }
  }
}

extension Expression {
  /// Whether it can stand on the left of `=`: a name with indexes and fields.
  var isTarget: Bool {
    var expression = self
    while true {
      switch expression {
      case .name: return true
      case .field(let field): expression = field.base
      case .index(let index): expression = index.base
      default: return false
      }
    }
  }
}
