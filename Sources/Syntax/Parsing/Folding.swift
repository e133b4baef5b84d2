/// Stretches of several lines that an editor can fold.
package enum Folding {
  package enum Kind: Hashable, Sendable {
    /// A block, or what stands in brackets.
    case block
    case comment
    case text
  }

  package struct Fold: Hashable, Sendable {
    package var range: SourceRange
    package var kind: Kind

    package init(range: SourceRange, kind: Kind) {
      self.range = range
      self.kind = kind
    }
  }

  /// In the order of the text.
  package static func folds(
    of source: SourceText, limits: ParserLimits = .standard
  ) -> [Fold] {
    var lexer = Lexer(source, limits: limits)
    lexer.run()
    var folds: [Fold] = []
    for (index, token) in lexer.tokens.enumerated() {
      guard let partner = token.partner, partner > index else { continue }
      let closing = lexer.tokens[partner]
      guard !closing.isFault,
        source.line(at: token.range.start) < source.line(at: closing.range.start)
      else { continue }
      switch token.kind {
      case .openBrace, .openBracket, .openParenthesis:
        folds.append(Fold(range: token.range.union(closing.range), kind: .block))
      case .stringStart: folds.append(Fold(range: token.range.union(closing.range), kind: .text))
      default: break
      }
    }
    var run: SourceRange?
    func end() {
      if let run, source.line(at: run.start) < source.line(at: run.end) {
        folds.append(Fold(range: run, kind: .comment))
      }
      run = nil
    }
    for comment in lexer.comments {
      let line = source.range(ofLine: source.line(at: comment.range.start))
      let isAlone = source.bytes[line.start..<comment.range.start].allSatisfy {
        $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
      }
      if let known = run,
        source.line(at: comment.range.start) != source.line(at: known.end) + 1 || !isAlone
      {
        end()
      }
      if isAlone { run = run?.union(comment.range) ?? comment.range }
    }
    end()
    return folds.sorted { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) }
  }
}
