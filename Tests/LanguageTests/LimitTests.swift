import Syntax
import TestSupport
import Testing

@testable import Language

/// Each limit at its last allowed value and one beyond.
@Suite struct LimitTests {
  static func outcome(
    _ code: String, _ set: @escaping (inout Runtime.Limits) -> Void
  ) -> (outcome: Interpreter.Outcome, reports: String) {
    onDeepStack {
      var limits = Runtime.Limits()
      set(&limits)
      let session = TestSession(limits: limits)
      let outcome = session.run(code)
      return (outcome, session.reports.joined())
    }
  }

  static func expectLimit(
    between allowed: String, and refused: String, saying words: String,
    _ set: @escaping (inout Runtime.Limits) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let last = outcome(allowed, set)
    #expect(last.outcome == .done, "\(last.reports)", sourceLocation: sourceLocation)
    let beyond = outcome(refused, set)
    #expect(beyond.outcome == .limitReached, sourceLocation: sourceLocation)
    #expect(beyond.reports.contains(words), "\(beyond.reports)", sourceLocation: sourceLocation)
  }

  @Test("Calls under way")
  func callDepth() {
    let code = "f(n) = if n == 1 { 0 } else { 1 + f(n - 1) }; f "
    Self.expectLimit(
      between: code + "50", and: code + "51", saying: "more than 50 calls are under way"
    ) { $0.callDepth = 50 }
  }

  @Test("A hundred thousand calls under way end with an error, not with a crash")
  func deepestCalls() {
    let code =
      "f(n) = { x = [1, n]; if n == 0 { 0 } else { 1 + sum(map (m -> f(m)) [n - 1]) } }; f "
    let found = Self.outcome(code + "1e6") { $0.callDepth = 100_000 }
    #expect(found.outcome == .limitReached)
  }

  @Test("Elements of a vector or matrix")
  func elements() {
    for (allowed, refused) in [
      ("zeros 100", "zeros 101"), ("zeros 10 10", "zeros 10 11"), ("x = 1..100", "x = 0..100"),
      ("outer (1..10) (1..10)", "outer (1..10) (1..11)"), ("eye 10", "eye 11"),
      ("x = (1..10) @ (1..10)'", "x = (1..10) @ (1..11)'"),
      ("x = append (1..99) 1", "x = append (1..100) 1"),
      ("x = concat((1..50), (1..50))", "x = concat((1..50), (1..51))"),
      ("x = linspace 0 1 100", "x = linspace 0 1 101"), ("x = rand 100", "x = rand 101"),
      ("x = rand 10 10", "x = rand 10 11"), ("x = fill 1 100", "x = fill 1 101"),
      ("x = vstack (zeros 5 10) (zeros 5 10)", "x = vstack (zeros 5 10) (zeros 6 10)"),
    ] {
      Self.expectLimit(between: allowed, and: refused, saying: "one value may hold (100)") {
        $0.elements = 100
      }
    }
  }

  @Test("Bytes of a string")
  func stringBytes() {
    let ten = "a = \"0123456789\"; "
    for (allowed, refused) in [
      ("b = a + a", "b = a + a + \"x\""), ("b = \"{a}{a}\"", "b = \"{a}{a}x\""),
      ("b = join [a, a] \"\"", "b = join [a, a] \"x\""), ("b = pad a 20", "b = pad a 21"),
      ("b = replace a \"0\" \"01234567890\"", "b = replace a \"0\" \"012345678901\""),
    ] {
      Self.expectLimit(between: ten + allowed, and: ten + refused, saying: "may hold (20)") {
        $0.stringBytes = 20
      }
    }
  }

  @Test("Lists and records in each other")
  func nesting() {
    for (allowed, refused) in [
      ("x = [[[\"a\"]]]", "x = [[[[\"a\"]]]]"),
      ("x = [a: [b: [c: 1]]]", "x = [a: [b: [c: [\"d\"]]]]"),
      ("x = [\"a\", 1]; x[2] = [[\"a\"]]", "x = [\"a\", 1]; x[2] = [[[\"a\"]]]"),
      ("x = [a: 1]; x.a = [[\"a\"]]", "x = [a: 1]; x.a = [[[\"a\"]]]"),
      ("x = append [\"a\"] [[\"b\"]]", "x = append [\"a\"] [[[\"b\"]]]"),
    ] {
      Self.expectLimit(between: allowed, and: refused, saying: "more than 3 deep") {
        $0.nesting = 3
      }
    }
  }

  @Test("Bytes of output")
  func outputBytes() {
    Self.expectLimit(
      between: "print 123456789", and: "print 1234567890", saying: "more than 10 bytes of output"
    ) { $0.outputBytes = 10 }
    Self.expectLimit(
      between: "repeat 5 { print 1 }", and: "repeat 6 { print 1 }", saying: "bytes of output"
    ) { $0.outputBytes = 10 }
  }

  @Test("Calls and loop rounds", arguments: [1, 10, 4_095, 4_096, 4_097, 10_000])
  func steps(most: Int) {
    for loop in [
      "repeat N { x = 1 }", "for i in 1..N { x = 1 }", "n = 0; while n < N { n += 1 }",
      "f(x) = x; y = map f (1..N)",
    ] {
      let rounds = loop.contains("map") ? most / 2 : most
      Self.expectLimit(
        between: loop.replacing("N", with: "\(rounds)"),
        and: loop.replacing("N", with: "\(rounds + 1)"),
        saying: "stopped after \(most) steps"
      ) { $0.steps = most }
    }
  }

  @Test("An endless loop ends where Ctrl-C asks for it")
  func interrupted() {
    let session = TestSession(interruptedAfter: 3)
    #expect(session.run("while true { print 1 }") == .interrupted)
    #expect(session.outputLines.count < 10_000)
  }
}
