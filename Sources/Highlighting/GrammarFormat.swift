import Interchange
import Language
import Syntax

/// Who colours scripts, and what for: each has a file that is made from the words of the language.
package enum GrammarFormat: String, CaseIterable, Sendable {
  case textmate, vim, pygments, listings, codemirror

  /// Where the file stands below a folder of grammars.
  package var path: String {
    switch self {
    case .textmate: "vscode/syntaxes/bplang.tmLanguage.json"
    case .vim: "vim/syntax/bplang.vim"
    case .pygments: "pygments/bplang_lexer.py"
    case .listings: "latex/bplang-listings.tex"
    case .codemirror: "codemirror/bplang.mjs"
    }
  }

  /// The file.
  package func text(_ catalog: Catalog) -> String {
    let words = GrammarWords(catalog)
    return switch self {
    case .textmate: (try? TextMateGrammar(words).text()) ?? ""
    case .vim: VimSyntax(words).text
    case .pygments: PygmentsLexer(words).text
    case .listings: ListingsLanguage(words).text
    case .codemirror: CodeMirrorMode(words).text
    }
  }

  /// The tokens of a script as the lexer has them, one a line: the first byte, the one behind the
  /// last, and what it is. Grammars are compared with them.
  package static func tokens(of text: String) -> String {
    Colouring.tokens(of: SourceText(name: "", text: text)).map {
      "\($0.range.start) \($0.range.end) \($0.colour.rawValue)\n"
    }.joined()
  }
}
