import Testing

@testable import Syntax

@Suite struct LimitTests {
  private func messages(_ text: String, _ limits: ParserLimits = .standard) -> [String] {
    parse(text, limits: limits).diagnostics.map(\.message)
  }

  private func times(_ count: Int, _ text: String) -> String {
    String(repeating: text, count: count)
  }

  /// What nests by recursion: a source of that many levels.
  static let nested: [(String, @Sendable (Int) -> String)] = [
    ("parentheses", { n in r(n, "(") + "1" + r(n, ")") }),
    ("lists", { n in r(n, "[") + r(n, "]") }),
    ("signs", { n in r(n, "-") + "1" }),
    ("negations", { n in r(n, "not ") + "x" }),
    ("powers", { n in r(n, "2^") + "2" }),
    ("functions", { n in r(n, "x -> ") + "x" }),
    ("calls", { n in r(n, "f(") + "1" + r(n, ")") }),
    ("indexes", { n in r(n, "x[") + "1" + r(n, "]") }),
    ("records", { n in r(n, "[a: ") + "1" + r(n, "]") }),
    ("blocks", { n in r(n, "if a { ") + r(n, "} ") }),
    ("alternatives", { n in "if a { 1 }" + r(n - 1, " else if b { 2 }") }),
    ("times", { n in r(n, "time ") + "x" }),
  ]

  private static func r(_ count: Int, _ text: String) -> String {
    String(repeating: text, count: count)
  }

  @Test("Nesting is read up to the limit and reported one level further", arguments: [10, 200])
  func nesting(_ limit: Int) {
    for (name, source) in Self.nested {
      let limits = ParserLimits(nesting: limit)
      #expect(messages(source(limit), limits) == [], "\(name)")
      let beyond = messages(source(limit + 1), limits)
      #expect(beyond.count == 1, "\(name)")
      #expect(beyond.first?.contains("nested deeper than \(limit) levels") == true, "\(name)")
    }
  }

  /// What nests to the left: a source whose tree has that height.
  static let chained: [(String, @Sendable (Int) -> String)] = [
    ("sums", { n in "1" + r(n - 1, "+1") }),
    ("products", { n in "1" + r(n - 1, "*1") }),
    ("alternatives", { n in "a" + r(n - 1, " or a") }),
    ("fields", { n in "a" + r(n - 1, ".a") }),
    ("primes", { n in "a" + r(n - 1, "'") }),
    ("calls", { n in "f" + r(n - 1, "()") }),
    ("indexes", { n in "x" + r(n - 1, "[1]") }),
  ]

  @Test("A tree is built up to the limit of its height and reported one further")
  func height() {
    for (name, source) in Self.chained {
      #expect(messages(source(1000)) == [], "\(name)")
      let beyond = messages(source(1001))
      #expect(beyond.count == 1, "\(name)")
      #expect(beyond.first?.contains("more than 1000 operations") == true, "\(name)")
    }
  }

  @Test("Chains inside brackets add to the height of what is around them")
  func heightAddsUp() {
    let inner = "(1" + times(600, "+1") + ")"
    #expect(messages(inner) == [])
    #expect(messages(inner + times(600, "+1")).count == 1)
    #expect(messages("x = [" + inner + "]; y = if " + inner + " { " + inner + " }") == [])
    #expect(messages("f(a=" + inner + times(400, "+1") + ") = 1").count == 1)
    #expect(messages("\"{" + inner + times(400, "+1") + "}\"").count == 1)
    #expect(messages("x -> { y = " + inner + " }" + "; z = 1") == [])
  }

  @Test("The size of a source is read up to the limit and reported one byte further")
  func sourceSize() {
    let limits = ParserLimits(sourceSize: 5)
    #expect(messages("x = 1", limits) == [])
    #expect(messages("x = 12", limits) == ["the source has 6 bytes, but at most 5 are read"])
  }

  @Test("Errors are listed up to the limit")
  func diagnostics() {
    let limits = ParserLimits(diagnostics: 3)
    #expect(messages("$\n$\n$", limits).count == 3)
    let many = messages("$\n$\n$\n$", limits)
    #expect(many.count == 4)
    #expect(many.last == "there are more errors than these 3")
  }

  @Test("Long and deep texts give an answer and no crash")
  func monsters() {
    #expect(messages("1" + times(100_000, "+1")).count == 1)
    #expect(messages(times(10_000, "(")).count == 1)
    #expect(messages(times(10_000, "[") + times(10_000, "]")).count == 1)
    #expect(messages("x = \"" + times(1 << 20, "a") + "\"") == [])
    #expect(messages("x = [" + times(100_000, "1, ") + "1]") == [])
    #expect(messages(times(20_000, "x = 1\n")) == [])
    #expect(messages(times(20_000, "x;")) == [])
    #expect(messages(times(3_000, "if a { ")).count == 1)
    #expect(messages(times(3_000, "\"{")).count == 1)
    #expect(messages("if a { }" + times(3_000, " else if a { }")).count == 1)
    #expect(messages("a < " + times(100_000, "b < ") + "c") == [])
    #expect(messages("f" + times(100_000, " x")) == [])
    #expect(messages(times(100_000, "$ ")).count == 101)
    #expect(messages(times(100_000, "\"\n")).count == 101)
    #expect(messages(times(100_000, "a ")) == [])
    #expect(messages(times(100_000, ")")).count == 101)
    #expect(messages("/*" + times(100_000, "*")).count == 1)
    #expect(messages("print " + times(100_000, "'")).count == 101)
    #expect(messages("#" + times(1 << 20, "a")) == [])
    #expect(messages("1" + times(1 << 20, "0")).count == 1)
  }

  @Test("The costliest frames at every level of nesting fit on the stack")
  func deepFrames() {
    // Every operator level below every bracket, and blocks in calls in strings.
    let climb = "1 or 1 and not 1 == 1 .. 1 + 1 * 1 @ -1 ^ "
    #expect(messages(times(200, climb + "(") + "1" + times(200, ")")).count == 1)
    #expect(messages(times(15, climb + "(") + "1" + times(15, ")")) == [])
    #expect(messages(times(64, "f(x -> { g [\"{") + times(64, "}\"] })")).count >= 1)
    #expect(messages(times(40, "f(x -> { g [\"{") + "1" + times(40, "}\"] })")) == [])
    #expect(messages(times(200, "if a { ") + times(200, "} ")) == [])
    #expect(messages(times(300, "if a {\n") + times(300, "}\n")).count == 1)
    #expect(messages(times(300, "f x=1 + ( y 3 {\n") + times(300, "}\n)")).count >= 1)
  }
}
