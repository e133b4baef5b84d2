/// Comments, line ends and brackets as other languages have them.
extension Lexer {
  /// `//` and `/*`, and a line that begins with `%`: comments elsewhere.
  mutating func scanForeignComment() -> Bool {
    guard bytes[offset] == UInt8(ascii: "/") else { return false }
    let next = byte(at: offset + 1)
    guard next == UInt8(ascii: "/") || next == UInt8(ascii: "*") else { return false }
    skipForeignComment(mark: next == UInt8(ascii: "/") ? "//" : "/*")
    return true
  }

  mutating func skipForeignCommentLine() {
    guard open.last.map({ $0.kind == .openBrace }) ?? true else { return }
    var start = offset
    while isBlank(at: start) { start += 1 }
    guard byte(at: start) == UInt8(ascii: "%"),
      tokens.last(where: { $0.kind != .newline })?.kind.continuesLine != true
    else { return }
    offset = start
    skipForeignComment(mark: "%")
  }

  private mutating func skipForeignComment(mark: String) {
    let range = SourceRange(start: offset, end: offset + mark.utf8.count)
    var message = "a comment begins with #, not with \(mark)"
    var help =
      mark == "/*" ? blockCommentHelp(range) : Correction.help([.init(range, "#")], in: source)
    if mark == "//", let last = tokens.last, last.kind.endsOperand, last.range.end <= offset {
      let quotient = integerQuotient(after: last, sign: range)
      if let quotient {
        message = "// is not an operator here"
        help = quotient
      } else {
        help.append("the integer part of a quotient is floor(a / b)")
      }
    }
    diagnostics.report(Diagnostic(.syntax, message, at: range, help: help))
    while let byte = byte(at: offset), byte != UInt8(ascii: "\n") || mark == "/*" {
      if mark == "/*", offset >= range.end, byte == UInt8(ascii: "*"),
        self.byte(at: offset + 1) == UInt8(ascii: "/")
      {
        offset += 2
        break
      }
      offset += 1
    }
    add(.invalid, range, isFault: true)
    followsBlank = true
  }

  /// `x = 1 /* why */` as it is written here.
  private func blockCommentHelp(_ mark: SourceRange) -> [Advice] {
    var end = mark.end
    while let byte = byte(at: end), byte != UInt8(ascii: "\n") {
      guard byte == UInt8(ascii: "*"), self.byte(at: end + 1) == UInt8(ascii: "/") else {
        end += 1
        continue
      }
      var behind = end + 2
      while isBlank(at: behind) { behind += 1 }
      guard self.byte(at: behind).map({ $0 == UInt8(ascii: "\n") }) ?? true else {
        return ["a comment goes on up to the end of its line"]
      }
      var blanks = end
      while blanks > mark.end, isBlank(at: blanks - 1) { blanks -= 1 }
      let tail = SourceRange(start: blanks, end: end + 2)
      return Correction.help([.init(mark, "#"), .init(tail, "")], in: source)
    }
    return ["each line of a comment begins with #"]
  }

  /// `!ls` at the start of a statement, which notebooks elsewhere hand to the shell.
  mutating func scanShellCommand() -> Bool {
    guard bytes[offset] == UInt8(ascii: "!"), isLetter(at: offset + 1),
      tokens.last?.kind.endsStatement ?? true
    else { return false }
    let range = SourceRange(start: offset, end: offset + 1)
    let edit = Correction.word("not", at: range, in: source)
    diagnostics.report(
      Diagnostic(
        .syntax, "commands of the shell do not run here", at: range,
        help: ["TAB behind a double quote lists files: csv \""]
          + Correction.help([edit], in: source, "for the opposite of a truth value, write")))
    add(.not, range)
    followsBlank = true
    offset = range.end
    return true
  }

  /// `help '`: the sign alone, at the end of a line.
  var isHelpTopic: Bool {
    guard let word = tokens.last, word.kind == .name, source.text(of: word.range) == "help",
      tokens.dropLast().last?.kind.endsStatement ?? true
    else { return false }
    var end = offset + 1
    while isBlank(at: end) { end += 1 }
    return byte(at: end).map { $0 == UInt8(ascii: "\n") } ?? true
  }

  /// `7//2` as it is written here; nil where what follows reads as a comment.
  private func integerQuotient(after left: Token, sign: SourceRange) -> [Advice]? {
    var start = sign.end
    while isBlank(at: start) { start += 1 }
    var end = start
    while let byte = byte(at: end), isPartOfOperand(byte) { end += 1 }
    guard end > start else { return nil }
    var behind = end
    while isBlank(at: behind) { behind += 1 }
    let isNumber = byte(at: start).map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? false
    let isGlued = left.range.end == sign.start && start == sign.end
    // Behind a comment's word another follows.
    guard isGlued || isNumber && !isLetter(at: behind) else { return nil }
    let help: Advice = "the integer part of a quotient is floor(a / b)"
    guard left.kind == .name || left.kind == .number,
      tokens.dropLast().last?.kind.bindsAsProduct != true
    else { return [help] }
    let right = source.text(of: SourceRange(start: start, end: end))
    let whole = SourceRange(start: left.range.start, end: end)
    return [help]
      + Correction.help(
        [.init(whole, "floor(\(source.text(of: left.range)) / \(right))")], in: source)
  }

  private func isPartOfOperand(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || isLetterOrDigit(byte)
  }

  private func isLetter(at offset: Int) -> Bool {
    byte(at: offset).map { isLetterOrDigit($0) } ?? false
  }

  private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
      true
    default: false
    }
  }

  /// `...` or `\` at a line's end, which go on with the line elsewhere.
  mutating func scanForeignContinuation() -> Bool {
    let mark = bytes[offset] == UInt8(ascii: "\\") ? 1 : 3
    guard mark == 1 || bytes[offset...].starts(with: Self.ellipsis) else { return false }
    var end = offset + mark
    while isBlank(at: end) || byte(at: end) == UInt8(ascii: "\r") { end += 1 }
    guard byte(at: end) ?? UInt8(ascii: "\n") == UInt8(ascii: "\n") else { return false }
    let range = SourceRange(start: offset, end: offset + mark)
    diagnostics.report(
      Diagnostic(
        .syntax, "\(source.text(of: range)) does not join lines", at: range,
        help: [
          "a line goes on after an operator, a comma, = or ->, and inside ( ) and [ ]"
        ]))
    offset = min(end + 1, bytes.count)
    add(.invalid, range, isFault: true)
    followsBlank = true
    return true
  }

  private static let ellipsis = Array("...".utf8)

  /// `5!`, which in books is a factorial.
  mutating func scanFactorial() -> Bool {
    guard bytes[offset] == UInt8(ascii: "!"), byte(at: offset + 1) != UInt8(ascii: "="),
      !followsBlank, let last = tokens.last, last.kind == .number || last.kind == .name
    else { return false }
    let sign = SourceRange(start: offset, end: offset + 1)
    let whole = SourceRange(start: last.range.start, end: sign.end)
    diagnostics.report(
      Diagnostic(
        .syntax, "a factorial is written prod(1..n)", at: whole,
        help: Correction.help(
          [.init(whole, "prod(1..\(source.text(of: last.range)))")], in: source)))
    add(.invalid, sign, isFault: true)
    offset = sign.end
    return true
  }

  /// `|x|`, which in books is an absolute value.
  mutating func scanAbsoluteValue() -> Bool {
    guard bytes[offset] == UInt8(ascii: "|"), tokens.last?.kind.endsOperand != true else {
      return false
    }
    var end = offset + 1
    while let byte = byte(at: end), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "|") {
      end += 1
    }
    guard byte(at: end) == UInt8(ascii: "|"), end > offset + 1 else { return false }
    let whole = SourceRange(start: offset, end: end + 1)
    let inner = source.text(of: SourceRange(start: offset + 1, end: end))
    diagnostics.report(
      Diagnostic(
        .syntax, "an absolute value is written abs(x)", at: whole,
        help: Correction.help(
          [.init(whole, "abs(\(Correction.trimmed(inner)))")], in: source)))
    add(.invalid, whole, isFault: true)
    offset = whole.end
    return true
  }
}

extension TokenKind {
  /// Whether what stands behind it is a factor already.
  fileprivate var bindsAsProduct: Bool {
    switch self {
    case .star, .slash, .percent, .at, .caret, .dot, .prime: true
    default: false
    }
  }
}
