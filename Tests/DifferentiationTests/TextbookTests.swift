import Glibc
import GoldenNumbers
import Testing

@testable import Differentiation

/// Backpropagation as the four equations of the textbooks, on plain arrays: z = W a + b and
/// a = f(z) forward; δᴸ = ∂E/∂a ⊙ f'(z), δˡ = Wᵀδ ⊙ f'(z), ∂E/∂b = δ, ∂E/∂W = δ aᵀ back.
struct Textbook {
  struct Activation: Sendable {
    let f: @Sendable (Double) -> Double
    let slope: @Sendable (Double) -> Double
  }

  static let sigmoid = Activation(
    f: { 1 / (1 + exp(-$0)) }, slope: { exp(-$0) / ((1 + exp(-$0)) * (1 + exp(-$0))) })
  static let tanh = Activation(
    f: { Glibc.tanh($0) }, slope: { 1 / (Glibc.cosh($0) * Glibc.cosh($0)) })
  static let relu = Activation(f: { $0 >= 0 ? $0 : 0 }, slope: { $0 >= 0 ? 1 : 0 })
  static let leaky = Activation(f: { $0 >= 0 ? $0 : 0.1 * $0 }, slope: { $0 >= 0 ? 1 : 0.1 })
  static let softplus = Activation(f: { log(1 + exp($0)) }, slope: { 1 / (1 + exp(-$0)) })
  static let linear = Activation(f: { $0 }, slope: { _ in 1 })

  /// w[layer][unit][input], b[layer][unit].
  var w: [[[Double]]]
  var b: [[Double]]
  let activations: [Activation]

  /// ½Σ(t−y)² of one row and its derivatives.
  func backward(_ x: [Double], _ t: [Double]) -> (loss: Double, w: [[[Double]]], b: [[Double]]) {
    var a = [x]
    var z: [[Double]] = []
    for layer in w.indices {
      let input = a[layer]
      let net = w[layer].indices.map { unit in
        var sum = b[layer][unit]
        for k in input.indices { sum += w[layer][unit][k] * input[k] }
        return sum
      }
      z.append(net)
      a.append(net.map(activations[layer].f))
    }
    let y = a[w.count]
    var delta = y.indices.map {
      (y[$0] - t[$0]) * activations[w.count - 1].slope(z[w.count - 1][$0])
    }
    var gradW = w
    var gradB = b
    for layer in w.indices.reversed() {
      gradB[layer] = delta
      gradW[layer] = delta.map { d in a[layer].map { d * $0 } }
      if layer == 0 { break }
      delta = a[layer].indices.map { k in
        var sum = 0.0
        for unit in delta.indices { sum += w[layer][unit][k] * delta[unit] }
        return sum * activations[layer - 1].slope(z[layer - 1][k])
      }
    }
    let loss = zip(t, y).reduce(0) { $0 + 0.5 * ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (loss, gradW, gradB)
  }
}

@Suite struct TextbookTests {
  static let activations: [(String, Textbook.Activation, Primitive)] = [
    ("sigmoid", Textbook.sigmoid, .sigmoid), ("tanh", Textbook.tanh, .tanh),
    ("relu", Textbook.relu, .relu), ("leaky", Textbook.leaky, .leaky()),
    ("softplus", Textbook.softplus, .softplus), ("linear", Textbook.linear, .identity),
  ]

  struct Net {
    var book: Textbook
    let weights: [Node]
    let biases: [Node]
    let primitives: [Primitive]

    init(_ hidden: Int, _ output: Int, sizes: [Int] = [2, 3, 2], seed: UInt64 = 5) {
      var numbers = SampleNumbers(seed)
      var w: [[[Double]]] = []
      var b: [[Double]] = []
      for (inputs, units) in zip(sizes, sizes.dropFirst()) {
        w.append((0..<units).map { _ in (0..<inputs).map { _ in numbers.number(in: -1...1) } })
        b.append((0..<units).map { _ in numbers.number(in: -1...1) })
      }
      let chosen = [TextbookTests.activations[hidden], TextbookTests.activations[output]]
      book = Textbook(w: w, b: b, activations: chosen.map(\.1))
      primitives = chosen.map(\.2)
      weights = w.map {
        .parameter(Tensor(.matrix($0.count, $0[0].count), $0.flatMap { $0 }), name: nil)
      }
      biases = b.map { .parameter(Tensor(vector: $0), name: nil) }
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
    let rows = zip(x, t).map { net.book.backward($0, $1) }
    let loss = try net.loss(
      .constant(try #require(Tensor(rows: x))), .constant(try #require(Tensor(rows: t))))
    expectClose([try #require(loss.value?.number)], [rows.reduce(0) { $0 + $1.loss }])
    for (layer, found) in try gradients(of: loss, by: net.weights).enumerated() {
      var expected = [Double](repeating: 0, count: found.shape.count)
      for row in rows {
        for (index, number) in row.w[layer].flatMap({ $0 }).enumerated() {
          expected[index] += number
        }
      }
      expectClose(try #require(found.value).elements, expected, "W\(layer + 1)")
    }
    for (layer, found) in try gradients(of: loss, by: net.biases).enumerated() {
      var expected = [Double](repeating: 0, count: found.shape.count)
      for row in rows {
        for (index, number) in row.b[layer].enumerated() { expected[index] += number }
      }
      expectClose(try #require(found.value).elements, expected, "b\(layer + 1)")
    }
  }

  @Test(
    "Training follows the textbook step by step, with a short last batch",
    arguments: 0..<activations.count, Precision.allCases)
  func training(_ hidden: Int, _ precision: Precision) throws {
    let net = Net(hidden, 0, sizes: [3, 5, 2])
    var numbers = SampleNumbers(9)
    let x = numbers.tensor(.matrix(7, 3))
    let t = numbers.tensor(.matrix(7, 2), in: 0...1)
    let loop = try TrainingLoop(
      trainable: net.parameters, data: [x, t], rule: .kernel(.sgd()), precision: precision, batch: 3
    ) { rows throws(DifferentiationError) in try net.graph(rows) }
    var book = net.book
    let order = [4, 0, 6, 2, 5, 1, 3]
    for _ in 0..<5 {
      let epoch = try loop.runEpoch(order: order, batch: 3, rate: 0.1)
      #expect(epoch.steps == 3 && epoch.rows == 7 && epoch.ending == .finished)
      var total = 0.0
      for start in stride(from: 0, to: 7, by: 3) {
        let before = book
        for row in order[start..<min(start + 3, 7)] {
          let parts = before.backward(
            Array(x.elements[row * 3..<row * 3 + 3]), Array(t.elements[row * 2..<row * 2 + 2]))
          total += parts.loss
          for layer in 0..<2 {
            for unit in book.b[layer].indices {
              book.b[layer][unit] -= 0.1 * parts.b[layer][unit]
              for k in book.w[layer][unit].indices {
                book.w[layer][unit][k] -= 0.1 * parts.w[layer][unit][k]
              }
            }
          }
        }
      }
      let tolerance = precision == .float64 ? 1e-12 : 1e-5
      expectClose([epoch.lossByStep], [total], relative: tolerance)
      for layer in 0..<2 {
        expectClose(
          try #require(loop.parameters.value(of: net.weights[layer])).elements,
          book.w[layer].flatMap { $0 }, relative: tolerance, absolute: tolerance)
        expectClose(
          try #require(loop.parameters.value(of: net.biases[layer])).elements, book.b[layer],
          relative: tolerance, absolute: tolerance)
      }
    }
  }

  @Test("A request to stop is kept between steps, and a loss that is not finite updates nothing")
  func endings() throws {
    let net = Net(5, 5, sizes: [3, 5, 2])
    var numbers = SampleNumbers(9)
    var x = numbers.tensor(.matrix(8, 3))
    let t = numbers.tensor(.matrix(8, 2), in: 0...1)
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
    var numbers = SampleNumbers(9)
    let x = numbers.tensor(.matrix(6, 3))
    let t = numbers.tensor(.matrix(6, 2), in: 0...1)
    let orders = [[0, 1, 2, 3, 4, 5], [5, 3, 1, 0, 2, 4]]
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
