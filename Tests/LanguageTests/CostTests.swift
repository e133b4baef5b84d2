import AllocationCount
import Syntax
import TestSupport
import Testing

@testable import Language

/// What is twice as long takes about twice the work.
@Suite struct CostTests {
  private static func r(_ count: Int, _ text: String) -> String {
    String(repeating: text, count: count)
  }

  /// Expressions that nest or chain so many levels.
  static let expressions: [(String, @Sendable (Int) -> String)] = [
    ("calls", { n in r(n, "sum(") + "1" + r(n, ")") }),
    ("calls by juxtaposition", { n in r(n, "sum (") + "1" + r(n, ")") }),
    ("calls in options", { n in r(n, "sum(x=") + "1" + r(n, ")") }),
    ("words with arguments", { n in r(n, "momentum(") + "1" + r(n, ")") }),
    ("brackets", { n in r(n, "[") + "1" + r(n, "]") }),
    ("brackets of words", { n in r(n, "sum(x=[y, ") + "y" + r(n, "])") }),
    ("parentheses", { n in r(n, "(") + "1" + r(n, ")") }),
    ("records", { n in r(n, "[a: ") + "1" + r(n, "]") }),
    ("indexes", { n in r(n, "x[") + "1" + r(n, "]") }),
    ("sums", { n in "1" + r(n, " + 1") }),
    ("powers", { n in "1" + r(n, "^1") }),
    ("signs", { n in r(n, "-") + "1" }),
    ("conditions", { n in "true" + r(n, " and true") }),
    ("comparisons", { n in "1" + r(n, " < 2") }),
    ("functions", { n in r(n, "x -> ") + "x" }),
    ("choices", { n in r(n, "if true { ") + "1" + r(n, " } else { 2 }") }),
    ("fields", { n in "x" + r(n, ".a") }),
  ]

  static let statements: [(String, @Sendable (Int) -> String)] = [
    ("blocks", { n in r(n, "if true {\n") + "x = 1\n" + r(n, "}\n") }),
    ("loops", { n in r(n, "for i in 1..1 {\n") + "x = 1\n" + r(n, "}\n") }),
    ("alternatives", { n in "if true { x = 1 }" + r(n, " else if true { x = 1 }") }),
    ("a line after the other", { n in r(n, "x = 1\n") }),
  ]

  /// What the operations ask of the allocator, in their order below.
  private static func work(_ source: String) -> [Int] {
    func counted(_ body: () -> Void) -> Int {
      let before = allocation_count()
      body()
      return allocation_count() - before
    }
    let session = TestSession()
    let checked = TestSession()
    checked.interpreter.session.exerciseListener = { _ in }
    // A function that nobody calls is resolved and not run.
    let definition = "f(y) = {\n\(source)\n}\n"
    return [
      counted { _ = session.run(definition) },
      counted { _ = try? Formatter.format(SourceText(name: "", text: definition)) },
      counted { _ = checked.run("exercise \"a\" {\n\(definition)check f(1) == 1\n}\n") },
      counted {
        // At the end everything that nests is closed.
        _ = session.interpreter.completion(of: source + "\nx", cursor: source.utf8.count + 2)
      },
    ]
  }

  @Test("Resolving, formatting, checking and completing grow with the source, not faster")
  func nesting() throws {
    try #require(allocation_count() >= 0)
    for (name, source) in Self.expressions + Self.statements {
      let work = onDeepStack { [10, 20, 40, 80, 160].map { Self.work(source($0)) } }
      for (smaller, larger) in zip(work, work.dropFirst()) {
        for (operation, counts) in zip(["run", "fmt", "check", "complete"], zip(smaller, larger)) {
          // Below, what every source costs is most of it.
          #expect(
            counts.1 < 3 * max(counts.0, 300),
            "\(operation) of \(name): \(counts.0), \(counts.1)")
        }
      }
    }
  }

  @Test(
    "Long lists, records and chains cost about what they are long",
    arguments: [
      "xs = []; for i in 1..N { xs = append xs i }",
      "xs = [\"\"]; for i in 1..N { xs = append xs \"{i}\" }",
      "xs = [[0, 0]]; for i in 1..N { xs = append xs [i, i] }",
      "x = unique (1..N)", "r = [a: 1]; for i in 1..N { r[\"f{i}\"] = i }",
      "param a = 1; s = a; for i in 1..N { s = s * 1.0001 }; x = explain s",
    ])
  func lengths(_ code: String) throws {
    let clock = ContinuousClock()
    func seconds(_ count: Int) -> Duration {
      let runs = (0..<2).map { _ in
        onDeepStack {
          clock.measure {
            let session = TestSession()
            #expect(
              session.run(code.replacing("N", with: "\(count)")) == .done, "\(session.reports)")
          }
        }
      }
      return min(runs[0], runs[1])
    }
    // Squares would make it 64 times as long.
    let (short, long) = (seconds(1_000), seconds(8_000))
    #expect(long < max(short, .milliseconds(8)) * 32, "\(code): \(short), \(long)")
  }

  /// What a round asks of the allocator in a function of n and k; `k` is the size of its vectors.
  private static func allocations(_ body: String, _ k: Int) throws -> Double {
    let session = TestSession()
    try session.perform("twice(i) = 2*i\nf(n, k) = {\n\(body)\n}")
    func counted(_ n: Int) throws -> Int {
      let before = allocation_count()
      try session.perform("y = f \(n) \(k)")
      return allocation_count() - before
    }
    _ = try counted(10)
    return Double(try counted(3_000) - counted(1_000)) / 2_000
  }

  @Test(
    "Plain numbers in loops and calls ask for no memory",
    arguments: [
      "s = 0; for i in 1..n { s = s + i*2 - i/3; if s > 100 { s = s % 7 } }; s",
      "i = 0; while i < n { i += 1; x = -i^2 }; i", "s = 0; for i in 1..n { s += twice(i) }; s",
      "x = [1, 2]; s = 0; for i in 1..n { s = x[2] - s }; s",
    ])
  func plain(_ body: String) throws {
    // A round looks at the clock now and then.
    #expect(try Self.allocations(body, 2) < 0.05, "\(body)")
  }

  @Test(
    "A few numbers ask for less memory than many",
    arguments: [
      "W = ones k k; h = ones k; for i in 1..n { h = W @ h }; h[1]",
      "h = ones k; for i in 1..n { h = sigmoid(-h) * h }; h[1]",
      "d = zeros k; for i in 1..n { d = d - 2*d/3 }; d[1]",
      "d = zeros k; for i in 1..n { W = outer(d, d) }; W[1, 1]",
      "X = ones 9 k; for i in 1..n { s = X[2, :] }; s[1]",
      "X = ones 9 k; for i in 1..n { s = X' }; s[1]",
    ])
  func few(_ body: String) throws {
    let (few, many) = try (Self.allocations(body, 2), Self.allocations(body, 70))
    #expect(few < 0.8 * many, "\(body): \(few), \(many)")
  }

  @Test("What is appended to is a copy for everybody else")
  func copies() throws {
    let printed = try TestSession().perform(
      """
      xs = [1, 2]
      ys = xs
      xs = append xs 3
      print xs, ys
      f(v) = { v = append v 1; v }
      print f(ys), ys
      l = ["a"]
      l = append l l
      print l
      l = append l (length l)
      print l
      m = [[1, 2]]
      k = m
      m = append m [3, 4]
      print m[2,:], length k
      append(a, b) = a
      xs = append xs 9
      print xs
      """)
    #expect(
      printed
        == """
        [1, 2, 3] [1, 2]
        [1, 2, 1] [1, 2]
        ["a", ["a"]]
        ["a", ["a"], 2]
        [3, 4] 1
        [1, 2, 3]

        """)
  }
}
