/// Heads of loops as other languages have them, and how they are written here.
extension Parser {
  /// `for (i=0; i<3; i++) {`, `for i = 1:3`, `for i in 1 to 3`
  mutating func failFor(_ word: Token) -> Abandoned {
    let message = "for is written for x in xs { }"
    if isAt(.name), next.kind == .comma {
      return fail(
        "for has one variable", at: next.range, help: ["write for pair in …, then pair[1]"])
    }
    if isAt(.openParenthesis), let help = helpForCountingLoop() {
      return fail(message, at: current.range, help: help)
    }
    var name = position
    if isAt(.openParenthesis) { name += 1 }
    // `for each x in xs`
    if isAt(.name), ["each", "all", "every"].contains(text(current)), next.kind == .name {
      name += 1
    }
    guard name + 2 < tokens.count, tokens[name].kind == .name,
      tokens[name + 1].kind == .assign || tokens[name + 1].kind == .in,
      tokens[name + 2].kind.beginsOperand || tokens[name + 2].kind == .minus
    else {
      return fail(
        message, at: isAtStatementEnd ? word.range : current.range,
        help: ["write for x in 1..10 { }"])
    }
    let end = endOfSequence(from: name + 2)
    let first = source.text(of: range(of: name + 2, upTo: end))
    let parts = first.replacingEach(" to ", by: ":").split(separator: ":").map {
      Correction.trimmed(String($0))
    }
    let sequence =
      parts.count == 3
      ? "\(parts[0])..\(parts[2]) by \(parts[1])" : parts.joined(separator: "..")
    let place = tokens[name + 1].kind == .assign ? name + 1 : position
    return fail(
      message, at: tokens[place].range,
      help: ["write for \(text(tokens[name])) in \(sequence) \(block(from: end))"])
  }

  /// `for i in range(3): print(i)`, `while x < 3: x += 1`
  func helpForColonBlock() -> [Advice] {
    var edits = rangeCall().map { [$0] } ?? []
    edits.append(.init(current.range, " {"))
    if !next.kind.endsStatement {
      var last = position + 1
      while !tokens[last].kind.endsStatement {
        last = (tokens[last].partner.flatMap { $0 > last ? $0 : nil } ?? last) + 1
      }
      let end = tokens[last - 1].range.end
      edits.append(.init(SourceRange(start: end, end: end), " }"))
    }
    return Correction.help(edits, in: source)
  }

  /// A call of `range` in the head at hand, written as a range.
  private func rangeCall() -> Correction.Edit? {
    guard
      let place = tokens[statementStart..<position].firstIndex(where: { $0.kind == .in }),
      place + 2 < position, text(tokens[place + 1]) == "range",
      tokens[place + 2].kind == .openParenthesis, let closing = tokens[place + 2].partner,
      closing < position
    else { return nil }
    let bounds = source.text(of: range(of: place + 3, upTo: closing)).split(separator: ",").map {
      Correction.trimmed(String($0))
    }
    let whole = tokens[place + 1].range.union(tokens[closing].range)
    switch bounds.count {
    case 1 where bounds[0].hasPrefix("len("):
      // Elements are counted from 1.
      return .init(whole, "1..length(\(bounds[0].dropFirst(4))")
    case 1: return .init(whole, "0..\(Self.before(bounds[0]))")
    case 2: return .init(whole, "\(bounds[0])..\(Self.before(bounds[1]))")
    case 3: return .init(whole, "\(bounds[0])..\(Self.before(bounds[1])) by \(bounds[2])")
    default: return nil
    }
  }

  /// The last whole number below a bound.
  private static func before(_ bound: String) -> String {
    if let number = Int(bound), number > Int.min { return String(number - 1) }
    for ending in ["+1", "+ 1"] where bound.hasSuffix(ending) {
      return Correction.trimmed(String(bound.dropLast(ending.count)))
    }
    return bound.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
      ? "\(bound)-1" : "(\(bound))-1"
  }

  /// `(int i = 0; i <= n; i += 2)` as the line of a loop over a range.
  private func helpForCountingLoop() -> [Advice]? {
    guard let closing = current.partner, closing > position + 1 else { return nil }
    let parts = source.text(of: range(of: position + 1, upTo: closing)).split(
      separator: ";", omittingEmptySubsequences: false
    ).map { Correction.trimmed(String($0)) }
    guard parts.count == 3, let sign = parts[0].firstIndex(of: "=") else { return nil }
    let name = parts[0][..<sign].split(separator: " ").last.map { String($0) } ?? "i"
    let start = Correction.trimmed(String(parts[0][parts[0].index(after: sign)...]))
    let condition = parts[1].dropFirst(name.count).drop { $0 == " " }
    let isOpen = !condition.hasPrefix("<=") && !condition.hasPrefix(">=")
    let bound = Correction.trimmed(String(condition.drop { "<>=!".contains($0) }))
    guard !start.isEmpty, !bound.isEmpty, parts[1].hasPrefix(name) else { return nil }
    let isDown =
      condition.hasPrefix(">") || parts[2].contains(part: "--") || parts[2].contains(part: "-=")
    let last =
      !isOpen
      ? bound : isDown ? Int(bound).map { "\($0 &+ 1)" } ?? "\(bound)+1" : Self.before(bound)
    var step = ""
    if parts[2].contains(part: "+=") || parts[2].contains(part: "-="),
      let sign = parts[2].lastIndex(of: "=")
    {
      step = Correction.trimmed(String(parts[2][parts[2].index(after: sign)...]))
    }
    if isDown { step = step.isEmpty ? "-1" : "-\(step)" }
    let sequence = "\(start)..\(last)" + (step.isEmpty ? "" : " by \(step)")
    let head = tokens[position].range.union(tokens[closing].range)
    return corrected(.init(head, "\(name) in \(sequence)"))
  }

  /// Where what a loop runs over ends: at its block, or where another value follows.
  private func endOfSequence(from start: Int) -> Int {
    var end = start
    while ![.semicolon, .newline, .openBrace, .end, .closeParenthesis].contains(tokens[end].kind) {
      if end > start, tokens[end].followsBlank, tokens[end].kind.beginsOperand,
        tokens[end - 1].kind.endsOperand, text(tokens[end]) != "to", text(tokens[end - 1]) != "to"
      {
        break
      }
      end = (tokens[end].partner.flatMap { $0 > end ? $0 : nil } ?? end) + 1
    }
    if tokens[end - 1].kind == .colon, end > start + 1 { end -= 1 }
    return end
  }

  /// The block of the loop whose head ends before a token: whole where it stands on the line.
  private func block(from first: Int) -> String {
    var end = first
    while ![.newline, .end].contains(tokens[end].kind) { end += 1 }
    var start = first
    while start < end, [.colon, .closeParenthesis, .openBrace].contains(tokens[start].kind) {
      start += 1
    }
    while end > start, ["end", "endfor", "}"].contains(text(tokens[end - 1])) { end -= 1 }
    while end > start, tokens[end - 1].kind == .semicolon { end -= 1 }
    while start < end, tokens[start].kind == .semicolon || text(tokens[start]) == "do" {
      start += 1
    }
    return start < end ? "{ \(source.text(of: range(of: start, upTo: end))) }" : "{"
  }
}
