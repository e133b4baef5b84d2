/// Errors inside expressions: what is missing, and what stands where it cannot.
extension Parser {
  func describe(_ token: Token) -> String {
    switch token.kind {
    case .newline: "the end of the line"
    case .end: "the end of the text"
    case .stringStart: "a string"
    default: text(token)
    }
  }

  /// A value should begin here.
  mutating func failOperand() -> Abandoned {
    let token = current
    let sticksToPrevious = position > 0 && !token.followsBlank && previous.kind == token.kind
    switch token.kind {
    case .plus where sticksToPrevious:
      return failIncrement(previous.range.union(token.range), "+= 1")
    case .plus where next.kind == .plus && !next.followsBlank && tokens.count > position + 2:
      let name = tokens[position + 2]
      return fail(
        "++ is not an operator here", at: token.range.union(next.range),
        help: name.kind == .name
          ? corrected(.init(token.range.union(name.range), "\(text(name)) += 1")) : [])
    case .at where next.kind == .openParenthesis && next.partner != nil:
      let closing = tokens[next.partner ?? position].range
      let end = SourceRange(start: closing.end, end: closing.end)
      return fail(
        "a function is written with ->", at: token.range,
        help: corrected(.init(token.range, ""), .init(end, " ->")))
    case .plus:
      return fail(
        "a number has no sign +", at: token.range, help: corrected(.init(token.range, "")))
    case .newline, .end, .semicolon, .comma, .closeParenthesis, .closeBracket, .closeBrace,
      .interpolationEnd, .interpolationFormat, .stringEnd:
      guard position > 0, previous.kind != .newline else {
        return fail("a value is missing before \(describe(token))", at: token.range)
      }
      return fail(
        "a value is missing behind \(describe(previous))", at: previous.range,
        label: "something must follow")
    case .else:
      return fail("this else has no if", at: token.range, help: ["else follows the } of an if"])
    case .if:
      return fail(
        "an if inside an expression needs parentheses", at: token.range,
        help: ["write 1 + (if c { a } else { b })"])
    case .in:
      return fail("in belongs to for x in xs", at: token.range)
    case .openBrace:
      return failRecordInBraces()
    case .colon:
      return fail(
        "a : alone stands for a whole axis in an index only", at: token.range,
        help: helpForCalledElement() ?? ["write W[1,:]"])
    case let kind where kind.beginsOnlyStatements:
      let isBody = position > 0 && previous.kind == .arrow
      return fail(
        "\(text(token)) is a statement and gives no value", at: token.range,
        label: "statements begin a line, or follow a ;",
        help: isBody ? helpForStatementBody() : [])
    case let kind where kind.isKeyword || OperatorTable.rule(for: kind) != nil:
      return fail("a value is missing before \(text(token))", at: token.range)
    default:
      return fail("\(describe(token)) does not begin a value", at: token.range)
    }
  }

  /// Whether a name or a string and a colon follow the brace here.
  var beginsRecordInBraces: Bool {
    var key = position + 1
    if next.kind == .stringStart {
      key = tokens[key...].firstIndex { $0.kind == .stringEnd || $0.kind.endsStatement } ?? key
    } else if next.kind != .name {
      return false
    }
    return tokens[min(key + 1, tokens.count - 1)].kind == .colon
  }

  /// `{a: 1}`, as records are written elsewhere.
  mutating func failRecordInBraces() -> Abandoned {
    fail(
      "a block is no value", at: current.range, label: "a block begins here",
      help: ["a record is written [a: 1, b: 2], a list [1, 2]"])
  }

  /// `r -> print r`, with its body as a block.
  private func helpForStatementBody() -> [Advice] {
    let start = SourceRange(start: current.range.start, end: current.range.start)
    var last = position
    while !tokens[last].kind.endsStatement, tokens[last].kind != .comma,
      ![.closeParenthesis, .closeBracket, .closeBrace].contains(tokens[last].kind)
    {
      last = (tokens[last].partner.flatMap { $0 > last ? $0 : nil } ?? last) + 1
    }
    let end = tokens[last - 1].range.end
    return corrected(
      .init(start, "{ "), .init(SourceRange(start: end, end: end), " }"))
  }

  /// `W(:, 1)`, with the index as it is written here; nil where no call is around the place.
  private mutating func helpForCalledElement() -> [Advice]? {
    let opening = tokens[..<position].lastIndex { token in
      token.kind == .openParenthesis && token.partner.map { $0 > position } ?? false
    }
    guard let opening, opening > 0, tokens[opening - 1].kind == .name,
      !tokens[opening].followsBlank, let closing = tokens[opening].partner
    else { return nil }
    return corrected(.init(tokens[opening].range, "["), .init(tokens[closing].range, "]"))
  }

  /// `x--`; `x - -1` and `x--1` are differences.
  mutating func rejectDecrement(at sign: Int) throws(Abandoned) {
    guard sign > 0, tokens[sign - 1].kind == .minus, !tokens[sign].followsBlank,
      isAtStatementEnd
    else { return }
    throw failIncrement(tokens[sign - 1].range.union(tokens[sign].range), "-= 1")
  }

  private mutating func failIncrement(_ range: SourceRange, _ replacement: String) -> Abandoned {
    fail(
      "\(source.text(of: range)) is not an operator here", at: range,
      help: corrected(.init(range, " \(replacement)")))
  }

  /// Something else than the end of an expression, a `,` or a bracket stands behind it.
  mutating func failBehindExpression(_ expression: Expression) -> Abandoned {
    switch current.kind {
    case .assign:
      return fail(
        "= assigns, which an expression cannot", at: current.range,
        label: "equality is written ==", help: corrected(.init(current.range, "==")))
    case .arrow:
      return failFunctionOperand()
    case .question:
      return failQuestion()
    case .by:
      return fail("by belongs to a range", at: current.range, help: ["write 1..10 by 2"])
    case .within:
      return fail("within belongs to ≈", at: current.range, help: ["write a ≈ b within 1e-3"])
    case .in:
      return fail("in belongs to for x in xs", at: current.range)
    case .dot:
      return fail(
        "a field has no blank around its .", at: current.range, help: ["write net.W1"])
    case .plus, .minus:
      return fail("\(text(current)) is not expected here", at: current.range)
    default:
      return fail(
        "\(describe(current)) is not expected here", at: current.range,
        labels: [Diagnostic.Label(expression.range, "behind this")])
    }
  }

  mutating func failQuestion() -> Abandoned {
    // `train?`
    if next.kind.endsStatement, previous.kind == .name, statementStart == position - 1 {
      let whole = previous.range.union(current.range)
      return fail(
        "? asks for help at the beginning of a line only", at: current.range,
        help: corrected(.init(whole, "?\(text(previous))")))
    }
    return fail(
      "? asks for help at the beginning of a line only", at: current.range,
      help: ["a choice is written if c { a } else { b }", "help on a word is ?word"])
  }

  /// A function literal where only values stand.
  mutating func failFunctionOperand() -> Abandoned {
    fail(
      "a function inside an expression needs parentheses", at: current.range,
      help: ["write (x -> x^2), with its parameters and its body"])
  }

  mutating func failFunctionArgument(_ parameter: Expression) -> Abandoned {
    fail(
      "a function as an argument needs parentheses", at: parameter.range.union(current.range),
      help: ["write (\(source.text(of: parameter.range)) -> …)"])
  }

  /// `a == b == c`
  mutating func rejectChain(
    of links: [ComparisonExpression.Link], followedBy following: ComparisonOperator
  ) throws(Abandoned) {
    let isOrder = { (operation: ComparisonOperator) in
      switch operation {
      case .less, .lessOrEqual, .greater, .greaterOrEqual: true
      case .equal, .unequal, .close: false
      }
    }
    guard let last = links.last, !isOrder(following) || !isOrder(last.operation) else { return }
    let middle = source.text(of: last.right.range)
    let place = SourceRange(start: last.right.range.end, end: last.right.range.end)
    throw fail(
      "only < <= > >= can stand in a chain", at: current.range,
      labels: [Diagnostic.Label(last.operatorRange, "the first comparison")],
      help: corrected(.init(place, " and \(middle)")))
  }

  mutating func failField(after dot: SourceRange) -> Abandoned {
    if isAt(.number), !current.followsBlank, position > 1, tokens[position - 2].kind == .number {
      return fail(
        "a number has one point", at: dot.union(current.range),
        help: ["a million is written 1000000 or 1_000_000"])
    }
    if isAt(.number), !current.followsBlank {
      let range = dot.union(current.range)
      return fail(
        "a field has a name", at: range,
        help: corrected(.init(range, "[\(text(current))]"), lead: "for an element, write"))
    }
    return fail("a field's name is missing behind the .", at: dot)
  }

  // MARK: Between brackets

  /// Behind an element stands neither `,` nor the closing bracket.
  mutating func failElement(in opening: Int) -> Abandoned {
    let bracket = tokens[opening]
    switch current.kind {
    case .semicolon:
      return fail(
        "a ; cannot stand between ( and )", at: current.range,
        labels: [Diagnostic.Label(bracket.range, "opened here")],
        help: ["statements stand between { and }, the rows of a matrix between [ and ]"])
    case .colon
    where next.kind.beginsOperand && position > opening + 1
      && bracket.kind == .openParenthesis && opening > 0 && tokens[opening - 1].kind == .name
      && bracket.partner != nil && previous.kind == .number:
      let last = bracket.partner ?? opening
      let closing = tokens[last].range
      let hasOption = tokens[opening..<last].contains { $0.kind == .assign }
      return fail(
        "a range is written with .. and includes both ends", at: current.range,
        help: corrected(.init(current.range, ".."))
          + (hasOption
            ? []
            : corrected(
              .init(bracket.range, "["), .init(current.range, ".."), .init(closing, "]"),
              lead: "for elements, write")))
    case .for where bracket.kind == .openBracket:
      return failComprehension(in: opening)
    case .colon where bracket.kind == .openParenthesis:
      return fail(
        "a : is not expected here", at: current.range,
        help: ["an option is written name=value, a range 1..3"])
    case let kind where kind.beginsOperand:
      let gap = SourceRange(start: previous.range.end, end: previous.range.end)
      return fail(
        "a comma is missing", at: current.range, help: corrected(.init(gap, ",")))
    default:
      return failBehindExpression(.nothing(previous.range))
    }
  }

  /// `x[1:3]`, `x[:3]`, `x[2:]`, `x[1:2:9]`; ranges elsewhere.
  mutating func failColonRange(_ colon: SourceRange, in opening: Int) -> Abandoned {
    guard let index = tokens[opening...].firstIndex(where: { $0.range == colon }) else {
      return failOperand()
    }
    let before = tokens[index - 1]
    let isFromStart = before.kind == .openBracket || before.kind == .comma
    var second: Int?
    var end = index + 1
    while tokens[end].kind != .comma, end != tokens[opening].partner, tokens[end].kind != .end {
      if tokens[end].kind == .colon, second == nil { second = end }
      end = (tokens[end].partner.flatMap { $0 > end ? $0 : nil } ?? end) + 1
    }
    let low = isFromStart ? "1" : ""
    let last = tokens[end - 1].range.end
    var replacement = low + ".." + source.text(of: SourceRange(start: colon.end, end: last))
    if let second {
      let step = source.text(of: SourceRange(start: colon.end, end: tokens[second].range.start))
      let high = source.text(of: SourceRange(start: tokens[second].range.end, end: last))
      replacement = "\(low)..\(high) by \(step)"
    } else if end == index + 1 {
      replacement = low + "..-1"
    }
    return fail(
      "a range is written with .. and includes both ends", at: colon,
      help: corrected(.init(SourceRange(start: colon.start, end: last), replacement)))
  }

  /// A `:` behind an element of a list.
  mutating func failColon(in opening: Int) -> Abandoned {
    if previous.kind == .stringEnd { return failQuotedField() }
    let colon = current.range
    return fail(
      "a range is written with ..", at: colon, label: "a record has names before its colons",
      help: corrected(.init(colon, "..")))
  }

  private mutating func failQuotedField() -> Abandoned {
    guard let start = previous.partner else { return failOperand() }
    let quoted = tokens[start].range.union(previous.range)
    let name = source.text(of: quoted).filter { $0 != "\"" }
    return fail(
      "the names of a record have no quotes", at: quoted, help: corrected(.init(quoted, name)))
  }

  mutating func failRecordField() -> Abandoned {
    if isAt(.stringStart), let end = current.partner, tokens[end + 1].kind == .colon {
      while position <= end { advance() }
      return failQuotedField()
    }
    return fail(
      "a record's field is written name: value", at: current.range,
      help: ["write [lr: 0.1, epochs: 3]"])
  }

  mutating func failFormat(_ token: Token) -> Abandoned {
    let written = text(token)
    let shorter = String(written.dropLast())
    var help: [Advice] = [
      ".4 is four decimals, .4g four significant digits, 8 a width, 8.3 both"
    ]
    if written.hasSuffix("f"), FormatSpecifier(shorter) != nil {
      help = corrected(.init(token.range, shorter))
    }
    return fail("\(written) is no number format", at: token.range, help: help)
  }

  /// A parameter of a definition that is no name, or not followed by `,` or `)`.
  mutating func failParameter(in opening: Int) -> Abandoned {
    var help: [Advice] = []
    if isAt(.colon), previous.kind == .name, opening > 0 {
      return fail(
        "a parameter has no type", at: current.range,
        help: ["write \(text(tokens[opening - 1]))(\(text(previous))) = …"])
    }
    if let closing = tokens[opening].partner, tokens[closing + 1].kind == .assign {
      help = corrected(
        .init(tokens[opening].range, "["), .init(tokens[closing].range, "]"),
        lead: "for an element, write")
    }
    return fail(
      "the parameters of a function are names", at: current.range,
      label: previous.kind == .name ? "a comma or ) is missing before this" : "this is none",
      help: help)
  }
}
