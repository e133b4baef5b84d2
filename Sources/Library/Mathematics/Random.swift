import Differentiation
import Language
import Learning

extension Catalog {
  static let randomFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "seed", .random, "Starts all random numbers from n: those drawn here, weights and data.",
      parameters: [seed.parameter],
      examples: [.init("seed 3; a = rand(); seed 3; print a == rand()", prints: "true")]
    ) { arguments throws(Failure) in
      arguments.session.seed = try arguments(seed)
      arguments.session.random = RandomSource(seed: arguments.session.seed, stream: "script")
      return .nothing
    },
    drawing("rand", "Random numbers, even between 0 and 1.") { $0.uniform() },
    drawing("randn", "Random numbers, normal with mean 0 and deviation 1.") { $0.normal() },
    BuiltinFunction(
      "randint", .random, "A random whole number from a to b, both included.",
      parameters: [low.parameter, high.parameter],
      examples: [.init("x = randint 1 6; print 1 <= x <= 6", prints: "true")]
    ) { arguments throws(Failure) in
      let (low, high) = (try arguments(low), try arguments(high))
      let (span, overflow) = high.subtractingReportingOverflow(low)
      guard span >= 0, !overflow, span < .max else {
        throw Failure("the range from \(low) to \(high) is empty or too wide", at: arguments.range)
      }
      return .number(Double(low + arguments.session.random.below(span + 1)))
    },
    BuiltinFunction(
      "permutation", .random, "The numbers 1..n in random order.", parameters: [count.parameter],
      examples: [.init("print sort(permutation 3)", prints: "[1, 2, 3]")]
    ) { arguments throws(Failure) in
      let count = try arguments(count)
      try arguments.runtime.charge(elements: count, at: arguments.range)
      let order = arguments.session.random.permutation(count)
      guard order.count == count else { throw .interrupted }
      return .tensor(Tensor(vector: [Double](count: count) { Double(order[$0] + 1) }))
    },
  ]

  private static let seed = Key.wholeNumber("n", "Any whole number.")
  private static let low = Key.wholeNumber("a", "The smallest.")
  private static let high = Key.wholeNumber("b", "The largest.")
  private static let count = Key.wholeNumber("n", in: 0...Int.max, "How many.")
  private static let rows = Key.wholeNumber(
    "rows", .absent, in: 0...Int.max, "Elements, or rows; one number without.")
  private static let columns = Key.wholeNumber(
    "columns", .absent, in: 0...Int.max, "Columns; a vector without.")

  private static func drawing(
    _ name: String, _ summary: String,
    _ draw: @escaping @Sendable (inout RandomSource) -> Double
  ) -> BuiltinFunction {
    BuiltinFunction(
      name, .random, summary, parameters: [rows.parameter, columns.parameter],
      examples: [
        .init("print shape(\(name) 2 3)", prints: "[2, 3]"),
        .init("x = \(name)(); print x == x", prints: "true"),
      ]
    ) { arguments throws(Failure) in
      guard let rows = try arguments.optional(rows) else {
        return .number(draw(&arguments.session.random))
      }
      let columns = try arguments.optional(columns)
      try arguments.runtime.charge(rows: rows, columns: columns ?? 1, at: arguments.range)
      let elements = [Double](count: rows * (columns ?? 1)) { _ in
        draw(&arguments.session.random)
      }
      return .tensor(
        Tensor(columns.map { .matrix(rows, $0) } ?? .vector(rows), elements))
    }
  }
}
