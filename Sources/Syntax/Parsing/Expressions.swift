extension Parser {
  /// `x -> …`, `if c { }`, or operators and their operands.
  mutating func parseExpression() throws(Abandoned) -> Expression {
    if let function = try parseFunctionIfPresent() { return function }
    if isAt(.if) {
      let conditional = try parseConditional()
      try rejectOperand(after: .conditional(conditional))
      return .conditional(conditional)
    }
    return try parseOperators(from: .or)
  }

  /// An expression of operators that bind at least as tightly as `minimum`.
  ///
  /// - Parameter isTight: whether it is the value of an option, which ends at a blank.
  mutating func parseOperators(
    from minimum: Precedence, isTight: Bool = false
  ) throws(Abandoned) -> Expression {
    var left = try parseSigned(from: minimum, isTight: isTight)
    var leftHeight = height
    while let rule = OperatorTable.rule(for: current.kind), rule.precedence >= minimum {
      if isTight {
        if current.followsBlank || next.followsBlank { break }
        layout.glued.insert(position)
      }
      try rejectAmbiguousSign()
      try rejectLeftArrow()
      let operation = current
      advance()
      try parseLineBreak(after: operation)
      switch rule.meaning {
      case .binary(let binary):
        let right = try parseRight(rule.right, isTight: isTight)
        left = .binary(
          BinaryExpression(
            operation: binary, left: left, right: right, operatorRange: operation.range))
        leftHeight = max(leftHeight, height) + 1
      case .comparison(let comparison):
        left = try parseComparison(
          from: left, height: leftHeight, comparison, operation.range, isTight: isTight)
        leftHeight = height
      case .range:
        left = try parseRange(from: left, height: leftHeight, isTight: isTight)
        leftHeight = height
      }
      try rise(to: leftHeight, at: operation.range)
    }
    height = leftHeight
    return left
  }

  private mutating func parseRight(
    _ minimum: Precedence, isTight: Bool
  ) throws(Abandoned) -> Expression {
    try enter()
    defer { leave() }
    return try parseOperators(from: minimum, isTight: isTight)
  }

  /// `- sign`, `not not`, or an application.
  private mutating func parseSigned(
    from minimum: Precedence, isTight: Bool
  ) throws(Abandoned) -> Expression {
    let start = position
    switch current.kind {
    case .minus:
      layout.signs.insert(position)
      advance()
      try rejectDecrement(at: start)
      // The exponent takes a power only: `2^-x^2` is 2^(-(x^2)), and `2^-a @ b` ends at the `@`.
      let operand = try parseRight(minimum == .power ? .power : .sign, isTight: isTight)
      try rise(to: height + 1, at: tokens[start].range)
      return .unary(
        UnaryExpression(operation: .negate, operand: operand, range: range(from: start)))
    case .not:
      guard minimum <= .not else {
        throw fail(
          "not binds looser than the operator before it", at: current.range,
          help: ["put it in parentheses: (not x)"])
      }
      advance()
      try parseLineBreak(after: tokens[start])
      let operand = try parseRight(.not, isTight: isTight)
      try rise(to: height + 1, at: tokens[start].range)
      return .unary(
        UnaryExpression(operation: .not, operand: operand, range: range(from: start)))
    default:
      guard !isTight else {
        let operand = try parsePostfix()
        try rejectStuckOperand(after: operand)
        return operand
      }
      let operand = try parseApplication()
      try rejectOperand(after: operand)
      return operand
    }
  }

  /// One comparison or a chain of them, and `within`, behind the first operator.
  private mutating func parseComparison(
    from first: Expression, height firstHeight: Int, _ operation: ComparisonOperator,
    _ operatorRange: SourceRange, isTight: Bool
  ) throws(Abandoned) -> Expression {
    var links: [ComparisonExpression.Link] = []
    var linksHeight = firstHeight
    var pending: (ComparisonOperator, SourceRange)? = (operation, operatorRange)
    while let (operation, range) = pending {
      let right = try parseRight(.range, isTight: isTight)
      linksHeight = max(linksHeight, height)
      links.append(.init(operation: operation, operatorRange: range, right: right))
      pending = nil
      guard case .comparison(let following) = OperatorTable.rule(for: current.kind)?.meaning,
        !isTight || !current.followsBlank && !next.followsBlank
      else { break }
      try rejectChain(of: links, followedBy: following)
      if isTight { layout.glued.insert(position) }
      let token = advance()
      try parseLineBreak(after: token)
      pending = (following, token.range)
    }
    var tolerance: Expression?
    if isAt(.within), !isTight {
      guard links.count == 1, operation == .close else {
        throw fail(
          "within belongs to ≈", at: current.range,
          labels: [Diagnostic.Label(operatorRange, "this compares exactly")],
          help: ["write a ≈ b within 1e-3"])
      }
      let token = advance()
      try parseLineBreak(after: token)
      tolerance = try parseRight(.sum, isTight: false)
      linksHeight = max(linksHeight, height)
    }
    height = linksHeight + 1
    let end = tolerance?.range.end ?? links[links.count - 1].right.range.end
    return .comparison(
      ComparisonExpression(
        first: first, links: links, tolerance: tolerance,
        range: SourceRange(start: first.range.start, end: end)))
  }

  /// The upper end of a range and its step, behind the `..`.
  private mutating func parseRange(
    from low: Expression, height lowHeight: Int, isTight: Bool
  ) throws(Abandoned) -> Expression {
    let high = try parseRight(.sum, isTight: isTight)
    var rangeHeight = max(lowHeight, height)
    var step: Expression?
    if isAt(.by), !isTight {
      let token = advance()
      try parseLineBreak(after: token)
      step = try parseRight(.sum, isTight: false)
      rangeHeight = max(rangeHeight, height)
    }
    if isAt(.dotDot) {
      throw fail(
        "a range has two ends", at: current.range, help: ["a step is written 1..10 by 2"])
    }
    height = rangeHeight + 1
    let end = step?.range.end ?? high.range.end
    return .range(
      RangeExpression(
        low: low, high: high, step: step,
        range: SourceRange(start: low.range.start, end: end)))
  }

  /// Lets a line go on behind an operator, `,`, `=` or `->`; at the end of the text, that is what
  /// is incomplete.
  mutating func parseLineBreak(after token: Token) throws(Abandoned) {
    skipLineEnds()
    guard isAt(.end), !token.isFault else { return }
    if incomplete == nil {
      incomplete = Incompleteness(opening: .continuation, range: token.range)
    }
    throw fail(
      "the text ends behind \(text(token))", at: token.range, label: "something must follow")
  }

  // MARK: Functions and conditions

  private mutating func parseFunctionIfPresent() throws(Abandoned) -> Expression? {
    let start = position
    var parameters: [FunctionParameter] = []
    var parametersHeight = 0
    if isAt(.name), next.kind == .arrow {
      parameters = [FunctionParameter(name: parseName())]
    } else if isAt(.openParenthesis), tokenBehindPartner(of: position)?.kind == .arrow {
      parameters = try parseParameters()
      parametersHeight = height
    } else {
      return nil
    }
    let arrow = advance()
    try parseLineBreak(after: arrow)
    let body = try parseBody()
    try rise(to: max(height, parametersHeight) + 1, at: arrow.range)
    return .function(
      FunctionLiteral(parameters: parameters, body: body, range: range(from: start)))
  }

  /// `(x, y=1)` of a definition or a function literal.
  mutating func parseParameters() throws(Abandoned) -> [FunctionParameter] {
    var parameters: [FunctionParameter] = []
    var highest = 0
    let opening = position
    advance()
    while !isAt(.closeParenthesis) {
      guard isAt(.name) else { throw failParameter(in: opening) }
      let name = parseName()
      if parameters.contains(where: { $0.name.text == name.text }) {
        throw fail("the parameter \(name.text) is there twice", at: name.range)
      }
      var defaultValue: Expression?
      if isAt(.assign) {
        layout.glued.insert(position)
        advance()
        try enter()
        defer { leave() }
        let wasInList = isInList
        isInList = false
        defer { isInList = wasInList }
        defaultValue = try parseExpression()
        highest = max(highest, height)
      }
      parameters.append(FunctionParameter(name: name, defaultValue: defaultValue))
      if isAt(.closeParenthesis) { break }
      guard consumeIfPresent(.comma) else { throw failParameter(in: opening) }
    }
    advance()
    height = highest
    return parameters
  }

  /// What follows `->` or the `=` of a definition.
  mutating func parseBody() throws(Abandoned) -> FunctionBody {
    let (wasLoops, wasInList) = (loops, isInList)
    loops = 0
    functions += 1
    defer {
      loops = wasLoops
      functions -= 1
      isInList = wasInList
    }
    if isAt(.openBrace) {
      isInList = false
      return .block(try parseBlock(after: nil))
    }
    try enter()
    defer { leave() }
    return .expression(try parseExpression())
  }

  mutating func parseName() -> Name {
    let token = advance()
    return Name(text(token), at: token.range)
  }

  mutating func parseConditional() throws(Abandoned) -> ConditionalExpression {
    let start = position
    let word = advance()
    let condition = try parseCondition(after: word)
    var highest = height
    let consequence = try parseBlock(after: word)
    highest = max(highest, height)
    var alternative: ConditionalExpression.Alternative?
    if isAtElse() {
      skipLineEnds()
      let word = advance()
      if isAt(.if) {
        try enter()
        defer { leave() }
        alternative = .conditional(try parseConditional())
      } else {
        alternative = .block(try parseBlock(after: word))
      }
      highest = max(highest, height)
    }
    try rise(to: highest + 1, at: word.range)
    return ConditionalExpression(
      condition: condition, consequence: consequence, alternative: alternative,
      range: range(from: start))
  }

  private func isAtElse() -> Bool {
    var index = position
    while tokens[index].kind == .newline { index += 1 }
    return tokens[index].kind == .else
  }
}
