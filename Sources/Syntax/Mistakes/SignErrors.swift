/// Errors of a sign with a blank on one side only, which may belong to the value behind it or stand
/// between two values.
extension Parser {
  /// `[1 -1]` and `[x +y]`.
  mutating func rejectAmbiguousSign() throws(Abandoned) {
    guard isInList, isAt(.minus) || isAt(.plus), current.followsBlank, !next.followsBlank else {
      return
    }
    let before = SourceRange(start: previous.range.end, end: previous.range.end)
    let after = SourceRange(start: current.range.end, end: current.range.end)
    var comma = [Correction.Edit(before, ",")]
    if isAt(.plus) { comma.append(.init(current.range, "")) }
    throw fail(
      "this can be read as two elements or as one", at: current.range,
      label: "a blank stands on one side only",
      help: Correction.help(comma, in: source, "for two elements, write")
        + corrected(.init(after, " "), lead: "for one, write"))
  }

  /// `max 2 -3` and `power 2 -1`, where a second argument and a difference look alike.
  mutating func rejectStuckSign(
    after head: Expression, _ arguments: [Argument]
  ) throws(Abandoned) {
    // In a list a comma may be missing as well, which the list says.
    guard isAt(.minus) || isAt(.plus), !isInList, current.followsBlank, !next.followsBlank,
      next.kind.beginsOperand || next.kind == .minus, let first = arguments.first,
      let last = arguments.last
    else { return }
    let sign = current
    let open = Correction.Edit(SourceRange(start: head.range.end, end: first.range.start), "(")
    let commas = zip(arguments, arguments.dropFirst()).map { before, after in
      Correction.Edit(SourceRange(start: before.range.end, end: after.range.start), ", ")
    }
    let close = Correction.Edit(
      SourceRange(start: last.range.end, end: sign.range.end), ") \(text(sign)) ")
    advance()
    var operand = try parseSignedArgument()
    if isAt(.caret) {
      advance()
      operand = operand.union(try parseOperators(from: .power).range)
    }
    let end = SourceRange(start: operand.end, end: operand.end)
    let argument =
      sign.kind == .minus
      ? [
        Correction.Edit(SourceRange(start: sign.range.start, end: sign.range.start), "("),
        Correction.Edit(end, ")"),
      ] : [Correction.Edit(sign.range, "")]
    let readings =
      Correction.help(
        [open] + commas + [close], in: source,
        sign.kind == .minus ? "to subtract, write" : "to add, write")
      + Correction.help(
        argument, in: source, "to pass \(source.text(of: sign.range.union(operand))), write")
    throw fail(
      "this can be read as one more argument or as a \(sign.kind == .minus ? "difference" : "sum")",
      at: sign.range, label: "a blank stands on one side only",
      help: readings.isEmpty
        ? ["an operator has a blank on both sides or on none, an argument stands in parentheses"]
        : readings)
  }

  /// What the sign stands before, with the signs of its own.
  private mutating func parseSignedArgument() throws(Abandoned) -> SourceRange {
    let start = position
    while isAt(.minus) { advance() }
    return tokens[start].range.union(try parsePostfix().range)
  }

  /// `max -3 2`: the number and the sign before it are the first argument of the word.
  func helpForNegativeArgument(_ number: Expression) -> [Advice] {
    guard position >= 3, tokens[position - 1].range == number.range else { return [] }
    let (sign, word) = (tokens[position - 2], tokens[position - 3])
    guard sign.kind == .minus, sign.followsBlank, !tokens[position - 1].followsBlank,
      word.kind == .name
    else { return [] }
    let (start, end) = (sign.range.start, number.range.end)
    return Correction.help(
      [
        .init(SourceRange(start: start, end: start), "("),
        .init(SourceRange(start: end, end: end), ")"),
      ], in: source, "to pass \(source.text(of: sign.range.union(number.range))), write")
  }
}
