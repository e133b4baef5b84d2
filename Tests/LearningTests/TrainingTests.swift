import Differentiation
import Testing

@testable import Learning

@Suite("Training")
struct TrainingTests {
  @Test func `the lecture's net learns circles with its default seeds`() throws {
    let network = try net([2, 20, 1], "relu", "sigmoid")
    let data = try dataSet("circles")
    let run = try train(network, on: data)
    #expect(run.epochs.count == 100)
    #expect(run.steps == 1000)
    #expect(try network.accuracy(on: data) >= 0.95)
    #expect(run.lastLoss < run.firstLoss)
    #expect(run.metricName == "accuracy")
  }

  @Test func `the same seed gives the same bits, another seed others`() throws {
    func trained(_ seed: Int) throws -> [Double] {
      let network = try net([2, 5, 1], "tanh", "sigmoid")
      var options = TrainingOptions()
      options.epochs = 5
      options.seed = seed
      _ = try train(network, on: dataSet("moons"), options)
      return network.numbers
    }
    #expect(try trained(1) == trained(1))
    #expect(try trained(1) != trained(2))
  }

  @Test(arguments: [
    ("together", 1), ("together", 10000), ("outputFirst", 1), ("outputFirst", 10000),
  ])
  func `the worked example goes the lecture's way`(_ order: String, _ steps: Int) throws {
    let fixture = try Fixture.load("mazur_train")
    let variant = order == "together" ? "weights_only" : "updated_output_weights"
    let network = try net(try fixture.at("setup"))
    let data = try dataSet("mazur")
    var options = try plainly(epochs: steps, rate: 0.5)
    options.frozen = ["bias"]
    options.order = order == "together" ? .together : .outputFirst
    let run = try train(network, on: data, options)
    let expected = try fixture.at("expected", variant, String(steps))
    expectClose(
      [run.lastLoss], [try expected.at("E_total").number()], relative: 1e-9, absolute: 1e-13)
    let names = (1...8).map { "w\($0)" }
    expectClose(
      try network.value(of: "W1").elements + network.value(of: "W2").elements,
      try names.map { try expected.at($0).number() }, relative: 1e-9, absolute: 1e-13)
    #expect(try network.value(of: "b1").elements == [0.35, 0.35])
  }

  @Test(arguments: ["batch", "online", "minibatch2"], [Reduction.mean, .sum])
  func `batches follow the lecture`(_ mode: String, _ reduction: Reduction) throws {
    let fixture = try Fixture.load("batch_modes")
    let network = try net(try fixture.at("setup"), reduction: reduction)
    let data = try dataSet(try fixture.at("setup"))
    let batch: TrainingOptions.Batch =
      mode == "batch" ? .full : .rows(mode == "online" ? 1 : 2)
    for epoch in 1...2 {
      let run = try train(network, on: data, plainly(epochs: 1, rate: 0.3, batch: batch))
      let state = try fixture.at("expected", "\(mode)_\(reduction.rawValue)", String(epoch))
      expectClose(network.numbers, try numbers(state), mode)
      expectClose([run.lastLoss], [try state.at("loss").number()], mode)
    }
  }

  @Test func `every optimizer takes the golden steps`() throws {
    let fixture = try Fixture.load("optimizers")
    let records = ["eq9": "momentum"]
    let settings = [
      "momentum": "momentum", "alpha": "alpha", "dampening": "dampening", "eps": "eps",
      "weight_decay": "weight_decay",
    ]
    for key in try fixture.at("setup", "optimizers").keys {
      let setup = try fixture.at("setup", "optimizers", key)
      let kind = try setup.at("kind").text()
      var named: [(name: String, value: Setting.Value)] = []
      for setting in setup.keys {
        if setting == "betas" {
          let betas = try setup.at("betas").numbers()
          named += [("beta1", .number(betas[0])), ("beta2", .number(betas[1]))]
        } else if let name = settings[setting] {
          named.append((name, .number(try setup.at(setting).number())))
        }
      }
      var options = try plainly(epochs: 1, rate: try setup.at("lr").number())
      options.optimizer = try Optimizer.required(
        records[kind] ?? kind, as: .option("optimizer")
      ).configured(named: named)
      for steps in [1, 2, 3, 5, 10] {
        let network = try net(try fixture.at("setup"), reduction: .mean)
        options.epochs = steps
        _ = try train(network, on: dataSet(try fixture.at("setup")), options)
        let state = try fixture.at("expected", key, String(steps))
        expectClose(network.numbers, try numbers(state), absolute: 1e-14, "\(key) after \(steps)")
      }
    }
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
    #expect(error?.subjects.first?.subject == .option("freeze"))
  }

  @Test func `a loss that is not finite any more puts the last finite weights back`() throws {
    let data = try dataSet("linear")
    let network = try net([1, 1], "linear")
    var options = try plainly(epochs: 5000, rate: 30)
    options.batch = .full
    let chosen = options
    var lastGoods: [[Double]] = []
    var diverged = 0
    let error = #expect(throws: LearningError.self) {
      try train(network, on: data, chosen) { event in
        switch event {
        case .epoch: lastGoods.append(network.numbers)
        case .diverged(let epoch, _): diverged = epoch
        default: break
        }
        return .proceed
      }
    }
    #expect(diverged > 1)
    #expect(
      error?.message.contains("epoch \(diverged) went wrong in ") == true, "\(error?.message ?? "")"
    )
    #expect(lastGoods.suffix(2).contains(network.numbers))
    #expect(try network.loss(on: data).isFinite)
  }

  @Test func `stopping keeps exactly the net of that step`() throws {
    let data = try dataSet("circles")
    let network = try net([2, 4, 1], "tanh", "sigmoid")
    let flag = StopFlag()
    let run = try train(network, on: data, stop: flag) { event in
      if case .epoch(let summary) = event, summary.epoch == 3 { flag.set() }
      return .proceed
    }
    #expect(run.ending == .interrupted)
    let answered = try net([2, 4, 1], "tanh", "sigmoid")
    let other = try train(answered, on: data) { event in
      if case .epoch(let summary) = event, summary.epoch == run.epochs.count { return .stop }
      return .proceed
    }
    #expect(other.steps == run.steps)
    #expect(answered.numbers == network.numbers)
  }

  @Test func `a condition on the epoch ends the training`() throws {
    var options = TrainingOptions()
    options.epochs = 500
    options.until = { $0.loss < 0.3 }
    let run = try train(net([2, 20, 1], "relu", "sigmoid"), on: dataSet("circles"), options)
    #expect(run.ending == .conditionMet)
    #expect(run.losses.last.map { $0 < 0.3 } == true)
    #expect(run.losses.dropLast().allSatisfy { $0 >= 0.3 })
  }

  @Test func `patience puts the best weights back`() throws {
    let data = try dataSet("circles", ("noise", .number(0.5)))
    let network = try net([2, 30, 1], "tanh", "sigmoid")
    var options = TrainingOptions()
    options.epochs = 2000
    options.rate = 0.5
    options.validation = .fraction(0.3)
    options.patience = 5
    var saved: [[Double]] = []
    let run = try train(network, on: data, options) { event in
      if case .epoch = event { saved.append(network.numbers) }
      return .proceed
    }
    let watched = run.validationLosses
    let best = try #require(watched.indices.min { watched[$0] < watched[$1] })
    #expect(run.ending == .noImprovement)
    #expect(run.bestEpoch == best + 1)
    #expect(run.epochs.count == best + 1 + 5)
    #expect(network.numbers == saved[best])
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
      #expect(error?.subjects.first?.subject == .option(name))
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

  @Test func `the keras example goes the lecture's way`() throws {
    let fixture = try Fixture.load("vitay_keras")
    let data = try dataSet("circles", ("noise", .number(0)))
    for rate in ["0.001", "0.1"] {
      for epochs in [1, 10, 100] {
        let network = try kerasNet(fixture)
        let run = try train(
          network, on: data,
          plainly(epochs: epochs, rate: try #require(Double(rate)), batch: .rows(10)))
        let state = try fixture.at("expected", "train_batch10")
          .at("lr=\(rate)", String(epochs))
        expectClose(
          [run.lastLoss], [try state.at("loss").number()], relative: 1e-8, absolute: 1e-11)
        expectClose(
          try network.value(of: "W2").elements, try state.at("W2").numbers(), relative: 1e-8,
          absolute: 1e-11)
        #expect(run.metric == (try state.at("accuracy").number()))
      }
    }
  }

  @Test func `the rain table is learned as in the lecture`() throws {
    let fixture = try Fixture.load("rain_table")
    let data = try dataSet(
      try fixture.at("expected", "scaled_X").matrix(), try fixture.at("setup", "T").matrix())
    for (key, batch, optimizer) in [
      ("batch_sgd_eq8", TrainingOptions.Batch.full, "sgd"), ("online_sgd", .rows(1), "sgd"),
      ("batch_momentum_eq9", .full, "momentum"), ("online_momentum_eq9", .rows(1), "momentum"),
    ] {
      for epochs in [1, 5] {
        let network = try net(try fixture.at("setup"))
        let run = try train(
          network, on: data,
          plainly(epochs: epochs, rate: 0.5, batch: batch, optimizer: optimizer))
        let state = try fixture.at("expected", key, String(epochs))
        expectClose([run.lastLoss], [try state.at("C_total").number()], "\(key) \(epochs)")
        // The lecture's matrices have one column a unit.
        let w1 = try state.at("W1").numbers()
        expectClose(
          try network.value(of: "W1").elements, (0..<3).flatMap { [w1[$0], w1[$0 + 3]] }, key)
        expectClose(try network.value(of: "W2").elements, try state.at("W2").numbers(), key)
      }
    }
  }

  @Test func `training is the textbook's descent, step by step`() throws {
    let network = try net([2, 4, 3, 1], "tanh", "sigmoid", "linear", loss: "mse")
    var book = try textbook(network)
    let data = try dataSet("plane", ("n", .number(25)))
    _ = try train(network, on: data, plainly(epochs: 4, rate: 0.2, batch: .rows(10)))
    let xs = (0..<25).map { Array(data.x.elements[$0 * 2..<$0 * 2 + 2]) }
    let ts = data.t.elements.map { [$0] }
    for _ in 0..<4 {
      for start in [0, 10, 20] {
        let end = min(25, start + 10)
        book.descend(Array(xs[start..<end]), Array(ts[start..<end]), rate: 0.2)
      }
    }
    let expected = zip(book.weights, book.biases).flatMap { $0.flatMap { $0 } + $1 }
    expectClose(network.numbers, expected, relative: 1e-10, absolute: 1e-14)
  }

  @Test func `the running metric is the metric while nothing changes`() throws {
    let cases: [(Network, DataSet)] = [
      (try net([2, 4, 1], "tanh", "sigmoid"), try dataSet("circles")),
      (try net([2, 4, 1], "tanh", "tanh", loss: "hinge"), try dataSet("moons")),
      (try net([2, 4, 3], "tanh", "softmax"), try dataSet("blobs")),
      (try net([1, 4, 1], "tanh", "linear"), try dataSet("sine")),
      (try net([2, 4, 2], "tanh", "linear"), try dataSet("mazur")),
      (try net([2, 3, 2], "tanh", "linear"), try dataSet("circles")),
    ]
    for (network, data) in cases {
      let run = try train(network, on: data, plainly(epochs: 1, rate: 0, batch: .rows(7)))
      let metric = try network.metric(for: data).value(of: network, on: data)
      expectClose([run.epochs[0].metric], [metric], relative: 1e-10, run.metricName)
      expectClose([run.epochs[0].loss], [run.firstLoss], relative: 1e-10)
    }
  }

  @Test func `an action in an epoch may read and set the net but not train it`() throws {
    let network = try net([2, 3, 1], "tanh", "sigmoid")
    var options = TrainingOptions()
    options.epochs = 3
    options.frozen = ["b1"]
    let run = try train(network, on: dataSet("xor"), options) { event in
      if case .epoch(let summary) = event {
        try network.set("b1", to: Tensor(vector: [Double(summary.epoch), 0, 0]))
      }
      return .proceed
    }
    #expect(run.epochs.count == 3)
    #expect(try network.value(of: "b1").elements == [3, 0, 0])
    let error = #expect(throws: LearningError.self) {
      try train(network, on: dataSet("xor")) { event in
        if case .epoch = event { _ = try train(network, on: dataSet("xor")) }
        return .proceed
      }
    }
    #expect(error?.message.contains("is being trained") == true)
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

  @Test func `a stop before the first step changes nothing`() throws {
    let network = try net([2, 3, 1], "tanh", "sigmoid")
    let before = network.numbers
    let flag = StopFlag()
    let run = try train(network, on: dataSet("circles"), stop: flag) { event in
      if case .started = event { flag.set() }
      return .proceed
    }
    #expect(run.steps == 0)
    #expect(run.ending == .interrupted)
    #expect(network.numbers == before)
  }

  @Test func `with patience the best weights come back at the last epoch too`() throws {
    let data = try dataSet("circles", ("noise", .number(0.5)))
    let network = try net([2, 10, 1], "tanh", "sigmoid")
    var options = TrainingOptions()
    options.epochs = 30
    options.rate = 2
    options.patience = 1000
    var saved: [[Double]] = []
    let run = try train(network, on: data, options) { event in
      if case .epoch = event { saved.append(network.numbers) }
      return .proceed
    }
    let losses = run.losses
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
    #expect(run.ending == .allEpochs)
    #expect(run.bestEpoch == best + 1)
    #expect(network.numbers == saved[best])
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

  @Test func `a learned slope is learned`() throws {
    let network = try net([2, 5, 1], "prelu", "sigmoid")
    _ = try train(network, on: dataSet("circles"))
    #expect(try network.value(of: "slope1").elements != [0.25])
    #expect(try network.accuracy(on: dataSet("circles")) > 0.9)
  }

  @Test func `more memory than there is sense in is refused before it is taken`() throws {
    let network = try net([2, 100_000, 1], "tanh", "sigmoid")
    let data = try dataSet("circles", ("n", .number(100_000)))
    var options = TrainingOptions()
    options.batch = .full
    let wrong = options
    let error = #expect(throws: LearningError.self) { try train(network, on: data, wrong) }
    #expect(error?.subjects.contains { $0.subject == .option("batch") } == true)
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

  @Test func `a perceptron refuses targets other than 0 and 1`() throws {
    let network = try Network.perceptron(sizes: [1])
    #expect(throws: LearningError.self) { try train(network, on: dataSet("sine")) }
    #expect(network.title == "perceptron [1, 1]")
    #expect(throws: LearningError.self) { try Network.perceptron(sizes: [2, 3, 1]) }
  }
}
