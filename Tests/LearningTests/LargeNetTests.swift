import Differentiation
import GoldenNumbers
import Testing

@testable import Learning

@Suite("Larger nets keep their values once")
struct LargeNetTests {
  @Test func `a training that runs away late has finite weights back`() throws {
    let sizes = [64, 512, 128, 1]
    let network = try net(sizes, "relu", "linear")
    #expect(network.count > 1 << 16)
    let rows = 256
    let numbers = (0..<rows * 64).map { Double(($0 * 7919) % 2003) / 1000 - 1 }
    let data = try dataSet(
      Tensor(.matrix(rows, 64), numbers),
      Tensor(.matrix(rows, 1), (0..<rows).map { Double($0 % 7) }))
    var options = TrainingOptions()
    options.epochs = 40
    options.rate = 0.001
    options.batch = .rows(16)
    let calm = try train(network, on: data, options)
    #expect(calm.lastLoss < calm.firstLoss)
    // A rate that rises from epoch to epoch until nothing holds any more.
    options.schedule = try Schedule.required("warmup", as: .option("schedule"))
      .configured(named: [("epochs", .number(1000))])
    options.rate = 100
    let before = network.numbers
    let changed = options
    let error = #expect(throws: LearningError.self) { try train(network, on: data, changed) }
    #expect(error?.message.contains("not finite") == true)
    #expect(network.numbers.allSatisfy { $0.isFinite })
    #expect(try network.loss(on: data).isFinite)
    // Those of a loss of usual size, not of an epoch that was exploding already.
    #expect(try network.loss(on: data) < 100 * calm.firstLoss)
    #expect(network.numbers.count == before.count)
  }

  /// Each step makes the error 1.2 times larger, so that dozens of epochs have finite losses.
  @Test func `an explosion over many epochs gives back weights of a loss of usual size`() throws {
    let width = 66_000
    let network = try net([width, 1], "linear", bias: false, initializer: "zeros")
    let rows = 40
    let size = 1 / Double(width).squareRoot()
    let data = try dataSet(
      Tensor(repeating: size, shape: .matrix(rows, width)),
      Tensor(repeating: 1, shape: .matrix(rows, 1)))
    let options = try plainly(epochs: 1000, rate: 1.1, batch: .rows(1))
    let before = try network.loss(on: data)
    var losses: [Double] = []
    #expect(throws: LearningError.self) {
      try train(network, on: data, options) { event in
        if case .epoch(let summary) = event { losses.append(summary.loss) }
        return .proceed
      }
    }
    #expect(losses.count > 20 && losses[10] > 1e50)
    #expect(try network.loss(on: data) <= 10 * before)
  }

  /// The update of an epoch with a finite loss may spoil the weights. A large net keeps what is put
  /// back itself, and is looked at between the two.
  @Test func `looking at spoiled weights does not keep them`() throws {
    let network = try net([300, 300, 1], "linear", "linear")
    let numbers = (0..<1200).map { Double($0 % 5) - 2 }
    let data = try dataSet(
      Tensor(.matrix(4, 300), numbers), Tensor(.matrix(4, 1), [900, -700, 800, -600]))
    var options = TrainingOptions()
    options.epochs = 5
    options.rate = 1.7e308
    options.batch = .full
    let chosen = options
    var looks = 0
    _ = #expect(throws: LearningError.self) {
      try train(network, on: data, chosen) { event in
        if case .epoch = event, !network.numbers.isEmpty { looks += 1 }
        return .proceed
      }
    }
    #expect(looks > 0)
    #expect(network.numbers.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [Reduction.mean, .sum], [false, true])
  func `a run reports the loss that the net has, whatever its reduction and weights`(
    _ reduction: Reduction, _ isWeighted: Bool
  ) throws {
    let network = try net([64, 1024, 1], "tanh", "sigmoid", reduction: reduction)
    #expect(network.count > 1 << 16)
    let data = try dataSet(
      Tensor(.matrix(100, 64), (0..<6400).map { Double($0 % 13) / 13 - 0.5 }),
      Tensor(.matrix(100, 1), (0..<100).map { Double($0 % 2) }))
    var options = try plainly(epochs: 2, rate: 1e-5, batch: .rows(30))
    options.l2 = 0.1
    if isWeighted { options.classWeights = [1, 3] }
    var objective = Objective()
    objective.classWeights = options.classWeights
    let before = try network.loss(on: data, objective)
    let run = try train(network, on: data, options)
    let after = try network.loss(on: data, objective)
    expectClose([run.firstLoss, run.lastLoss], [before, after], relative: 1e-12)
    let size = reduction == .sum ? 100.0 : 1
    #expect(run.lastLoss > 0.3 * size && run.lastLoss < 3 * size)
    expectClose([run.losses[0]], [before], relative: 0.05)
    expectClose([run.penalty], [network.penalty(options.objective)])
    // A small net of the same numbers says the same.
    let small = try net([64, 3, 1], "tanh", "sigmoid", reduction: reduction)
    let other = try train(small, on: data, options)
    expectClose([other.lastLoss], [try small.loss(on: data, objective)], relative: 1e-12)
  }

  @Test func `the net that is looked at while it is trained is the present one`() throws {
    let network = try net([64, 1024, 2], "tanh", "softmax")
    let data = try dataSet(
      Tensor(.matrix(40, 64), (0..<40 * 64).map { Double($0 % 17) / 17 }),
      Tensor(.matrix(40, 2), (0..<40).flatMap { [Double($0 % 2), Double(1 - $0 % 2)] }))
    var options = TrainingOptions()
    options.epochs = 6
    var losses: [Double] = []
    let start = network.numbers
    var seen: [[Double]] = []
    let run = try train(network, on: data, options) { event in
      if case .epoch = event {
        seen.append(network.numbers)
        losses.append(try network.loss(on: data))
      }
      return .proceed
    }
    #expect(Set(seen).count == 6)
    #expect(seen.last == network.numbers)
    #expect(seen.first != start)
    #expect(losses.last == run.lastLoss)
    #expect(try network.loss(on: data) == run.lastLoss)
    #expect(run.updateRatios.map(\.name) == ["W1", "W2"])
  }
}
