import Testing

@testable import Syntax

/// Sources with `⟦` and `⟧` around what a range must cover.
@Suite struct RangeTests {
  private func marked(_ text: String) -> (source: String, ranges: [SourceRange]) {
    var source = ""
    var starts: [Int] = []
    var ranges: [SourceRange] = []
    for character in text {
      switch character {
      case "⟦": starts.append(source.utf8.count)
      case "⟧":
        if let start = starts.popLast() {
          ranges.append(SourceRange(start: start, end: source.utf8.count))
        }
      default: source.append(character)
      }
    }
    return (source, ranges)
  }

  @Test(
    "A statement covers its text, without blanks, comments and the ; behind it",
    arguments: [
      "  ⟦x = 1⟧ ; # one", "⟦if δ {\n  x\n}\nelse { y }⟧  \n\n", "⟦f(x) = { x }⟧\n",
      "⟦print \"é {x}\",\n  y⟧  # c", "⟦train net lr=0.1⟧  ", "⟦?train⟧ \n", "⟦x'⟧\n",
      "⟦time f x⟧;", "⟦x = y -> { y }⟧",
    ])
  func statements(_ text: String) {
    let (source, ranges) = marked(text)
    #expect(parse(source).statements.map(\.range) == ranges)
  }

  @Test(
    "An expression covers its text",
    arguments: [
      "⟦a + b⟧", "⟦-a⟧", "⟦f(x)[1].b'⟧", "⟦(a)⟧", "⟦[1, 2]⟧", "⟦[a: 1]⟧", "⟦[1; 2]⟧", "⟦\"a{x}\"⟧",
      "⟦1..n by 2⟧", "⟦a ≈ b within 1⟧", "⟦0 < a < 1⟧", "⟦x -> x⟧", "⟦f x k=1⟧", "⟦if a { }⟧",
      "⟦___⟧", "⟦nothing⟧", "⟦true⟧", "⟦1_0⟧", "⟦net.W1⟧", "⟦not a⟧", "⟦[:]⟧",
    ])
  func expressions(_ text: String) throws {
    let (source, ranges) = marked(text)
    let statement = try #require(parse(source + "  # c").statements.first)
    guard case .expression(let expression) = statement.kind else {
      Issue.record("\(source) is no expression")
      return
    }
    #expect([expression.range] == ranges)
  }

  @Test("An argument covers its name and its value, an operator itself")
  func parts() throws {
    let (source, ranges) = marked("f ⟦lr=0.1⟧ ⟦x⟧ ⟦+⟧ 1")
    guard case .expression(.binary(let sum))? = parse(source).statements.first?.kind,
      case .call(let call) = sum.left
    else {
      Issue.record("\(source) is no sum")
      return
    }
    #expect(call.arguments.map(\.range) + [sum.operatorRange] == ranges)
  }

  @Test(
    "A text that is not complete says what is open, and where",
    arguments: [
      ("x = ⟦(⟧", .parenthesis), ("f(⟦[⟧1,\n2,", .bracket), ("f(x) = ⟦{⟧\n  x\n", .brace),
      ("x = ⟦\"\"\"⟧\n  a\n", .blockString), ("x = 1 ⟦+⟧", .continuation),
      ("x ⟦=⟧\n\n", .continuation), ("print a⟦,⟧ # c\n", .continuation), ("x ⟦->⟧", .continuation),
      ("x = a ⟦and⟧", .continuation), ("a⟦,⟧", .continuation), ("x = f(y -> ⟦{⟧", .brace),
      ("x = \"\"\"{⟦(⟧", .parenthesis),
    ] as [(String, Incompleteness.Opening)])
  func incomplete(_ text: String, _ opening: Incompleteness.Opening) {
    let (source, ranges) = marked(text)
    let result = parse(source)
    #expect(result.incomplete?.opening == opening)
    #expect(result.incomplete.map { [$0.range] } == ranges)
    #expect(result.diagnostics.count == 1)
    #expect(result.diagnostics.first.map { [$0.range] } == ranges)
  }

  @Test(
    "A text that no further line can complete is not called incomplete",
    arguments: ["x = )", "x = \"abc", "x = 1", "if a { }", "f(x) =\n 1", "x = (\nprint 1", "1 2"])
  func complete(_ text: String) {
    #expect(parse(text).incomplete == nil)
  }

  @Test("Comments are listed with their places")
  func comments() {
    let (source, ranges) = marked("⟦#!/bin/bp⟧\nx = \"#\"  ⟦## one⟧\r\n(1 ⟦# two⟧\n) ⟦#⟧")
    #expect(parse(source).comments.map(\.range) == ranges)
  }

  @Test("Positions count lines and characters from 1")
  func positions() {
    let source = SourceText(name: "a", text: "é1\r\n\n漢x")
    #expect(source.position(at: 2) == SourcePosition(line: 1, column: 2))
    #expect(source.position(at: source.bytes.count - 1) == SourcePosition(line: 3, column: 2))
    #expect(source.text(of: source.range(ofLine: 1)) == "é1")
    #expect(source.range(ofLine: 2).start == source.range(ofLine: 2).end)
  }
}
