/// How much the parser takes before it answers with an error instead of exhausting the machine.
package struct ParserLimits: Hashable, Sendable {
  /// UTF-8 bytes of one source.
  package var sourceSize: Int
  /// Brackets, blocks, prefixes and right operands inside one another: what the parser recurses on.
  /// 200 levels of the costliest kind take under 5 MB of stack in a debug build.
  package var nesting: Int
  /// The height of one statement's tree, in which `1+1+…` counts once a term. It bounds the
  /// recursion of whoever walks or releases the tree.
  package var height: Int
  /// Errors that are listed.
  package var diagnostics: Int

  package init(
    sourceSize: Int = 16 << 20, nesting: Int = 200, height: Int = 1000, diagnostics: Int = 100
  ) {
    self.sourceSize = sourceSize
    self.nesting = nesting
    self.height = height
    self.diagnostics = diagnostics
  }

  package static let standard = ParserLimits()
}

/// Why a text cannot be complete yet: a prompt reads another line, for a script it is an error.
package struct Incompleteness: Hashable, Sendable {
  package enum Opening: String, Hashable, Sendable {
    case parenthesis = "("
    case bracket = "["
    case brace = "{"
    case blockString = "\"\"\""
    /// A binary operator, `,`, `=` or `->` at the end of the text.
    case continuation
  }

  package var opening: Opening
  /// Where the bracket, string or operator stands.
  package var range: SourceRange
}

/// What a source says, and all that is wrong with it.
package struct ParseResult: Sendable {
  /// Without those that have an error.
  package var statements: [Statement]
  /// In the order of the text; empty exactly if the source is in the language.
  package var diagnostics: [Diagnostic]
  package var incomplete: Incompleteness?
  package var comments: [Comment]
}
