import Differentiation
import GoldenNumbers
import Testing

@testable import Learning

@Suite("Nets")
struct NetworkTests {
  @Test func `a net counts its parameters as the lecture does`() throws {
    let counts = try Fixture.load("vitay_keras").at("expected", "other_counts")
    #expect(try net([2, 20, 1], "relu", "sigmoid").layers.map(\.count) == [60, 21])
    for (sizes, key) in [([2, 2, 2], "[2,2,2]"), ([784, 128, 64, 10], "[784,128,64,10]")] {
      let expected = try counts.at(key, "total").number()
      #expect(Double(try net(sizes, "sigmoid").count) == expected)
    }
    #expect(try net([2, 3, 1], "sigmoid", bias: false).count == 9)
    #expect(try net([2, 3, 1], "prelu", "linear").count == 14)
  }

  @Test func `activations are one for all, hidden and output, or one a layer`() throws {
    func names(_ network: Network) -> [String] { network.layers.map(\.activation.name) }
    #expect(names(try net([2, 3, 4, 1], "tanh")) == ["tanh", "tanh", "tanh"])
    #expect(names(try net([2, 3, 4, 1], "relu", "sigmoid")) == ["relu", "relu", "sigmoid"])
    #expect(names(try net([2, 3, 4, 1], "relu", "tanh", "linear")) == ["relu", "tanh", "linear"])
    #expect(throws: LearningError.self) { try net([2, 3, 4, 5, 1], "relu", "tanh", "linear") }
    #expect(throws: LearningError.self) { try net([2, 1], "relu", "tanh") }
    #expect(throws: LearningError.self) { try net([2, 1]) }
  }

  @Test func `the output activation chooses the loss`() throws {
    #expect(try net([2, 1], "sigmoid").loss.name == "bce")
    #expect(try net([2, 3], "softmax").loss.name == "ce")
    #expect(try net([2, 3], "linear").loss.name == "mse")
    let chosen = try net([2, 1], "sigmoid", loss: "half_sse")
    #expect(!chosen.isLossAutomatic)
    try chosen.setLoss(nil)
    #expect(chosen.loss.name == "bce")
  }

  @Test(arguments: [
    ("softmax", "bce"), ("softmax", "bce_sum"), ("tanh", "bce"), ("linear", "bce"),
    ("relu", "bce"), ("sigmoid", "ce"), ("linear", "ce"), ("sigmoid", "hinge"),
    ("softmax", "hinge"),
  ])
  func `a loss that makes no sense with the output is refused with the reason`(
    _ activation: String, _ loss: String
  ) {
    let error = #expect(throws: LearningError.self) { try net([2, 3], activation, loss: loss) }
    #expect(error?.message.contains("makes no sense: ") == true)
    #expect(error?.notes.first?.target == .option("loss"))
  }

  @Test func `clip within 0 and 1 gives probabilities, wider bounds do not`() throws {
    #expect(try net([2, 1], "clip", loss: "bce").loss.name == "bce")
    let wide = try Activation.required("clip", as: .activation(0))
      .configured([.number(-1), .number(1)])
    var options = Network.Options()
    options.loss = try .required("bce", as: .option("loss"))
    let chosen = options
    #expect(throws: LearningError.self) {
      try Network(sizes: [2, 1], activations: [wide], options: chosen)
    }
  }

  @Test(arguments: [
    [], [2], [2, 0], [-1, 2], [1_000_000_000, 1_000_000_000], [Int.max, Int.max],
  ])
  func `sizes that make no net are refused before anything is allocated`(_ sizes: [Int]) {
    let error = #expect(throws: LearningError.self) { try net(sizes, "tanh") }
    #expect(error?.notes.first?.target == .sizes)
  }

  @Test func `softmax in a hidden layer is refused`() {
    let error = #expect(throws: LearningError.self) { try net([2, 3, 1], "softmax", "sigmoid") }
    #expect(error?.notes.first?.target == .activation(0))
  }

  @Test func `softmax of one unit is refused`() {
    let error = #expect(throws: LearningError.self) { try net([2, 3, 1], "tanh", "softmax") }
    #expect(error?.notes.first?.target == .activation(1))
  }

  @Test func `the same seed makes the same net and another seed another`() throws {
    #expect(
      try net([2, 20, 1], "relu", "sigmoid").numbers == net([2, 20, 1], "relu", "sigmoid").numbers)
    #expect(
      try net([2, 20, 1], "relu", "sigmoid").numbers
        != net([2, 20, 1], "relu", "sigmoid", seed: 2).numbers)
  }

  @Test func `initial weights have the spread of their formulas, biases are zero`() throws {
    func deviation(_ network: Network) throws -> Double {
      let weights = try network.value(of: "W1").elements
      return (weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)).squareRoot()
    }
    let relu = try net([200, 100, 1], "relu", "linear")
    #expect(abs(try deviation(relu) - 0.1) < 0.003)
    #expect(try relu.value(of: "b1").elements.allSatisfy { $0 == 0 })
    // Uniform in ±√(6/300): the deviation is √(2/300).
    #expect(abs(try deviation(net([200, 100, 1], "tanh")) - 0.0816) < 0.003)
    #expect(abs(try deviation(net([200, 100], "tanh", initializer: "normal")) - 0.05) < 0.002)
    #expect(try net([3, 2], "tanh", initializer: "zeros").numbers.allSatisfy { $0 == 0 })
  }

  @Test func `setting a parameter checks its shape and names the layer and both sizes`() throws {
    let network = try net([2, 3, 1], "tanh")
    try network.set("W2", to: Tensor(vector: [1, 2, 3]))
    #expect(try network.value(of: "W2") == Tensor(.matrix(1, 3), [1, 2, 3]))
    let error = #expect(throws: LearningError.self) {
      try network.set("W1", to: Tensor(.matrix(2, 2), [1, 2, 3, 4]))
    }
    #expect(
      error?.message
        == "W1 is a 3×2 matrix (layer 1 has 3 units of 2 inputs), not a 2×2 matrix")
    let unknown = #expect(throws: LearningError.self) {
      try network.set("W3", to: Tensor(1))
    }
    #expect(unknown?.help == ["it has W1, b1, W2, b2"])
  }

  @Test func `a copy is another net`() throws {
    let network = try net([2, 1], "tanh")
    let twin = network.copy()
    try twin.set("b1", to: Tensor(5))
    #expect(try network.value(of: "b1").elements == [0])
    #expect(try twin.value(of: "b1").elements == [5])
  }

  @Test func `data that do not fit name both arguments and the net to build`() throws {
    let network = try net([3, 5, 1], "relu", "sigmoid")
    let error = #expect(throws: LearningError.self) { try network.loss(on: dataSet("circles")) }
    #expect(error?.message == "the data set has 2 features, but the net takes 3 inputs")
    #expect(error?.notes.map(\.target) == [.network, .data])
    #expect(error?.help == ["build it with mlp [2,5,1] relu sigmoid"])
    let outputs = #expect(throws: LearningError.self) {
      try net([2, 5, 1], "relu", "sigmoid").loss(on: dataSet("blobs"))
    }
    #expect(outputs?.help == ["build it with mlp [2,5,3] relu softmax"])
  }

  @Test func `linear layers multiply out to one and others refuse`() throws {
    let fixture = try Fixture.load("linear_collapse")
    let setup = try fixture.at("setup")
    let network = try net([2, 3, 2], "linear")
    for layer in 1...2 {
      try network.set("W\(layer)", to: try setup.at("W", "\(layer - 1)").matrix())
      try network.set("b\(layer)", to: Tensor(vector: try setup.at("b", "\(layer - 1)").numbers()))
    }
    let single = try network.collapsed()
    expectClose(
      try single.value(of: "W1").elements,
      try fixture.at("expected", "W_collapsed").numbers(), relative: 1e-13, absolute: 1e-13)
    expectClose(
      try single.value(of: "b1").elements,
      try fixture.at("expected", "b_collapsed").numbers(), relative: 1e-13, absolute: 1e-13)
    let x = try setup.at("X").matrix()
    expectClose(
      try network.output(x).elements, try fixture.at("expected", "y_two_layers").numbers(),
      relative: 1e-13, absolute: 1e-13)
    expectClose(
      try single.output(x).elements, try fixture.at("expected", "y_one_layer").numbers(),
      relative: 1e-13, absolute: 1e-13)
    let bent = #expect(throws: LearningError.self) { try net([2, 3, 2], "relu").collapsed() }
    #expect(bent?.message.contains("layer 1 is relu") == true)
  }

  @Test func `an augmented matrix has the biases as first column`() throws {
    let network = try net([2, 2], "sigmoid")
    try network.set("W1", to: Tensor(.matrix(2, 2), [1, 2, 3, 4]))
    try network.set("b1", to: Tensor(vector: [10, 20]))
    #expect(try network.augmented(1) == Tensor(.matrix(2, 3), [10, 1, 2, 20, 3, 4]))
    #expect(try network.boundary(unit: 2) == (3, 4, 20))
    #expect(throws: LearningError.self) { try network.augmented(2) }
    #expect(throws: LearningError.self) { try network.boundary(unit: 3) }
  }

  @Test func `a vector is one sample, a matrix is rows, a number fits one input`() throws {
    let network = try net([2, 3], "tanh")
    #expect(try network.output(Tensor(vector: [1, 2])).shape == .vector(3))
    #expect(
      try network.output(Tensor(.matrix(5, 2), Array(repeating: 1, count: 10))).shape
        == .matrix(5, 3))
    #expect(try net([1, 1], "tanh").output(Tensor(0.5)).shape == .scalar)
    #expect(throws: LearningError.self) { try network.output(Tensor(vector: [1, 2, 3])) }
    #expect(throws: LearningError.self) { try network.output(Tensor(1)) }
  }
}
