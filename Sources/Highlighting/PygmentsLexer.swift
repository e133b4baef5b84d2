/// A lexer for Pygments, which minted and Sphinx use.
struct PygmentsLexer {
  private let patterns: RegularExpressions

  init(_ words: GrammarWords) { patterns = .python(words) }

  private func rule(_ pattern: String, _ token: String, _ more: String = "") -> String {
    "        (r'\(pattern.replacing("'", with: "\\'"))', \(token)\(more)),"
  }

  var text: String {
    let words = patterns.words
    let statement = patterns.statementWord
    let code = [
      rule(#"#[^\n]*"#, "Comment.Single"),
      rule("\(patterns.noPartBefore)r\"\"\"", "String.Double", ", 'rawblock'"),
      rule("\(patterns.noPartBefore)r\"", "String.Double", ", 'raw'"),
      rule("\"\"\"", "String.Double", ", 'block'"),
      rule("\"", "String.Double", ", 'string'"),
      rule(patterns.number, "Number"),
      rule(patterns.reservedName, "Name"),
      rule(#"^([ \t]*)(\#(statement))"#, "bygroups(Whitespace, Keyword)"),
      rule(#"(?<=[;{])([ \t]*)(\#(statement))"#, "bygroups(Whitespace, Keyword)"),
      rule(#"\n"#, "Whitespace"),
      rule(#"[^\S\n]+"#, "Whitespace"),
      rule(patterns.placeholder, "Name.Variable.Magic"),
      rule(patterns.words(words.keywords), "Keyword"),
      rule(patterns.words(words.operatorWords), "Operator.Word"),
      rule(patterns.words(words.constantWords), "Keyword.Constant"),
      rule(patterns.functions, "Name.Builtin"),
      rule(patterns.names, "Name.Constant"),
      rule("\(patterns.name)(?=\\()", "Name.Function"),
      rule(patterns.name, "Name"),
      rule(patterns.prime, "Operator"),
      rule(patterns.operators, "Operator"),
    ]
    return """
      # Made by `bp colours --as pygments`.
      \"\"\"The language bplang of bp for Pygments.\"\"\"

      import re

      from pygments.lexer import RegexLexer, bygroups, include
      from pygments.token import (
          Comment, Keyword, Name, Number, Operator, Punctuation, String, Text, Whitespace)

      __all__ = ['BplangLexer']


      class BplangLexer(RegexLexer):
          \"\"\"Scripts that build, train and explain multi-layer perceptrons.\"\"\"

          name = 'bplang'
          aliases = ['bplang']
          filenames = ['*.bplang', '*.bp']
          mimetypes = ['text/x-bplang']
          flags = re.MULTILINE

          tokens = {
              'code': [
      \(code.map { "        " + $0.drop { $0 == " " } }.joined(separator: "\n"))
              ],
              'root': [
                  include('code'),
                  (r'[()\\[\\]{},;:.]', Punctuation),
                  (r'.', Text),
              ],
              'text': [
                  (r'\(RegularExpressions.escape)', String.Escape),
                  (r'\\{', String.Interpol, 'value'),
              ],
              'string': [
                  (r'"', String.Double, '#pop'),
                  (r'\\n', Whitespace, '#pop'),
                  include('text'),
                  (r'[^"\\\\{\\n]+', String.Double),
                  (r'.', String.Double),
              ],
              'block': [
                  (r'\"\"\"', String.Double, '#pop'),
                  include('text'),
                  (r'[^"\\\\{]+', String.Double),
                  (r'"', String.Double),
              ],
              'raw': [
                  (r'"', String.Double, '#pop'),
                  (r'\\n', Whitespace, '#pop'),
                  (r'[^"\\n]+', String.Double),
              ],
              'rawblock': [
                  (r'\"\"\"', String.Double, '#pop'),
                  (r'[^"]+', String.Double),
                  (r'"', String.Double),
              ],
              'value': [
                  (r'\\}', String.Interpol, '#pop'),
                  (r'\(RegularExpressions.format)', String.Interpol),
                  (r'[(\\[{]', Punctuation, 'brackets'),
                  include('code'),
                  (r'[)\\],;:.]', Punctuation),
                  (r'.', Text),
              ],
              'brackets': [
                  (r'[)\\]}]', Punctuation, '#pop'),
                  (r'[(\\[{]', Punctuation, '#push'),
                  include('code'),
                  (r'[,;:.]', Punctuation),
                  (r'.', Text),
              ],
          }

      """
  }
}
