import Foundation
import Rendering
import TestSupport
import Testing

/// What LaTeX is given for characters beyond ASCII.
@Suite struct TeXCharacterTests {
  @Test func `every character of the lectures has a name in LaTeX`() throws {
    var unknown: Set<Character> = []
    for name in Project.names(in: "scripts/lectures", endingWith: ".bp") {
      for character in try Project.text("scripts/lectures/\(name).bp") where !character.isASCII {
        if TeXCharacters.character(character).contains("?") { unknown.insert(character) }
      }
    }
    #expect(unknown.isEmpty)
  }

  @Test(arguments: [
    ("i ≠ j", "i $\\ne$ j"), ("Größe", "Gr\\\"oße"), ("naïve", "na\\\"ive"), ("Łódź", "Łódź"),
    ("a_b", "a\\_b"), ("▁█", "\\_\\rule{0.5em}{1.2ex}"), ("x│y", "x$|$y"), ("日", "?"),
  ])
  func `others are letters of LaTeX, or spelled`(text: String, tex: String) {
    #expect(TeXCharacters.text(text) == tex)
  }
}
