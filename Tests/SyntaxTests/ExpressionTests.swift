import Testing

@testable import Syntax

@Suite struct ExpressionTests {
  static let expressions: [(String, String)] = [
    // The table of section 1 of the language reference.
    ("net = mlp [2,20,1] relu sigmoid", "net = mlp`([2, 20, 1], relu, sigmoid)"),
    ("f x - 1", "(- f`(x) 1)"),
    ("f -1", "(- f 1)"),
    ("x[1]", "x[1]"),
    ("f [1]", "f`([1])"),
    ("f(x, y)", "f(x, y)"),
    ("f (x)", "f`(<x>)"),
    ("f a=1 b=2", "f`(a=1, b=2)"),
    ("f lr=0.1/2 b=3", "f`(lr=(/ 0.1 2), b=3)"),
    ("loss net a reduction=sum + 1", "(+ loss`(net, a, reduction=sum) 1)"),
    ("g f x", "g`(f, x)"),
    ("g (f x)", "g`(<f`(x)>)"),
    ("map (x -> x^2) xs", "map`(<(x) -> (^ x 2)>, xs)"),
    ("train net c until=(r -> r.loss < 0.01)", "train`(net, c, until=<(r) -> (r.loss < 0.01)>)"),
    ("a = 1; b = 2", "a = 1!; b = 2"),
    ("loss net circles < 0.1", "(loss`(net, circles) < 0.1)"),
    ("sin x + 1", "(+ sin`(x) 1)"),
    ("print \"loss\", loss net circles * 2", "print \"loss\", (* loss`(net, circles) 2)"),
    // Levels.
    ("a or b and not c == d", "(or a (and b (not (c == d))))"),
    ("1..n + 1 by 2", "(1..(+ n 1) by 2)"),
    ("x[2..-1]", "x[(2..(- 1))]"),
    ("a - b - c * d @ e", "(- (- a b) (* c (@ d e)))"),
    ("-x^2", "(- (^ x 2))"),
    ("2^-x^2", "(^ 2 (- (^ x 2)))"),
    ("2^3^2", "(^ 2 (^ 3 2))"),
    ("a @ -b", "(@ a (- b))"),
    ("-a @ b", "(@ (- a) b)"),
    ("--a", "(- (- a))"),
    ("x--1", "(- x (- 1))"),
    ("not not a", "(not (not a))"),
    ("a % b / c", "(/ (% a b) c)"),
    ("0 < x <= 1", "(0 < x <= 1)"),
    ("a ≈ b within 1e-3", "(a ≈ b within 1e-3)"),
    ("a ~~ b + 1", "(a ≈ (+ b 1))"),
    ("a != b", "(a != b)"),
    ("x -> x^2", "(x) -> (^ x 2)"),
    ("(x, y=2) -> { x; y }", "(x, y=2) -> {x!; y}"),
    ("() -> 1", "() -> 1"),
    ("x -> y -> x + y", "(x) -> (y) -> (+ x y)"),
    ("(x -> x^2)(3)", "<(x) -> (^ x 2)>(3)"),
    ("a = if c { 1 } else { 2 }", "a = if c {1} else {2}"),
    // Postfix.
    ("W[1,:]'", "W[1, :]'"),
    ("net.W1[1, 2].x", "net.W1[1, 2].x"),
    ("sigmoid'(z)", "sigmoid'(z)"),
    ("v @ w'", "(@ v w')"),
    ("run.net.loss x", "run.net.loss`(x)"),
    ("a.in", "a.in"),
    ("f()", "f()"),
    ("f(x, lr = 0.1)", "f(x, lr=0.1)"),
    ("f(\n  x,\n  lr=1,\n)", "f(x, lr=1)"),
    ("optimizer momentum(0.9) x", "optimizer`(momentum(0.9), x)"),
    ("f x' y[1] a.b", "f`(x', y[1], a.b)"),
    ("f -x y=1", "(- f x`(y=1))"),
    ("f a=-1 b=2^-1", "f`(a=(- 1), b=(^ 2 (- 1)))"),
    ("f a=1..3 b=x<y", "f`(a=(1..3), b=(x < y))"),
    ("f a= 1", "f`(a=1)"),
    ("net ([.05, .1])", "net`(<[.05, .1]>)"),
    ("f .5", "f`(.5)"),
    ("f \"a\" true nothing ___", "f`(\"a\", true, nothing, ___)"),
    ("check=3", "ERROR check is a word of the language and names nothing else"),
    // Brackets.
    ("[1, -2, 3]", "[1, (- 2), 3]"),
    ("[[1,2],[3,4]]", "[[1, 2], [3, 4]]"),
    ("[]", "[]"),
    ("[3,5; 1,6]", "[3, 5; 1, 6]"),
    ("[1; 2]", "[1; 2]"),
    ("[lr: 0.1, in: 3]", "[lr: 0.1, in: 3]"),
    ("[:]", "[:]"),
    ("[1 - 1]", "[(- 1 1)]"),
    ("[1-1]", "[(- 1 1)]"),
    ("[f x, g y]", "[f`(x), g`(y)]"),
    ("x[i -1]", "x[(- i 1)]"),
    ("[(n -1), 2]", "[<(- n 1)>, 2]"),
  ]

  @Test("An expression has the tree that the grammar says", arguments: expressions)
  func expression(_ source: String, _ expected: String) {
    #expect(tree(source) == expected)
  }
}
