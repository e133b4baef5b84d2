import Testing

@testable import Syntax

@Suite struct StatementTests {
  static let statements: [(String, String)] = [
    ("w = 0.5", "w = 0.5"),
    ("W[1,2] = 0.3", "W[1, 2] = 0.3"),
    ("net.W1[1,2] += 1", "net.W1[1, 2] += 1"),
    ("a, b = split data 0.8", "a, b = split`(data, 0.8)"),
    ("a.x, b[1],\n c = y", "a.x, b[1], c = y"),
    ("x -= 1; x *= 2; x /= 3", "x -= 1!; x *= 2!; x /= 3"),
    ("f(x, y=1) = x^2 + x*y", "f(x, y=1) := (+ (^ x 2) (* x y))"),
    ("f(x) = { q = x + 1; q * x }", "f(x) := {q = (+ x 1)!; (* q x)}"),
    ("f() =\n  1", "f() := 1"),
    ("## one\n##  two\nf(x) = x", "##one\n two## f(x) := x"),
    ("## far\n\nf(x) = x", "f(x) := x"),
    ("# no\n## yes\nf(x) = x", "##yes## f(x) := x"),
    ("##  one  \n##\nf(x) = x", "## one\n## f(x) := x"),
    ("### banner\nf(x) = x", "f(x) := x"),
    ("param w1 = 0.15,\n w2 = .20", "param w1 = 0.15, w2 = .20"),
    ("param v = f a, b = 2", "param v = f`(a), b = 2"),
    ("if c { 1 } else if d { 2 }\nelse { 3 }", "if c {1} else if d {2} else {3}"),
    ("if c {\n  1\n}\nx", "if c {1}; x"),
    ("for x in 1..3 { print x }", "for x in (1..3) {print x}"),
    ("while x < 3 { x += 1; break }", "while (x < 3) {x += 1!; break}"),
    ("repeat 10 { continue }", "repeat 10 {continue}"),
    ("repeat n { f x }", "repeat n {f`(x)}"),
    ("print", "print "),
    ("print a, f b,\n  c;", "print a, f`(b), c!"),
    ("check a ≈ 1, \"no\"", "check (a ≈ 1), \"no\""),
    ("check a", "check a"),
    ("import \"lib.bp\"", "import \"lib.bp\""),
    ("time f x", "time f`(x)"),
    ("time x = f x", "time x = f`(x)"),
    ("time = 3; time + 1; time", "time = 3!; (+ time 1)!; time"),
    ("hint = 3; mistake = 4; x = hint", "hint = 3!; mistake = 4!; x = hint"),
    ("f() = { return }", "f() := {return}"),
    ("f(x) = { return x + 1 }", "f(x) := {return (+ x 1)}"),
    (
      "exercise \"t\" points=2 {\n hint \"h\"\n check ___\n mistake x ≈ 1, \"m\"\n}",
      "exercise \"t\" (points=2) {hint \"h\"; check ___; mistake (x ≈ 1), \"m\"}"
    ),
    ("?train", "help`(\"train\")"),
    ("? for", "help`(\"for\")"),
    ("?", "help`()"),
    ("help for # words", "help`(\"for\")"),
    ("help @", "help`(\"@\")"),
    ("help train; x", "help`(\"train\")!; x"),
    ("help", "help"),
    ("help = 3", "help = 3"),
    ("help(train)", "help(train)"),
    ("#!/usr/bin/env bp\n\n;x;\r\n\ty\r\n", "x!; y"),
    ("x =\n  1 +\n  2", "x = (+ 1 2)"),
    ("f(x,\n  y)\nz", "f(x, y); z"),
    ("x = [1,\n  2]\n  # deeper comment\ny", "x = [1, 2]; y"),
    ("f = x ->\n  x", "f = (x) -> x"),
    ("if a {\n    x\n    y\n}\nz", "if a {x; y}; z"),
    ("  x\n  y\n", "x; y"),
    ("δ = w₁ + out_h1", "δ = (+ w₁ out_h1)"),
    ("____ + 1", "(+ ___ 1)"),
    ("x = f(y -> {\n  y\n})\nz", "x = f((y) -> {y}); z"),
    ("x == 3", "(x == 3)"),
  ]

  @Test("A statement has the tree that the grammar says", arguments: statements)
  func statement(_ source: String, _ expected: String) {
    #expect(tree(source) == expected)
  }

  static let literals: [(String, String)] = [
    ("1_000 + 1e-3 + .5 + 1.", "(+ (+ (+ 1_000 1e-3) .5) 1.)"),
    ("1..10", "(1..10)"),
    ("1.5E+3", "1.5E+3"),
    (#""a\n\t\"\\\{\u{3b4}""#, "\"a\n\t\"\\{δ\""),
    (#""loss {loss net circles:.4}""#, "\"loss {loss`(net, circles):.4}\""),
    (#""{x:8.3} {y:.4g} {z: 8 }""#, "\"{x:8.3} {y:.4g} {z:8}\""),
    (#""{f("a", [b: "{c}"])} {W[1,:]:.2}""#, "\"{f(\"a\", [b: \"{c}\"])} {W[1, :]:.2}\""),
    ("\"\"\"\n    one\n      two {x}\n\n    three\n    \"\"\"", "\"one\n  two {x}\n\nthree\""),
    ("\"\"\"one \"two\" three\"\"\"", "\"one \"two\" three\""),
    ("\"\"", "\"\""),
    ("\"\"\"\n\"\"\"", "\"\""),
    ("\"\"\"\n  {a}\n  {b}\n  \"\"\"", "\"{a}\n{b}\""),
    ("\"\"\"\r\n  a\r\n  b\r\n  \"\"\"", "\"a\nb\""),
    ("\"a } b\"", "\"a } b\""),
    ("\"\"\"\n  {f(\n  1)}\n  \"\"\"", "\"{f(1)}\""),
  ]

  @Test("A literal means what the reference says", arguments: literals)
  func literal(_ source: String, _ expected: String) {
    #expect(tree(source) == expected)
  }

  @Test("A number has the value that is written")
  func numbers() throws {
    for (text, value) in [
      ("12", 12), (".5", 0.5), ("1e-3", 0.001), ("1_000", 1000), ("1.", 1),
      ("5e-324", Double.leastNonzeroMagnitude),
      ("1_0.2_5", 10.25),
    ] as [(String, Double)] {
      guard case .expression(.number(let literal)) = parse(text).statements.first?.kind else {
        Issue.record("\(text) is no number")
        continue
      }
      #expect(literal.value == value)
      #expect(literal.text == text)
    }
  }
}
