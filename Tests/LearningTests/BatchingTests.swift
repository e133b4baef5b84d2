import Differentiation
import GoldenNumbers
import Testing

@testable import Learning

@Suite("A function of one sample applied to all rows")
struct BatchingTests {
  let x = Tensor(.matrix(3, 2), [1, -2, 0.5, 3, -1, -4])

  /// What the function gives for each row by itself.
  func oneByOne(_ function: (Node) throws -> Node) throws -> [Double] {
    try (0..<3).flatMap { row in
      let sample = Tensor(vector: Array(x.elements[row * 2..<row * 2 + 2]))
      return try #require(try function(.constant(sample)).value).elements
    }
  }

  func expectSame(_ what: String, _ function: (Node) throws -> Node) throws {
    let all = try batched([.constant(x)]) { nodes throws(LearningError) in
      try asUserFunction { try function(nodes[0]) }
    }
    expectClose(try #require(all.value).elements, try oneByOne(function), what)
  }

  @Test func `every step that has a form for rows gives what it gives one by one`() throws {
    let weights = Node.constant(Tensor(.matrix(3, 2), [1, 2, 3, 4, 5, 6]))
    let factors = Node.constant(Tensor(vector: [2, -3]))
    try expectSame("element-wise") { try $0 * $0 + 1 }
    try expectSame("choice") {
      try Node.apply(.choose, to: [.apply(.greater, to: [$0, 0]), $0, $0 * 0.1])
    }
    try expectSame("constant vector") { try $0 * factors }
    try expectSame("sum") { try $0.applying(.sum()) }
    try expectSame("number meets vector") { try $0 - $0.applying(.mean()) }
    try expectSame("number meets constant vector") { try factors * $0.applying(.sum()) }
    try expectSame("largest") { try $0 / $0.applying(.max()) }
    try expectSame("smallest") { try $0.applying(.min()) }
    try expectSame("length") { try $0.applying(.norm) }
    try expectSame("softmax") { try $0.applying(.softmax) }
    try expectSame("logsumexp") { try $0.applying(.logSumExp) * 2 }
    try expectSame("dot") { try $0.product(factors) }
    try expectSame("matrix times sample") { try weights.product($0) }
    try expectSame("sample times matrix") { try $0.product(weights.transposed()) }
    try expectSame("element") {
      try $0.applying(.slice([1], of: .vector(2), as: .scalar)) * $0
    }
    try expectSame("reversed") { try $0.applying(.slice([1, 0], of: .vector(2), as: .vector(2))) }
  }

  @Test func `a value that does not depend on the sample is the same for all`() throws {
    let number = try batched([.constant(x)]) { _ in Node(number: 7) }
    #expect(number.value == Tensor(vector: [7, 7, 7]))
    let vector = try batched([.constant(x)]) { _ in .constant(Tensor(vector: [1, 2])) }
    #expect(vector.value == Tensor(.matrix(3, 2), [1, 2, 1, 2, 1, 2]))
  }

  @Test func `a step without a form for rows is refused by name`() {
    let error = #expect(throws: LearningError.self) {
      try batched([.constant(x)]) { nodes throws(LearningError) in
        try asUserFunction { try nodes[0].applying(.cumulativeSum) }
      }
    }
    #expect(error?.message.hasPrefix("cumsum cannot be used") == true)
  }

  @Test func `what a user's function throws is left to whoever gave it`() throws {
    struct Mistake: Error {}
    let network = try Network(
      sizes: [2, 2], activations: [Activation(written: "f") { _ in throw Mistake() }])
    #expect(throws: LearningError.ofCaller) { try network.output(x) }
    #expect(throws: LearningError.ofCaller) { try train(network, on: dataSet("xor")) }
  }
}
