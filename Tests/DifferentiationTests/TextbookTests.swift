import GoldenNumbers
import TestSupport
import Testing

@testable import Differentiation

@Suite struct TextbookTests {
  static let activations: [(name: String, primitive: Primitive)] = [
    ("sigmoid", .sigmoid), ("tanh", .tanh), ("relu", .relu), ("leaky", .leaky()),
    ("softplus", .softplus), ("linear", .identity),
  ]

  struct Net {
    var book: Textbook
    let weights: [Node]
    let biases: [Node]
    let primitives: [Primitive]

    init(_ hidden: Int, _ output: Int, sizes: [Int] = [2, 3, 2], seed: UInt64 = 5) {
      var random = SplitMix(seed)
      let chosen = [TextbookTests.activations[hidden], TextbookTests.activations[output]]
      let layers = zip(zip(sizes, sizes.dropFirst()), chosen).map { layer, activation in
        let (inputs, units) = layer
        return Textbook.Layer(
          weights: (0..<units).map { _ in (0..<inputs).map { _ in random.number(in: -1...1) } },
          biases: (0..<units).map { _ in random.number(in: -1...1) }, activation: activation.name)
      }
      book = Textbook(layers, loss: "half_sse")
      primitives = chosen.map { $0.primitive }
      weights = layers.map { layer in
        let shape = Shape.matrix(layer.weights.count, layer.weights[0].count)
        return .parameter(Tensor(shape, layer.weights.flatMap { $0 }), name: nil)
      }
      biases = layers.map { .parameter(Tensor(vector: $0.biases), name: nil) }
    }

    var parameters: [Node] { zip(weights, biases).flatMap { [$0, $1] } }

    func loss(_ x: Node, _ t: Node) throws(ShapeError) -> Node {
      var a = x
      for layer in weights.indices {
        a = try (a.product(weights[layer].transposed()) + biases[layer])
          .applying(primitives[layer])
      }
      return try (a - t).applying(.square).applying(.sum()) * 0.5
    }

    func graph(_ rows: Int) throws(DifferentiationError) -> TrainingLoop.Graph {
      let x = Node.input(.matrix(rows, weights[0].shape.columns), name: nil)
      let t = Node.input(.matrix(rows, biases[1].shape.count), name: nil)
      let loss: Node
      do throws(ShapeError) { loss = try self.loss(x, t) } catch { throw .shape(error) }
      return TrainingLoop.Graph(
        inputs: [x, t], loss: loss, gradients: try gradients(of: loss, by: parameters))
    }
  }

  @Test(
    "Our gradients are those of the four textbook equations",
    arguments: 0..<activations.count, 0..<activations.count)
  func gradient(_ hidden: Int, _ output: Int) throws {
    let net = Net(hidden, output)
    let x = [[0.3, -0.7], [-0.4, 0.9], [0.05, 0.1]]
    let t = [[0.2, 0.8], [0.9, 0.1], [0.01, 0.99]]
    let expected = net.book.gradient(x, t)
    let loss = try net.loss(
      .constant(try #require(Tensor(rows: x))), .constant(try #require(Tensor(rows: t))))
    expectClose([try #require(loss.value?.number)], [expected.loss])
    for (layer, found) in try gradients(of: loss, by: net.weights).enumerated() {
      expectClose(
        try #require(found.value).elements, expected.layers[layer].weights.flatMap { $0 },
        "W\(layer + 1)")
    }
    for (layer, found) in try gradients(of: loss, by: net.biases).enumerated() {
      expectClose(
        try #require(found.value).elements, expected.layers[layer].biases, "b\(layer + 1)")
    }
  }

  @Test(
    "Training follows the textbook step by step, with a short last batch",
    arguments: 0..<activations.count, Precision.allCases)
  func training(_ hidden: Int, _ precision: Precision) throws {
    let net = Net(hidden, 0, sizes: [3, 5, 2])
    var random = SplitMix(9)
    let x = random.tensor(.matrix(7, 3))
    let t = random.tensor(.matrix(7, 2), in: 0...1)
    let loop = try TrainingLoop(
      trainable: net.parameters, data: [x, t], rule: .kernel(.sgd()), precision: precision, batch: 3
    ) { rows throws(DifferentiationError) in try net.graph(rows) }
    var book = net.book
    let order: [Int32] = [4, 0, 6, 2, 5, 1, 3]
    for _ in 0..<5 {
      let epoch = try loop.runEpoch(order: order, batch: 3, rate: 0.1)
      #expect(epoch.steps == 3 && epoch.rows == 7 && epoch.ending == .finished)
      var total = 0.0
      for start in stride(from: 0, to: 7, by: 3) {
        let batch = order[start..<min(start + 3, 7)].map { Int($0) }
        total += book.descend(
          batch.map { Array(x.elements[$0 * 3..<$0 * 3 + 3]) },
          batch.map { Array(t.elements[$0 * 2..<$0 * 2 + 2]) }, rate: 0.1, bySum: true)
      }
      let tolerance = precision == .float64 ? 1e-12 : 1e-5
      expectClose([epoch.lossByStep], [total], relative: tolerance)
      for layer in 0..<2 {
        expectClose(
          try #require(loop.parameters.value(of: net.weights[layer])).elements,
          book.layers[layer].weights.flatMap { $0 }, relative: tolerance, absolute: tolerance)
        expectClose(
          try #require(loop.parameters.value(of: net.biases[layer])).elements,
          book.layers[layer].biases, relative: tolerance, absolute: tolerance)
      }
    }
  }

  @Test("A request to stop is kept between steps, and a loss that is not finite updates nothing")
  func endings() throws {
    let net = Net(5, 5, sizes: [3, 5, 2])
    var random = SplitMix(9)
    var x = random.tensor(.matrix(8, 3))
    let t = random.tensor(.matrix(8, 2), in: 0...1)
    x.elements[5 * 3] = .infinity
    let loop = try TrainingLoop(
      trainable: net.parameters, data: [x, t], rule: .kernel(.adam()), batch: 2
    ) { rows throws(DifferentiationError) in try net.graph(rows) }
    var asked = 0
    let stopped = try loop.runEpoch(order: [0, 1, 2, 3], batch: 2, rate: 0.1) {
      asked += 1
      return asked < 2
    }
    #expect(stopped.ending == .stopped && stopped.steps == 1 && loop.step == 1)
    let before = loop.parameters.value(of: net.weights[0])
    let ended = try loop.runEpoch(order: [5, 4, 0, 1], batch: 2, rate: 0.1)
    #expect(ended.ending == .notFinite && ended.steps == 1 && loop.step == 1)
    #expect(loop.parameters.value(of: net.weights[0]) == before)
  }

  @Test("One batch of all rows trains alike in any order, repeated or not")
  func wholeBatches() throws {
    var random = SplitMix(9)
    let x = random.tensor(.matrix(6, 3))
    let t = random.tensor(.matrix(6, 2), in: 0...1)
    let orders: [[Int32]] = [[0, 1, 2, 3, 4, 5], [5, 3, 1, 0, 2, 4]]
    var results: [[Double]] = []
    for schedule in [[0, 0, 0, 0], [1, 0, 0, 1]] {
      let net = Net(1, 0, sizes: [3, 5, 2])
      let loop = try TrainingLoop(
        trainable: net.parameters, data: [x, t], rule: .kernel(.momentum()), batch: 6
      ) { rows throws(DifferentiationError) in try net.graph(rows) }
      for choice in schedule {
        _ = try loop.runEpoch(order: orders[choice], batch: 6, rate: 0.1)
        _ = try loop.runEpoch(order: [2, 4], batch: 2, rate: 0.1)
      }
      results.append(net.parameters.flatMap { loop.parameters.value(of: $0)?.elements ?? [] })
    }
    expectClose(results[0], results[1])
  }
}
