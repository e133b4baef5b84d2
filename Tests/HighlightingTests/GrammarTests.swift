import Library
import TestSupport
import Testing

@testable import Highlighting

/// What colours scripts elsewhere is made from the words of the language.
@Suite struct GrammarTests {
  @Test(arguments: GrammarFormat.allCases)
  func theFilesOfTheProjectAreThoseThatAreMade(format: GrammarFormat) throws {
    try expectRecorded(format.text(.standard), in: "scripts/editors/\(format.path)")
  }

  @Test(arguments: GrammarFormat.allCases)
  func everyGrammarKnowsTheWordsOfTheLanguage(format: GrammarFormat) {
    let text = format.text(.standard)
    for word in ["repeat", "within", "not", "nothing", "variant", "train", "adamw"] {
      #expect(text.contains(word), "\(word)")
    }
  }

  @Test func tokensAreWrittenByTheirBytes() {
    #expect(
      GrammarFormat.tokens(of: "η = 1 # x\n")
        == "0 2 name\n3 4 operator\n5 6 number\n7 10 comment\n")
  }
}
