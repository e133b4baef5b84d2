import Testing

@testable import Differentiation

/// In which pieces gradients are exchanged.
@Suite("Exchange of gradients") struct GradientExchangeTests {
  /// Places of parameters of so many bytes, one behind the other.
  private static func places(_ sizes: [Int]) -> ([Range<Int>], bytes: Int) {
    var end = 0
    let places = sizes.map { size in
      defer { end += Memory.padded(size) }
      return end..<end + size
    }
    return (places, end)
  }

  @Test(arguments: [
    [4], [400_000], [400_000, 8], [8, 400_000], [3000, 400, 1_000_000, 400, 1_000_000, 4000],
    [8_388_608, 8192, 16_777_216, 8192, 8_388_608, 4096], Array(repeating: 300_000, count: 90),
  ])
  func `buckets have every byte once, the last layers first`(_ sizes: [Int]) {
    let (places, bytes) = Self.places(sizes)
    let buckets = GradientExchange.buckets(places, bytes: bytes, least: 1 << 18)
    #expect(buckets.first?.upperBound == bytes && buckets.last?.lowerBound == 0)
    for (bucket, next) in zip(buckets, buckets.dropFirst()) {
      #expect(bucket.lowerBound == next.upperBound)
      #expect(bucket.count >= 1 << 18)
    }
    #expect(buckets.count <= 16)
    for bucket in buckets { #expect(bucket.lowerBound % Memory.alignment == 0) }
  }

  @Test func `each large layer has a bucket of its own, small nets have one`() {
    let (large, bytes) = Self.places([8_388_608, 8192, 16_777_216, 8192, 8_388_608, 4096])
    #expect(GradientExchange.buckets(large, bytes: bytes, least: 1 << 18).count == 3)
    let (small, few) = Self.places([802_816, 1024, 131_072, 512, 5120, 40])
    #expect(GradientExchange.buckets(small, bytes: few, least: 1 << 18).count == 1)
  }

  /// The gradients of biases of a single row are those of net inputs.
  /// The steps that leave the gradients in the store, those of the last parameters first.
  private func steps(
    of loss: Node, by parameters: [Node]
  ) throws -> (store: ParameterStore, program: Program) {
    let derivatives = try gradients(of: loss, by: parameters)
    let store = ParameterStore(
      trainable: parameters, transposed: Compilation.transposedParameters(in: [loss] + derivatives),
      starts: [], precision: .float64)
    let program = Program(
      [loss], gradients: derivatives.reversed(), of: parameters.reversed(), parameters: store)
    return (store, program)
  }

  @Test func `what is read again is not free`() throws {
    let x = Node.input(.matrix(1, 4), name: "x")
    let weights = [4, 4].map { Node.parameter(.matrix($0, 4), name: "W") }
    let biases = [4, 4].map { Node.parameter(.vector($0), name: "b") }
    var y = x
    for (weight, bias) in zip(weights, biases) {
      y = try (y.product(weight.transposed()) + bias).applying(.tanh)
    }
    let loss = try y.applying(.square).applying(.sum())
    let parameters = [weights[0], biases[0], weights[1], biases[1]]
    let (store, program) = try steps(of: loss, by: parameters)
    let last = try #require(store.gradientBytes(of: biases[1]))
    let place = store.gradients.base + last.lowerBound
    let free = program.stepsUntilFree(last)
    let readers = (0..<program.stepCount).filter {
      program.steps[$0].a == UnsafeRawPointer(place)
        || program.steps[$0].b == UnsafeRawPointer(place)
    }
    #expect(!readers.isEmpty && readers.allSatisfy { $0 < free })
  }

  /// A net of three layers, whose gradients are asked for from the last to the first.
  @Test func `gradients of the last layers are known first`() throws {
    let x = Node.input(.matrix(40, 30), name: "x")
    let weights = [30, 30, 30].map { Node.parameter(.matrix($0, 30), name: "W") }
    var y = x
    for weight in weights { y = try y.product(weight.transposed()).applying(.tanh) }
    let loss = try y.applying(.square).applying(.sum())
    let (store, program) = try steps(of: loss, by: weights)
    let known = weights.map { weight in
      store.gradientBytes(of: weight).map { program.stepsUntilFree($0) } ?? 0
    }
    #expect(known[0] == program.stepCount)
    #expect(known[2] < known[1] && known[1] < known[0] && known[2] > 0)
    // Step by step it comes to what it comes to at once.
    program.set(x, to: Tensor(.matrix(40, 30), (0..<1200).map { Double($0 % 17) / 17 - 0.4 }))
    for (number, weight) in weights.enumerated() {
      store.set(
        weight, to: Tensor(.matrix(30, 30), (0..<900).map { Double(($0 + number) % 7) / 9 - 0.3 }))
    }
    program.run()
    let whole = weights.compactMap { store.gradient(of: $0)?.elements }
    program.run(0..<known[2])
    let early = store.gradient(of: weights[2])?.elements
    program.run(known[2]..<program.stepCount)
    #expect(early == whole[2])
    #expect(weights.compactMap { store.gradient(of: $0)?.elements } == whole)
  }
}
