import Differentiation
import GoldenNumbers
import TestSupport
import Testing

@testable import Learning

@Suite("Loss curves")
struct LossCurveTests {
  private static let rows: [[Double]] = [
    [0.5, -1.2], [1.1, 0.3], [-0.7, 0.8], [0.2, 0.9], [-1.3, -0.4], [0.9, -0.6],
  ]

  /// An output activation and targets that go with a loss.
  private static func setting(_ loss: Loss) -> (output: String, targets: [[Double]]) {
    let first = [1.0, 0, 0, 1, 1, 0]
    // Where gradients cancel, adaptive optimizers would make steps of the rounding left.
    let shares = [1.0, 0.15, 0, 0.8, 0.95, 0.3]
    switch loss.outputRequirement {
    case .probabilities: return ("sigmoid", shares.map { [$0, 1 - 0.5 * $0] })
    case .distribution: return ("softmax", shares.map { [$0, 1 - $0] })
    case .signedScores: return ("tanh", first.map { [2 * $0 - 1, 1 - 2 * $0] })
    case .nothing: return ("linear", first.map { [3 * $0 - 1.2, 0.4 - $0] })
    }
  }

  private static let optimizers = Optimizer.all.map { $0.name }
    .filter { Textbook.knows(optimizer: $0) }
  private static let losses = Loss.all.map { $0.name }.filter { Textbook.knows(loss: $0) }

  @Test func `every activation, loss and optimizer is written out in plain numbers`() {
    let place: Comment = "write it out in Tests/TestSupport/Textbook.swift too, from its definition"
    for name in Activation.all.map({ $0.name }) where !Textbook.knows(activation: name) {
      Issue.record("the activation \(name): \(place)")
    }
    for name in Loss.all.map({ $0.name }) where !Textbook.knows(loss: name) {
      Issue.record("the loss \(name): \(place)")
    }
    for name in Optimizer.all.map({ $0.name }) where !Textbook.knows(optimizer: name) {
      Issue.record("the optimizer \(name): \(place)")
    }
  }

  @Test(arguments: optimizers, losses)
  func `ten steps on any hidden activation are those of plain loops`(
    _ optimizer: String, _ lossName: String
  ) throws {
    let loss = try Loss.required(lossName, as: .option("loss"))
    let (output, targets) = Self.setting(loss)
    for activation in Activation.all
    where !activation.isOutputOnly && Textbook.knows(activation: activation.name) {
      let network = try net([2, 3, 2], activation.name, output, loss: lossName, seed: 3)
      let rate = optimizer.hasPrefix("ad") || optimizer == "rmsprop" ? 0.01 : 0.05
      var plain = try textbook(network)
      let run = try train(
        network,
        on: dataSet(Tensor(rows: Self.rows) ?? Tensor(0), Tensor(rows: targets) ?? Tensor(0)),
        plainly(epochs: 10, rate: rate, optimizer: optimizer))
      let expected = (0..<10).map { _ in
        plain.descend(Self.rows, targets, optimizer: optimizer, rate: rate)
      }
      expectClose(
        run.losses, expected, relative: 1e-9, absolute: 1e-11,
        "\(optimizer) \(lossName) \(activation.name)")
      #expect(expected[9] != expected[0])
    }
  }
}
