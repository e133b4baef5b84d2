import Differentiation
import GoldenNumbers
import Testing

@testable import Learning

@Suite("Training as in the lectures")
struct TrainingLectureTests {
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
      var named: [(name: String, value: Parameter.Value)] = []
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
    expectClose(network.numbers, book.numbers, relative: 1e-10, absolute: 1e-14)
  }
}
