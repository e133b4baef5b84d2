/// What a stretch of source is to a reader who knows the words and signs of the language, but not
/// what names stand for.
package enum TokenColour: String, Hashable, Sendable, CaseIterable {
  case comment
  /// A word that begins a statement or joins the parts of one.
  case keyword
  /// `and`, `or`, `not`, `+`, `=`, `->`
  case `operator`
  /// `true`, `false`, `nothing`
  case constant
  case number
  /// The text of a string, and its quotes.
  case string
  /// `\n` in a string.
  case escape
  /// The braces in a string, and the format behind a value.
  case interpolation
  /// `___`
  case placeholder
  case name
  case punctuation
  /// What is no token of the language.
  case invalid
}

package struct ColouredToken: Hashable, Sendable {
  package var range: SourceRange
  package var colour: TokenColour
}

/// Says of every token and comment what it is; blanks are left out.
package enum Colouring {
  /// - Complexity: linear in the length of the source.
  package static func tokens(
    of source: SourceText, limits: ParserLimits = .standard
  ) -> [ColouredToken] {
    var lexer = Lexer(source, limits: limits)
    lexer.run()
    var coloured: [ColouredToken] = []
    coloured.reserveCapacity(lexer.tokens.count + lexer.comments.count)
    var comments = lexer.comments[...]
    for (index, token) in lexer.tokens.enumerated() {
      while let comment = comments.first, comment.range.start < token.range.start {
        coloured.append(ColouredToken(range: comment.range, colour: .comment))
        comments.removeFirst()
      }
      guard token.range.end > token.range.start, token.kind != .newline else { continue }
      if token.kind == .stringText, !isRaw(index, in: lexer.tokens, source) {
        addText(token.range, of: source, to: &coloured)
      } else {
        var range = token.range
        // With the colon before it.
        if token.kind == .interpolationFormat { range.start -= 1 }
        coloured.append(
          ColouredToken(range: range, colour: colour(of: index, in: lexer.tokens, source)))
      }
    }
    coloured += comments.map { ColouredToken(range: $0.range, colour: .comment) }
    return coloured
  }

  /// Whether a text stands in `r"…"`, where a backslash is one.
  private static func isRaw(_ index: Int, in tokens: [Token], _ source: SourceText) -> Bool {
    guard index > 0, tokens[index - 1].kind == .stringStart else { return false }
    return source.bytes[tokens[index - 1].range.start] == UInt8(ascii: "r")
  }

  private static func colour(
    of index: Int, in tokens: [Token], _ source: SourceText
  ) -> TokenColour {
    let token = tokens[index]
    let next = tokens[min(index + 1, tokens.count - 1)]
    if token.kind.isKeyword, isFieldOrOption(index, in: tokens) { return .name }
    switch token.kind {
    case .name:
      let word = source.text(of: token.range)
      guard Vocabulary.statementWords.contains(word), isFirst(index, in: tokens),
        begins(word, before: next)
      else { return .name }
      return .keyword
    case .number: return .number
    case .placeholder: return .placeholder
    case .stringStart, .stringText, .stringEnd: return .string
    case .interpolationStart, .interpolationFormat, .interpolationEnd: return .interpolation
    case .openParenthesis, .closeParenthesis, .openBracket, .closeBracket, .openBrace, .closeBrace,
      .comma, .semicolon, .colon, .dot:
      return .punctuation
    case .true, .false, .nothing: return .constant
    case .and, .or, .not: return .operator
    case .invalid: return .invalid
    default: return token.kind.isKeyword ? .keyword : .operator
    }
  }

  /// Whether a reserved word is a name: `r.by`, `f for=1`, `[in: 2]`.
  private static func isFieldOrOption(_ index: Int, in tokens: [Token]) -> Bool {
    let next = tokens[min(index + 1, tokens.count - 1)]
    if index > 0, tokens[index - 1].kind == .dot, !tokens[index].followsBlank { return true }
    return (next.kind == .assign || next.kind == .colon) && !next.followsBlank
  }

  /// Whether a statement begins with the token.
  private static func isFirst(_ index: Int, in tokens: [Token]) -> Bool {
    guard index > 0 else { return true }
    switch tokens[index - 1].kind {
    case .newline, .semicolon, .openBrace: return true
    default: return false
    }
  }

  private static func begins(_ word: String, before next: Token) -> Bool {
    if word == Vocabulary.blockWord { return next.kind == .openBrace }
    return next.followsBlank
      && (next.kind.beginsOperand || next.kind == .not || next.kind == .if
        || next.kind.beginsOnlyStatements)
  }

  /// The text between quotes and braces, with its escapes.
  private static func addText(
    _ range: SourceRange, of source: SourceText, to tokens: inout [ColouredToken]
  ) {
    var start = range.start
    var place = range.start
    func add(_ end: Int, _ colour: TokenColour) {
      if end > start {
        tokens.append(
          ColouredToken(range: SourceRange(start: start, end: end), colour: colour))
      }
      start = end
    }
    while place < range.end {
      guard source.bytes[place] == UInt8(ascii: "\\"), place + 1 < range.end else {
        place += 1
        continue
      }
      add(place, .string)
      place += 2
      if source.bytes[place - 1] == UInt8(ascii: "u"), place < range.end,
        source.bytes[place] == UInt8(ascii: "{")
      {
        while place < range.end, source.bytes[place] != UInt8(ascii: "}") { place += 1 }
        place = min(place + 1, range.end)
      } else {
        // The bytes that continue a character beyond ASCII.
        while place < range.end, source.bytes[place] & 0xC0 == 0x80 { place += 1 }
      }
      add(place, .escape)
    }
    add(range.end, .string)
  }
}

/// The words and signs of the language, for whoever colours texts without the lexer.
package enum Vocabulary {
  /// Reserved words by what they are.
  package static func words(_ colour: TokenColour) -> [String] {
    TokenKind.keywords.filter { word in
      switch word.value {
      case .true, .false, .nothing: colour == .constant
      case .and, .or, .not: colour == .operator
      default: colour == .keyword
      }
    }.map { $0.key }.sorted()
  }

  /// Names that begin a statement where something follows them.
  package static let statementWords = [
    "answer", "help", "hint", "mistake", "public", "task", "tests", "time", "variant",
  ]
  /// The one among them that a block follows.
  package static let blockWord = "tests"

  /// The signs of operators, the longer ones first.
  package static var operators: [String] {
    Lexer.symbols.filter {
      switch $0.kind {
      case .comma, .semicolon, .colon, .dot: false
      default: true
      }
    }.map { $0.text } + ["'"]
  }

  /// The sign that begins a comment.
  package static let comment = "#"
}
