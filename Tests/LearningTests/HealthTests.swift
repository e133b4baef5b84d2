import Differentiation
import GoldenNumbers
import Testing

@testable import Learning

@Suite("What a training is looked at for")
struct HealthTests {
  private func notes(
    _ network: Network, _ data: DataSet, rate: Double = 0.1, epochs: Int = 10,
    change: (inout TrainingOptions) throws -> Void = { _ in }
  ) throws -> [HealthNote] {
    var options = TrainingOptions()
    options.rate = rate
    options.epochs = epochs
    try change(&options)
    return try train(network, on: data, options).healthNotes(on: .table(data))
  }

  private func scaled(_ network: Network, _ name: String, by factor: Double) throws -> Network {
    var weights = try network.value(of: name)
    weights.elements = weights.elements.map { $0 * factor }
    try network.set(name, to: weights)
    return network
  }

  @Test func `nothing is noted where all is well`() throws {
    for (name, sizes) in [("circles", [2, 20, 1]), ("moons", [2, 8, 1]), ("xor", [2, 4, 1])] {
      #expect(try notes(net(sizes, "relu", "sigmoid"), dataSet(name)) == [])
      #expect(try notes(net(sizes, "tanh", "sigmoid"), dataSet(name), epochs: 100) == [])
    }
  }

  @Test func `dead units are counted`() throws {
    let network = try net([2, 6, 1], "relu", "sigmoid")
    try network.set("b1", to: Tensor(vector: [-50, -50, -50, -50, 0, 0]))
    #expect(
      try notes(network, dataSet("circles")) == [.deadUnits(4, of: 6, layer: 1)])
  }

  @Test func `saturated layers are named`() throws {
    let network = try scaled(net([2, 6, 1], "tanh", "sigmoid"), "W1", by: 10_000)
    let found = try notes(network, dataSet("circles"))
    guard case .saturation(let share, layer: 1)? = found.first, found.count == 1 else {
      Issue.record("\(found)")
      return
    }
    #expect(share > 0.9)
  }

  @Test func `a first loss far above guessing is named, of two classes and of more`() throws {
    let two = try scaled(net([2, 6, 1], "relu", "sigmoid"), "W2", by: 100)
    let data = try dataSet("circles")
    let loss = try two.loss(on: data)
    #expect(try notes(two, data, rate: 0.001).contains(.firstLoss(loss, classes: 2)))
    let many = try scaled(net([2, 6, 3], "relu", "softmax"), "W2", by: 1000)
    let blobs = try dataSet("blobs")
    let first = try many.loss(on: blobs)
    #expect(try notes(many, blobs, rate: 0.001).contains(.firstLoss(first, classes: 3)))
    let summed = try scaled(
      net([2, 6, 1], "relu", "sigmoid", reduction: .sum), "W2", by: 100)
    #expect(
      try notes(summed, data, rate: 0.0001).allSatisfy {
        if case .firstLoss = $0 { false } else { true }
      })
  }

  @Test func `steps far too small are named where nothing is gained`() throws {
    let found = try notes(net([2, 20, 1], "relu", "sigmoid"), dataSet("circles"), rate: 1e-6)
    guard case .smallSteps(let ratio)? = found.first, found.count == 1 else {
      Issue.record("\(found)")
      return
    }
    #expect(ratio < 1e-5)
    // A net that has learned moves little as well.
    let trained = try net([2, 20, 1], "relu", "sigmoid")
    _ = try notes(trained, dataSet("circles"), rate: 1, epochs: 300)
    #expect(try notes(trained, dataSet("circles"), rate: 1e-6) == [])
  }

  @Test func `steps far too large are named`() throws {
    // One unit cannot tell them apart, so it is thrown about for good.
    let found = try notes(net([2, 1], "sigmoid"), dataSet("circles"), rate: 50)
    guard case .largeSteps(let ratio, _)? = found.last else {
      Issue.record("\(found)")
      return
    }
    #expect(ratio > 0.1)
  }

  @Test func `looking at the steps changes nothing`() throws {
    let data = try dataSet("moons")
    let whole = try net([2, 5, 1], "tanh", "sigmoid")
    var options = TrainingOptions()
    options.epochs = 6
    let run = try train(whole, on: data, options)
    #expect(run.updateRatios.map(\.name) == ["W1", "W2"])
    #expect(run.lastLoss == (try whole.loss(on: data)))
    let parts = try net([2, 5, 1], "tanh", "sigmoid")
    var values: [Double] = []
    _ = try train(parts, on: data, options) { event in
      if case .epoch = event { values = parts.numbers }
      return .proceed
    }
    #expect(values == whole.numbers)
  }

  @Test func `a ratio is the length of a step over that of the weights`() throws {
    let data = try dataSet("moons")
    let network = try net([2, 5, 1], "tanh", "sigmoid")
    var options = TrainingOptions()
    options.epochs = 30
    options.batch = .full
    options.rate = 0.3
    let run = try train(network, on: data, options)
    let slopes = try network.gradient(on: data)
    for (name, ratio) in run.updateRatios {
      let slope = slopes.first { $0.name == name }?.value.elements ?? []
      let weights = try network.value(of: name).elements
      func length(_ numbers: [Double]) -> Double {
        numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
      expectClose([ratio], [0.3 * length(slope) / length(weights)], relative: 1e-9)
    }
  }
}
