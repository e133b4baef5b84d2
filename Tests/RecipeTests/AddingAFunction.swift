import Language
import Learning
import Library
import TestSupport
import Testing

// recipe begin
extension Catalog {
  static let sparsityFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "sparsity", .nets, "The share of weights that are closer to 0 than a limit.",
      parameters: [network.parameter, limit.parameter],
      examples: [.init("print sparsity (mlp [2,1] sigmoid init=zeros)", prints: "1")]
    ) { arguments throws(Failure) in
      let (network, limit) = (try arguments(network), try arguments(limit))
      let weights = network.parameters.filter { $0.role == .weights }.flatMap { $0.value.elements }
      return .number(Double(weights.count { abs($0) < limit }) / Double(weights.count))
    }
  ]

  private static let network = Key.network()
  private static let limit = Key.number(
    "limit", .number(0.01), from: 0, aboveLow: true, "What counts as nothing.")
}
// recipe end

/// The recipe of a function, followed: what it promises holds.
@Suite struct AddingAFunction {
  private let session = TestSession(catalog: Recipe.catalog(with: Catalog.sparsityFunctions))

  @Test func `the page quotes it`() throws {
    try expectQuoted(in: Recipe.page)
  }

  @Test func `its examples print what they say`() throws {
    for function in Catalog.sparsityFunctions {
      #expect(!function.examples.isEmpty)
      for example in function.examples {
        #expect(try session.perform(example.code) == example.output + "\n")
      }
    }
  }

  @Test func `it helps and completes`() throws {
    let help = try session.perform("help sparsity")
    #expect(help.hasPrefix("sparsity net limit=0.01\nThe share of weights"))
    #expect(help.contains("What counts as nothing. A number above 0."), "\(help)")
    #expect(help.contains("print sparsity (mlp [2,1] sigmoid init=zeros)\n  # 1"))
    #expect(session.offers("spars") == ["sparsity"])
    #expect(session.offers("sparsity net l").first == "limit=")
    #expect(try session.perform("help nets").contains("sparsity"))
  }

  @Test func `arguments are converted, and refused in the words of their parameter`() throws {
    try session.perform("net = mlp [2,2,1] tanh sigmoid seed=1; net.W1[1, 2] = 0")
    let weights = try session.numbers("net.W1") + session.numbers("net.W2")
    #expect(try session.number("sparsity net") == 1 / 6)
    for limit in [0.3, 0.8] {
      let share = Double(weights.count { abs($0) < limit }) / 6
      #expect(try session.number("sparsity net limit=\(limit)") == share)
    }
    for (code, error) in [
      ("sparsity net limit=0", "limit must be a number above 0"),
      ("sparsity 3", "sparsity takes a net here, not a number"),
      ("sparsity net limt=1", "did you mean limit?"),
    ] {
      #expect(session.run(code) == .runtimeError)
      #expect(session.reports.last?.contains(error) == true, "\(session.reports.last ?? "")")
    }
  }
}
