import Testing

@testable import Rendering

@Suite struct TableTests {
  @Test func `cells align by display columns`() {
    var table = Table([.init("name"), .init("value", .right)])
    table.append(["δ̂", "1"])
    table.append(["神経", "200"])
    table.appendRule()
    table.append(["sum", "201"])
    #expect(
      table.text() == """
        name  value
        ═══════════
        δ̂         1
        神経    200
        ───────────
        sum     201
        """)
  }

  @Test func `a table never gets wider than asked`() {
    var table = Table([.init("a"), .init("b")])
    table.append([String(repeating: "x", count: 90), "yyyy"])
    let text = table.text(.ascii, width: 40)
    for line in text.split(separator: "\n") { #expect(TextWidth.columns(of: String(line)) <= 40) }
    #expect(text.contains("x~  yyyy"))
  }

  @Test func `a page has the lines and tables of a text, and not its drawings`() {
    var table = Table([.init("class <1>"), .init("n", .right)], notes: ["a & b"])
    table.append(["x", "1"])
    table.appendRule()
    table.append(["sum", "1"])
    let text = TextBlocks([
      .lines("one\ntwo"), .table(table), .lines(""), .drawing("╭─╮"),
    ])
    #expect(text.text(on: .plain).hasPrefix("one\ntwo\nclass <1>  n\n"))
    #expect(text.text(on: .plain).hasSuffix("a & b\n\n╭─╮"))
    let (left, right, ruled) = (
      "style=\"text-align:left\"", "style=\"text-align:right\"", ";border-top:1px solid\""
    )
    #expect(
      text.html == """
        <p style="white-space:pre-wrap">one
        two</p>
        <table>
        <thead><tr><th \(left)>class &lt;1&gt;</th><th \(right)>n</th></tr></thead>
        <tbody>
        <tr><td \(left)>x</td><td \(right)>1</td></tr>
        <tr><td \(left.dropLast())\(ruled)>sum</td><td \(right.dropLast())\(ruled)>1</td></tr>
        </tbody>
        </table>
        <p style="white-space:pre-wrap">a &amp; b</p>
        """)
  }
}

@Suite struct TextWidthTests {
  @Test(arguments: [
    ("abc", 3), ("é", 1), ("e\u{301}", 1), ("神", 2), ("😀", 2), ("👩‍👧", 2), ("δ₁", 2), ("", 0),
    ("\u{1B}[31mred\u{1B}[0m", 3), ("█▀", 2), ("a\u{200B}b", 2),
  ])
  func `columns are what a terminal shows`(text: String, columns: Int) {
    #expect(TextWidth.columns(of: text) == columns)
  }

  @Test func `no control character of a name reaches the terminal`() {
    #expect(TextWidth.printable("x\u{1B}[1m\u{7}\u{202E}é") == "x\\u{1b}[1m\\u{7}\\u{202e}é")
    let group = Scatter.Group("k\u{1B}[2J", [Point(0, 0), Point(1, 1)])
    let text = Scatter.picture(
      title: "t", [group, .init("l", [])], xLabel: "x\u{1B}[1m", yLabel: "y"
    ).text()
    #expect(text.contains("k\\u{1b}[2J"))
    #expect(!text.contains("\u{1B}"))
  }
}
