import AllocationCount
import CKernels
import TestSupport
import Testing

@testable import Differentiation

/// What holds for every step of a training, whatever it computes.
@Suite(.serialized) struct StepLoopTests {
  /// A net of two layers on rows of made-up numbers.
  private func loop(
    sizes: [Int], rows: Int, batch: Int, _ precision: Precision, rule: UpdateRule,
    keeps: Double? = nil
  ) throws -> (loop: TrainingLoop, parameters: [Node]) {
    var numbers = SplitMix(11)
    let w1 = Node.parameter(numbers.tensor(.matrix(sizes[1], sizes[0]), in: -0.3...0.3), name: "W1")
    let b1 = Node.parameter(Tensor(repeating: 0.1, shape: .vector(sizes[1])), name: "b1")
    let w2 = Node.parameter(numbers.tensor(.matrix(sizes[2], sizes[1]), in: -0.3...0.3), name: "W2")
    let parameters = [w1, b1, w2]
    let data = [
      numbers.tensor(.matrix(rows, sizes[0]), in: -1...1),
      numbers.tensor(.matrix(rows, sizes[2]), in: 0...1),
    ]
    let loop = try TrainingLoop(
      trainable: parameters, data: data, rule: rule, precision: precision, batch: batch
    ) { rows throws(DifferentiationError) in
      let x = Node.input(.matrix(rows, sizes[0]), name: "x")
      let t = Node.input(.matrix(rows, sizes[2]), name: "t")
      let mask = Node.input(.matrix(rows, sizes[1]), name: "mask")
      let loss: Node
      do throws(ShapeError) {
        var hidden = try (x.product(w1.transposed()) + b1).applying(.tanh)
        if keeps != nil { hidden = try hidden * mask }
        let z = try hidden.product(w2.transposed())
        loss = try Node.apply(.binaryCrossEntropy, to: [z, t]).applying(.mean())
      } catch {
        throw .shape(error)
      }
      return TrainingLoop.Graph(
        inputs: [x, t], loss: loss, gradients: try gradients(of: loss, by: parameters),
        masks: keeps.map { [(mask, $0)] } ?? [], metric: loss)
    }
    return (loop, parameters)
  }

  @Test(arguments: Precision.allCases)
  func `a step allocates nothing`(_ precision: Precision) throws {
    try #require(allocation_count() >= 0)
    for keeps in [nil, 0.5] {
      let (loop, _) = try loop(
        sizes: [5, 9, 2], rows: 1000, batch: 1, precision, rule: .kernel(.adam()), keeps: keeps)
      func allocations(rows: Int) throws -> Int {
        let order = Array(0..<Int32(rows))
        _ = try loop.runEpoch(order: order, batch: 1, rate: 0.01)
        let before = allocation_count()
        _ = try loop.runEpoch(order: order, batch: 1, rate: 0.01)
        return allocation_count() - before
      }
      let (few, many) = (try allocations(rows: 2), try allocations(rows: 1000))
      #expect(many <= few)
    }
  }

  /// w - lr·m/step with m = m/2 + g, and with the norm of g where not every number is one by itself.
  private func graph(_ shape: Shape, isElementwise: Bool) throws(ShapeError) -> UpdateGraph {
    let x = UpdateOperands(shape: shape, states: ["m"], settings: [:])
    let m = try 0.5 * x["m"] + (isElementwise ? x.g : x.g / x.g.applying(.norm))
    return try UpdateGraph(x, w: x.w - x.lr * m / x.step, states: [m])
  }

  @Test(arguments: Precision.allCases)
  func `a step of a rule without a kernel allocates nothing`(_ precision: Precision) throws {
    try #require(allocation_count() >= 0)
    for isElementwise in [true, false] {
      let shapes: [Shape] = [.matrix(9, 5), .vector(9), .matrix(2, 9)]
      let graphs = try shapes.map { try graph($0, isElementwise: isElementwise) }
      let (loop, _) = try loop(
        sizes: [5, 9, 2], rows: 1000, batch: 1, precision, rule: .graphs(graphs, starts: [0]))
      func allocations(rows: Int) throws -> Int {
        let order = Array(0..<Int32(rows))
        _ = try loop.runEpoch(order: order, batch: 1, rate: 0.01)
        let before = allocation_count()
        _ = try loop.runEpoch(order: order, batch: 1, rate: 0.01)
        return allocation_count() - before
      }
      let (few, many) = (try allocations(rows: 2), try allocations(rows: 1000))
      #expect(many <= few)
    }
  }

  @Test func `the count of allocations counts`() {
    let before = allocation_count()
    let numbers = (0..<100).map { [Double($0)] }
    #expect(allocation_count() - before >= 100)
    #expect(numbers.count == 100)
  }

  @Test(arguments: Precision.allCases)
  func `any number of threads gives the same bits`(_ precision: Precision) throws {
    let own = bp_threads(0)
    defer { bp_threads(own) }
    var results: [[Double]] = []
    for threads in [1, 2, 4] {
      bp_threads(threads)
      let (loop, parameters) = try loop(
        sizes: [300, 400, 70], rows: 256, batch: 128, precision, rule: .kernel(.adam()))
      let order = (0..<Int32(256)).map { $0 * 7 % 256 }
      for _ in 0..<3 { _ = try loop.runEpoch(order: order, batch: 128, rate: 0.01) }
      results.append(parameters.flatMap { loop.parameters.value(of: $0)?.elements ?? [] })
    }
    // Of long arrays that differ the difference would be looked for, for minutes.
    let isSame = results.allSatisfy { $0 == results[0] }
    #expect(isSame)
    #expect(results[0].allSatisfy { $0.isFinite })
  }

  /// Large enough for parts, in our own kernels and in the library where there is one.
  @Test(arguments: [(200, 250, 190), (90, 1100, 96), (1300, 300, 400), (256, 1100, 512)])
  func `a product in parts is the plain sum, the same bits for any number of threads`(
    _ m: Int, _ n: Int, _ k: Int
  ) throws {
    let own = bp_threads(0)
    defer { bp_threads(own) }
    var numbers = SplitMix(5)
    let a = Node.input(.matrix(m, k), name: "a")
    let b = Node.input(.matrix(n, k), name: "b")
    let c = Node.input(.matrix(1, n), name: "c")
    let values = [a, b, c].map { numbers.tensor($0.shape, in: -1...1) }
    for precision in Precision.allCases {
      let program = Program([try a.product(b.transposed()) + c], precision: precision)
      for (node, value) in zip([a, b, c], values) { program.set(node, to: value) }
      var results: [Tensor] = []
      for threads in [1, 2, 4] {
        bp_threads(threads)
        program.run()
        results.append(program.value(0))
      }
      #expect(results[0] == results[1])
      #expect(results[0] == results[2])
      for row in stride(from: 0, to: m, by: 37) {
        for column in stride(from: 0, to: n, by: 23) {
          let sum = (0..<k).reduce(values[2].elements[column]) {
            $0 + values[0][row, $1] * values[1][column, $1]
          }
          let tolerance = precision == .float64 ? 1e-12 : 1e-4
          #expect(abs(results[0][row, column] - sum) < tolerance * Double(k))
        }
      }
    }
  }
}
