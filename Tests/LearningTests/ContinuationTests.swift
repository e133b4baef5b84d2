import Differentiation
import Foundation
import GoldenNumbers
import Testing

@testable import Learning

@Suite("Relations between trainings")
struct ContinuationTests {
  @Test(arguments: Optimizer.all.map(\.name), Precision.allCases)
  func `going on from a saved state gives the bits of never having stopped`(
    _ optimizer: String, _ precision: Precision
  ) throws {
    var options = TrainingOptions(
      optimizer: try Optimizer.required(optimizer, as: .option("optimizer")))
    options.epochs = 9
    options.batch = .rows(7)
    options.validation = .data(try dataSet("moons", ("seed", .number(2)), ("n", .number(40))))
    options.patience = 50
    let data = try dataSet("moons", ("n", .number(60)))
    var dropping = Network.Options()
    dropping.dropout = 0.3
    dropping.precision = precision
    func fresh() throws -> Network {
      try Network(
        sizes: [2, 8, 1],
        activations: [
          .required("tanh", as: .activation(0)), .required("sigmoid", as: .activation(1)),
        ], options: dropping)
    }
    var states: [TrainingState] = []
    options.checkpoint = { states.append($1()) }
    let whole = try fresh()
    let run = try train(whole, on: data, options)
    #expect(states.count == 9)
    options.checkpoint = nil
    options.resumed = states[3]
    let continued = try fresh()
    let rest = try train(continued, on: data, options)
    #expect(continued.numbers == whole.numbers)
    #expect(rest.epochs == run.epochs)
    #expect(rest.steps == run.steps)
    #expect(rest.bestEpoch == run.bestEpoch)
    #expect(rest.lastLoss == run.lastLoss)
  }

  @Test(arguments: ["sgd", "adam", "nesterov"], [1, 12, 17, 18, 30])
  func `a training stopped in an epoch goes on with the same bits`(
    _ optimizer: String, _ steps: Int
  ) throws {
    // Nine steps an epoch, the last one shorter.
    let data = try dataSet("moons", ("n", .number(60)))
    var options = TrainingOptions(
      optimizer: try Optimizer.required(optimizer, as: .option("optimizer")))
    options.epochs = 5
    options.batch = .rows(7)
    options.patience = 50
    var dropping = Network.Options()
    dropping.dropout = 0.3
    func fresh() throws -> Network {
      try Network(
        sizes: [2, 8, 1],
        activations: [
          .required("tanh", as: .activation(0)), .required("sigmoid", as: .activation(1)),
        ], options: dropping)
    }
    let whole = try fresh()
    let run = try train(whole, on: data, options)
    var saved: TrainingState?
    options.checkpoint = { if $0 { saved = $1() } }
    let stopped = try train(try fresh(), on: data, options, stoppedAfter: steps)
    #expect(stopped.ending == .interrupted)
    #expect(stopped.steps == steps)
    #expect(saved?.epochs.count == steps / 9)
    #expect(saved?.partial?.steps == (steps % 9 == 0 ? nil : steps % 9))
    options.checkpoint = nil
    options.resumed = saved
    let continued = try fresh()
    let rest = try train(continued, on: data, options)
    #expect(continued.numbers == whole.numbers)
    #expect(rest.epochs == run.epochs)
    #expect(rest.steps == run.steps)
    #expect(rest.bestEpoch == run.bestEpoch)
  }

  @Test func `an epoch that cannot be under way is refused`() throws {
    var options = TrainingOptions()
    options.epochs = 2
    var saved: TrainingState?
    options.checkpoint = { saved = $1() }
    _ = try train(net([2, 4, 1], "tanh", "sigmoid"), on: dataSet("circles"), options)
    saved?.partial = TrainingState.Partial(
      steps: 3, rows: 99, lossByRow: 1, lossByStep: 1, metric: 1)
    options.checkpoint = nil
    options.resumed = saved
    let damaged = options
    #expect(throws: LearningError.self) {
      try train(net([2, 4, 1], "tanh", "sigmoid"), on: dataSet("circles"), damaged)
    }
  }

  @Test func `the way of a training is gone once more`() throws {
    let data = try dataSet("moons", ("n", .number(60)))
    let network = try net([2, 6, 1], "tanh", "sigmoid")
    var options = TrainingOptions(optimizer: try .required("adam", as: .option("optimizer")))
    options.epochs = 8
    options.until = { $0.epoch == 6 }
    options.validation = .fraction(0.2)
    var seen: [[Double]] = [network.numbers]
    let run = try train(network, on: data, options) { event in
      if case .epoch = event { seen.append(network.numbers) }
      return .proceed
    }
    let after = network.numbers
    // What becomes of the net later does not count.
    _ = try train(network, on: data, options)
    var again: [[Double]] = []
    try run.retraced(isStopped: { false }, onEpoch: { again.append($0.numbers) })
    #expect(again == seen)
    #expect(again.last == after)
  }

  @Test func `a state of another training is refused with what differs`() throws {
    var options = TrainingOptions()
    options.epochs = 2
    var saved: TrainingState?
    options.checkpoint = { saved = $1() }
    _ = try train(net([2, 4, 1], "tanh", "sigmoid"), on: dataSet("xor"), options)
    var other = TrainingOptions()
    other.resumed = saved
    other.rate = 0.5
    let chosen = other
    let error = #expect(throws: LearningError.self) {
      try train(net([2, 4, 1], "tanh", "sigmoid"), on: dataSet("xor"), chosen)
    }
    #expect(error?.message.contains("it has lr=0.1, this one lr=0.5") == true)
    other.rate = nil
    saved?.values.removeLast()
    other.resumed = saved
    let cut = other
    #expect(throws: LearningError.self) {
      try train(net([2, 4, 1], "tanh", "sigmoid"), on: dataSet("xor"), cut)
    }
  }

  @Test func `the order of rows in a batch changes nothing but rounding`() throws {
    let data = try dataSet("moons", ("n", .number(50)))
    let order = (0..<50).map { $0 * 7 % 50 }
    let rows = order.flatMap { [data.x[$0, 0], data.x[$0, 1]] }
    let mixed = try dataSet(
      Tensor(.matrix(50, 2), rows), Tensor(.matrix(50, 1), order.map { data.t[$0, 0] }))
    let plain = try dataSet(data.x, data.t)
    let (first, second) = (
      try net([2, 6, 1], "tanh", "sigmoid"), try net([2, 6, 1], "tanh", "sigmoid")
    )
    _ = try train(first, on: plain, plainly(epochs: 20, rate: 0.3))
    _ = try train(second, on: mixed, plainly(epochs: 20, rate: 0.3))
    expectClose(first.numbers, second.numbers, relative: 1e-11, absolute: 1e-13)
  }

  @Test func `a batch's gradient is the mean of its parts' gradients`() throws {
    let data = try dataSet("moons", ("n", .number(48)))
    let network = try net([2, 6, 3, 1], "gelu", "sigmoid")
    let whole = try network.gradient(on: data).flatMap(\.value.elements)
    var sum = whole.map { _ in 0.0 }
    for start in stride(from: 0, to: 48, by: 12) {
      let part = try dataSet(
        Tensor(.matrix(12, 2), Array(data.x.elements[start * 2..<(start + 12) * 2])),
        Tensor(.matrix(12, 1), Array(data.t.elements[start..<start + 12])))
      let slopes = try network.gradient(on: part).flatMap(\.value.elements)
      for index in sum.indices { sum[index] += slopes[index] / 4 }
    }
    expectClose(sum, whole, relative: 1e-11, absolute: 1e-15)
  }

  @Test func `dropout trains on fewer units and answers with all`() throws {
    var dropping = Network.Options()
    dropping.dropout = 0.5
    let activations = [
      try Activation.required("relu", as: .activation(0)),
      try Activation.required("sigmoid", as: .activation(1)),
    ]
    let network = try Network(sizes: [2, 30, 1], activations: activations, options: dropping)
    let plain = try Network(sizes: [2, 30, 1], activations: activations)
    let data = try dataSet("circles")
    #expect(try network.output(data.x) == plain.output(data.x))
    var options = TrainingOptions()
    options.epochs = 1
    options.rate = 0
    let run = try train(network, on: data, options)
    // The running loss is that of thinned nets, the last loss that of the whole net.
    #expect(run.lastLoss == run.firstLoss)
    #expect(run.losses[0] != run.firstLoss)
    options.epochs = 200
    options.rate = 0.2
    #expect(try train(network, on: data, options).metric > 0.9)
    dropping.dropout = 1
    #expect(throws: LearningError.self) {
      try Network(sizes: [2, 3, 1], activations: activations, options: dropping)
    }
  }

  /// What a measure of the masks of two layers gives in each of ten steps.
  private func masked(
    seed: UInt64, _ precision: Precision,
    _ measure: @escaping ([Node]) throws(ShapeError) -> Node
  ) throws -> [Double] {
    let w = Node.parameter(Tensor(1), name: "w")
    let loop = try TrainingLoop(
      trainable: [w], data: [Tensor(.matrix(4, 1), [1, 1, 1, 1])], rule: .kernel(.sgd()),
      precision: precision, batch: 4
    ) { rows throws(DifferentiationError) in
      let x = Node.input(.matrix(rows, 1), name: "x")
      let masks = (0..<2).map { _ in Node.input(.matrix(rows, 50), name: "mask") }
      do throws(ShapeError) {
        return TrainingLoop.Graph(
          inputs: [x], loss: try (w * x).applying(.sum()), gradients: [Node(number: 0)],
          masks: masks.map { ($0, 0.5) }, metric: try measure(masks))
      } catch {
        throw .shape(error)
      }
    }
    loop.seed = seed
    return try (0..<10).map { _ in
      try loop.runEpoch(order: [0, 1, 2, 3], batch: 4, rate: 0).metric
    }
  }

  @Test(arguments: Precision.allCases)
  func `what is left out differs from layer to layer, step to step and seed to seed`(
    _ precision: Precision
  ) throws {
    for seed in [1, 2] as [UInt64] {
      let alike = try masked(seed: seed, precision) { masks throws(ShapeError) in
        try Node.apply(.equal, to: masks).applying(.mean())
      }
      #expect(alike.allSatisfy { abs($0 - 0.5) < 0.2 }, "\(alike)")
      for layer in 0..<2 {
        let means = try masked(seed: seed, precision) { masks throws(ShapeError) in
          try masks[layer].applying(.mean())
        }
        #expect(means.allSatisfy { abs($0 - 1) < 0.4 }, "\(means)")
        #expect(abs(means.reduce(0, +) / 10 - 1) < 0.1)
      }
    }
    // A number that tells masks apart.
    func marks(seed: UInt64) throws -> [Double] {
      try masked(seed: seed, precision) { masks throws(ShapeError) in
        let places = Tensor(.matrix(4, 50), (1...200).map { Double($0 * $0) })
        return try (masks[1] * .constant(places)).applying(.sum())
      }
    }
    let (first, second) = (try marks(seed: 1), try marks(seed: 2))
    #expect(Set(first).count == 10)
    #expect(Set(first).isDisjoint(with: second))
    #expect(try marks(seed: 1) == first)
  }

  @Test(arguments: Precision.allCases)
  func `a mask that is asked for is the one that a step fills in`(_ precision: Precision) throws {
    let places = Tensor(.matrix(4, 50), (1...200).map { Double($0 * $0) })
    for (layer, seed) in [(0, 1), (1, 1), (1, .max)] as [(Int, UInt64)] {
      let filled = try masked(seed: seed, precision) { masks throws(ShapeError) in
        try (masks[layer] * .constant(places)).applying(.sum())
      }
      let asked = (0..<10).map { step in
        let mask = TrainingLoop.mask(
          at: layer, seed: seed, step: step, keep: 0.5, shape: .matrix(4, 50))
        return zip(mask.elements, places.elements).reduce(0) { $0 + $1.0 * $1.1 }
      }
      #expect(asked == filled)
    }
  }

  @Test(arguments: Precision.allCases)
  func `many rows are answered as few are`(_ precision: Precision) throws {
    let (rows, width, classes) = (3000, 40, 5)
    let network = try net([width, 60, classes], "tanh", "softmax", precision: precision)
    let tolerance = precision == .float64 ? 1e-11 : 1e-5
    let numbers = (0..<rows * width).map { (index: Int) -> Double in
      Double((index * 7919) % 2003) / 1000 - 1
    }
    let all = try network.output(Tensor(.matrix(rows, width), numbers)).elements
    for row in stride(from: 0, to: rows, by: 500) {
      let sample = Array(numbers[row * width..<(row + 1) * width])
      let few = try network.output(Tensor(.matrix(1, width), sample)).elements
      let found = Array(all[row * classes..<(row + 1) * classes])
      expectClose(found, few, relative: tolerance)
    }
    var targets = Tensor(repeating: 0, shape: .matrix(rows, classes))
    var expected = 0.0
    for row in 0..<rows {
      targets[row, row % classes] = 1
      expected -= log(all[row * classes + row % classes]) / Double(rows)
    }
    let data = try dataSet(Tensor(.matrix(rows, width), numbers), targets)
    expectClose([try network.loss(on: data)], [expected], relative: tolerance)
  }
}

/// A training that is interrupted behind so many steps, as Ctrl-C does it.
private func train(
  _ network: Network, on data: DataSet, _ options: TrainingOptions, stoppedAfter steps: Int
) throws -> TrainingRun {
  // Asked once before the first epoch and once behind every epoch, else before every step.
  var made = -1
  var epochs = 0
  return try train(
    network, on: data, options,
    isStopped: {
      made += 1
      return made - epochs > steps
    },
    onEvent: { event in
      if case .epoch = event { epochs += 1 }
      return .proceed
    })
}
