import TestSupport
import Testing

@testable import Syntax

@Suite struct FormatterTests {
  private func formatted(_ text: String) throws -> String {
    try Formatter.format(SourceText(name: "lesson.bp", text: text))
  }

  static let layouts: [(String, String)] = [
    ("", ""),
    ("\n\n", ""),
    ("x=1", "x = 1\n"),
    ("x=a+b*c-d@e/f%g", "x = a + b*c - d @ e/f%g\n"),
    ("y = w *x+b* 2 + 1 / 3", "y = w * x + b * 2 + 1 / 3\n"),
    ("E=1/2*(t-o)^2", "E = 1/2*(t - o)^2\n"),
    (
      "x=1       # one\nyy = 2    # two\nzzzzzzz=3 # three",
      "x = 1     # one\nyy = 2    # two\nzzzzzzz = 3  # three\n"
    ),
    ("y = - x ^ 2", "y = -x^2\n"),
    ("y = 2 ^ - 1;", "y = 2^-1;\n"),
    ("f  -1", "f - 1\n"),
    ("x = 1 .. n by 2", "x = 1..n by 2\n"),
    ("x = 1. .. .5", "x = 1. .. .5\n"),
    ("x = 1. ^ 2", "x = 1. ^ 2\n"),
    ("train  net circles   lr=0.1/2 epochs= 3", "train net circles lr=0.1/2 epochs=3\n"),
    ("loss net a reduction=sum   +   1", "loss net a reduction=sum + 1\n"),
    ("f a=x ^ 2", "f a=x ^ 2\n"),
    ("f a=x^2", "f a=x^2\n"),
    ("f(x , y = 1 , )", "f(x, y=1,)\n"),
    ("f( x,lr = a+b )", "f(x, lr=a + b)\n"),
    ("f(x,y=1)=x+y", "f(x, y=1) = x + y\n"),
    ("f [1]; x[1]; f (x); f(x)", "f [1]; x[1]; f (x); f(x)\n"),
    ("W[ 1 ,: ]'  @ v . x", "ERROR"),
    ("W[ 1 ,: ]'  @ v", "W[1,:]' @ v\n"),
    ("W[:,1]", "W[:,1]\n"),
    ("W[:, 1]", "W[:, 1]\n"),
    ("[1,2, 3]", "[1, 2, 3]\n"),
    ("[[1,2], [3,4]]", "[[1,2], [3,4]]\n"),
    ("repeat 2 {\nx = []\ny = f()\n}", "repeat 2 {\n  x = []\n  y = f()\n}\n"),
    ("[a:1,in : 2]", "[a: 1, in: 2]\n"),
    ("[ : ]", "[:]\n"),
    ("? f {if }\nx=1", "?f {if }\nx = 1\n"), ("? {\na; b}x;y=1", "?{\na; b}x; y = 1\n"),
    ("x = m[\nn,2,]", "x = m[\n  n,2,\n]\n"),
    ("y = f a=b +\n1", "y = f a=b +\n  1\n"),
    (";## c\nf(x) = x", ";  ## c\nf(x) = x\n"),
    ("? f [ # c\n1]", "?f [ # c\n1]\n"),
    ("x = r.by\ny = r.in\nz=1", "x = r.by\ny = r.in\nz = 1\n"),
    ("[3,5;1,6]", "[3,5; 1,6]\n"),
    ("x->x^2", "x -> x^2\n"),
    ("map (x->x) xs", "map (x -> x) xs\n"),
    ("not(a)and not b", "not (a) and not b\n"),
    ("print(x)", "print (x)\n"),
    ("a<b<=c", "a < b <= c\n"),
    ("x~~1 within 1e-3", "x ~~ 1 within 1e-3\n"),
    ("f(x)={q=x+1;q*x}", "f(x) = { q = x + 1; q*x }\n"),
    ("f(x) = {q = x\nq}", "f(x) = {\n  q = x\n  q\n}\n"),
    ("f(x) = {\n\n\n\nq\n\n\n\nr\n\n}", "f(x) = {\n  q\n\n  r\n}\n"),
    ("if a {}\nelse{b}", "if a { } else { b }\n"),
    ("if a {\nb}\n\nelse if c {\nd\n}", "if a {\n  b\n} else if c {\n  d\n}\n"),
    ("if a { b }\n# no\nelse { c }", "if a { b }\n# no\nelse { c }\n"),
    ("x = f(\n1,\n2)", "x = f(\n  1,\n  2\n)\n"),
    ("x = f(1,\n2\n)", "x = f(1,\n  2)\n"),
    ("x = [f(\n1\n)]", "x = [f(\n  1\n)]\n"),
    ("map (x -> {\nx\n}) xs", "map (x -> {\n  x\n}) xs\n"),
    ("x =\n1 +\n2", "x =\n  1 +\n  2\n"),
    ("f(x) = {\ny =\nx\ny\n}", "f(x) = {\n  y =\n    x\n  y\n}\n"),
    ("x = 1 # one\n   # two\n\n\n# three  ", "x = 1  # one\n# two\n\n# three\n"),
    ("{# a\nx}", "ERROR"),
    ("repeat 3 {# a\nx # b\n# c\n}", "repeat 3 {  # a\n  x  # b\n  # c\n}\n"),
    ("f(# a\n1 # b\n)", "f(  # a\n  1  # b\n)\n"),
    (";;x;;\n;y\n;", "x;\ny\n"),
    ("\u{FEFF}x\r\ny\r\n", "x\ny\n"),
    ("#!/usr/bin/env bp\nx", "#!/usr/bin/env bp\nx\n"),
    ("?  train   net", "?train   net\n"),
    ("?..", "?..\n"),
    ("? +\nx", "?+\nx\n"),
    ("repeat 3 { ? ..\nx }", "repeat 3 {\n  ?..\n  x\n}\n"),
    ("repeat 3 { ?@ }", "repeat 3 { ?@ }\n"),
    ("help   for", "help for\n"),
    ("help f ( x )", "help f ( x )\n"),
    ("print \"{ x  + 1 :.4}\"", "print \"{ x  + 1 :.4}\"\n"),
    (
      "repeat 3 {\nx = \"\"\"\n  a\n    b\n  \"\"\"\n}",
      "repeat 3 {\n  x = \"\"\"\n  a\n    b\n  \"\"\"\n}\n"
    ),
    ("## help\nf(x) = x\n\n## other\n\ng(x) = x", "## help\nf(x) = x\n\n## other\n\ng(x) = x\n"),
    ("exercise \"t\" points = 2{\nhint \"h\"}", "ERROR"),
    ("exercise \"t\" points=2{\nhint \"h\"}", "exercise \"t\" points=2 {\n  hint \"h\"\n}\n"),
    ("a.in (x); a.in(x)", "a.in (x); a.in(x)\n"),
    ("x--1; - -x; a - -b", "x - -1; --x; a - -b\n"),
    ("a,b=split data .8", "a, b = split data .8\n"),
    ("param w=1,\nv=2", "param w = 1,\n  v = 2\n"),
  ]

  @Test("A source has one layout", arguments: layouts)
  func layout(_ source: String, _ expected: String) throws {
    guard expected != "ERROR" else {
      #expect(throws: SyntaxErrors.self) { try formatted(source) }
      return
    }
    #expect(try formatted(source) == expected)
    #expect(try formatted(expected) == expected)
    #expect(tree(expected) == tree(source))
  }

  @Test("Formatting keeps the meaning of every source of the other tests and is idempotent")
  func knownSources() throws {
    let all = ExpressionTests.expressions + StatementTests.statements + StatementTests.literals
    for (source, _) in all where parse(source).diagnostics.isEmpty {
      let once = try formatted(source)
      #expect(tree(once) == tree(source), "\(source)")
      #expect(try formatted(once) == once, "\(source)")
    }
  }

  @Test("Formatting keeps the meaning of random programs and is idempotent")
  func randomPrograms() throws {
    var valid = 0
    for seed in 0..<800 {
      var generator = ProgramGenerator(seed: seed)
      let source = generator.program()
      let description = tree(source)
      // Now and then two pieces side by side mean something else or nothing.
      guard !description.hasPrefix("ERROR") else { continue }
      valid += 1
      let once = try formatted(source)
      #expect(tree(once) == description, "seed \(seed):\n\(source)\n->\n\(once)")
      #expect(try formatted(once) == once, "seed \(seed):\n\(source)\n->\n\(once)")
    }
    #expect(valid > 600)
  }
}
