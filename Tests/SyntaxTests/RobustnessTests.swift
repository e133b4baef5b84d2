import Foundation
import TestSupport
import Testing

@testable import Syntax

@Suite struct RobustnessTests {
  static let words = [
    "x", "f", "net", "δ", "1", "2.5", ".5", "1e3", "\"a\"", "\"{", "}\"", "\"\"\"", "'", "`", "$",
    "(", ")", "[", "]", "{", "}", ",", ";", ":", ".", "..", "...", "->", "=", "+=", "==", "!=", "<",
    "<=", "≈", "~~", "+", "-", "*", "/", "%", "@", "^", "**", "&&", "!", "?", "\n", "\n", "\n  ",
    "\t", " ", " ", " ", " ", "# c", "## h", "//", "/*", "*/", "\\", "\\\n", "“", "”", "‘",
    "\u{A0}",
    "²", "\u{1}", "\r\n", "___", "if ", "else ", "for ", "in ", "by ", "within ", "while ",
    "repeat ", "break", "continue", "return ", "param ", "print ", "check ", "exercise ", "import ",
    "and ", "or ", "not ", "true", "nothing", "time ", "hint ", "mistake ", "help ", "def ",
    "elif ",
    "end", "let ", "lambda ", "x = ", "f(x) = ", "{x:", ":.4}", "\\u{", "for x in 1..3 {\n",
    "if x {\n", "}\n", "😀", "漢", "\u{301}", "a=1", "lr=0.1 -1",
  ]

  private func soup(_ random: inout SplitMix) -> String {
    (0..<Int.random(in: 1...40, using: &random)).map { _ in
      Self.words[Int.random(in: 0..<Self.words.count, using: &random)]
    }.joined()
  }

  /// What must hold for any text whatever.
  private func examine(_ text: String) {
    let source = SourceText(name: "lesson.bp", text: text)
    let result = Parser.parse(source)
    let renderer = DiagnosticRenderer(source: source)
    for diagnostic in result.diagnostics {
      #expect(diagnostic.kind == .syntax)
      #expect(!diagnostic.message.isEmpty)
      #expect(diagnostic.range.start >= 0 && diagnostic.range.end <= source.bytes.count)
      #expect(diagnostic.range.start <= diagnostic.range.end)
      #expect(renderer.render(diagnostic).contains("-->"))
      #expect(renderer.json(diagnostic).hasPrefix("{"))
    }
    let starts = result.diagnostics.map(\.range.start)
    #expect(starts == starts.sorted())
    for statement in result.statements {
      #expect(statement.range.start < statement.range.end, "\(text)")
      #expect(statement.range.end <= source.bytes.count)
    }
    if result.incomplete != nil { #expect(!result.diagnostics.isEmpty, "\(text)") }
    guard result.diagnostics.isEmpty else { return }
    guard let formatted = try? Formatter.format(source) else {
      Issue.record("does not format: \(text)")
      return
    }
    #expect(tree(formatted) == result.statements.described, "\(text)")
    #expect(
      (try? Formatter.format(SourceText(name: "", text: formatted))) == formatted, "\(text)")
  }

  @Test("Any soup of words gets a tree or errors in the text, and never a crash")
  func wordSoup() {
    var random = SplitMix(1)
    for _ in 0..<2500 { examine(soup(&random)) }
  }

  @Test("Any text cut off, doubled or with a piece left out gets a tree or errors")
  func brokenPrograms() {
    var random = SplitMix(2)
    for seed in 0..<200 {
      var generator = ProgramGenerator(seed: seed)
      var characters = Array(generator.program())
      let low = Int.random(in: 0..<characters.count, using: &random)
      let high = min(characters.count, low + Int.random(in: 0...3, using: &random))
      characters.removeSubrange(low..<high)
      examine(String(characters))
      examine(String(characters.prefix(low)))
    }
  }

  @Test("A carriage return is part of a line end or an error")
  func carriageReturns() {
    #expect(tree("x\r\ny\r\n\r") == "x; y")
    #expect(tree("x\ry").contains("control character (U+000D)"))
  }

  /// Beside seeds, what `scripts/fuzz` found.
  @Test("Every text of the fuzzing corpus and of the recorded errors gets a tree or errors")
  func corpus() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/corpus")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    #expect(files.count >= 3)
    for file in files { examine(try String(contentsOf: file, encoding: .utf8)) }
    for snapshot in try ErrorSnapshotTests.cases() { examine(snapshot.source) }
  }

  @Test("A statement that is left out was reported")
  func nothingIsLostSilently() {
    var random = SplitMix(3)
    for _ in 0..<2000 {
      // Lines that stand alone: each is a statement, or has an error.
      let line = soup(&random).filter { !"\n\r;{}\"#".contains($0) && $0 != "\\" }
      guard line.contains(where: { $0.isLetter }), !line.contains("/*") else { continue }
      let result = parse("a\n" + line)
      #expect(result.statements.count == 2 || !result.diagnostics.isEmpty, "\(line)")
    }
  }
}
