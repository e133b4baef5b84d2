/// A language of LaTeX's package listings.
struct ListingsLanguage {
  private let words: GrammarWords

  init(_ words: GrammarWords) { self.words = words }

  private func list(_ words: [String]) -> String {
    var lines: [String] = []
    var line = "   "
    for word in words {
      let item = " \(word),"
      if line.count + item.count > 96 {
        lines.append(line)
        line = "   "
      }
      line += item
    }
    lines.append(line)
    return String(lines.joined(separator: "\n").dropLast())
  }

  /// Words that listings can find: of letters, digits and `_`.
  private func plain(_ words: [String]) -> [String] { words.filter { $0.allSatisfy(\.isASCII) } }

  var text: String {
    let letters = words.letters.map { name, symbol in
      "    {\(symbol)}{{\\ensuremath{\\\(name)}}}1"
    }.joined(separator: "\n")
    return ##"""
      % Made by `bp colours --as listings`. In a document:
      %   \usepackage{listings}\input{bplang-listings}
      %   \begin{lstlisting}[language=bplang] … \end{lstlisting}
      \lstdefinelanguage{bplang}{
        sensitive=true,
        alsoletter={_},
        morecomment=[l]{\#},
        morestring=[b]",
        morestring=[s]{"""}{"""},
        morekeywords={
      \##(list(words.reserved + words.statementWords + [words.blockWord]))},
        morekeywords=[2]{
      \##(list(plain(words.functions)))},
        morekeywords=[3]{
      \##(list(plain(words.names)))},
        literate=
      \##(letters)
      }

      """##
  }
}
