import Differentiation
import GoldenNumbers
import Testing

@testable import Learning

@Suite("Losses and gradients")
struct GradientTests {
  @Test func `the deltas and gradients of a 3-3-3-1 net are the lecture's`() throws {
    let fixture = try Fixture.load("ceng_deltas")
    let network = try net(try fixture.at("setup"))
    let data = try dataSet(try fixture.at("setup"))
    let expected = try fixture.at("expected")
    let pass = try network.forward(data.x)
    expectClose(pass.z.flatMap(\.elements), try expected.at("z").numbers(), relative: 1e-13)
    expectClose(pass.a.flatMap(\.elements), try expected.at("a").numbers(), relative: 1e-13)
    expectClose([try network.loss(on: data)], [try expected.at("loss").number()])
    expectClose(
      try network.deltas(on: data).flatMap(\.elements), try expected.at("delta").numbers())
    let gradient = try network.gradient(on: data)
    #expect(gradient.map(\.name) == ["W1", "b1", "W2", "b2", "W3", "b3"])
    for (name, value) in gradient {
      let index = String((Int(name.dropFirst()) ?? 0) - 1)
      let key = name.hasPrefix("W") ? "grad_W" : "grad_b"
      expectClose(value.elements, try expected.at(key, index).numbers(), name)
    }
  }

  @Test func `an exercise with two inputs and one hidden unit has the lecture's numbers`() throws {
    let fixture = try Fixture.load("cazenave_exercise")
    let network = try net(try fixture.at("setup"))
    let data = try dataSet(try fixture.at("setup"))
    let initial = try fixture.at("expected", "initial")
    expectClose([try network.loss(on: data)], [try initial.at("loss").number()])
    expectClose(
      try network.deltas(on: data).flatMap(\.elements), try initial.at("delta").numbers())
  }

  @Test func `gates of hand-set weights give the lecture's outputs`() throws {
    let fixture = try Fixture.load("gates")
    let network = try net(try fixture.at("setup", "xnor"))
    let data = try dataSet("gate", ("kind", .word("xnor")))
    expectClose(
      try network.output(data.x).elements, try fixture.at("expected", "XNOR", "f").numbers())
    #expect(try network.accuracy(on: data) == 1)
    for kind in ["AND", "OR", "NOR"] {
      let unit = try fixture.at("setup", "units_bias_w1_w2", kind).numbers()
      let single = try net([2, 1], "sigmoid")
      try single.set("W1", to: Tensor(vector: [unit[1], unit[2]]))
      try single.set("b1", to: Tensor(unit[0]))
      expectClose(
        try single.output(data.x).elements, try fixture.at("expected", kind, "f").numbers(), kind)
    }
  }

  @Test func `the keras example starts with the lecture's loss and gradient`() throws {
    let fixture = try Fixture.load("vitay_keras")
    let network = try kerasNet(fixture)
    let data = try dataSet("circles", ("noise", .number(0)))
    let expected = try fixture.at("expected")
    expectClose(
      [try network.loss(on: data)], [try expected.at("forward", "loss_mean_bce").number()],
      relative: 1e-11)
    let gradient = try network.gradient(on: data)
    for (name, key) in [("W2", "grad_W2"), ("b2", "grad_b2"), ("b1", "grad_b1")] {
      let value = try #require(gradient.first { $0.name == name }).value
      expectClose(
        value.elements, try expected.at("gradient", key).numbers(), relative: 1e-10,
        absolute: 1e-15, name)
    }
  }

  @Test func `every loss has the values and slopes of its definition`() throws {
    let fixture = try Fixture.load("losses")
    let names = [
      "half_sse": "half_sse", "sse": "sse", "mse_mean": "mse", "bce": "bce_sum", "bce_mean": "bce",
      "cce": "ce",
    ]
    for name in try fixture.at("expected").keys {
      let setup = try fixture.at("setup", "cases", name)
      let y = Node.parameter(try setup.at("Y").matrix(), name: "y")
      let t = Node.constant(try setup.at("T").matrix(), name: "t")
      for key in try fixture.at("expected", name).keys {
        guard let lossName = names[key] else { continue }
        let expected = try fixture.at("expected", name, key)
        let loss = try Loss.required(lossName, as: .option("loss"))
        let samples = try loss.samples(y: y, t: t)
        expectClose(
          try #require(samples.value).elements, try expected.at("per_sample").numbers(),
          "\(name) \(key)")
        let slopes = try gradients(of: try samples.applying(.sum()), by: [y])[0]
        expectClose(
          try #require(slopes.value).elements, try expected.at("dL_dy_per_sample").numbers(),
          "\(name) \(key)")
      }
    }
  }

  @Test func `every activation has the lecture's values and slopes, at its kinks too`() throws {
    let fixture = try Fixture.load("activations")
    let settings: [String: (String, [Parameter.Value])] = [
      "clipped": ("clip", []), "piecewise(-1,1)": ("clip", [.number(-1), .number(1)]),
      "leaky_relu(0.1)": ("leaky", []), "prelu(0.25)": ("prelu", []),
    ]
    let xs = try fixture.at("setup", "x").numbers()
    for key in try fixture.at("expected").keys {
      let (name, values) = settings[key] ?? (key, [])
      let activation = try Activation.required(name, as: .activation(0)).configured(values)
      let z = Node.parameter(Tensor(.matrix(xs.count, 1), xs), name: "z")
      let output = try activation.output(of: z)
      expectClose(
        try #require(output.value).elements, try fixture.at("expected", key, "f").numbers(),
        absolute: 1e-16, key)
      let slope = try gradients(of: try output.applying(.sum()), by: [z])[0]
      expectClose(
        try #require(slope.value).elements, try fixture.at("expected", key, "df").numbers(),
        absolute: 1e-16, key)
    }
  }

  @Test func `every activation with every loss it may meet agrees with differences`() throws {
    for activation in Activation.all {
      for loss in Loss.all {
        var options = Network.Options()
        options.loss = loss
        let hidden = activation.isOutputOnly ? "tanh" : activation.name
        guard
          let network = try? Network(
            sizes: [2, 3, 2],
            activations: [try .required(hidden, as: .activation(0)), activation],
            options: options)
        else { continue }
        // A slope taken by convention cannot agree with a difference.
        if activation.traits.contains(.surrogateDerivative) { continue }
        let data = try checkData(loss)
        // Away from 0, where relu and its kin have their kinks.
        for name in ["b1", "b2"] {
          let shape = try network.value(of: name).shape
          try network.set(name, to: Tensor(repeating: 0.13, shape: shape))
        }
        // clip answers exactly 0, whose logarithm has no derivative.
        guard try network.loss(on: data).isFinite else {
          #expect(throws: LearningError.self) { try network.gradient(on: data) }
          continue
        }
        try checkGradient(network, data, "\(activation.name) \(loss.name)")
      }
    }
  }

  @Test func `a user's activation and loss are those of the records they imitate`() throws {
    let swish = Activation(written: "my_swish") { z in try z * z.applying(.sigmoid) }
    let mean = Loss(written: "my_mse") { y, t in
      try (t - y).applying(.square).applying(.mean())
    }
    let dot = Loss(written: "my_sse") { y, t in
      let error = try t - y
      return try error.product(error)
    }
    let scaled = Activation(written: "my_softmax") { z in
      let powers = try z.applying(.exp)
      return try powers / powers.applying(.sum())
    }
    let pairs: [(Activation, String, Loss, String)] = [
      (swish, "swish", mean, "mse"), (swish, "swish", dot, "sse"), (scaled, "softmax", mean, "mse"),
    ]
    let data = try checkData(.required("mse", as: .option("loss")))
    for (activation, record, loss, lossRecord) in pairs {
      var options = Network.Options()
      options.loss = loss
      let mine = try Network(
        sizes: [2, 3, 2], activations: [try .required("tanh", as: .activation(0)), activation],
        options: options)
      let theirs = try net([2, 3, 2], "tanh", record, loss: lossRecord, initializer: "glorot")
      for name in theirs.parameterNames { try mine.set(name, to: try theirs.value(of: name)) }
      expectClose([try mine.loss(on: data)], [try theirs.loss(on: data)])
      for (a, b) in zip(try mine.gradient(on: data), try theirs.gradient(on: data)) {
        expectClose(a.value.elements, b.value.elements, "\(activation.name) \(a.name)")
      }
    }
  }

  @Test func `a user's function that gives no number for each sample is refused`() throws {
    let vector = Loss(written: "whole") { y, t in try t - y }
    var options = Network.Options()
    options.loss = vector
    let network = try Network(
      sizes: [2, 2], activations: [try .required("tanh", as: .activation(0))], options: options)
    let data = try checkData(.required("mse", as: .option("loss")))
    #expect(throws: LearningError.self) { try network.loss(on: data) }
    let total = Activation(written: "total") { z in try z.applying(.sum()) }
    let summed = try Network(sizes: [2, 3], activations: [total])
    #expect(throws: LearningError.self) { try summed.output(Tensor(vector: [1, 2])) }
  }

  @Test func `the textbook's four equations give the same gradient`() throws {
    for (hidden, output, loss) in [
      ("sigmoid", "sigmoid", "half_sse"), ("tanh", "linear", "mse"), ("relu", "sigmoid", "bce"),
      ("tanh", "softmax", "ce"), ("sigmoid", "tanh", "sse"),
    ] {
      let network = try net([3, 5, 4, 2], hidden, hidden, output, loss: loss, reduction: .sum)
      let book = try textbook(network)
      var random = RandomSource(seed: 11)
      let xs = (0..<6).map { _ in (0..<3).map { _ in random.normal() } }
      let ts = (0..<6).map { _ in random.below(2) == 0 ? [0.0, 1] : [1.0, 0] }
      let data = try dataSet(
        Tensor(.matrix(6, 3), xs.flatMap { $0 }), Tensor(.matrix(6, 2), ts.flatMap { $0 }))
      let expected = book.gradient(xs, ts)
      expectClose([try network.loss(on: data)], [expected.loss], loss)
      for (name, value) in try network.gradient(on: data) {
        let layer = (Int(name.dropFirst()) ?? 0) - 1
        expectClose(
          value.elements,
          name.hasPrefix("W")
            ? expected.layers[layer].weights.flatMap { $0 } : expected.layers[layer].biases,
          relative: 1e-11, absolute: 1e-13, "\(hidden) \(output) \(loss) \(name)")
      }
    }
  }

  // MARK: -

  func checkData(_ loss: Loss) throws -> DataSet {
    let targets =
      loss.outputRequirement == .signedScores
      ? [1, -1, -1, 1, 1.0, 1]
      : loss.outputRequirement == .distribution ? [1, 0, 0, 1, 0, 1.0] : [1, 0, 0.3, 1, 0, 0.6]
    return try dataSet(
      Tensor(.matrix(3, 2), [0.3, -0.8, 1.1, 0.4, -0.7, -0.2]), Tensor(.matrix(3, 2), targets))
  }

  func checkGradient(_ network: Network, _ data: DataSet, _ what: String) throws {
    let step = 1e-6
    for (name, slope) in try network.gradient(on: data) {
      let value = try network.value(of: name)
      for index in value.elements.indices {
        func loss(moved by: Double) throws -> Double {
          var other = value
          other.elements[index] += by
          try network.set(name, to: other)
          return try network.loss(on: data)
        }
        let above = try loss(moved: step)
        let below = try loss(moved: -step)
        try network.set(name, to: value)
        let difference = (above - below) / (2 * step)
        guard difference.isFinite else { continue }
        expectClose(
          [slope.elements[index]], [difference], relative: 1e-5, absolute: 1e-7, "\(what) \(name)")
      }
    }
  }
}

/// The lecture's net with its deterministic weights.
func kerasNet(_ fixture: Fixture) throws -> Network {
  let network = try net([2, 20, 1], "relu", "sigmoid")
  try network.set("W1", to: try fixture.at("setup", "W1").matrix())
  try network.set("W2", to: try fixture.at("setup", "W2").matrix())
  return network
}
