/// The error of a statement that was given up; what is wrong has been reported.
struct Abandoned: Error {}

/// What the parser learns about tokens and a formatter must know, by their indexes.
struct Layout {
  /// The `=` of options and the operators in their values, which stand without blanks.
  var glued: Set<Int> = []
  /// Operators behind the value of an option, which stand between blanks.
  var spaced: Set<Int> = []
  /// Signs, as opposed to differences.
  var signs: Set<Int> = []
  /// First and last token of what is kept as it is written.
  var verbatim: [Int: Int] = [:]
}

/// Turns a source into statements, by recursive descent with one table of operators.
///
/// The grammar is in `Grammar.md` beside this file. A `parseX` must succeed or report; a
/// `parseXIfPresent` may decline and then has read nothing. White space decides as the grammar
/// says; what names mean never does. Recursion is bounded by `ParserLimits.nesting`, the height
/// of a tree by `ParserLimits.height`.
package struct Parser {
  let source: SourceText
  let limits: ParserLimits
  let tokens: [Token]
  let comments: [Comment]
  /// The index of the next token; the last, `.end`, is never passed.
  var position = 0
  var diagnostics: DiagnosticList
  var incomplete: Incompleteness?

  private var depth = 0
  /// The height of the tree that was built last.
  var height = 0
  /// The first token of the statement under way.
  var statementStart = 0
  private var lastFault = -1
  /// Whether the lexer gave up, so that all that follows is its fault.
  private let isTruncated: Bool
  /// Whether the innermost bracket is a list, where `x -1` may mean two things.
  var isInList = false
  var loops = 0
  /// Whether options may stand behind the expression at hand: `check c, "why" points=2`.
  var endsBeforeOptions = false
  /// Exercises around the statement at hand.
  var exercises = 0
  var functions = 0
  /// Whether an error in the head of a block explains what is odd in the lines that follow.
  var isExcused = false
  var layout = Layout()

  init(_ source: SourceText, limits: ParserLimits) {
    var lexer = Lexer(source, limits: limits)
    lexer.run()
    self.source = source
    self.limits = limits
    tokens = lexer.tokens
    comments = lexer.comments
    incomplete = lexer.incomplete
    isTruncated = lexer.isStopped
    diagnostics = lexer.diagnostics
  }

  /// Reads all of `source`; what has an error is left out and reported.
  ///
  /// - Complexity: linear in the length of the source.
  package static func parse(
    _ source: SourceText, limits: ParserLimits = .standard
  ) -> ParseResult {
    var parser = Parser(source, limits: limits)
    return parser.run()
  }

  mutating func run() -> ParseResult {
    let statements = parseStatements()
    return ParseResult(
      statements: statements, diagnostics: diagnostics.sorted, incomplete: incomplete,
      comments: comments)
  }

  // MARK: Reading tokens

  var current: Token { tokens[position] }
  var next: Token { tokens[min(position + 1, tokens.count - 1)] }
  var previous: Token { tokens[max(position - 1, 0)] }

  func text(_ token: Token) -> String { source.text(of: token.range) }

  func isAt(_ kind: TokenKind) -> Bool { tokens[position].kind == kind }

  @discardableResult
  mutating func advance() -> Token {
    let token = tokens[position]
    if token.isFault { lastFault = position }
    if position < tokens.count - 1 { position += 1 }
    return token
  }

  mutating func skipLineEnds() {
    while isAt(.newline) { advance() }
  }

  /// The range from token number `start` to the last that was read.
  func range(from start: Int) -> SourceRange {
    let last = tokens[max(position - 1, start)].range.end
    let first = tokens[start].range.start
    return SourceRange(start: first, end: max(first, last))
  }

  mutating func consumeIfPresent(_ kind: TokenKind) -> Bool {
    guard isAt(kind) else { return false }
    advance()
    return true
  }

  /// The token after the partner of the bracket at `index`.
  func tokenBehindPartner(of index: Int) -> Token? {
    guard let partner = tokens[index].partner, partner + 1 < tokens.count else { return nil }
    return tokens[partner + 1]
  }

  // MARK: Errors

  /// Reports an error unless it follows from one that was reported; the result is to be thrown.
  mutating func fail(
    _ message: String, at range: SourceRange, label: String = "",
    labels: [Diagnostic.Label] = [], help: [Advice] = []
  ) -> Abandoned {
    report(message, at: range, label: label, labels: labels, help: help)
    return Abandoned()
  }

  mutating func report(
    _ message: String, at range: SourceRange, label: String = "",
    labels: [Diagnostic.Label] = [], help: [Advice] = []
  ) {
    let partner = current.partner ?? position
    guard !isTruncated, !current.isFault, !tokens[partner].isFault, lastFault < statementStart
    else { return }
    diagnostics.report(
      Diagnostic(.syntax, message, at: range, label: label, labels: labels, help: help))
  }

  /// `write …`, with the line as these edits leave it.
  func corrected(_ edits: Correction.Edit..., lead: String = "write") -> [Advice] {
    Correction.help(edits, in: source, lead)
  }

  // MARK: Limits

  mutating func enter() throws(Abandoned) {
    guard depth < limits.nesting else {
      throw fail(
        "this is nested deeper than \(limits.nesting) levels", at: current.range,
        help: ["give the inner parts names of their own"])
    }
    depth += 1
  }

  mutating func leave() { depth -= 1 }

  /// Notes that a tree of `height` was built at `range`.
  mutating func rise(to height: Int, at range: SourceRange) throws(Abandoned) {
    guard height <= limits.height else {
      throw fail(
        "this expression has more than \(limits.height) operations in one another", at: range,
        help: ["split it, or use sum over a vector"])
    }
    self.height = height
  }
}
