extension Parser {
  mutating func parseString() throws(Abandoned) -> Expression {
    let start = position
    let opening = advance()
    let isBlock = text(opening).hasSuffix("\"\"\"")
    // Of r"\frac{a}{b}" every character stands for itself.
    let isRaw = text(opening).hasPrefix("r")
    var pieces: [StringPiece] = []
    var highest = 0
    while !isAt(.stringEnd) {
      if isAt(.stringText) {
        pieces.append(.raw(advance().range))
        continue
      }
      pieces.append(try parseInterpolation())
      highest = max(highest, height)
    }
    advance()
    if isBlock { pieces = StringPiece.unindented(pieces, in: source) }
    var segments: [StringLiteral.Segment] = []
    for piece in pieces {
      switch piece {
      case .raw(let range):
        segments.append(.text(isRaw ? withLineFeeds(range) : unescaped(range)))
      case .value(let expression, let format):
        segments.append(.interpolation(expression, format: format))
      }
    }
    try rise(to: highest + 1, at: opening.range)
    return .string(
      StringLiteral(
        segments: segments.merged(), isBlock: isBlock, range: range(from: start)))
  }

  private mutating func parseInterpolation() throws(Abandoned) -> StringPiece {
    try enter()
    let wasInList = isInList
    isInList = false
    defer {
      isInList = wasInList
      leave()
    }
    let opening = advance()
    if isAt(.interpolationEnd) {
      throw fail(
        "an expression is missing between { and }", at: opening.range.union(current.range),
        help: ["to write a brace itself, write \\{"])
    }
    let expression = try parseExpression()
    var format: FormatSpecifier?
    if isAt(.interpolationFormat) {
      let token = advance()
      format = FormatSpecifier(text(token))
      if format == nil { throw failFormat(token) }
    }
    guard isAt(.interpolationEnd) else { throw failBehindExpression(expression) }
    advance()
    return .value(expression, format)
  }

  /// The text of `range`, lines ending as bp ends them.
  private func withLineFeeds(_ range: SourceRange) -> String {
    let bytes = source.bytes[range.start..<range.end]
    return String(decoding: bytes.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
  }

  /// The text of `range` with its escapes resolved.
  private mutating func unescaped(_ range: SourceRange) -> String {
    let bytes = source.bytes[range.start..<range.end]
    guard bytes.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\r") }) else {
      return source.text(of: range)
    }
    var result: [UInt8] = []
    var index = range.start
    while index < range.end {
      let byte = source.bytes[index]
      let following = index + 1 < range.end ? source.bytes[index + 1] : 0
      if byte == UInt8(ascii: "\r"), following == UInt8(ascii: "\n") {
        index += 1
        continue
      }
      guard byte == UInt8(ascii: "\\"), index + 1 < range.end else {
        result.append(byte)
        index += 1
        continue
      }
      switch following {
      case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"):
        result.append(following)
      case UInt8(ascii: "u"):
        let (scalar, end) = unicodeEscape(at: index, before: range.end)
        if let scalar {
          result += Array(String(Character(scalar)).utf8)
        } else {
          report(
            "this is no character", at: SourceRange(start: index, end: max(end, index + 2)),
            help: ["a character by its number is written \\u{3b4}, which is δ"])
        }
        index = max(end, index + 2)
        continue
      default:
        var end = index + 2
        while end < range.end, source.bytes[end] & 0xC0 == 0x80 { end += 1 }
        report(
          "there is no escape like this", at: SourceRange(start: index, end: end),
          help: ["there are \\n \\t \\\" \\\\ \\{ and \\u{3b4}; a backslash itself is \\\\"])
        index = end
        continue
      }
      index += 2
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The character of `\u{…}` at `index`, and where the escape ends.
  private func unicodeEscape(at index: Int, before limit: Int) -> (Unicode.Scalar?, Int) {
    var end = index + 2
    guard end < limit, source.bytes[end] == UInt8(ascii: "{") else { return (nil, end) }
    end += 1
    let start = end
    while end < limit, source.bytes[end] != UInt8(ascii: "}"), end - start < 9 { end += 1 }
    guard end < limit, source.bytes[end] == UInt8(ascii: "}") else { return (nil, end) }
    let digits = source.text(of: SourceRange(start: start, end: end))
    let scalar =
      digits.first == "+" ? nil : UInt32(digits, radix: 16).flatMap { Unicode.Scalar($0) }
    return (scalar, end + 1)
  }
}

/// A part of a string as the parser meets it.
enum StringPiece {
  /// Source text whose escapes are not resolved yet.
  case raw(SourceRange)
  case value(Expression, FormatSpecifier?)

  /// The pieces of a `"""` block without its first and last line ends and without the indentation
  /// that all its lines have, the last with the closing quotes included.
  static func unindented(_ pieces: [StringPiece], in source: SourceText) -> [StringPiece] {
    let bytes = source.bytes
    let isBlank = { (index: Int) in
      bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t")
    }
    let isLineEnd = { (index: Int) in bytes[index] == UInt8(ascii: "\n") }
    var common: Int?
    for (number, piece) in pieces.enumerated() {
      guard case .raw(let range) = piece else { continue }
      for index in range.start..<range.end where isLineEnd(index) {
        var end = index + 1
        while end < range.end, isBlank(end) { end += 1 }
        let isEmpty =
          end < range.end
          ? isLineEnd(end) || bytes[end] == UInt8(ascii: "\r") : false
        if !isEmpty || end == range.end && number < pieces.count {
          common = min(common ?? Int.max, end - index - 1)
        }
      }
    }
    let depth = common ?? 0
    var result: [StringPiece] = []
    for (number, piece) in pieces.enumerated() {
      guard case .raw(let range) = piece else {
        result.append(piece)
        continue
      }
      var start = range.start
      var limit = range.end
      if number == 0 {
        var end = start
        while end < limit, isBlank(end) || bytes[end] == UInt8(ascii: "\r") { end += 1 }
        if end < limit, isLineEnd(end) {
          start = end + 1
          start = behindIndentation(from: start, to: limit, depth, isBlank)
        }
      }
      if number == pieces.count - 1 {
        var end = limit
        while end > range.start, isBlank(end - 1) { end -= 1 }
        if end > range.start, isLineEnd(end - 1) {
          limit = max(start, end - 1)
          if limit > start, bytes[limit - 1] == UInt8(ascii: "\r") { limit -= 1 }
        }
      }
      var index = start
      while index < limit {
        if isLineEnd(index) {
          result.append(.raw(SourceRange(start: start, end: index + 1)))
          start = behindIndentation(from: index + 1, to: limit, depth, isBlank)
          index = start
        } else {
          index += 1
        }
      }
      if start < limit { result.append(.raw(SourceRange(start: start, end: limit))) }
    }
    return result
  }

  private static func behindIndentation(
    from start: Int, to limit: Int, _ depth: Int, _ isBlank: (Int) -> Bool
  ) -> Int {
    var end = start
    while end < limit, end - start < depth, isBlank(end) { end += 1 }
    return end
  }
}

extension [StringLiteral.Segment] {
  /// With neighbouring texts joined and empty ones left out.
  fileprivate func merged() -> [StringLiteral.Segment] {
    var result: [StringLiteral.Segment] = []
    var pending = ""
    for segment in self {
      switch segment {
      case .text(let text): pending += text
      case .interpolation:
        if !pending.isEmpty { result.append(.text(pending)) }
        pending = ""
        result.append(segment)
      }
    }
    if !pending.isEmpty { result.append(.text(pending)) }
    return result
  }
}

extension FormatSpecifier {
  static let widest = 1000
  static let mostDigits = 100

  /// Reads `.4`, `.4g`, `8`, `8.3` or `8.3g`; nil for anything else.
  init?(_ text: String) {
    var rest = Correction.trimmed(text)[...]
    let number = { () -> Int? in
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard !digits.isEmpty, digits.count < 6 else { return nil }
      rest = rest.dropFirst(digits.count)
      return Int(digits)
    }
    self.init()
    if rest.first != "." {
      guard let width = number(), width <= Self.widest else { return nil }
      self.width = width
    }
    if rest.first == "." {
      rest = rest.dropFirst()
      guard let digits = number(), digits <= Self.mostDigits else { return nil }
      if rest.first == "g" {
        guard digits > 0 else { return nil }
        rest = rest.dropFirst()
        significantDigits = digits
      } else {
        decimals = digits
      }
    }
    guard rest.isEmpty else { return nil }
  }
}
