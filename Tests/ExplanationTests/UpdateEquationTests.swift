import Differentiation
import Explanation
import GoldenNumbers
import Learning
import TestSupport
import Testing

/// The update that is written is the update that is made.
@Suite struct UpdateEquationTests {
  private static let variants:
    [(name: String, settings: [(name: String, value: Parameter.Value)])] =
      Optimizer.all.map { ($0.name, []) }
      + Optimizer.all.map { ($0.name, [("weight_decay", .number(0.3))]) }
      + [("momentum", [("dampening", .number(0.25))])]

  private static func optimizer(_ variant: Int) throws -> Optimizer {
    try #require(Optimizer.named(variants[variant].name))
      .configured(named: variants[variant].settings)
  }

  private func lesson() throws -> (Network, DataSet) {
    let network = try Network(
      sizes: [2, 2, 1],
      activations: [
        try #require(Activation.named("tanh")), try #require(Activation.named("linear")),
      ],
      options: Network.Options())
    let data = try DataSet(
      x: Tensor(.matrix(1, 2), [0.3, -0.8]), target: .values(Tensor(.matrix(1, 1), [0.7])))
    return (network, data)
  }

  private func step(
    _ network: Network, _ data: DataSet, _ optimizer: Optimizer, rate: Double
  ) throws -> (derivation: Derivation, after: Network) {
    let after = network.copy()
    let gradient = try after.descend(on: data, rate: rate, optimizer: optimizer)
    let moves = zip(zip(network.parameters, after.parameters), gradient).map {
      StageDerivation.Move(
        $1.name, before: $0.0.value, gradient: $1.value, after: $0.1.value)
    }
    let losses = StageDerivation.Losses(
      samples: [try network.loss(on: data)], isMean: true, after: try after.loss(on: data))
    let derivation = try StageDerivation(
      try SamplePass(network, data, sample: 1), try #require(Notation.named("mazur"))
    ).step(moves, rate: rate, optimizer: optimizer, losses: losses)
    return (derivation, after)
  }

  @Test(arguments: variants.indices)
  func `the printed update of every optimizer is right, and is the first step of a training`(
    _ variant: Int
  ) throws {
    let optimizer = try Self.optimizer(variant)
    let (network, data) = try lesson()
    let (derivation, after) = try step(network, data, optimizer, rate: 0.25)
    try expectFormulasHold(derivation, optimizer.title)
    let updates = derivation.equations.filter { $0.left.text.contains("⁺") }
    // The loss is computed anew as well.
    #expect(updates.count == network.count * (1 + optimizer.states.count) + 1)
    var options = TrainingOptions(optimizer: optimizer)
    options.epochs = 1
    options.rate = 0.25
    options.isShuffled = false
    let trained = network.copy()
    _ = try train(trained, on: data, options)
    for (made, written) in zip(trained.parameters, after.parameters) {
      expectClose(
        made.value.elements, written.value.elements, relative: 1e-13, absolute: 1e-15,
        "\(optimizer.title) \(made.name)")
    }
    let place = try WeightDerivation.Place(network, "W1", [1, 2])
    let weight = try WeightDerivation(
      network, data, place, notation: try #require(Notation.named("mazur"))
    ).derivation(followedBy: optimizer, rate: 0.25)
    try expectFormulasHold(weight, "W1[1,2] by \(optimizer.title)")
    let last = try #require(weight.equations.last { $0.left.text == "w2⁺" })
    expectClose(last.value.elements, [try after.value(of: "W1")[0, 1]])
  }

  @Test func `what a rule says of a whole parameter is written for the parameter`() throws {
    let optimizer = Optimizer(userFunction: "unit", rate: 0.1, settings: [], states: ["m"]) {
      x throws(LearningError) in
      try building { () throws(ShapeError) in
        let m = try 0.5 * x["m"] + x.g
        return ["w": try x.w - x.lr * m / m.applying(.norm), "m": m]
      }
    }
    let (network, data) = try lesson()
    let (derivation, after) = try step(network, data, optimizer, rate: 0.25)
    let updates = derivation.equations.filter { $0.left.text.contains("⁺") }
    #expect(updates.map(\.left.text).prefix(2) == ["m⁺(W1)", "W1⁺"])
    #expect(updates.count == 9)
    expectClose(updates[1].value.elements, try after.value(of: "W1").elements)
  }

  @Test func `plain descent is written as ever`() throws {
    let lesson = TestSession()
    let text = try lesson.perform(WorkedExample.net + "s = descend net case lr=0.5; print s")
    #expect(text.contains("one step of gradient descent"))
    #expect(text.contains("update, η = 0.5\n"))
    #expect(text.contains("w5⁺ = w5 - η · ∂E_total/∂w5"))
    #expect(text.contains("0.4 - 0.5 · 0.0821670406"))
    #expect(text.contains("0.35891648"))
  }

  @Test func `explain shows the update of any optimizer and changes nothing`() throws {
    let lesson = TestSession()
    let rule =
      "slow(w, g, lr, m=0, beta=0.9) = { m = beta*m + (1 - beta)*g; [w: w - lr*where(m > 1, 1, m), m: m] }\n"
    let text = try lesson.perform(
      WorkedExample.net + rule
        + "before = net.W2; print explain net case optimizer=slow(beta=0.5) lr=0.5; print net.W2 == before"
    )
    #expect(text.contains("one step of slow(beta=0.5)"))
    #expect(text.contains("m⁺(w5) = 0.5 · m(w5) + 0.5 · ∂E_total/∂w5"))
    #expect(text.contains("w5⁺ = w5 - η · where(m⁺(w5) > 1, 1, m⁺(w5))"))
    #expect(text.hasSuffix("true\n"))
    let one = try lesson.perform("print explain net case \"w5\" optimizer=adam")
    #expect(one.contains("update by adam, η = 0.001"))
    #expect(one.contains("m⁺(w5) = beta1 · m(w5) + (1 - beta1) · ∂E_total/∂w5"))
    #expect(throws: TestSession.Failed.self) {
      try lesson.perform("explain net case optimizer=slow lr=-1")
    }
    #expect(throws: TestSession.Failed.self) { try lesson.perform("explain net case lr=1") }
    #expect(throws: TestSession.Failed.self) {
      try lesson.perform("explain net case optimizer=slow mu=1")
    }
  }
}
