/// The errors of a source that cannot be formatted for them.
package struct SyntaxErrors: Error {
  package var diagnostics: [Diagnostic]
}

/// Writes a source in the one canonical layout.
///
/// Kept are the tokens, comments, the choice of lines and up to one blank line between them.
/// Set anew are blanks and indentation (two for each line with open brackets, and for a line that
/// goes on): operators stand between blanks but for `^` and `..`, options without; `*`, `/` and `%`
/// without where they are written so on both sides, which shows what belongs together, and the
/// elements of a list where no comma in it has one: `[2,20,1]`. A comment
/// behind a statement keeps its column where there is room, two blanks at least. A block of several lines has its braces at the ends of lines; `else` follows its `}`. What is written
/// means the same, and formatting it again changes nothing.
package struct Formatter {
  private let source: SourceText
  private let tokens: [Token]
  private let layout: Layout
  private let verbatimEnds: Set<Int>
  private var output = ""
  /// The brackets open where the output ends.
  private var open: [Opening] = []
  private var lineIndentation = 0
  private var line = 0

  private struct Opening {
    /// The indentation of the line on which it was opened, where its closing bracket begins a line.
    var outer: Int
    var inner: Int
    /// Whether a line ends behind it, so that one does before its closing bracket.
    var isBroken: Bool
    /// Whether it is a list or an index all of whose commas are written without a blank.
    var isTight: Bool
  }

  /// What is written without looking inside: a token, a string, or a comment.
  private struct Item {
    /// The first and the last token; nil for a comment.
    var tokens: ClosedRange<Int>?
    var range: SourceRange
  }

  /// - Throws: the errors of a source that is not in the language.
  package static func format(
    _ source: SourceText, limits: ParserLimits = .standard
  ) throws(SyntaxErrors) -> String {
    var parser = Parser(source, limits: limits)
    let result = parser.run()
    guard result.diagnostics.isEmpty else {
      throw SyntaxErrors(diagnostics: result.diagnostics)
    }
    var formatter = Formatter(
      source: source, tokens: parser.tokens, layout: parser.layout)
    return formatter.run(comments: result.comments)
  }

  private init(source: SourceText, tokens: [Token], layout: Layout) {
    self.source = source
    self.tokens = tokens
    self.layout = layout
    verbatimEnds = Set(layout.verbatim.values)
  }

  private mutating func run(comments: [Comment]) -> String {
    let items = items(comments)
    output.reserveCapacity(source.bytes.count + source.bytes.count / 4)
    var last: Item?
    for (number, item) in items.enumerated() {
      let next = number + 1 < items.count ? items[number + 1] : nil
      place(item, behind: last, before: next)
      last = item
    }
    if last != nil { output += "\n" }
    return output
  }

  /// Tokens and comments in the order of the text, without line ends and idle semicolons.
  private func items(_ comments: [Comment]) -> [Item] {
    var items: [Item] = []
    var pending = comments[...]
    var index = 0
    var isStatementOpen = false
    while index < tokens.count {
      let token = tokens[index]
      while let comment = pending.first, comment.range.start < token.range.start {
        items.append(Item(tokens: nil, range: trimmed(comment.range)))
        pending.removeFirst()
      }
      var last = layout.verbatim[index] ?? index
      if token.kind == .stringStart, last == index { last = token.partner ?? index }
      switch token.kind {
      case .end: break
      case .newline: isStatementOpen = false
      case .semicolon where !isStatementOpen && !isBeforeComment(index, pending.first): break
      default:
        let range = token.range.union(tokens[last].range)
        items.append(Item(tokens: index...last, range: range))
        // What is kept as it is written keeps its comments inside.
        pending = pending.drop { $0.range.start < range.end }
        isStatementOpen =
          last > index || token.kind != .semicolon && token.kind != .openBrace
      }
      index = last + 1
    }
    return items + pending.map { Item(tokens: nil, range: trimmed($0.range)) }
  }

  /// Whether only a comment follows on the line: at the beginning of a line it might become the
  /// help of a definition.
  private func isBeforeComment(_ index: Int, _ comment: Comment?) -> Bool {
    guard let comment, comment.range.start < tokens[index + 1].range.start else { return false }
    return source.line(at: tokens[index].range.start) == source.line(at: comment.range.start)
  }

  private func trimmed(_ range: SourceRange) -> SourceRange {
    let blanks = " \t\r".utf8
    var end = range.end
    while end > range.start, blanks.contains(source.bytes[end - 1]) { end -= 1 }
    return SourceRange(start: range.start, end: end)
  }

  // MARK: Lines

  private mutating func place(_ item: Item, behind last: Item?, before next: Item?) {
    let first = item.tokens.map { tokens[$0.lowerBound] }
    let closes = first.map { isClosing($0.kind) } ?? false
    if let last {
      let breaks = lineEnds(between: last, and: item)
      if breaks > 0 {
        let isTight = closes || last.tokens.map { isOpening(tokens[$0.upperBound].kind) } ?? false
        output += breaks > 1 && !isTight ? "\n\n" : "\n"
        line += 1
        lineIndentation = indentation(of: item, behind: last, closes: closes)
        output += String(repeating: "  ", count: lineIndentation)
      } else if item.tokens == nil {
        output += margin(before: item)
      } else if hasBlank(between: last, and: item) {
        output += " "
      }
    }
    output += source.text(of: item.range)
    if closes { open.removeLast() }
    if let first, isOpening(first.kind), item.tokens?.count == 1 {
      let isBroken = next.map { lineEnds(between: item, and: $0) > 0 } ?? false
      open.append(
        Opening(
          outer: lineIndentation, inner: lineIndentation + 1, isBroken: isBroken,
          isTight: item.tokens.map { isTightList($0.lowerBound) } ?? false))
    }
  }

  /// The blanks before a comment behind a statement.
  private func margin(before comment: Item) -> String {
    // By bytes: "\r\n", which a string of several lines may hold, is one character.
    let lineEnd = output.utf8.lastIndex(of: UInt8(ascii: "\n"))
    let column = output[(lineEnd.map(output.utf8.index(after:)) ?? output.startIndex)...].count
    let written = source.position(at: comment.range.start).column - 1
    return String(repeating: " ", count: max(2, written - column))
  }

  /// How many line ends stand between two items: none, one, or two for a blank line.
  private func lineEnds(between last: Item, and item: Item) -> Int {
    guard let lastTokens = last.tokens else {
      return max(1, writtenLineEnds(from: last.range.end, to: item.range.start))
    }
    let written = writtenLineEnds(from: last.range.end, to: item.range.start)
    guard let itemTokens = item.tokens else { return written }
    let (before, token) = (tokens[lastTokens.upperBound], tokens[itemTokens.lowerBound])
    switch (before.kind, token.kind) {
    case (.openBrace, .closeBrace), (.closeBrace, .else), (.openBracket, .closeBracket),
      (.openParenthesis, .closeParenthesis):
      return 0
    case (.openBrace, _): return isLong(lastTokens.upperBound) ? 1 : 0
    case (_, .closeBrace):
      return token.partner.map(isLong) ?? false ? 1 : 0
    case (_, .closeParenthesis), (_, .closeBracket):
      return open.last?.isBroken ?? false ? 1 : 0
    default: return written
    }
  }

  private func writtenLineEnds(from start: Int, to end: Int) -> Int {
    guard end > start else { return 0 }
    var count = 0
    for index in start..<end where source.bytes[index] == UInt8(ascii: "\n") { count += 1 }
    return min(count, 2)
  }

  /// Whether the block that token `opening` opens has statements on several lines, or a comment.
  private func isLong(_ opening: Int) -> Bool {
    guard let closing = tokens[opening].partner else { return false }
    var index = opening + 1
    while index < closing {
      if tokens[index].kind == .newline {
        if !goesOn(behind: index - 1) || index - 1 == opening { return true }
      }
      index = (tokens[index].partner.flatMap { $0 > index ? $0 : nil } ?? index) + 1
    }
    return false
  }

  private func indentation(of item: Item, behind last: Item, closes: Bool) -> Int {
    guard let innermost = open.last else { return goesOn(behind: last) ? 1 : 0 }
    if closes { return innermost.outer }
    return innermost.inner + (goesOn(behind: last) && isInBlock(item) ? 1 : 0)
  }

  /// Whether a statement goes on in the line behind `last`.
  private func goesOn(behind last: Item) -> Bool {
    guard let index = last.tokens?.upperBound else { return false }
    return goesOn(behind: index)
  }

  private func goesOn(behind index: Int) -> Bool {
    tokens[index].kind.continuesLine && !isFieldName(index) && !verbatimEnds.contains(index)
  }

  /// Whether a keyword is the name of a field: `r.by`.
  private func isFieldName(_ index: Int) -> Bool {
    tokens[index].kind.isKeyword && index > 0 && tokens[index - 1].kind == .dot
  }

  private func isInBlock(_ item: Item) -> Bool {
    guard let index = item.tokens?.lowerBound, index > 0 else { return false }
    return tokens[index - 1].kind == .newline
  }

  private func isOpening(_ kind: TokenKind) -> Bool {
    kind == .openParenthesis || kind == .openBracket || kind == .openBrace
  }

  private func isClosing(_ kind: TokenKind) -> Bool {
    kind == .closeParenthesis || kind == .closeBracket || kind == .closeBrace
  }

  // MARK: Blanks

  private func hasBlank(between last: Item, and item: Item) -> Bool {
    guard let left = last.tokens?.upperBound, let right = item.tokens?.lowerBound else {
      return true
    }
    let (before, token) = (tokens[left], tokens[right])
    if layout.verbatim[right] != nil { return before.kind != .question }
    if layout.glued.contains(left) || layout.glued.contains(right) { return false }
    if layout.spaced.contains(left) || layout.spaced.contains(right) { return true }
    if before.kind == .comma, open.last?.isTight ?? false { return false }
    switch token.kind {
    case .comma, .semicolon, .closeParenthesis, .closeBracket, .dot, .prime: return false
    case .colon: return before.kind == .comma
    case .openParenthesis, .openBracket:
      if endsPostfix(left) { return token.followsBlank }
    case .caret, .dotDot: return isPointed(left, right + 1)
    case .star, .slash, .percent: return !isTight(right)
    default: break
    }
    switch before.kind {
    case .openParenthesis, .openBracket, .dot, .question: return false
    case .caret, .dotDot: return isPointed(left - 1, right)
    case .minus: return !layout.signs.contains(left)
    case .star, .slash, .percent: return !isTight(left)
    default: return true
    }
  }

  /// Whether no comma of the list or index that opens at `opening` is written with a blank behind.
  private func isTightList(_ opening: Int) -> Bool {
    guard tokens[opening].kind == .openBracket, let closing = tokens[opening].partner,
      tokens[opening + 1].kind == .colon || tokens[opening + 2].kind != .colon
    else { return false }
    var index = opening + 1
    while index < closing {
      if tokens[index].kind == .comma, tokens[index + 1].followsBlank, index + 1 < closing {
        return false
      }
      index = (tokens[index].partner.flatMap { $0 > index ? $0 : nil } ?? index) + 1
    }
    return true
  }

  /// Whether an operator is written without blanks on both sides.
  private func isTight(_ index: Int) -> Bool {
    !tokens[index].followsBlank && index + 1 < tokens.count && !tokens[index + 1].followsBlank
  }

  /// Whether a call or an index may stick to the token at `index`.
  private func endsPostfix(_ index: Int) -> Bool {
    tokens[index].kind.endsOperand || isFieldName(index)
  }

  /// Whether the point of a number beside a `^` or `..` would run into it.
  private func isPointed(_ left: Int, _ right: Int) -> Bool {
    let low = tokens[left].range
    let high = tokens[right].range
    return source.bytes[low.end - 1] == UInt8(ascii: ".")
      || source.bytes[high.start] == UInt8(ascii: ".")
  }
}
