import TestSupport
import Testing

@testable import Language

/// A few numbers take a short way, to the bits of the long one.
@Suite struct FewNumbersTests {
  /// Vectors and matrices; behind them what makes them too long for the short way.
  private static let definitions = """
    digits 17
    seed 3
    v = 3 * randn 5
    w = 3 * randn 5
    A = randn 4 5
    B = randn 5 3
    C = randn 4 5
    many(x) = concat x (ones 100)
    tall(X) = vstack X (ones 40 (length X[1,:]))
    """

  @Test(
    "Element by element",
    arguments: ["a + b", "a - b", "a * b", "a / b", "a + 2", "2 - a", "a * 3", "1 / a", "-a", "a'"])
  func elements(_ expression: String) throws {
    let session = TestSession()
    try session.perform(Self.definitions + "\nf(a, b) = \(expression)")
    let few = try session.numbers("f v w")
    let all = try session.numbers("(f (many v) (many w))")
    #expect(few.count == 5 && few == Array(all[..<5]))
    let place = expression == "a'" ? "[:, 1..4]" : "[1..4, :]"
    #expect(try session.numbers("f A C") == session.numbers("(f (tall A) (tall C))\(place)"))
  }

  @Test func `every function of numbers`() throws {
    let session = TestSession()
    try session.perform(Self.definitions)
    let catalog = session.interpreter.session.catalog
    // Of two with one name, as linear, scripts reach one.
    let functions = catalog.functions.filter {
      $0.scalar != nil && catalog.function($0.name) === $0
    }
    #expect(functions.count > 20)
    for function in functions {
      // Within what all of them take, log and asin, too.
      let argument = "(abs v)/20"
      let few = try session.numbers("\(function.name)(\(argument))")
      let all = try session.numbers("\(function.name)(many(\(argument)))")
      #expect(few == Array(all[..<5]), "\(function.name)")
    }
  }

  @Test func products() throws {
    let session = TestSession()
    try session.perform(Self.definitions)
    #expect(try session.numbers("A @ B") == session.numbers("(tall(A) @ B)[1..4, :]"))
    #expect(try session.numbers("A @ v") == session.numbers("(tall(A) @ v)[1..4]"))
    #expect(try session.numbers("outer v w") == session.numbers("(outer (many v) w)[1..5, :]"))
    #expect(try session.numbers("v @ w") == session.numbers("dot v w"))
    #expect(try session.number("v @ w") == session.number("sum(v*w)"))
    #expect(try session.numbers("A[2, :]") == session.numbers("tall(A)[2, :]"))
    #expect(try session.numbers("A[-1, :]") == session.numbers("A[4, :]"))
  }

  @Test func `what does not go together is said as ever`() throws {
    for (code, message) in [
      ("[1, 2] + [1, 2, 3]", "cannot add a vector of 2 and a vector of 3"),
      ("[[1, 2]] @ [1, 2, 3]", "cannot multiply a 1×2 matrix by a vector of 3"),
      ("[[1, 2]][2, :]", "index 2 is out of range"),
      ("sigmoid [\"a\"]", "sigmoid takes"),
    ] {
      let session = TestSession()
      session.run("x = \(code)")
      #expect(session.reports.joined().contains(message), "\(code): \(session.reports)")
    }
    let session = TestSession()
    session.run("a = [[1, 2], [3, 4]]; b = [1]; x = outer a b")
    #expect(session.reports.joined().contains("outer"), "\(session.reports)")
  }

  @Test func `a number that is not finite is noted with its place`() throws {
    let session = TestSession()
    session.run("x = [1, 0]\ny = x / 0\nz = log x")
    #expect(session.reports.first?.contains("lesson") != nil, "\(session.reports)")
    #expect(session.reports.joined().contains("quotient"), "\(session.reports)")
  }

  @Test func `numbers in brackets that are computed once are no shared variable`() throws {
    let session = TestSession()
    let printed = try session.perform(
      """
      f(n) = { x = [1, 2]; x[1] += n; x }
      print f 1, f 1
      for i in 1..2 { x = [[1, 2]]; x[1, 1] = 5; x = append x [i, i]; print x[1, 1], length x }
      """)
    #expect(printed == "[2, 2] [2, 2]\n5 2\n5 2\n")
  }

  @Test func `history is kept where there is one`() throws {
    let session = TestSession()
    try session.perform(
      """
      param W = [[0.1, 0.2], [0.3, 0.4]]
      x = [1, 2]
      E = sum((sigmoid(W @ x) - [0, 1])^2)
      """)
    #expect(try session.numbers("grad E W").count == 4)
  }
}
