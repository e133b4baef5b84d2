extension Parser {
  /// A word and its arguments, or a postfix expression alone.
  mutating func parseApplication() throws(Abandoned) -> Expression {
    let start = position
    let head = try parsePostfix()
    guard head.isDottedName, startsArgument(current) else { return head }
    var highest = height
    let arguments = try parseCommandArguments(highest: &highest)
    try rejectAfterArguments(of: head, arguments, from: start)
    try rejectStuckSign(after: head, arguments)
    try rise(to: highest + 1, at: head.range)
    return .call(
      CallExpression(
        callee: head, arguments: arguments, form: .command, range: range(from: start)))
  }

  /// Arguments without commas, as far as there are any.
  mutating func parseCommandArguments(
    highest: inout Int
  ) throws(Abandoned) -> [Argument] {
    var arguments: [Argument] = []
    while startsArgument(current) {
      var name: Name?
      if next.kind == .assign, !next.followsBlank, current.kind != .stringStart {
        name = parseName()
        layout.glued.insert(position)
        advance()
      }
      let value =
        name == nil
        ? try parsePostfix() : try parseOptionValue()
      highest = max(highest, height)
      arguments.append(Argument(name: name, value: value))
      try rejectStuckOperand(after: value)
      if isAt(.arrow) { throw failFunctionArgument(value) }
    }
    return arguments
  }

  /// Whether `token` begins an argument of the word before it.
  func startsArgument(_ token: Token) -> Bool {
    guard token.followsBlank else { return false }
    if token.kind.beginsOperand { return true }
    return token.kind.isKeyword && token.kind.beginsOnlyStatements
      && next.kind == .assign && !next.followsBlank
  }

  private mutating func parseOptionValue() throws(Abandoned) -> Expression {
    let wasInList = isInList
    isInList = false
    defer { isInList = wasInList }
    try enter()
    defer { leave() }
    let value = try parseOperators(from: .comparison, isTight: true)
    try rejectHalfSpacedOperator()
    return value
  }

  /// A primary with the calls, indexes, fields and primes that stick to it.
  mutating func parsePostfix() throws(Abandoned) -> Expression {
    let start = position
    var base = try parsePrimary()
    var baseHeight = height
    let isNumber = if case .number = base { true } else { false }
    while !current.followsBlank {
      let place = current.range
      switch current.kind {
      case .openParenthesis where !isNumber:
        let arguments = try parseArguments(highest: &baseHeight)
        base = .call(
          CallExpression(
            callee: base, arguments: arguments, form: .parentheses, range: range(from: start)))
      case .openBracket where !isNumber:
        let items = try parseIndexItems(of: base, highest: &baseHeight)
        base = .index(IndexExpression(base: base, items: items, range: range(from: start)))
      case .dot:
        advance()
        guard isAt(.name) || current.kind.isKeyword, !current.followsBlank else {
          throw failField(after: place)
        }
        base = .field(FieldExpression(base: base, name: parseName()))
      case .prime:
        advance()
        base = .transpose(base, range(from: start))
      default:
        height = baseHeight
        return base
      }
      baseHeight += 1
      try rise(to: baseHeight, at: place)
    }
    height = baseHeight
    return base
  }

  /// `(x, y=1)` behind what is called.
  private mutating func parseArguments(highest: inout Int) throws(Abandoned) -> [Argument] {
    var arguments: [Argument] = []
    try parseElements(isList: false) { (parser) throws(Abandoned) in
      var name: Name?
      if parser.isAt(.name) || parser.current.kind.isKeyword, parser.next.kind == .assign {
        name = parser.parseName()
        parser.layout.glued.insert(parser.position)
        let sign = parser.advance()
        try parser.parseLineBreak(after: sign)
      }
      let value = try parser.parseExpression()
      arguments.append(Argument(name: name, value: value))
    }
    highest = max(highest, height)
    return arguments
  }

  /// What stands between two brackets, element by element with commas between; the last may have
  /// one, too. The height of the highest element becomes `height`.
  mutating func parseElements(
    isList: Bool, _ parseElement: (inout Parser) throws(Abandoned) -> Void
  ) throws(Abandoned) {
    try enter()
    let wasInList = isInList
    isInList = isList
    defer {
      isInList = wasInList
      leave()
    }
    let opening = position
    advance()
    guard let closing = tokens[opening].partner else { throw Abandoned() }
    var highest = 0
    while position != closing {
      height = 0
      try parseElement(&self)
      highest = max(highest, height)
      if position == closing { break }
      guard isAt(.comma) || isAt(.semicolon) && isList else {
        throw failElement(in: opening)
      }
      advance()
    }
    advance()
    height = highest
  }

  private mutating func parseIndexItems(
    of base: Expression, highest: inout Int
  ) throws(Abandoned) -> [IndexItem] {
    let opening = position
    var items: [IndexItem] = []
    try parseElements(isList: false) { (parser) throws(Abandoned) in
      if parser.isAt(.colon) {
        let colon = parser.advance()
        let isWhole = parser.isAt(.comma) || parser.isAt(.closeBracket)
        guard isWhole else { throw parser.failColonRange(colon.range, in: opening) }
        items.append(.all(colon.range))
        return
      }
      items.append(.expression(try parser.parseExpression()))
      if parser.isAt(.colon) { throw parser.failColonRange(parser.current.range, in: opening) }
    }
    guard !items.isEmpty else {
      throw fail(
        "an index is missing between [ and ]", at: range(from: opening),
        help: ["all elements are [:], the first is [1]"])
    }
    highest = max(highest, height)
    return items
  }

  // MARK: Primaries

  private mutating func parsePrimary() throws(Abandoned) -> Expression {
    height = 1
    let token = current
    switch token.kind {
    case .name:
      try rejectLambda()
      return .name(parseName())
    case .number:
      return try parseNumber()
    case .placeholder:
      advance()
      return .blank(token.range)
    case .true, .false:
      advance()
      return .truth(token.kind == .true, token.range)
    case .nothing:
      advance()
      return .nothing(token.range)
    case .stringStart:
      return try parseString()
    case .openParenthesis:
      return try parseGroup()
    case .openBracket:
      return try parseBracket()
    default:
      throw failOperand()
    }
  }

  private mutating func parseNumber() throws(Abandoned) -> Expression {
    let token = advance()
    let written = text(token)
    let digits = written.contains("_") ? written.filter { $0 != "_" } : written
    guard let value = Double(digits), value.isFinite else {
      throw fail(
        "this number is too large", at: token.range,
        help: ["the largest is about 1.8e308; infinity is inf"])
    }
    return .number(NumberLiteral(value: value, text: written, range: token.range))
  }

  private mutating func parseGroup() throws(Abandoned) -> Expression {
    let opening = position
    if tokenBehindPartner(of: opening)?.kind == .arrow { throw failFunctionOperand() }
    if tokens[opening].partner == opening + 1 {
      advance()
      throw failEmptyParentheses(opening)
    }
    var elements: [Expression] = []
    try parseElements(isList: false) { (parser) throws(Abandoned) in
      elements.append(try parser.parseExpression())
    }
    guard let inner = elements.first, elements.count == 1, tokens[position - 2].kind != .comma
    else {
      throw failGroup(opening)
    }
    try rise(to: height + 1, at: tokens[opening].range)
    return .group(inner, range(from: opening))
  }

  /// A list, rows, or a record.
  private mutating func parseBracket() throws(Abandoned) -> Expression {
    let opening = position
    if next.kind == .colon, tokens[opening].partner == opening + 2 {
      advance()
      advance()
      advance()
      return .record([], range(from: opening))
    }
    if isRecordField(at: opening + 1) { return try parseRecord() }
    var rows: [[Expression]] = [[]]
    try parseElements(isList: true) { (parser) throws(Abandoned) in
      if parser.previous.kind == .semicolon, parser.position > opening + 1 { rows.append([]) }
      rows[rows.count - 1].append(try parser.parseExpression())
      if parser.isAt(.colon) { throw parser.failColon(in: opening) }
    }
    try rise(to: height + 1, at: tokens[opening].range)
    let hasRows = rows.count > 1 || tokens[position - 2].kind == .semicolon
    return hasRows
      ? .rows(rows, range(from: opening)) : .bracket(rows[0], range(from: opening))
  }

  private func isRecordField(at index: Int) -> Bool {
    guard index + 1 < tokens.count, tokens[index + 1].kind == .colon else { return false }
    return tokens[index].kind == .name || tokens[index].kind.isKeyword
  }

  private mutating func parseRecord() throws(Abandoned) -> Expression {
    let opening = position
    var fields: [RecordField] = []
    try parseElements(isList: false) { (parser) throws(Abandoned) in
      guard parser.isRecordField(at: parser.position) else { throw parser.failRecordField() }
      let name = parser.parseName()
      if fields.contains(where: { $0.name.text == name.text }) {
        throw parser.fail("the field \(name.text) is there twice", at: name.range)
      }
      let colon = parser.advance()
      guard !parser.isAt(.end) else { throw parser.fail("a value is missing", at: colon.range) }
      fields.append(RecordField(name: name, value: try parser.parseExpression()))
    }
    try rise(to: height + 1, at: tokens[opening].range)
    return .record(fields, range(from: opening))
  }
}

extension Expression {
  /// Whether it is a name with fields, and so may stand before arguments.
  var isDottedName: Bool {
    var expression = self
    while case .field(let field) = expression { expression = field.base }
    if case .name = expression { return true }
    return false
  }
}
