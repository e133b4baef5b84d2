/// The call whose arguments are being typed at a place of a text, whole or not.
package struct CallPlace: Hashable, Sendable {
  package let name: Name
  /// How many arguments without a name stand before the place.
  package let position: Int
  /// The name of the option whose value is being typed.
  package let option: String?

  /// - Returns: nil where nothing is called.
  package init?(
    in source: SourceText, at offset: Int, limits: ParserLimits = .standard
  ) {
    var lexer = Lexer(source, limits: limits)
    lexer.run()
    let tokens = lexer.tokens.prefix { $0.range.start < offset }
    let isBehindBlank =
      offset > 0 && offset <= source.bytes.count
      && (source.bytes[offset - 1] == UInt8(ascii: " ")
        || source.bytes[offset - 1] == UInt8(ascii: "\t"))
    guard let call = CallScan(tokens).call(isBehindBlank), let last = call.arguments.last else {
      return nil
    }
    func option(_ first: Int?) -> String? {
      guard let first, first + 1 < tokens.count, tokens[first + 1].kind == .assign else {
        return nil
      }
      return source.text(of: tokens[first].range)
    }
    let range = tokens[call.name].range
    name = Name(source.text(of: range), at: range)
    position = call.arguments.dropLast().count { option($0) == nil }
    self.option = option(last)
  }
}

/// Looks for a call in the tokens before a place, from the inside out.
private struct CallScan {
  /// The token of the name, and the first tokens of the arguments; nil for one that is not there.
  typealias Call = (name: Int, arguments: [Int?])

  let tokens: ArraySlice<Token>
  /// The brackets and interpolations that nothing closes, outermost first.
  private var open: [Int] = []

  init(_ tokens: ArraySlice<Token>) {
    self.tokens = tokens
    for (index, token) in tokens.enumerated() {
      if token.kind.closing != nil {
        open.append(index)
      } else if token.isClosing, let partner = token.partner {
        open.removeAll { $0 >= partner }
      }
    }
    open.removeAll { tokens[$0].kind == .stringStart }
  }

  func call(_ isBehindBlank: Bool) -> Call? {
    var end = tokens.count
    var isBehindBlank = isBehindBlank
    for opening in open.reversed() {
      if let call = call(from: opening + 1, to: end, isBehindBlank, in: opening) { return call }
      guard tokens[opening].kind != .openBrace else { return nil }
      // A list or a string may be an argument itself.
      end = opening + 1
      isBehindBlank = false
    }
    return call(from: 0, to: end, isBehindBlank, in: nil)
  }

  private func call(
    from start: Int, to end: Int, _ isBehindBlank: Bool, in opening: Int?
  ) -> Call? {
    let separator = levels(from: start, to: end).last { endsArguments($0, from: start) }
    let first = separator.map { $0 + 1 } ?? start
    let command = command(from: first, to: end, isBehindBlank)
    guard let opening, tokens[opening].kind == .openParenthesis, !tokens[opening].followsBlank,
      opening > 0, tokens[opening - 1].kind == .name
    else { return command }
    // `f(g ` may go on as a call of g, or be the end of an argument.
    if let command, command.arguments[0] != nil { return command }
    var arguments: [Int?] = [start < end ? start : nil]
    for comma in levels(from: start, to: end) where tokens[comma].kind == .comma {
      arguments.append(comma + 1 < end ? comma + 1 : nil)
    }
    return (opening - 1, arguments)
  }

  /// A word and its arguments, with a blank before each.
  private func command(from start: Int, to end: Int, _ isBehindBlank: Bool) -> Call? {
    guard start < end, tokens[start].kind == .name else { return nil }
    // Element by element: Embedded Swift turns no array of numbers into one of optional ones.
    var arguments: [Int?] = []
    for place in levels(from: start + 1, to: end) where tokens[place].followsBlank {
      arguments.append(place)
    }
    if isBehindBlank { arguments.append(nil) }
    return arguments.isEmpty ? nil : (start, arguments)
  }

  /// The tokens that stand in no bracket of the stretch, opening ones included.
  private func levels(from start: Int, to end: Int) -> [Int] {
    var found: [Int] = []
    var index = start
    while index < end {
      found.append(index)
      let partner = tokens[index].partner
      index = (partner.flatMap { $0 > index && $0 < end ? $0 : nil } ?? index) + 1
    }
    return found
  }

  /// Whether the arguments of a word before the token end with it.
  private func endsArguments(_ index: Int, from start: Int) -> Bool {
    let token = tokens[index]
    switch token.kind {
    case .newline, .semicolon, .comma, .arrow, .addAssign, .subtractAssign, .multiplyAssign,
      .divideAssign:
      return true
    case .assign: return token.followsBlank
    case .true, .false, .nothing, .prime: return false
    default:
      if OperatorTable.rule(for: token.kind) != nil || token.kind == .not {
        return !isInOption(index, from: start)
      }
      let isField = index > 0 && tokens[index - 1].kind == .dot
      let isOption = index + 1 < tokens.count && tokens[index + 1].kind == .assign
      return token.kind.isKeyword && !isField && !isOption
    }
  }

  /// Whether an operator belongs to the value of an option: `lr=2*x`.
  private func isInOption(_ index: Int, from start: Int) -> Bool {
    var first = index
    while first > start, !tokens[first].followsBlank { first -= 1 }
    return first + 1 < index && tokens[first].kind == .name && tokens[first + 1].kind == .assign
  }
}

extension Token {
  fileprivate var isClosing: Bool {
    switch kind {
    case .closeParenthesis, .closeBracket, .closeBrace, .interpolationEnd, .stringEnd: true
    default: false
    }
  }
}
