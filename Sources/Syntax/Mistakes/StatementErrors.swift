/// Errors of whole statements, and habits from other languages.
extension Parser {
  // MARK: What a statement needs

  mutating func rejectMissingExpression(after word: Token) throws(Abandoned) {
    guard isAtStatementEnd || isAt(.openBrace) else { return }
    throw fail(
      "a value is missing behind \(text(word))", at: word.range, label: "something must follow")
  }

  /// `print("loss", l)`
  mutating func rejectParenthesizedList(after word: Token) throws(Abandoned) {
    let opening = position
    guard isAt(.openParenthesis), let closing = current.partner,
      tokens[closing + 1].kind.endsStatement
    else { return }
    var index = opening + 1
    var hasComma = false
    while index < closing {
      if tokens[index].kind == .comma { hasComma = true }
      if tokens[index - 1].kind == .comma, tokens[index + 1].kind == .assign,
        ["sep", "end", "file", "flush"].contains(text(tokens[index]))
      {
        throw fail(
          "\(text(word)) has no options", at: tokens[index].range,
          help: [
            "print puts one blank between its values and ends the line",
            "join xs \"\" makes one string of a list, with what you like between",
          ])
      }
      index = (tokens[index].partner.flatMap { $0 > index ? $0 : nil } ?? index) + 1
    }
    guard hasComma else { return }
    throw fail(
      "\(text(word)) takes its values without parentheses",
      at: tokens[opening].range, labels: [Diagnostic.Label(tokens[closing].range, "")],
      help: corrected(
        .init(tokens[opening].range, tokens[opening].followsBlank ? "" : " "),
        .init(tokens[closing].range, "")))
  }

  mutating func failParamValue(_ name: Name) -> Abandoned {
    fail(
      "the parameter \(name.text) needs a value", at: name.range,
      help: ["write param \(name.text) = 0.1"])
  }

  /// A block should begin here.
  mutating func failBlock(after word: Token?) -> Abandoned {
    let line = previous.range
    let end = SourceRange(start: line.end, end: line.end)
    let message = "a block stands between { and }"
    if isAt(.colon) {
      return fail(message, at: current.range, help: helpForColonBlock())
    }
    if previous.kind == .name, ["then", "do"].contains(text(previous)) {
      return fail(message, at: line, help: corrected(.init(line, "{")))
    }
    if isAt(.newline), next.kind == .openBrace {
      return fail(
        "the { of a block stands on the line of its \(word.map(text) ?? "head")",
        at: next.range, help: corrected(.init(end, " {")))
    }
    if isAtStatementEnd {
      return fail(message, at: end, label: "{ is missing", help: corrected(.init(end, " {")))
    }
    if current.kind.isKeyword || current.kind == .name {
      var last = position
      while !tokens[last].kind.endsStatement { last += 1 }
      let place = tokens[last - 1].range.end
      let start = SourceRange(start: current.range.start, end: current.range.start)
      return fail(
        message, at: current.range,
        help: corrected(.init(start, "{ "), .init(SourceRange(start: place, end: place), " }")))
    }
    return fail(message, at: current.range, help: ["write { before this and } at its end"])
  }

  func range(of first: Int, upTo end: Int) -> SourceRange {
    tokens[first].range.union(tokens[max(end - 1, first)].range)
  }

  // MARK: What stands behind a statement

  mutating func failBehindStatement(_ kind: StatementKind, from start: Int) -> Abandoned {
    let gap = SourceRange(start: previous.range.end, end: previous.range.end)
    let value = kind.lastExpression
    switch current.kind {
    case .assign, .addAssign, .subtractAssign, .multiplyAssign, .divideAssign:
      return failSecondAssignment(kind)
    case .comma:
      return failComma(kind, value)
    case .colon:
      return failColonBehindStatement(kind)
    case .arrow:
      return failFunctionOperand()
    case .question:
      return failQuestion()
    case .openBrace:
      if case .call(let call)? = value, call.form == .parentheses {
        guard source.text(of: call.callee.range) != "function" else {
          return failForeignFunction(call)
        }
        return fail(
          "a definition has = before its block", at: current.range,
          help: corrected(.init(gap, " =")))
      }
      if beginsRecordInBraces { return failRecordInBraces() }
      return fail(
        "a block is not expected here", at: current.range,
        label: "it belongs to if, for, while, repeat or a function",
        help: helpForForeignBlock())
    case .else:
      return fail("this else has no if", at: current.range, help: ["else follows the } of an if"])
    case .if where value != nil:
      return failTrailingCondition(value ?? .nothing(current.range))
    case .for
    where next.kind == .number && tokens[min(position + 2, tokens.count - 1)].kind == .name:
      // `train net circles for 100 epochs`
      let name = tokens[position + 2]
      let words = current.range.union(name.range)
      return fail(
        "an option is written with =", at: words,
        help: corrected(.init(words, "\(text(name))=\(text(next))")))
    case let token where token.beginsOnlyStatements || token == .if:
      return fail(
        "a new statement stands on a line of its own", at: current.range,
        help: corrected(.init(gap, ";"), lead: "or write"))
    default:
      guard let value else {
        return fail(
          "\(describe(current)) is not expected here", at: current.range,
          label: "the statement is complete before this")
      }
      return failBehindExpression(value)
    }
  }

  /// `f a b = …`, `train net epochs = 100`, `x [1] = 2`, `x = y = 1`, `print x = 1`
  private mutating func failSecondAssignment(_ kind: StatementKind) -> Abandoned {
    if case .assignment(let assignment) = kind {
      let value = assignment.value
      if case .call(let call) = value, let failure = failSpacedOption(call) { return failure }
      let target = assignment.targets.first.map { source.text(of: $0.range) } ?? "x"
      return fail(
        "a statement assigns once", at: current.range,
        labels: [Diagnostic.Label(assignment.operatorRange, "the first time")],
        help: value.isTarget
          ? [
            Advice(
              "assign \(source.text(of: value.range)) on a line of its own, then write "
                + "\(target) = \(source.text(of: value.range))")
          ] : [])
    }
    if let value = kind.lastExpression, case .call(let call) = value,
      let failure = failSpacedOption(call)
    {
      return failure
    }
    return failBehindExpression(kind.lastExpression ?? .nothing(previous.range))
  }

  /// A command whose last argument is followed by ` = `: an option with blanks, or a definition.
  private mutating func failSpacedOption(_ call: CallExpression) -> Abandoned? {
    guard call.form == .command, isAt(.assign), let last = call.arguments.last, last.name == nil,
      case .name(let name) = last.value
    else { return nil }
    let sign = SourceRange(start: name.range.end, end: next.range.start)
    var help = corrected(.init(sign, "="), lead: "for an option, write")
    let names = call.arguments.compactMap { argument -> String? in
      guard argument.name == nil, case .name(let name) = argument.value else { return nil }
      return name.text
    }
    let callee = source.text(of: call.callee.range)
    if names.count == call.arguments.count, tokens[statementStart].range.start == call.range.start {
      help += corrected(
        .init(call.range, "\(callee)(\(names.joined(separator: ", ")))"),
        lead: "for a definition, write")
    }
    return fail(
      "this = can be read in two ways", at: current.range,
      label: "an option has no blank before its =, a definition has parentheses", help: help)
  }

  /// `train net, circles`, `x = 1, y = 2`, `a + 1, b`
  private mutating func failComma(_ kind: StatementKind, _ value: Expression?) -> Abandoned {
    var last = position
    while !tokens[last].kind.endsStatement { last += 1 }
    if let decimals = decimalHelp(), case .call(let call)? = value, call.form == .command {
      return fail("a number has a point, not a comma", at: current.range, help: decimals)
    }
    if case .call(let call)? = value, call.form == .command, let first = call.arguments.first {
      var bare: [Correction.Edit] = []
      var index = position
      while index < last {
        if tokens[index].kind == .comma { bare.append(.init(tokens[index].range, "")) }
        index = (tokens[index].partner.flatMap { $0 > index ? $0 : nil } ?? index) + 1
      }
      let end = SourceRange(start: tokens[last - 1].range.end, end: tokens[last - 1].range.end)
      var call =
        [
          Correction.Edit(
            SourceRange(start: call.callee.range.end, end: first.range.start), "(")
        ]
        + call.arguments.dropLast().map {
          Correction.Edit(SourceRange(start: $0.range.end, end: $0.range.end), ",")
        }
      call.append(.init(end, ")"))
      return fail(
        "the arguments of a word have no commas", at: current.range,
        help: Correction.help(bare, in: source)
          + (next.kind.endsStatement ? [] : Correction.help(call, in: source, "or")))
    }
    if case .assignment(let assignment) = kind {
      if next.kind == .name, position + 2 < tokens.count, tokens[position + 2].kind == .assign {
        return fail(
          "statements are separated by ;", at: current.range,
          help: corrected(.init(current.range, ";")))
      }
      let start = assignment.value.range.start
      let end = tokens[last - 1].range.end
      let commas = tokens[position..<last].count { $0.kind == .comma }
      let decimals = commas == 1 ? decimalHelp() : nil
      return fail(
        "several values stand in brackets", at: current.range,
        help: (decimals ?? [])
          + corrected(
            .init(SourceRange(start: start, end: start), "["),
            .init(SourceRange(start: end, end: end), "]"),
            lead: decimals == nil ? "write" : "for two values, write"))
    }
    if let decimals = decimalHelp() {
      return fail("a number has a point, not a comma", at: current.range, help: decimals)
    }
    return fail(
      "a comma means nothing here", at: current.range,
      help: ["several values stand in brackets, [1, 2], or behind print"])
  }

  /// `a, b` without `=`.
  mutating func failList(_ targets: [Expression], from start: Int) -> Abandoned {
    if case .call(let call)? = targets.last, let failure = failSpacedOption(call) {
      return failure
    }
    let list = range(from: start)
    return fail(
      "several values stand in brackets", at: list,
      help: ["write [\(targets.map { source.text(of: $0.range) }.joined(separator: ", "))]"])
  }

  mutating func failTarget(_ target: Expression, from start: Int) -> Abandoned {
    switch target {
    case .call(let call) where call.form == .command:
      if let failure = failSpacedOption(call) { return failure }
      if call.arguments.count == 1, case .bracket(_, let index) = call.arguments[0].value {
        let gap = SourceRange(start: call.callee.range.end, end: index.start)
        return fail(
          "an index has no blank before [", at: gap.union(index), help: corrected(.init(gap, "")))
      }
    case .bracket(let elements, let range) where elements.allSatisfy({ $0.isTarget }):
      let names = elements.map { source.text(of: $0.range) }.joined(separator: ", ")
      return fail(
        "names that take the values of a list have no brackets", at: range,
        help: corrected(.init(range, names)))
    case .call(let call):
      let text = source.text(of: call.callee.range)
      return fail(
        "a call cannot be assigned to", at: target.range,
        help: ["an element is \(text)[1]"])
    case .comparison:
      return failBehindExpression(target)
    case .binary where isAt(.assign):
      let written = source.text(of: target.range)
      guard written.contains("-"), written.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" })
      else { break }
      return fail(
        "a name has no -", at: target.range,
        help: corrected(.init(target.range, written.replacingEach("-", by: "_"))))
    default: break
    }
    return fail(
      "this cannot be assigned to", at: target.range,
      label: "only a name, an element or a field can")
  }
}

extension StatementKind {
  /// The expression that ends the statement, where one does.
  fileprivate var lastExpression: Expression? {
    switch self {
    case .expression(let expression), .importFile(let expression), .hint(let expression),
      .task(let expression):
      expression
    case .assignment(let assignment): assignment.value
    case .definition(let definition):
      if case .expression(let body) = definition.body { body } else { nil }
    case .parameters(let fields), .variants(let fields): fields.last?.value
    case .print(let expressions): expressions.last
    case .check(let check): check.options.last?.value ?? check.message ?? check.condition
    case .answer(_, let description, let options): options.last?.value ?? description
    case .returnValue(let value): value
    case .mistake(_, let message): message
    case .time(let statement): statement.kind.lastExpression
    case .forEach, .whileLoop, .repeatLoop, .breakLoop, .continueLoop, .exercise, .tests: nil
    }
  }
}
