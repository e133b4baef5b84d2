import Language
import Learning
import Syntax

/// The words and signs that grammars know, from the lexer's tables and the catalog.
struct GrammarWords {
  let keywords = Vocabulary.words(.keyword)
  let operatorWords = Vocabulary.words(.operator)
  let constantWords = Vocabulary.words(.constant)
  /// Words that begin a statement where a value follows, and the one that a block follows.
  let statementWords = Vocabulary.statementWords.filter { $0 != Vocabulary.blockWord }
  let blockWord = Vocabulary.blockWord
  let operators = Vocabulary.operators
  let comment = Vocabulary.comment
  let functions: [String]
  /// Names of numbers, and of what options choose that is no function.
  let names: [String]
  let letters = GreekLetter.all

  init(_ catalog: Catalog) {
    let functions = Set(catalog.functions.flatMap { [$0.name] + $0.aliases })
    let constants = catalog.constants.flatMap { [$0.name] + $0.aliases }
    let choices = Choice.Kind.allCases.flatMap { $0.names }
    // A letter alone is mostly the user's own name.
    self.functions = functions.filter { $0.count > 1 }.sorted()
    names = Set(constants + choices).subtracting(functions).filter { $0.count > 1 }.sorted()
  }

  /// All reserved words.
  var reserved: [String] { (keywords + operatorWords + constantWords).sorted() }

  /// Words that join what stands before them to what follows, so that no statement goes on with them.
  var joiningWords: [String] {
    operatorWords.filter { $0 != "not" } + ["by", "else", "in", "within"]
  }
}
