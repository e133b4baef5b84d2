/// Errors where blanks decide: values side by side, operators with one blank, calls with a blank.
extension Parser {
  /// No value may stand right behind another: `2x`, `(x + y)z`, `f(x) y`, `[2 20 1]`.
  mutating func rejectOperand(after operand: Expression) throws(Abandoned) {
    guard current.kind.beginsOperand else { return }
    if endsBeforeOptions, isAt(.name), next.kind == .assign, !next.followsBlank { return }
    try rejectStuckOperand(after: operand)
    let gap = SourceRange(start: previous.range.end, end: previous.range.end)
    let begins = [Diagnostic.Label(operand.range, "one value")]
    if isInList {
      throw fail(
        "a comma is missing between two elements", at: current.range, label: "the next value",
        labels: begins, help: Correction.help(missingCommas(), in: source))
    }
    if isAt(.stringStart) || previous.kind == .stringEnd {
      let areBoth = isAt(.stringStart) && previous.kind == .stringEnd
      throw fail(
        "a comma is missing between two values", at: current.range, label: "the next value",
        labels: begins,
        help: areBoth
          ? corrected(.init(gap, " +"), lead: "to join them, write")
          : corrected(.init(gap, ",")))
    }
    let product = Correction.Edit(
      SourceRange(start: gap.start, end: current.range.start), "*")
    if case .number = operand, isAt(.number), tokens[statementStart].kind == .print,
      operand.range.start == tokens[min(statementStart + 1, tokens.count - 1)].range.start
    {
      throw fail(
        "a comma is missing between two values", at: current.range, label: "the next value",
        labels: begins, help: corrected(.init(gap, ",")))
    }
    // `while (x < 3) x += 1`
    if case .group(_, let range) = operand, [.if, .while].contains(tokens[statementStart].kind),
      range.start == tokens[min(statementStart + 1, tokens.count - 1)].range.start
    {
      let line = source.range(ofLine: source.line(at: current.range.start)).end
      let end = SourceRange(start: line, end: line)
      throw fail(
        "a block stands between { and }", at: current.range,
        help: corrected(.init(gap, " {"), .init(end, " }")))
    }
    switch operand {
    case .number where isAt(.name) && text(current) == "to":
      let gap = SourceRange(start: gap.start, end: next.range.start)
      throw fail(
        "a range is written with ..", at: current.range, help: corrected(.init(gap, "..")))
    case .number where isAt(.name) && text(current) == "times" && next.kind == .openBrace:
      throw fail(
        "times is not needed", at: current.range,
        help: corrected(.init(SourceRange(start: gap.start, end: current.range.end), "")))
    case .number where isAt(.name) && ["then", "do"].contains(text(current)):
      let line = source.range(ofLine: source.line(at: current.range.start))
      let end = SourceRange(start: line.end, end: line.end)
      throw fail(
        "a block stands between { and }", at: current.range,
        help: next.kind.endsStatement
          ? corrected(.init(current.range, "{"))
          : corrected(.init(current.range, "{"), .init(end, " }")))
    case .number where isAt(.name) && next.followsBlank && next.kind.beginsOperand:
      if let failure = failWordOperator(operand) { throw failure }
      throw fail(
        "a number cannot be applied to a value", at: current.range, label: "the value",
        labels: [Diagnostic.Label(operand.range, "the number")], help: corrected(product))
    case .number:
      throw fail(
        "a number cannot be applied to a value", at: current.range, label: "the value",
        labels: [Diagnostic.Label(operand.range, "the number")],
        help: helpForNegativeArgument(operand) + corrected(product))
    case .group(let inner, _):
      if case .call = inner {
        let argument = current.partner.map { tokens[$0].range.end } ?? current.range.end
        let application = corrected(
          .init(SourceRange(start: gap.start, end: current.range.start), "("),
          .init(SourceRange(start: argument, end: argument), ")"),
          lead: "to apply the function that a call gives, write")
        throw fail(
          "a value in parentheses cannot be applied to another", at: current.range,
          label: "the other", labels: begins,
          help: application
            + (isAt(.number) ? corrected(product, lead: "for a product, write") : []))
      }
      throw fail(
        "a value in parentheses cannot be applied to another", at: current.range,
        label: "the other", labels: begins, help: corrected(product))
    case .call(let call)
    where call.form == .parentheses && source.text(of: call.callee.range) == "function":
      throw failForeignFunction(call)
    case .call(let call) where call.form == .parentheses:
      let end = SourceRange(start: call.range.end - 1, end: current.range.start)
      let close = SourceRange(start: current.range.end, end: current.range.end)
      let separator = call.arguments.isEmpty ? "" : ", "
      let isSimple = current.partner == nil
      throw fail(
        "a call cannot be followed by an argument", at: current.range, label: "the argument",
        labels: [Diagnostic.Label(operand.range, "the call")],
        help: isSimple ? corrected(.init(end, separator), .init(close, ")")) : [])
    case .index, .transpose, .field:
      let argumentEnd = current.partner.map { tokens[$0].range.end } ?? current.range.end
      throw fail(
        "only a word takes arguments without parentheses", at: current.range,
        label: "the argument", labels: [Diagnostic.Label(operand.range, "this is no word")],
        help: helpForGluedList(operand)
          + corrected(
            .init(SourceRange(start: gap.start, end: current.range.start), "("),
            .init(SourceRange(start: argumentEnd, end: argumentEnd), ")")))
    case .conditional where Self.elseIfWords.contains(text(current)):
      throw failElseIf()
    case .conditional, .function:
      throw fail(
        "a new statement stands on a line of its own", at: current.range,
        help: corrected(.init(gap, ";"), lead: "or write"))
    default:
      throw fail(
        "an operator or a comma is missing before this", at: current.range, labels: begins)
    }
  }

  /// A value without a blank behind another.
  mutating func rejectStuckOperand(after operand: Expression) throws(Abandoned) {
    guard current.kind.beginsOperand, !current.followsBlank else { return }
    let gap = SourceRange(start: current.range.start, end: current.range.start)
    if isAt(.stringStart), previous.kind == .name, ["f", "F", "R", "b"].contains(text(previous)) {
      throw fail(
        "a string needs no \(text(previous)) before it", at: previous.range,
        help: corrected(.init(previous.range, "")) + ["{x} stands for a value in every string"])
    }
    if isAt(.stringStart) || previous.kind == .stringEnd {
      throw fail(
        "a blank, a comma or an operator is missing before this", at: current.range,
        labels: [Diagnostic.Label(operand.range, "one value")])
    }
    if previous.kind == .number, isAt(.name), next.kind == .assign, statementStart == position - 1 {
      throw fail(
        "a name begins with a letter", at: previous.range.union(current.range),
        help: ["\(text(current))\(text(previous)) is a name"])
    }
    throw fail(
      "a product is written with *", at: operand.range.union(current.range),
      help: corrected(.init(gap, "*")) + helpForPowerOfFunction())
  }

  /// `sin^2(x)`
  private mutating func helpForPowerOfFunction() -> [Advice] {
    guard isAt(.openParenthesis), let closing = current.partner, position > 2,
      previous.kind == .number, tokens[position - 2].kind == .caret,
      tokens[position - 3].kind == .name
    else { return [] }
    let power = tokens[position - 2].range.union(previous.range)
    let end = SourceRange(start: tokens[closing].range.end, end: tokens[closing].range.end)
    return corrected(
      .init(power, ""), .init(end, source.text(of: power)),
      lead: "for a power of the function's value, write")
  }

  /// `mlp[2,20,1] relu`
  private mutating func helpForGluedList(_ operand: Expression) -> [Advice] {
    guard case .index(let index) = operand, case .name(let name) = index.base else { return [] }
    let gap = SourceRange(start: name.range.end, end: name.range.end)
    return corrected(.init(gap, " "), lead: "to pass a list, write")
  }

  /// Commas for the rest of the list under way, on this line.
  private func missingCommas() -> [Correction.Edit] {
    let lineEnd = source.range(ofLine: source.line(at: previous.range.end)).end
    var edits: [Correction.Edit] = []
    var lists = tokens[statementStart..<position].count { token in
      token.kind == .openBracket && token.partner.map { $0 >= position } ?? false
    }
    var index = position
    while index < tokens.count, tokens[index].range.end <= lineEnd, lists > 0 {
      let (before, token) = (tokens[index - 1], tokens[index])
      if token.followsBlank, token.kind.beginsOperand, before.kind.endsOperand {
        let place = SourceRange(start: before.range.end, end: before.range.end)
        edits.append(.init(place, ","))
      }
      if token.kind == .openBracket {
        lists += 1
      } else if token.kind == .closeBracket {
        lists -= 1
      } else if let partner = token.partner, partner > index {
        index = partner
      }
      index += 1
    }
    return edits
  }

  /// `x <- 5`, which assigns in R, and compares here.
  mutating func rejectLeftArrow() throws(Abandoned) {
    guard isAt(.less), next.kind == .minus, !next.followsBlank, current.followsBlank,
      position + 2 < tokens.count, tokens[position + 2].followsBlank
    else { return }
    let arrow = current.range.union(next.range)
    let wide = SourceRange(start: arrow.start, end: tokens[position + 2].range.start)
    throw fail(
      "<- is not an operator here", at: arrow,
      help: corrected(.init(arrow, "="), lead: "to assign, write")
        + corrected(.init(wide, "< -"), lead: "to compare, write"))
  }

  /// The value of an option ends at a blank, but an operator with one blank only is in doubt.
  mutating func rejectHalfSpacedOperator() throws(Abandoned) {
    guard OperatorTable.rule(for: current.kind) != nil else { return }
    layout.spaced.insert(position)
    // The end of the line is a blank as well.
    if current.followsBlank, next.kind == .newline { return }
    guard current.followsBlank != next.followsBlank else { return }
    let place = SourceRange(start: previous.range.end, end: next.range.start)
    throw fail(
      "this operator has a blank on one side only", at: current.range,
      label: "does it belong to the option?",
      help: corrected(.init(place, text(current)), lead: "if it does, write")
        + corrected(.init(place, " \(text(current)) "), lead: "if not, write"))
  }

  /// `7 mod 2`, `7 div 2`: operators that are words elsewhere.
  private mutating func failWordOperator(_ left: Expression) -> Abandoned? {
    let word = current
    switch text(word) {
    case "mod", "rem", "modulo":
      return fail(
        "the remainder is written %", at: word.range, help: corrected(.init(word.range, "%")))
    case "div", "idiv":
      let right = next.partner.map { tokens[$0].range.end } ?? next.range.end
      let whole = SourceRange(start: left.range.start, end: right)
      let quotient =
        source.text(of: left.range) + " / "
        + source.text(of: SourceRange(start: next.range.start, end: right))
      return fail(
        "the integer part of a quotient is floor(a / b)", at: word.range,
        help: corrected(.init(whole, "floor(\(quotient))")))
    case "is", "eq":
      return fail(
        "equality is written ==", at: word.range, help: corrected(.init(word.range, "==")))
    default: return nil
    }
  }

  /// `sin x^2`
  mutating func rejectAfterArguments(
    of head: Expression, _ arguments: [Argument], from start: Int
  ) throws(Abandoned) {
    guard let first = arguments.first, let last = arguments.last, isAt(.caret), last.name == nil
    else { return }
    let sign = current
    let call = range(from: start)
    advance()
    while isAt(.minus) { advance() }
    let exponent = try parsePostfix()
    let power = last.range.union(exponent.range)
    // `grad x^2 x`: what follows is a further argument of the word.
    let hasMore = startsArgument(current)
    let (callStart, callEnd) = (
      SourceRange(start: call.start, end: call.start), SourceRange(start: call.end, end: call.end)
    )
    let powerEnd = SourceRange(start: power.end, end: power.end)
    let inner =
      arguments.count == 1
      ? Correction.Edit(SourceRange(start: head.range.end, end: first.range.start), "(")
      : Correction.Edit(SourceRange(start: power.start, end: power.start), "(")
    throw fail(
      "it is not clear what is raised to the power", at: sign.range,
      label: "the argument before it, or the result of the word?",
      help: hasMore
        ? corrected(
          .init(SourceRange(start: power.start, end: power.start), "("), .init(powerEnd, ")"))
        : corrected(.init(callStart, "("), .init(callEnd, ")"))
          + corrected(inner, .init(powerEnd, ")"), lead: "or"))
  }

  /// `f ()`
  mutating func failEmptyParentheses(_ opening: Int) -> Abandoned {
    let range = tokens[opening].range.union(current.range)
    let before = tokens[max(opening - 1, 0)]
    var help: [Advice] = []
    if opening > 0, before.kind == .name {
      let gap = SourceRange(start: before.range.end, end: range.start)
      help = corrected(.init(gap, ""))
    }
    return fail("a value is missing between ( and )", at: range, help: help)
  }

  /// `f (x, y)` and `(x, y)`; the group has been read.
  mutating func failGroup(_ opening: Int) -> Abandoned {
    let (open, close) = (tokens[opening].range, previous.range)
    let before = tokens[max(opening - 1, 0)]
    let isDoubled =
      opening > 1 && before.kind == .openParenthesis && tokens[opening - 2].kind == .name
      && !before.followsBlank && before.partner == position
    if isDoubled {
      return fail(
        "the arguments of a call stand in one pair of parentheses", at: open,
        labels: [Diagnostic.Label(close, "")], help: corrected(.init(open, ""), .init(close, "")))
    }
    if opening > 0, before.kind == .name, tokens[opening].followsBlank,
      current.kind.beginsOperand, current.followsBlank
    {
      return fail(
        "parentheses hold one value", at: open.union(close), label: "these are several",
        help: corrected(.init(open, "["), .init(close, "]")))
    }
    if opening > 0, before.kind == .name, tokens[opening].followsBlank {
      let gap = SourceRange(start: before.range.end, end: open.start)
      return fail(
        "a call with commas has no blank before (", at: gap.union(open),
        help: corrected(.init(gap, "")))
    }
    return fail(
      "parentheses hold one value", at: open.union(close), label: "these are several",
      help: corrected(.init(open, "["), .init(close, "]"), lead: "for a list, write"))
  }

  /// A line that is indented deeper than the first of its block, which might mean to go on.
  mutating func reportIndentation(behind statement: Statement?) {
    var help: [Advice] = []
    if let statement {
      let end = statement.range.end
      let lineStart = source.range(ofLine: source.line(at: max(end - 1, 0))).start
      let before = source.text(of: SourceRange(start: lineStart, end: end))
      var last = position
      while !tokens[last].kind.endsStatement { last += 1 }
      let line = SourceRange(start: current.range.start, end: tokens[last - 1].range.end)
      if source.line(at: line.end) == source.line(at: line.start), line.end - lineStart < 200 {
        let joined = "\(Correction.trimmed(before)) \(source.text(of: line))"
        help.append("to go on with the line before, write \(joined)")
      }
    }
    let head = statement.map { source.text(of: $0.range).prefix { $0.isLetter } } ?? ""
    let foreign = helpForForeignBlock(String(head)) + helpForForeignBlock()
    if !foreign.isEmpty { help = [] }
    report(
      "this line is indented deeper than its block", at: current.range,
      help: help + foreign.prefix(1) + [
        "a statement of its own begins below the first of its block"
      ])
  }
}
