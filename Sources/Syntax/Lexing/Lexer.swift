/// Cuts a source into tokens, pairs every bracket, string and interpolation, and reports what is no
/// token of the language. One pass over the UTF-8 bytes, without recursion.
struct Lexer {
  /// What is open at some place: a bracket, a string, or the `{` inside one.
  struct Opening {
    var kind: TokenKind
    var token: Int
    /// Whether it is a string between `"""`.
    var isBlock = false
    /// Whether it is a string between typographic quotes.
    var isTypographic = false
    /// Whether it is a string in which every character stands for itself.
    var isRaw = false
  }

  let source: SourceText
  let bytes: [UInt8]
  let limits: ParserLimits
  private(set) var tokens: [Token] = []
  private(set) var comments: [Comment] = []
  private(set) var incomplete: Incompleteness?
  var diagnostics: DiagnosticList
  var offset = 0
  var followsBlank = true
  var open: [Opening] = []
  private var openLineStrings = 0
  /// Brackets closed by guess, whose real closing bracket may still come.
  private var guessed: [TokenKind: Int] = [:]
  private(set) var isStopped = false

  init(_ source: SourceText, limits: ParserLimits) {
    self.source = source
    self.limits = limits
    bytes = source.bytes
    diagnostics = DiagnosticList(limit: limits.diagnostics)
  }

  mutating func run() {
    guard bytes.count <= limits.sourceSize, bytes.count < Int(Int32.max) else {
      diagnostics.report(
        Diagnostic(
          .syntax, "the source has \(bytes.count) bytes, but at most \(limits.sourceSize) are read",
          at: SourceRange(start: 0, end: 0)))
      add(.end, SourceRange(start: 0, end: 0), isFault: true)
      isStopped = true
      return
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    skipForeignCommentLine()
    while offset < bytes.count, !isStopped {
      if let top = open.last, top.kind == .stringStart {
        scanStringText(of: top)
      } else {
        scanToken()
      }
    }
    closeAtEnd()
    add(.end, SourceRange(start: bytes.count, end: bytes.count), isFault: isStopped)
  }

  // MARK: Tokens

  mutating func add(_ kind: TokenKind, _ range: SourceRange, isFault: Bool = false) {
    tokens.append(Token(kind, range, followsBlank: followsBlank, isFault: isFault))
    followsBlank = false
  }

  mutating func add(_ kind: TokenKind, length: Int, isFault: Bool = false) {
    add(kind, SourceRange(start: offset, end: offset + length), isFault: isFault)
    offset += length
  }

  mutating func push(
    _ kind: TokenKind, length: Int, isBlock: Bool = false, isTypographic: Bool = false,
    isRaw: Bool = false
  ) {
    guard open.count < limits.nesting else {
      diagnostics.report(
        Diagnostic(
          .syntax, "brackets and blocks are nested deeper than \(limits.nesting) levels",
          at: SourceRange(start: offset, end: offset + length)))
      isStopped = true
      return
    }
    open.append(
      Opening(
        kind: kind, token: tokens.count, isBlock: isBlock, isTypographic: isTypographic,
        isRaw: isRaw))
    if kind == .stringStart, !isBlock { openLineStrings += 1 }
    add(kind, length: length)
    if kind == .interpolationStart { followsBlank = true }
  }

  /// Closes the innermost opening; without a `length` the closing token is one that is missing.
  mutating func pop(length: Int? = nil) {
    guard let top = open.popLast(), let closing = top.kind.closing else { return }
    if top.kind == .stringStart, !top.isBlock { openLineStrings -= 1 }
    tokens[top.token].partner = tokens.count
    add(closing, length: length ?? 0, isFault: length == nil)
    tokens[tokens.count - 1].partner = top.token
  }

  private mutating func scanToken() {
    let byte = bytes[offset]
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"):
      offset += 1
      followsBlank = true
    case UInt8(ascii: "\r")
    where self.byte(at: offset + 1) ?? UInt8(ascii: "\n") == UInt8(ascii: "\n"):
      offset += 1
      followsBlank = true
    case UInt8(ascii: "\n"):
      scanLineEnd()
    case UInt8(ascii: "#"):
      scanComment()
    case UInt8(ascii: "r") where self.byte(at: offset + 1) == UInt8(ascii: "\""):
      let isBlock = bytes[(offset + 1)...].starts(with: Self.blockQuotes)
      push(.stringStart, length: isBlock ? 4 : 2, isBlock: isBlock, isRaw: true)
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      scanWord()
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      scanNumber()
    case UInt8(ascii: "."):
      if isDigit(at: offset + 1), followsBlank || !(tokens.last?.kind.endsOperand ?? false) {
        scanNumber()
      } else {
        scanSymbol()
      }
    case UInt8(ascii: "\""):
      let isBlock = bytes[offset...].starts(with: Self.blockQuotes)
      push(.stringStart, length: isBlock ? 3 : 1, isBlock: isBlock)
    case UInt8(ascii: "'"):
      if !followsBlank && tokens.last?.kind.endsOperand ?? false || isHelpTopic {
        add(.prime, length: 1)
      } else {
        scanSingleQuotes()
      }
    case UInt8(ascii: "("): push(.openParenthesis, length: 1)
    case UInt8(ascii: "["): push(.openBracket, length: 1)
    case UInt8(ascii: "{"): push(.openBrace, length: 1)
    case UInt8(ascii: ")"): scanClosing(.closeParenthesis)
    case UInt8(ascii: "]"): scanClosing(.closeBracket)
    case UInt8(ascii: "}"): scanClosing(.closeBrace)
    case UInt8(ascii: ":") where open.last?.kind == .interpolationStart:
      scanFormat()
    case 0x80...:
      scanBeyondASCII()
    default:
      scanSymbol()
    }
  }

  private mutating func scanLineEnd() {
    if openLineStrings > 0 { closeLineStrings() }
    let range = SourceRange(start: offset, end: offset + 1)
    if open.last.map({ $0.kind == .openBrace }) ?? true {
      add(.newline, range)
    }
    offset += 1
    followsBlank = true
    closeBracketsBeforeStatement(afterLineEnd: range)
    skipForeignCommentLine()
  }

  /// A line that begins like a statement cannot stand in a `(` or `[`: that was never closed.
  private mutating func closeBracketsBeforeStatement(afterLineEnd lineEnd: SourceRange) {
    guard let kind = open.last?.kind, kind == .openParenthesis || kind == .openBracket else {
      return
    }
    var start = offset
    while isBlank(at: start) { start += 1 }
    var end = start
    while isWordByte(at: end) { end += 1 }
    guard end > start else { return }
    var next = end
    while isBlank(at: next) { next += 1 }
    let isAssigned = byte(at: next) == UInt8(ascii: "=") && byte(at: next + 1) != UInt8(ascii: "=")
    let keyword = TokenKind.keywords[String(decoding: bytes[start..<end], as: UTF8.self)]
    if let keyword {
      let isField = isAssigned || byte(at: next) == UInt8(ascii: ":")
      guard keyword.beginsOnlyStatements, !isField else { return }
    } else {
      guard isAssigned, tokens.last?.kind.endsOperand ?? false else { return }
    }
    let place = SourceRange(start: start, end: end)
    while let top = open.last, top.kind == .openParenthesis || top.kind == .openBracket {
      reportUnclosed(
        top, labels: [Diagnostic.Label(place, "a statement begins here")])
      guessed[top.kind, default: 0] += 1
      pop()
    }
    if open.last.map({ $0.kind == .openBrace }) ?? true {
      followsBlank = true
      add(.newline, lineEnd)
    }
    followsBlank = true
  }

  private mutating func scanComment() {
    var end = offset
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    var last = end
    if last > offset, bytes[last - 1] == UInt8(ascii: "\r") { last -= 1 }
    comments.append(Comment(range: SourceRange(start: offset, end: last)))
    offset = end
    followsBlank = true
  }

  func byte(at index: Int) -> UInt8? {
    index >= 0 && index < bytes.count ? bytes[index] : nil
  }

  func isBlank(at index: Int) -> Bool {
    byte(at: index) == UInt8(ascii: " ") || byte(at: index) == UInt8(ascii: "\t")
  }

  func isDigit(at index: Int) -> Bool {
    guard let byte = byte(at: index) else { return false }
    return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  static let blockQuotes = Array("\"\"\"".utf8)

  // MARK: Brackets

  private mutating func scanClosing(_ kind: TokenKind) {
    let range = SourceRange(start: offset, end: offset + 1)
    // Not beyond the string that is open, and no further than needed: deep brackets close one by one.
    let place = open.lastIndex { opening in
      opening.kind == .stringStart || opening.kind.closing == kind
        || (opening.kind == .interpolationStart && kind == .closeBrace)
    }
    if let match = place, open[match].kind != .stringStart {
      while open.count > match + 1 {
        if let top = open.last { reportUnclosed(top, closedBy: range) }
        pop()
      }
      pop(length: 1)
      return
    }
    if let top = open.last, top.kind != .stringStart, top.kind != .openBrace,
      top.kind != .interpolationStart
    {
      reportUnclosed(top, closedBy: range, isReplaced: true)
      offset += 1
      pop()
      return
    }
    offset += 1
    followsBlank = true
    let opening = opening(of: kind)
    if let count = guessed[opening], count > 0 {
      guessed[opening] = count - 1
      return
    }
    diagnostics.report(
      Diagnostic(
        .syntax, "\(source.text(of: range)) closes nothing", at: range,
        label: "no \(Self.spelling(of: opening)) is open here"))
    add(.invalid, range, isFault: true)
  }

  private func opening(of closing: TokenKind) -> TokenKind {
    switch closing {
    case .closeParenthesis: .openParenthesis
    case .closeBracket: .openBracket
    default: .openBrace
    }
  }

  private static func spelling(of kind: TokenKind) -> String {
    switch kind {
    case .openParenthesis: "("
    case .openBracket: "["
    case .closeParenthesis: ")"
    case .closeBracket: "]"
    case .closeBrace, .interpolationEnd: "}"
    default: "{"
    }
  }

  private mutating func reportUnclosed(
    _ opening: Opening, closedBy closing: SourceRange? = nil, isReplaced: Bool = false,
    labels: [Diagnostic.Label] = []
  ) {
    guard let kind = opening.kind.closing else { return }
    let missing = Self.spelling(of: kind)
    let range = tokens[opening.token].range
    var labels = labels
    if let closing {
      let words =
        isReplaced
        ? "this closes no \(source.text(of: range))" : "\(missing) is missing before this"
      labels.append(Diagnostic.Label(closing, words))
    }
    diagnostics.report(
      Diagnostic(
        .syntax, "this \(source.text(of: range)) is not closed", at: range,
        label: labels.isEmpty ? "\(missing) is missing" : "opened here", labels: labels))
  }

  private mutating func closeAtEnd() {
    if openLineStrings > 0, !isStopped { closeLineStrings() }
    if let innermost = open.last, !isStopped {
      let range = tokens[innermost.token].range
      if innermost.isBlock {
        diagnostics.report(
          Diagnostic(
            .syntax, "this text is not closed", at: range, label: "\"\"\" is missing at its end"))
      } else {
        let others = open.dropLast().suffix(2).filter { $0.kind != .stringStart }
        reportUnclosed(
          innermost,
          labels: others.map { Diagnostic.Label(tokens[$0.token].range, "this is open, too") })
      }
      incomplete = Incompleteness(opening: name(of: innermost), range: range)
    }
    while !open.isEmpty { pop() }
  }

  private func name(of opening: Opening) -> Incompleteness.Opening {
    switch opening.kind {
    case .openParenthesis: .parenthesis
    case .openBracket: .bracket
    case .stringStart: .blockString
    default: .brace
    }
  }

  /// A line end inside a string of one line: closes all down to the outermost such string.
  mutating func closeLineStrings() {
    guard let first = open.firstIndex(where: { $0.kind == .stringStart && !$0.isBlock }) else {
      return
    }
    let quote = tokens[open[first].token].range
    if let brace = open[first...].first(where: { $0.kind == .interpolationStart }) {
      diagnostics.report(
        Diagnostic(
          .syntax, "this { in a string is not closed", at: tokens[brace.token].range,
          label: "} is missing",
          labels: [Diagnostic.Label(quote, "the string begins here")],
          help: ["to write a brace itself, write \\{"]))
    } else {
      diagnostics.report(
        Diagnostic(
          .syntax, "this string is not closed", at: quote,
          label: "\" is missing before the end of the line",
          help: ["a text of several lines stands between \"\"\" and \"\"\""]))
    }
    while open.count > first { pop() }
  }
}
