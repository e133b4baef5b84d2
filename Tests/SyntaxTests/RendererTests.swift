import Foundation
import Testing

@testable import Syntax

@Suite struct RendererTests {
  private static let lesson = SourceText(
    name: "lesson.bp",
    text: "net = mlp [2,20,1] relu\n\tx = \"漢字é\" + y\n\nf(x)\ntrain net iris epochs=10\n")
  private static let library = SourceText(name: "lib.bp", text: "g(x) = x +\n  unknown\n")

  private func renderer(
    _ style: DiagnosticStyle = .plain, width: Int = 100
  ) -> DiagnosticRenderer {
    DiagnosticRenderer(style: style, width: width) { id in
      id?.index == 1 ? Self.library : Self.lesson
    }
  }

  /// The range of the first `words` in the lesson.
  private func place(_ words: String, in source: SourceText = lesson) -> SourceRange {
    let bytes = Array(words.utf8)
    let start = source.bytes.indices.first { source.bytes[$0...].starts(with: bytes) } ?? 0
    return SourceRange(start: start, end: start + bytes.count)
  }

  @Test("Two labels on a line look as in the reference")
  func reference() {
    let train = place("train net iris")
    let net = SourceRange(start: train.start + 6, end: train.start + 9)
    let diagnostic = Diagnostic(
      .runtime, "the data set has 4 features, but the net takes 2 inputs", at: net,
      label: "mlp [2,20,1] takes 2 inputs",
      labels: [.init(place("iris"), "4 features")], help: ["build it with mlp [4,20,3]"])
    #expect(
      renderer().render(diagnostic) == """
        error: the data set has 4 features, but the net takes 2 inputs
          --> lesson.bp:5:7
           |
         5 | train net iris epochs=10
           |       ^^^ ^^^^ 4 features
           |       |
           |       mlp [2,20,1] takes 2 inputs
           = help: build it with mlp [4,20,3]
        """)
  }

  @Test("Labels on other lines and in other sources, calls and tabs have their place")
  func everywhere() {
    var diagnostic = Diagnostic(
      .runtime, "what y is is not known", at: place("y"), label: "here",
      labels: [
        .init(place("net"), "made here"), .init(place("x = "), "x"), .init(place("+"), "sum"),
        .init(place("unknown", in: Self.library), "there", source: SourceID(index: 1)),
      ])
    diagnostic.severity = .note
    diagnostic.calls = [
      .init(function: "f", range: place("f(x)")),
      .init(
        function: "g", range: place("unknown", in: Self.library), source: SourceID(index: 1)),
    ]
    #expect(
      renderer().render(diagnostic) == """
        note: what y is is not known
          --> lesson.bp:2:14
           |
         1 | net = mlp [2,20,1] relu
           | ^^^ made here
         2 |     x = "漢字é" + y
           |     ^^^^        ^ ^ here
           |     |           |
           |     |           sum
           |     x
          ::: lib.bp:2:3
           |
         2 |   unknown
           |   ^^^^^^^ there
           = in f, called at lesson.bp:4:1
           = in g, called at lib.bp:2:3
        """)
  }

  @Test("Lines that are far apart have dots between them, and numbers a common width")
  func distantLines() {
    let text = (1...12).map { "line\($0)" }.joined(separator: "\n")
    let source = SourceText(name: "a", text: text)
    let diagnostic = Diagnostic(
      .runtime, "no", at: SourceRange(start: text.utf8.count - 6, end: text.utf8.count),
      labels: [.init(SourceRange(start: 0, end: 4), "first")])
    #expect(
      DiagnosticRenderer(source: source).render(diagnostic) == """
        error: no
           --> a:12:1
            |
          1 | line1
            | ^^^^ first
        ...
         12 | line12
            | ^^^^^^
        """)
  }

  @Test("A long line is cut around the caret")
  func longLine() {
    let text = String(repeating: "ä", count: 3000) + "X" + String(repeating: "z", count: 3000)
    let source = SourceText(name: "a", text: text)
    let range = SourceRange(start: 6000, end: 6001)
    let lines = DiagnosticRenderer(width: 30, source: source)
      .render(Diagnostic(.runtime, "no", at: range, label: "here")).split(separator: "\n")
    #expect(lines[3] == " 1 | …ääääääääääXzzzzzzzzzzzzzzzzzzz…")
    #expect(lines[4] == "   |            ^ here")
    let wide = SourceText(name: "a", text: String(repeating: "漢", count: 12) + "X")
    let shown = DiagnosticRenderer(width: 30, source: wide)
      .render(Diagnostic(.runtime, "no", at: SourceRange(start: 36, end: 37)))
    #expect(
      shown.hasSuffix(
        " 1 | \(wide.text(of: SourceRange(start: 0, end: 37)))\n   | "
          + String(repeating: " ", count: 24) + "^"))
  }

  @Test("Control characters, lone marks and joiners reach no terminal as they are")
  func controlCharacters() {
    let source = SourceText(name: "a", text: "x\u{1B}[31m \u{301}y \u{202E}z 👍 X")
    let offset = source.bytes.count - 1
    let shown = DiagnosticRenderer(source: source)
      .render(Diagnostic(.runtime, "no", at: SourceRange(start: offset, end: offset + 1)))
    #expect(shown.unicodeScalars.allSatisfy { $0.value >= 32 && $0 != "\u{202E}" || $0 == "\n" })
    #expect(shown.hasSuffix("^"))
  }

  @Test("A range beyond the text, an empty one and one over lines have a caret")
  func oddRanges() {
    let source = SourceText(name: "a", text: "ab\ncd")
    for (range, expected) in [
      (SourceRange(start: 5, end: 5), " 2 | cd\n   |   ^"),
      (SourceRange(start: 50, end: 60), " 2 | cd\n   |   ^"),
      (SourceRange(start: 1, end: 5), " 1 | ab\n   |  ^"),
    ] {
      let shown = DiagnosticRenderer(source: source).render(Diagnostic(.runtime, "no", at: range))
      #expect(shown.hasSuffix(expected), "\(shown)")
    }
  }

  @Test("Many calls are listed from both ends")
  func manyCalls() {
    var diagnostic = Diagnostic(.runtime, "too deep", at: place("y"))
    diagnostic.calls = (1...100).map { .init(function: "f\($0)", range: place("f(x)")) }
    let lines = renderer().render(diagnostic).split(separator: "\n").filter { $0.contains("=") }
    #expect(lines.count == 11)
    #expect(lines.contains { $0.hasSuffix("… 91 more calls") })
  }

  @Test("A source that is not known leaves the message")
  func unknownSource() {
    let renderer = DiagnosticRenderer { _ in nil }
    var diagnostic = Diagnostic(.runtime, "no", at: SourceRange(start: 0, end: 1), help: ["yes"])
    diagnostic.calls = [.init(function: "f", range: SourceRange(start: 0, end: 1))]
    #expect(renderer.render(diagnostic) == "error: no\n   = in f\n   = help: yes")
    #expect(renderer.json(diagnostic).contains("\"file\":null,\"line\":null"))
  }

  @Test("Colours come and go in pairs and change nothing else")
  func colours() {
    let diagnostic = Diagnostic(
      .runtime, "no", at: place("y"), label: "a", labels: [.init(place("x = "), "b")], help: ["c"])
    let coloured = renderer(.terminal).render(diagnostic)
    let plain = coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    #expect(coloured != plain)
    #expect(plain == renderer().render(diagnostic))
    #expect(
      coloured.components(separatedBy: "\u{1B}[0m").count
        == coloured.components(separatedBy: "\u{1B}").count / 2 + 1)
  }

  @Test("JSON has every field and reads back")
  func json() throws {
    var diagnostic = Diagnostic(
      .limit, "a \"b\"\\ \n\t\u{1}", at: place("y"), label: "l",
      labels: [.init(place("unknown", in: Self.library), "é", source: SourceID(index: 1))],
      help: ["h"])
    diagnostic.calls = [.init(function: "f", range: place("f(x)"))]
    diagnostic.omittedCalls = 3
    let text = renderer().json(diagnostic)
    #expect(!text.contains("\n"))
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: any Sendable])
    #expect(object["severity"] as? String == "error")
    #expect(object["kind"] as? String == "limit")
    #expect(object["message"] as? String == "a \"b\"\\ \n\t\u{1}")
    #expect(object["file"] as? String == "lesson.bp")
    #expect(object["line"] as? Int == 2)
    #expect(object["column"] as? Int == 14)
    #expect(object["end"] as? [String: Int] == ["line": 2, "column": 15])
    #expect(object["help"] as? [String] == ["h"])
    #expect(object["omittedCalls"] as? Int == 3)
    #expect(text.contains(#""labels":[{"file":"lib.bp","line":2,"column":3,"#))
    #expect(text.contains(#""calls":[{"function":"f","file":"lesson.bp","line":4,"column":1,"#))
  }
}
