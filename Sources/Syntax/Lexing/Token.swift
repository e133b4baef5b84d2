/// What a token is; the text of names and literals is read from the source when it is needed.
enum TokenKind: UInt8, Hashable, Sendable, CaseIterable {
  case name, number
  /// `___`
  case placeholder

  case stringStart, stringText, interpolationStart, interpolationFormat, interpolationEnd
  case stringEnd

  case openParenthesis, closeParenthesis, openBracket, closeBracket, openBrace, closeBrace
  case comma, semicolon, colon, dot, prime, question, arrow
  case assign, addAssign, subtractAssign, multiplyAssign, divideAssign

  case plus, minus, star, slash, percent, at, caret, dotDot
  case equal, unequal, less, lessOrEqual, greater, greaterOrEqual, close

  case `if`, `else`, `for`, `in`, by, within, `while`, `repeat`, `break`, `continue`, `return`
  case param, print, check, exercise, `import`, and, or, not, `true`, `false`, nothing

  /// A line end that may end a statement; inside `(` and `[` there is none.
  case newline
  /// The end of the text.
  case end
  /// Text that is no token; its error has been reported.
  case invalid
}

/// The smallest unit of source that has a meaning: a name, a number, a sign. Brackets, strings and interpolations know their
/// partner, and always have one: the lexer adds what is missing and marks it as a fault.
struct Token: Sendable {
  var kind: TokenKind
  /// Whether a blank, a comment, a line end or the beginning of the text stands before it.
  var followsBlank: Bool
  /// Whether its error has been reported, so that what follows from it is not.
  var isFault: Bool
  private var startOffset: Int32
  private var endOffset: Int32
  private var partnerIndex: Int32 = -1

  init(_ kind: TokenKind, _ range: SourceRange, followsBlank: Bool, isFault: Bool = false) {
    self.kind = kind
    startOffset = Int32(clamping: range.start)
    endOffset = Int32(clamping: range.end)
    self.followsBlank = followsBlank
    self.isFault = isFault
  }

  var range: SourceRange { SourceRange(start: Int(startOffset), end: Int(endOffset)) }

  /// The index of the token that closes or opens what this one opens or closes.
  var partner: Int? {
    get { partnerIndex < 0 ? nil : Int(partnerIndex) }
    set { partnerIndex = newValue.map { Int32(clamping: $0) } ?? -1 }
  }
}

extension TokenKind {
  /// Every reserved word; `time`, `hint` and `mistake` are words of the statement parser alone.
  static let keywords: [String: TokenKind] = [
    "if": .if, "else": .else, "for": .for, "in": .in, "by": .by, "within": .within,
    "while": .while, "repeat": .repeat, "break": .break, "continue": .continue,
    "return": .return, "param": .param, "print": .print, "check": .check,
    "exercise": .exercise, "import": .import, "and": .and, "or": .or, "not": .not,
    "true": .true, "false": .false, "nothing": .nothing,
  ]

  var isKeyword: Bool {
    rawValue >= TokenKind.if.rawValue && rawValue <= TokenKind.nothing.rawValue
  }

  /// Keywords that nothing but a statement begins with.
  var beginsOnlyStatements: Bool {
    switch self {
    case .for, .while, .repeat, .break, .continue, .return, .param, .print, .check, .exercise,
      .import:
      true
    default: false
    }
  }

  /// Whether a postfix expression, and so an argument of a word, may begin with it.
  var beginsOperand: Bool {
    switch self {
    case .name, .number, .placeholder, .stringStart, .openParenthesis, .openBracket, .true, .false,
      .nothing:
      true
    default: false
    }
  }

  /// Whether a value may end with it.
  var endsOperand: Bool {
    switch self {
    case .name, .number, .placeholder, .stringEnd, .closeParenthesis, .closeBracket, .closeBrace,
      .prime, .true, .false, .nothing:
      true
    default: false
    }
  }

  var endsStatement: Bool {
    self == .newline || self == .semicolon || self == .closeBrace || self == .end
  }

  /// The closing kind of an opening one.
  var closing: TokenKind? {
    switch self {
    case .openParenthesis: .closeParenthesis
    case .openBracket: .closeBracket
    case .openBrace: .closeBrace
    case .interpolationStart: .interpolationEnd
    case .stringStart: .stringEnd
    default: nil
    }
  }
}

/// A comment, from its `#` to the end of its line.
package struct Comment: Hashable, Sendable {
  package var range: SourceRange
}
