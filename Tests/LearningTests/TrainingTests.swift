import Differentiation
import GoldenNumbers
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
    var isStopped = false
    let run = try train(
      network, on: data, isStopped: { isStopped },
      onEvent: { event in
        if case .epoch(let summary) = event, summary.epoch == 3 { isStopped = true }
        return .proceed
      })
    #expect(run.ending == .interrupted)
    let answered = try net([2, 4, 1], "tanh", "sigmoid")
    let other = try train(answered, on: data) { event in
      if case .epoch(let summary) = event, summary.epoch == run.epochs.count { return .stop }
      return .proceed
    }
    #expect(other.steps == run.steps)
    #expect(answered.numbers == network.numbers)
  }

  @Test func `stopping inside an epoch keeps exactly the steps before`() throws {
    let data = try dataSet("circles")
    let network = try net([2, 4, 1], "tanh", "sigmoid")
    var asked = 0
    let run = try train(
      network, on: data,
      isStopped: {
        asked += 1
        return asked > 25
      })
    #expect(run.ending == .interrupted)
    #expect(run.steps > 20 && run.steps <= 25)
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

  @Test func `a stop before the first step changes nothing`() throws {
    let network = try net([2, 3, 1], "tanh", "sigmoid")
    let before = network.numbers
    var isStopped = false
    let run = try train(
      network, on: dataSet("circles"), isStopped: { isStopped },
      onEvent: { event in
        if case .started = event { isStopped = true }
        return .proceed
      })
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

  @Test func `a learned slope is learned`() throws {
    let network = try net([2, 5, 1], "prelu", "sigmoid")
    _ = try train(network, on: dataSet("circles"))
    #expect(try network.value(of: "slope1").elements != [0.25])
    #expect(try network.accuracy(on: dataSet("circles")) > 0.9)
  }

  @Test func `validation looks at the weights reached, on rows not trained on`() throws {
    let cases: [(Network, DataSet, DataSet)] = [
      (
        try net([2, 4, 1], "tanh", "sigmoid"), try dataSet("circles"),
        try dataSet("circles", ("seed", .number(2)), ("n", .number(30)))
      ),
      (
        try net([1, 4, 1], "tanh", "linear"), try dataSet("sine"),
        try dataSet("sine", ("seed", .number(2)))
      ),
      (
        try net([2, 4, 1], "tanh", "sigmoid"), try dataSet("circles"),
        try dataSet("circles", ("n", .number(5000)))
      ),
    ]
    for (network, data, held) in cases {
      var options = TrainingOptions()
      options.epochs = 3
      options.validation = .data(held)
      let metric = try network.metric(for: data)
      _ = try train(network, on: data, options) { event in
        if case .epoch(let summary) = event {
          let loss = try #require(summary.validationLoss)
          expectClose([loss], [try network.loss(on: held)], relative: 1e-11)
          expectClose([summary.metric], [try metric.value(of: network, on: held)], relative: 1e-11)
        }
        return .proceed
      }
    }
  }
}
