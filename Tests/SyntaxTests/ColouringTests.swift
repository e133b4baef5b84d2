import TestSupport
import Testing

@testable import Syntax

/// What editors ask of the text alone.
@Suite struct ColouringTests {
  private func colours(_ text: String) -> [String] {
    let source = SourceText(name: "", text: text)
    return Colouring.tokens(of: source).map { "\($0.colour.rawValue) \(source.text(of: $0.range))" }
  }

  @Test(arguments: [
    ("x = 1 # one", ["name x", "operator =", "number 1", "comment # one"]),
    ("time train", ["keyword time", "name train"]),
    ("time = 3", ["name time", "operator =", "number 3"]),
    ("r.by", ["name r", "punctuation .", "name by"]),
    ("f for=1", ["name f", "name for", "operator =", "number 1"]),
    ("not ___", ["operator not", "placeholder ___"]),
    (
      "\"a\\n{b:.2}\"",
      [
        "string \"", "string a", "escape \\n", "interpolation {", "name b", "interpolation :.2",
        "interpolation }", "string \"",
      ]
    ),
    ("r\"\\a{b}\"", ["string r\"", "string \\a{b}", "string \""]),
    ("W'", ["name W", "operator '"]),
    ("tests { }", ["keyword tests", "punctuation {", "punctuation }"]),
  ]) func tokensHaveColours(text: String, expected: [String]) {
    #expect(colours(text) == expected)
  }

  @Test func everyVisibleCharacterHasOneColour() throws {
    for (path, text) in try Project.files(below: "scripts", endingWith: ".bp") {
      let source = SourceText(name: path, text: text)
      var end = 0
      for token in Colouring.tokens(of: source) {
        #expect(token.range.start >= end, "\(path)")
        let between = source.text(of: SourceRange(start: end, end: token.range.start))
        #expect(between.allSatisfy { $0.isWhitespace }, "\(path): \(between)")
        end = token.range.end
      }
    }
  }

  @Test(
    arguments: [
      ("train net ", "train", 1, nil), ("train net", "train", 0, nil), ("f(a, ", "f", 1, nil),
      ("f(g(1), 2", "f", 1, nil), ("x = f(", "f", 0, nil), ("print (max 1 ", "max", 1, nil),
      ("train net data lr=", "train", 2, "lr"), ("train net epochs=3 ", "train", 1, nil),
      ("y = 2*f 3 ", "f", 1, nil), ("f [1, 2", "f", 0, nil),
    ] as [(String, String, Int, String?)])
  func theCallAtTheCursorIsFound(text: String, name: String, position: Int, option: String?) {
    let source = SourceText(name: "", text: text)
    let place = CallPlace(in: source, at: source.bytes.count)
    #expect(place?.name.text == name)
    #expect(place?.position == position)
    #expect(place?.option == option)
  }

  @Test(arguments: ["x = ", "f", "", "1 + 2 ", "x = [1, "]) func noCallIsFound(text: String) {
    let source = SourceText(name: "", text: text)
    #expect(CallPlace(in: source, at: source.bytes.count) == nil)
  }

  @Test(arguments: [
    ("cc_library {\n  name: \"x\",\n}", true), ("// c\n/* d */\nx = [\"a\",]\nm { name: 1 }", true),
    ("m {}\nn { a: true }", true), ("if x { y = 1 }", false), ("x = 1\nprint x", false),
    ("x = [a: 1]", false), ("", false), ("f(x) = { x }", false), ("x", false), ("m { // :", false),
  ]) func filesOfAndroidAreRecognised(text: String, isForeign: Bool) {
    #expect(AndroidBlueprint.matches(text) == isForeign)
  }

  @Test func whatToWriteIsKnownAsEditsToo() {
    for (text, expected) in [
      ("x = 2 ** 3", "x = 2 ^ 3"), ("x = 'a'", "x = \"a\""), ("x = (a && b)", "x = (a and b)"),
    ] {
      let source = SourceText(name: "", text: text)
      let advice = Parser.parse(source).diagnostics.flatMap { $0.help }.first { !$0.edits.isEmpty }
      var corrected = ""
      var place = 0
      for edit in advice?.edits ?? [] {
        corrected += source.text(of: SourceRange(start: place, end: edit.range.start)) + edit.text
        place = edit.range.end
      }
      corrected += source.text(of: SourceRange(start: place, end: source.bytes.count))
      #expect(corrected == expected)
      #expect(advice?.text == "write \(expected)")
    }
  }
}
