import Differentiation
import GoldenNumbers
import Testing

@testable import Learning

@Suite("Options of training")
struct TrainingOptionsTests {
  @Test func `penalties add their slopes, on weights only`() throws {
    let data = try dataSet("xor")
    let base = try net([2, 3, 1], "tanh", "sigmoid")
    let gradient = try base.gradient(on: data)
    var options = try plainly(epochs: 1, rate: 0.1)
    options.l1 = 0.3
    options.l2 = 0.2
    let network = base.copy()
    _ = try train(network, on: data, options)
    for (name, slope) in gradient {
      let before = try base.value(of: name).elements
      let expected = before.indices.map { index in
        let w = before[index]
        let penalty = name.hasPrefix("W") ? 0.2 * w + 0.3 * (w > 0 ? 1 : w < 0 ? -1 : 0) : 0
        return w - 0.1 * (slope.elements[index] + penalty)
      }
      expectClose(try network.value(of: name).elements, expected, name)
    }
  }

  @Test func `clip shortens the whole gradient to its norm`() throws {
    let data = try dataSet("xor")
    let base = try net([2, 3, 1], "tanh", "sigmoid")
    let norm = try base.gradient(on: data).flatMap(\.value.elements)
      .reduce(0) { $0 + $1 * $1 }.squareRoot()
    for (limit, factor) in [(norm / 4, 0.25), (norm * 2, 1)] {
      var options = try plainly(epochs: 1, rate: 0.1)
      options.clip = limit
      let network = base.copy()
      _ = try train(network, on: data, options)
      let steps = zip(base.numbers, network.numbers).map { $0 - $1 }
      let expected = try base.gradient(on: data).flatMap(\.value.elements).map { 0.1 * factor * $0 }
      expectClose(steps, expected, relative: 1e-9, absolute: 1e-15)
    }
  }

  @Test func `class weights and sample weights scale the losses of their rows`() throws {
    let data = try dataSet("gate", ("kind", .word("and")))
    func trained(_ change: (inout TrainingOptions) -> Void) throws -> [Double] {
      let network = try net([2, 1], "sigmoid")
      var options = try plainly(epochs: 3, rate: 0.5)
      change(&options)
      _ = try train(network, on: data, options)
      return network.numbers
    }
    let byClass = try trained { $0.classWeights = [1, 3] }
    let byRow = try trained { $0.sampleWeights = [1, 1, 1, 3] }
    #expect(byClass == byRow)
    #expect(try byClass != trained { _ in })
    let ones = try trained { $0.sampleWeights = [1, 1, 1, 1] }
    expectClose(ones, try trained { _ in })
    #expect(throws: LearningError.self) { try trained { $0.classWeights = [1] } }
    #expect(throws: LearningError.self) { try trained { $0.sampleWeights = [1, 2] } }
  }

  @Test func `what is frozen stays`() throws {
    let data = try dataSet("circles")
    for (names, kept) in [
      (["bias"], ["b1", "b2"]), (["W1"], ["W1"]), (["weights"], ["W1", "W2"]),
    ] {
      let network = try net([2, 4, 1], "tanh", "sigmoid")
      let before = network.copy()
      var options = TrainingOptions()
      options.epochs = 2
      options.frozen = names
      _ = try train(network, on: data, options)
      for name in network.parameterNames {
        let isSame = try network.value(of: name) == before.value(of: name)
        #expect(isSame == kept.contains(name), "\(names) \(name)")
      }
    }
    var options = TrainingOptions()
    options.frozen = ["W7"]
    let wrong = options
    let error = #expect(throws: LearningError.self) {
      try train(net([2, 1], "sigmoid"), on: data, wrong)
    }
    #expect(error?.notes.first?.target == .option("freeze"))
  }

  @Test func `a batch larger than the data means all rows`() throws {
    let data = try dataSet("xor")
    let one = try net([2, 3, 1], "tanh", "sigmoid")
    let two = one.copy()
    let run = try train(one, on: data, plainly(epochs: 3, rate: 0.5, batch: .rows(1000)))
    _ = try train(two, on: data, plainly(epochs: 3, rate: 0.5, batch: .full))
    #expect(run.steps == 3)
    #expect(one.numbers == two.numbers)
  }

  @Test func `options out of their range are refused with the option's name`() throws {
    let changes: [(String, (inout TrainingOptions) -> Void)] = [
      ("epochs", { $0.epochs = -1 }), ("lr", { $0.rate = .nan }), ("lr", { $0.rate = -0.1 }),
      ("batch", { $0.batch = .rows(0) }), ("l1", { $0.l1 = -1 }), ("l2", { $0.l2 = .infinity }),
      ("clip", { $0.clip = 0 }), ("patience", { $0.patience = 0 }),
      ("valid", { $0.validation = .fraction(1) }),
    ]
    for (name, change) in changes {
      var options = TrainingOptions()
      change(&options)
      let wrong = options
      let error = #expect(throws: LearningError.self) {
        try train(net([2, 1], "sigmoid"), on: dataSet("circles"), wrong)
      }
      #expect(error?.notes.first?.target == .option(name))
    }
  }

  @Test func `output first is refused where it is no slip of plain descent`() throws {
    var options = TrainingOptions(optimizer: try .required("adam", as: .option("optimizer")))
    options.order = .outputFirst
    let wrong = options
    #expect(throws: LearningError.self) {
      try train(net([2, 2, 1], "sigmoid"), on: dataSet("xor"), wrong)
    }
  }

  @Test func `no epochs change nothing`() throws {
    let network = try net([2, 3, 1], "tanh", "sigmoid")
    let before = network.numbers
    var options = TrainingOptions()
    options.epochs = 0
    let run = try train(network, on: dataSet("circles"), options)
    #expect(network.numbers == before)
    #expect(run.firstLoss == run.lastLoss)
  }

  @Test func `float32 comes close to float64 and holds numbers of its own precision`() throws {
    let data = try dataSet("circles")
    let double = try net([2, 8, 1], "tanh", "sigmoid")
    let single = try net([2, 8, 1], "tanh", "sigmoid", precision: .float32)
    var options = TrainingOptions()
    options.epochs = 5
    _ = try train(double, on: data, options)
    _ = try train(single, on: data, options)
    #expect(single.numbers != double.numbers)
    expectClose(single.numbers, double.numbers, relative: 1e-3, absolute: 1e-4)
    #expect(single.numbers.allSatisfy { Double(Float($0)) == $0 })
  }

  @Test func `with everything frozen nothing changes`() throws {
    let network = try net([2, 3, 1], "prelu", "sigmoid")
    let before = network.numbers
    var options = TrainingOptions()
    options.frozen = ["bias", "weights", "slopes"]
    options.epochs = 3
    let run = try train(network, on: dataSet("circles"), options)
    #expect(network.numbers == before)
    expectClose(run.losses, Array(repeating: run.firstLoss, count: 3))
  }

  @Test func `more memory than there is sense in is refused before it is taken`() throws {
    let network = try net([2, 100_000, 1], "tanh", "sigmoid")
    let data = try dataSet("circles", ("n", .number(100_000)))
    var options = TrainingOptions()
    options.batch = .full
    let wrong = options
    let error = #expect(throws: LearningError.self) { try train(network, on: data, wrong) }
    #expect(error?.notes.contains { $0.target == .option("batch") } == true)
    #expect(throws: LearningError.self) { try network.gradient(on: data) }
  }

  @Test func `a loss given to train becomes the net's, unless nothing comes of it`() throws {
    let network = try net([2, 3, 1], "tanh", "sigmoid")
    var options = TrainingOptions()
    options.epochs = 1
    options.loss = try .required("half_sse", as: .option("loss"))
    options.reduction = .sum
    let chosen = options
    #expect(throws: LearningError.self) { try train(network, on: dataSet("blobs"), chosen) }
    #expect(network.loss.name == "bce" && network.isLossAutomatic)
    #expect(network.reduction == .mean)
    _ = try train(network, on: dataSet("xor"), chosen)
    #expect(network.loss.name == "half_sse" && !network.isLossAutomatic)
    #expect(network.reduction == .sum)
    #expect(network.lastData?.title == "xor")
    #expect(network.classes == ["0", "1"])
  }

  @Test(arguments: [("AND", "and"), ("OR", "or"), ("XOR", "xor")])
  func `a perceptron learns what one unit can and stops without errors`(
    _ key: String, _ gate: String
  ) throws {
    let expected = try Fixture.load("perceptron").at("expected", key)
    let network = try Network.perceptron(sizes: [2])
    var options = TrainingOptions()
    options.epochs = 20
    var weights = [[0.0, 0, 0]]
    let run = try train(network, on: dataSet("gate", ("kind", .word(gate))), options) { event in
      if case .epoch = event {
        weights.append(try network.value(of: "b1").elements + network.value(of: "W1").elements)
      }
      return .proceed
    }
    #expect(run.epochs.count == Int(try expected.at("epochs").number()))
    #expect(weights.flatMap { $0 } == (try expected.at("weights_after_epoch").numbers()))
    #expect(
      run.losses.map { $0 * 4 } == (try expected.at("errors_in_epoch").numbers()))
    #expect((run.ending == .nothingLeft) == (try expected.at("converged").number() == 1))
  }

  @Test func `a perceptron refuses targets other than 0 and 1`() throws {
    let network = try Network.perceptron(sizes: [1])
    #expect(throws: LearningError.self) { try train(network, on: dataSet("sine")) }
    #expect(network.title == "perceptron [1, 1]")
    #expect(throws: LearningError.self) { try Network.perceptron(sizes: [2, 3, 1]) }
  }

  @Test func `a schedule changes the rate by epoch, and momentum keeps the old rate's steps`()
    throws
  {
    // One weight w with the loss w²/2·2, by equation (9): v = 0.9 v - lr·g, w += v.
    let data = try dataSet(Tensor(.matrix(1, 1), [1]), Tensor(.matrix(1, 1), [0]))
    let network = try net([1, 1], "linear", loss: "sse", bias: false)
    try network.set("W1", to: Tensor(1))
    var options = try plainly(epochs: 6, rate: 0.05, optimizer: "momentum")
    options.schedule = try Schedule.required("exponential", as: .option("schedule"))
      .configured([.number(0.5)])
    let run = try train(network, on: data, options)
    var (w, v) = (1.0, 0.0)
    for epoch in 0..<6 {
      var rate = 0.05
      for _ in 0..<epoch { rate *= 0.5 }
      v = 0.9 * v - rate * 2 * w
      w += v
    }
    expectClose(network.numbers, [w])
    expectClose(run.epochs.map(\.rate), [0.05, 0.025, 0.0125, 0.00625, 0.003125, 0.0015625])
  }
}
