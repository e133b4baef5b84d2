import Differentiation
import Testing

@testable import Learning

/// Nets put one after the other.
@Suite struct SequentialTests {
  private func net(_ sizes: [Int], _ activations: String..., seed: Int = 1) throws -> Network {
    var options = Network.Options()
    options.seed = seed
    return try Network(
      sizes: sizes,
      activations: activations.map { try Activation.required($0, as: .activation(0)) },
      options: options)
  }

  @Test("What it computes is what its parts compute, one after the other")
  func output() throws {
    let parts = [
      try net([2, 3], "prelu", seed: 3), try net([3, 4, 3], "tanh", "relu", seed: 4),
      try net([3, 2], "softmax", seed: 5),
    ]
    try parts[0].set("slope1", to: Tensor(0.5))
    let whole = try Network.sequential(parts)
    #expect(whole.sizes == [2, 3, 4, 3, 2])
    #expect(whole.parameterNames == ["W1", "b1", "slope1", "W2", "b2", "W3", "b3", "W4", "b4"])
    #expect(whole.loss.name == "ce")
    for x in [Tensor(vector: [1, -2]), Tensor(vector: [-0.3, 0.4])] {
      let steps = try parts.reduce(x) { try $1.output($0) }
      #expect(try whole.output(x).elements == steps.elements)
    }
  }

  @Test("Its weights are copies")
  func copies() throws {
    let hidden = try net([1, 1], "linear")
    let whole = try Network.sequential([hidden])
    let before = try whole.value(of: "W1")
    try hidden.set("W1", to: Tensor(before.elements[0] + 1))
    #expect(try whole.value(of: "W1") == before)
  }
}
