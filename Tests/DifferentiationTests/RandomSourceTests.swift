import Testing

@testable import Differentiation

@Suite("Random numbers")
struct RandomSourceTests {
  // From an independent implementation of xoshiro256** and splitmix64 in Python.
  @Test func `the same seed draws the published sequence`() {
    var one = RandomSource(seed: 1)
    #expect(
      (0..<4).map { _ in one.next() } == [
        12_966_619_160_104_079_557, 9_600_361_134_598_540_522, 10_590_380_919_521_690_900,
        7_218_738_570_589_545_383,
      ])
    var zero = RandomSource(seed: 0)
    #expect(zero.next() == 11_091_344_671_253_066_420)
    var uniform = RandomSource(seed: 1)
    #expect(uniform.uniform() == 0.7029218331588505)
  }

  @Test func `streams of one seed differ from each other and repeat`() {
    var a = RandomSource(seed: 1, stream: "init")
    var b = RandomSource(seed: 1, stream: "shuffle")
    var again = RandomSource(seed: 1, stream: "init")
    let first = a.next()
    #expect(first != b.next())
    #expect(first == again.next())
  }

  @Test func `normal numbers have mean 0, variance 1 and kurtosis 3`() {
    var random = RandomSource(seed: 7)
    let draws = (0..<200_000).map { _ in random.normal() }
    let count = Double(draws.count)
    let mean = draws.reduce(0, +) / count
    let variance = draws.reduce(0) { $0 + $1 * $1 } / count
    let kurtosis = draws.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
    #expect(abs(mean) < 0.01)
    #expect(abs(variance - 1) < 0.015)
    #expect(abs(kurtosis - 3) < 0.1)
  }

  @Test func `whole numbers below a bound are equally likely`() {
    var random = RandomSource(seed: 3)
    var counts = Array(repeating: 0, count: 6)
    for _ in 0..<60_000 { counts[random.below(6)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
    #expect(random.below(0) == 0)
    #expect(random.below(1) == 0)
  }

  @Test func `a permutation holds every number once and is not the identity`() {
    var random = RandomSource(seed: 5)
    let order = random.permutation(100)
    #expect(order.sorted() == Array(0..<100))
    #expect(order != Array(0..<100))
    #expect(random.permutation(0).isEmpty)
    #expect(random.permutation(-3).isEmpty)
  }

  @Test(arguments: [Int.min, -1, Int.max])
  func `any seed is a seed`(_ seed: Int) {
    var random = RandomSource(seed: seed, stream: "x")
    let draw = random.uniform()
    #expect(draw >= 0 && draw < 1)
  }
}
