import Testing

@testable import Syntax

@Suite struct SyntaxWalkTests {
  @Test(
    "Every name is handed over, wherever it stands",
    arguments: [
      ("a = b", "a b"), ("a[b, :].c = d", "a b d"), ("f(a=b) = { c }", "f b c"),
      ("f(a) = b + -c", "f b c"), ("param a = b", "a b"), ("print a, [b, c]", "a b c"),
      ("check a, b", "a b"), ("for a in b { c }", "a b c"), ("while a { b; break }", "a b"),
      ("repeat a { continue }", "a"), ("f() = { return a }", "f a"), ("f() = { return }", "f"),
      ("import a", "a"), ("time a", "a"), ("hint a", "a"), ("mistake a, b", "a b"),
      ("exercise \"{a}\" k=b { c }", "a b c"),
      ("if a { b } else if c { d } else { e }", "a b c d e"),
      ("if a { b }", "a b"), ("x -> y", "y"), ("(x, y=a) -> { b }", "a b"), ("[a; b]", "a b"),
      ("[k: a]", "a"), ("(a)' ≈ b within c", "a b c"), ("a..b by c", "a b c"), ("f a k=b", "f a b"),
      ("1; ___; nothing; true; \"a\"", ""),
    ])
  func names(_ source: String, _ expected: String) {
    var names: [String] = []
    let result = parse(source)
    #expect(result.diagnostics.isEmpty, "\(source)")
    for statement in result.statements { statement.forEachName { names.append($0.text) } }
    #expect(Set(names) == Set(expected.split(separator: " ").map(String.init)), "\(source)")
  }
}
