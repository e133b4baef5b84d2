extension Lexer {
  func isWordByte(at index: Int) -> Bool {
    guard let byte = byte(at: index) else { return false }
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      return true
    default:
      return false
    }
  }

  /// Decodes the character at `index`, which must be the first byte of one.
  private func scalar(at index: Int) -> (scalar: Unicode.Scalar, length: Int) {
    let first = bytes[index]
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var value = UInt32(first)
    if length > 1 { value &= UInt32(0xFF) >> UInt32(length + 1) }
    for next in 1..<max(length, 1) {
      value = value << 6 | UInt32((byte(at: index + next) ?? 0) & 0x3F)
    }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }

  private static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    if (0x2080...0x2089).contains(scalar.value) { return true }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .decimalNumber: return true
    default: return scalar.properties.isAlphabetic
    }
  }

  // MARK: Words and numbers

  mutating func scanWord() {
    var end = offset
    while let byte = byte(at: end) {
      if byte < 0x80 {
        guard isWordByte(at: end) else { break }
        end += 1
      } else {
        let (scalar, length) = scalar(at: end)
        guard Self.continuesName(scalar) else { break }
        end += length
      }
    }
    let range = SourceRange(start: offset, end: end)
    let length = end - offset
    if length >= 3, bytes[offset..<end].allSatisfy({ $0 == UInt8(ascii: "_") }) {
      add(.placeholder, range)
    } else if length <= 8, let keyword = TokenKind.keywords[source.text(of: range)] {
      add(keyword, range)
    } else {
      add(.name, range)
    }
    offset = end
  }

  mutating func scanNumber() {
    var end = digits(from: offset)
    if byte(at: end) == UInt8(ascii: "."), endsWithPoint(at: end) || isDigit(at: end + 1) {
      end = digits(from: end + 1)
    }
    if byte(at: end) == UInt8(ascii: "e") || byte(at: end) == UInt8(ascii: "E") {
      let sign = byte(at: end + 1)
      let isSigned = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
      if isDigit(at: end + (isSigned ? 2 : 1)) { end = digits(from: end + (isSigned ? 2 : 1)) }
    }
    let range = SourceRange(start: offset, end: end)
    for index in offset..<end where bytes[index] == UInt8(ascii: "_") {
      guard !isDigit(at: index - 1) || !isDigit(at: index + 1) else { continue }
      diagnostics.report(
        Diagnostic(
          .syntax, "a _ in a number stands between two digits", at: range,
          help: Correction.help(
            [Correction.Edit(range, source.text(of: range).filter { $0 != "_" })], in: source)))
      break
    }
    add(.number, range)
    offset = end
  }

  private func digits(from start: Int) -> Int {
    var end = start
    while isDigit(at: end) || byte(at: end) == UInt8(ascii: "_") && end > start { end += 1 }
    return end
  }

  /// Whether the point at `index` belongs to the number before it though no digit follows.
  private func endsWithPoint(at index: Int) -> Bool {
    switch byte(at: index + 1) {
    case UInt8(ascii: "."), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "^"),
      UInt8(ascii: "'"):
      false
    default:
      !isWordByte(at: index + 1)
    }
  }

  // MARK: Strings

  mutating func scanStringText(of string: Opening) {
    let start = offset
    var isReported = false
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "{"), !string.isRaw { break }
      if closingLength(of: string, at: offset) != nil { break }
      if byte == UInt8(ascii: "\n"), !string.isBlock { break }
      if byte == UInt8(ascii: "\\"), !string.isRaw, offset + 1 < bytes.count,
        bytes[offset + 1] != UInt8(ascii: "\n")
      {
        let isNumbered =
          bytes[offset + 1] == UInt8(ascii: "u") && self.byte(at: offset + 2) == UInt8(ascii: "{")
        offset += isNumbered ? 3 : 2
        continue
      }
      let isControl = byte < 0x20 && byte != UInt8(ascii: "\t") && byte != UInt8(ascii: "\n")
      if isControl || byte == 0x7F, byte != UInt8(ascii: "\r"), !isReported {
        isReported = true
        reportControlCharacter(byte)
      }
      offset += 1
    }
    offset = min(offset, bytes.count)
    if offset > start { add(.stringText, SourceRange(start: start, end: offset)) }
    guard offset < bytes.count else { return }
    if bytes[offset] == UInt8(ascii: "{"), !string.isRaw {
      push(.interpolationStart, length: 1)
    } else if let length = closingLength(of: string, at: offset) {
      pop(length: length)
    } else {
      closeLineStrings()
    }
  }

  private func closingLength(of string: Opening, at index: Int) -> Int? {
    if string.isTypographic, bytes[index...].starts(with: Self.closingTypographicQuote) {
      return Self.closingTypographicQuote.count
    }
    guard bytes[index] == UInt8(ascii: "\"") else { return nil }
    guard string.isBlock else { return 1 }
    return bytes[index...].starts(with: Self.blockQuotes) ? 3 : nil
  }

  private static let closingTypographicQuote = Array("”".utf8)

  mutating func scanFormat() {
    offset += 1
    let start = offset
    while let byte = byte(at: offset), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "\n"),
      byte != UInt8(ascii: "\"")
    {
      offset += 1
    }
    add(.interpolationFormat, SourceRange(start: start, end: offset))
  }

  /// `'text'`, which other languages take for a string.
  mutating func scanSingleQuotes(_ quote: String = "'", closedBy closing: String = "'") {
    let (length, closingLength) = (quote.utf8.count, closing.utf8.count)
    var end = offset + length
    while let byte = byte(at: end), byte != UInt8(ascii: "\n"),
      byte != closing.utf8.first || !bytes[end...].starts(with: closing.utf8)
    {
      end += 1
    }
    let isClosed = byte(at: end) == closing.utf8.first
    let range = SourceRange(start: offset, end: isClosed ? end + closingLength : offset + length)
    var help: [Advice] = []
    if isClosed {
      let text = source.text(of: SourceRange(start: offset + length, end: end))
      help = Correction.help([Correction.Edit(range, "\"\(text)\"")], in: source)
    }
    diagnostics.report(
      Diagnostic(
        .syntax, "text stands between double quotes", at: range,
        label: isClosed ? "" : "' alone is the transpose, right behind a value", help: help))
    end += isClosed ? closingLength : 0
    add(.invalid, SourceRange(start: offset, end: end), isFault: true)
    offset = end
  }

  // MARK: Symbols

  static let symbols: [(text: String, kind: TokenKind)] = [
    ("..", .dotDot), ("->", .arrow), ("==", .equal), ("!=", .unequal), ("<=", .lessOrEqual),
    (">=", .greaterOrEqual), ("~~", .close), ("+=", .addAssign), ("-=", .subtractAssign),
    ("*=", .multiplyAssign), ("/=", .divideAssign), ("≈", .close), ("+", .plus), ("-", .minus),
    ("*", .star), ("/", .slash), ("%", .percent), ("@", .at), ("^", .caret), ("<", .less),
    (">", .greater), ("=", .assign), (",", .comma), (";", .semicolon), (":", .colon), (".", .dot),
    ("?", .question),
  ]

  private static let symbolsByFirstByte: [UInt8: [(text: String, kind: TokenKind)]] =
    Dictionary(grouping: symbols) { $0.text.utf8.first ?? 0 }

  mutating func scanSymbol() {
    if scanForeignComment() || scanShellCommand() || scanForeignContinuation()
      || scanAbsoluteValue()
      || scanFactorial()
    {
      return
    }
    let own = Self.symbolsByFirstByte[bytes[offset]]?.first { symbol in
      bytes[offset...].starts(with: symbol.text.utf8)
    }
    let foreign = ForeignSpelling.find(in: bytes, at: offset)
    if let foreign, foreign.text.utf8.count > own?.text.utf8.count ?? 0 {
      scan(foreign)
    } else if let own {
      add(own.kind, length: own.text.utf8.count)
    } else {
      scanUnknown()
    }
  }

  private mutating func scan(_ foreign: ForeignSpelling) {
    let range = SourceRange(start: offset, end: offset + foreign.text.utf8.count)
    let edit =
      foreign.isWord
      ? Correction.word(foreign.replacement, at: range, in: source)
      : Correction.Edit(range, foreign.replacement)
    diagnostics.report(
      Diagnostic(
        .syntax, "\(foreign.text) is not an operator here", at: range, label: foreign.message,
        help: Correction.help([edit], in: source)))
    if foreign.isWord { followsBlank = true }
    add(foreign.kind, range)
    if foreign.isWord { followsBlank = true }
    offset = range.end
  }

  mutating func scanBeyondASCII() {
    let (scalar, length) = scalar(at: offset)
    switch scalar {
    case "\u{A0}", "\u{2007}", "\u{202F}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}",
      "\u{FEFF}", "\u{2028}", "\u{2029}", "\u{2003}", "\u{2009}", "\u{3000}":
      scanInvisible(scalar, length: length)
    case "“", "”", "„", "«":
      scanTypographicString(length: length)
    case "‘", "’":
      scanSingleQuotes(String(Character(scalar)), closedBy: "’")
    case "²", "³":
      let power = scalar == "²" ? "^2" : "^3"
      let range = SourceRange(start: offset, end: offset + length)
      reportUnknown(
        length: length, message: "a power is written ^",
        help: Correction.help([Correction.Edit(range, power)], in: source))
    default:
      if scalar.properties.isAlphabetic {
        scanWord()
      } else {
        scanSymbol()
      }
    }
  }

  private mutating func scanInvisible(_ scalar: Unicode.Scalar, length: Int) {
    let start = offset
    while offset + length <= bytes.count, self.scalar(at: offset).scalar == scalar {
      offset += length
      guard offset < bytes.count else { break }
    }
    let code = String(scalar.value, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
    diagnostics.report(
      Diagnostic(
        .syntax, "there is an invisible character (U+\(padded)) where a blank should be",
        at: SourceRange(start: start, end: offset), help: ["type it again with the space bar"]))
    followsBlank = true
  }

  private mutating func scanTypographicString(length: Int) {
    let quote = SourceRange(start: offset, end: offset + length)
    var edits = [Correction.Edit(quote, "\"")]
    var end = quote.end
    while let byte = byte(at: end), byte != UInt8(ascii: "\n") {
      if bytes[end...].starts(with: Self.closingTypographicQuote) {
        edits.append(Correction.Edit(SourceRange(start: end, end: end + 3), "\""))
        break
      }
      end += 1
    }
    diagnostics.report(
      Diagnostic(
        .syntax, "text stands between straight double quotes", at: quote,
        label: "this is a typographic quote", help: Correction.help(edits, in: source)))
    push(.stringStart, length: length, isTypographic: true)
  }

  // MARK: What is no token

  private mutating func scanUnknown() {
    let (scalar, length) = scalar(at: offset)
    if scalar.value < 0x20 || scalar.value == 0x7F {
      reportControlCharacter(UInt8(scalar.value))
      add(.invalid, length: 1, isFault: true)
      while offset < bytes.count, bytes[offset] == UInt8(scalar.value) { offset += 1 }
      return
    }
    let help = ForeignSpelling.help(for: scalar)
    reportUnknown(length: length, message: "\(scalar) means nothing here", help: help)
  }

  /// One error for a run of the same character.
  private mutating func reportUnknown(
    length: Int, message: String, label: String = "", help: [Advice] = []
  ) {
    let start = offset
    let pattern = bytes[offset..<min(offset + length, bytes.count)]
    while offset < bytes.count, bytes[offset...].starts(with: pattern) { offset += pattern.count }
    let range = SourceRange(start: start, end: offset)
    diagnostics.report(Diagnostic(.syntax, message, at: range, label: label, help: help))
    add(.invalid, range, isFault: true)
  }

  private mutating func reportControlCharacter(_ byte: UInt8) {
    let code = String(byte, radix: 16, uppercase: true)
    diagnostics.report(
      Diagnostic(
        .syntax,
        "there is a control character (U+\(code.count < 2 ? "000" : "00")\(code)) in the text",
        at: SourceRange(start: offset, end: offset + 1), help: ["delete it"]))
  }
}

extension TokenKind {
  /// Whether a line that ends with it goes on with the next.
  var continuesLine: Bool {
    switch self {
    case .comma, .arrow, .assign, .addAssign, .subtractAssign, .multiplyAssign, .divideAssign,
      .plus, .minus, .star, .slash, .percent, .at, .caret, .dotDot, .equal, .unequal, .less,
      .lessOrEqual, .greater, .greaterOrEqual, .close, .and, .or, .not, .within, .by:
      true
    default:
      false
    }
  }
}
