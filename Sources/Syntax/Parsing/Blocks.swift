extension Parser {
  /// Statements up to the `}` of their block or the end of the text. One that has an error is
  /// reported and left out, and the next is read. The height of the highest becomes `height`.
  mutating func parseStatements() -> [Statement] {
    var statements: [Statement] = []
    var indentation: SourceRange?
    var highest = 0
    let (outerStart, wasExcused) = (statementStart, isExcused)
    isExcused = false
    defer { isExcused = wasExcused }
    while true {
      while isAt(.newline) || isAt(.semicolon) { advance() }
      if isAt(.end) || isAt(.closeBrace) { break }
      let start = position
      statementStart = start
      let own = indentationOfLine(at: current.range.start)
      let isDeeper = own.map { isIndentation($0, deeperThan: indentation) } ?? false
      if indentation == nil { indentation = own }
      if isExcused, isDeeper || continuesForeignBlock {
        // What follows from an error in the head of a block is no error of its own.
        if continuesForeignBlock {
          recover(from: start)
          continue
        }
      } else if isDeeper {
        reportIndentation(behind: statements.last)
        recover(from: start)
        isExcused = true
        continue
      }
      do throws(Abandoned) {
        statements.append(try parseStatement())
        highest = max(highest, height)
        if !isDeeper { isExcused = false }
      } catch {
        recover(from: start)
        isExcused = true
      }
    }
    statementStart = outerStart
    height = highest
    return statements
  }

  /// `{ statement; statement }`
  mutating func parseBlock(after word: Token?) throws(Abandoned) -> Block {
    guard isAt(.openBrace) else { throw failBlock(after: word) }
    try enter()
    let wasInList = isInList
    isInList = false
    defer {
      isInList = wasInList
      leave()
    }
    let start = position
    advance()
    let statements = parseStatements()
    advance()
    return Block(statements: statements, range: range(from: start))
  }

  /// Goes to the end of the statement that began with token `start`, over whole brackets. What
  /// stands in a block on lines of its own is read for its errors.
  private mutating func recover(from start: Int) {
    let failure = position
    var index = start
    while true {
      let token = tokens[index]
      switch token.kind {
      case .end, .closeBrace:
        position = max(index, failure)
        return
      case .newline, .semicolon:
        if index >= failure {
          position = index
          return
        }
      default:
        if let partner = token.partner, partner > index {
          if token.kind == .openBrace, index >= failure, tokens[index + 1].kind == .newline,
            (try? enter()) != nil
          {
            position = index + 1
            _ = parseStatements()
            leave()
          }
          index = partner
        }
      }
      index += 1
    }
  }

  // MARK: Indentation

  /// The blanks before `offset`, if nothing else stands before it on its line.
  func indentationOfLine(at offset: Int) -> SourceRange? {
    var start = offset
    while start > 0,
      source.bytes[start - 1] == UInt8(ascii: " ")
        || source.bytes[start - 1] == UInt8(ascii: "\t")
    {
      start -= 1
    }
    guard start == 0 || source.bytes[start - 1] == UInt8(ascii: "\n") else { return nil }
    return SourceRange(start: start, end: offset)
  }

  private func isIndentation(_ own: SourceRange, deeperThan outer: SourceRange?) -> Bool {
    guard let outer else { return false }
    return own.end - own.start > outer.end - outer.start
      && source.bytes[own.start..<own.end].starts(with: source.bytes[outer.start..<outer.end])
  }

  /// The `##` comments on the lines right above `offset`, joined, without their marks.
  func helpLines(above offset: Int) -> String? {
    var line = source.line(at: offset) - 1
    var index = comments.partitioningIndex { $0.range.start >= offset } - 1
    var lines: [String] = []
    while index >= 0, line > 0 {
      let range = comments[index].range
      let text = source.text(of: range)
      guard source.line(at: range.start) == line, text.hasPrefix("##"), !text.hasPrefix("###"),
        indentationOfLine(at: range.start) != nil
      else { break }
      let words = text.dropFirst(2)
      lines.append(Correction.withoutTrailingBlanks(words.first == " " ? words.dropFirst() : words))
      index -= 1
      line -= 1
    }
    return lines.isEmpty ? nil : lines.reversed().joined(separator: "\n")
  }
}

extension [Comment] {
  /// The first index whose comment fulfils `condition`, which all behind it do as well.
  fileprivate func partitioningIndex(_ condition: (Comment) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
