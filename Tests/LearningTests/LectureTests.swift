import Differentiation
import GoldenNumbers
import Testing

@testable import Learning

@Suite("Numbers of the lectures")
struct LectureTests {
  @Test func `the worked example goes forward and back as on the slides`() throws {
    let forward = try Fixture.load("mazur_forward")
    let network = try net(try forward.at("setup"))
    let data = try dataSet("mazur")
    let pass = try network.forward(data.x)
    let expected = try forward.at("expected")
    expectClose(
      pass.z.flatMap(\.elements),
      try ["net_h1", "net_h2", "net_o1", "net_o2"].map { try expected.at($0).number() })
    expectClose(
      pass.a.flatMap(\.elements),
      try ["out_h1", "out_h2", "out_o1", "out_o2"].map { try expected.at($0).number() })
    expectClose([try network.loss(on: data)], [try expected.at("E_total").number()])
    let slopes = try Fixture.load("mazur_backward").at("expected", "grad")
    let order = [
      "w1", "w2", "w3", "w4", "b_h1", "b_h2", "w5", "w6", "w7", "w8", "b_o1", "b_o2",
    ]
    expectClose(
      try network.gradient(on: data).flatMap(\.value.elements),
      try order.map { try slopes.at($0).number() })
  }

  @Test func `one descent step gives the slide's weights, with and without biases`() throws {
    let fixture = try Fixture.load("mazur_step1")
    let names = ["w1", "w2", "w3", "w4", "b_h1", "b_h2", "w5", "w6", "w7", "w8", "b_o1", "b_o2"]
    for (variant, frozen) in [("weights_only", ["bias"]), ("bias_per_unit", [])] {
      let network = try net(try fixture.at("setup"))
      try network.descend(on: dataSet("mazur"), rate: 0.5, frozen: frozen)
      let expected = try fixture.at("expected", variant)
      expectClose(network.numbers, try names.map { try expected.at($0).number() }, variant)
      expectClose(
        [try network.loss(on: dataSet("mazur"))], [try expected.at("E_total").number()], variant)
    }
  }

  @Test func `a single neuron goes from 0.73 towards 0.43 as in the table`() throws {
    let fixture = try Fixture.load("ceng_weight_update")
    let rounds = try fixture.at("expected", "rounds").list()
    let network = try net([2, 1], "sigmoid", loss: "half_sse")
    try network.set("W1", to: Tensor(vector: [2, -3]))
    try network.set("b1", to: Tensor(-3))
    let data = try dataSet(Tensor(.matrix(1, 2), [-1, -2]), Tensor(.matrix(1, 1), [0.43]))
    for round in rounds {
      expectClose(
        network.numbers, try ["w0", "w1", "w2"].map { try round.at($0).number() })
      expectClose(
        try network.output(data.x).elements, [try round.at("f").number()])
      try network.descend(on: data, rate: 1)
    }
  }

  @Test func `softmax and its loss stay exact for large net inputs`() throws {
    let fixture = try Fixture.load("softmax")
    let softmax = try Activation.required("softmax", as: .activation(0))
    let loss = try Loss.required("ce", as: .option("loss"))
    for key in try fixture.at("expected").keys {
      let expected = try fixture.at("expected", key)
      let numbers = try fixture.at("setup", "net", key).numbers()
      let z = Node.parameter(Tensor(.matrix(1, numbers.count), numbers), name: "z")
      let y = try softmax.output(of: z)
      expectClose(
        try #require(y.value).elements, try expected.at("y").numbers(), relative: 1e-14,
        absolute: 1e-300, key)
      let losses = try expected.at("cce_if_class").numbers()
      for (index, value) in losses.enumerated() {
        var oneHot = Tensor(repeating: 0, shape: .matrix(1, numbers.count))
        oneHot.elements[index] = 1
        let sample = try loss.samples(
          y: y, t: .constant(oneHot), z: z, activation: "softmax")
        expectClose(
          try #require(sample.value).elements, [value], relative: 1e-13, absolute: 1e-13, key)
        guard index == 0 else { continue }
        let delta = try gradients(of: try sample.applying(.sum()), by: [z])[0]
        expectClose(
          try #require(delta.value).elements, try expected.at("delta_if_class_0").numbers(),
          relative: 1e-13, absolute: 1e-15, key)
      }
    }
  }

  @Test func `the deltas of every output layer are the negatives of the lecture's`() throws {
    let fixture = try Fixture.load("vitay_delta").at("expected")
    for (key, activation, name) in [
      ("softmax_cce", "softmax", "ce"), ("mse_linear", "linear", "sse"),
      ("mse_sigmoid", "sigmoid", "sse"), ("mse_tanh", "tanh", "sse"), ("mse_relu", "relu", "sse"),
      ("bce_sigmoid", "sigmoid", "bce_sum"),
    ] {
      let expected = try fixture.at(key)
      let numbers = try expected.at("net").numbers()
      let z = Node.parameter(Tensor(.matrix(1, 3), numbers), name: "z")
      let t = Node.constant(Tensor(.matrix(1, 3), try expected.at("t").numbers()))
      let y = try Activation.required(activation, as: .activation(0)).output(of: z)
      let loss = try Loss.required(name, as: .option("loss"))
        .samples(y: y, t: t, z: z, activation: activation)
      expectClose(try #require(loss.value).elements, [try expected.at("loss").number()], key)
      let delta = try gradients(of: try loss.applying(.sum()), by: [z])[0]
      expectClose(
        try #require(delta.value).elements.map { -$0 },
        try expected.at("delta_y_vitay").numbers(), key)
    }
  }

  @Test func `training is the textbook's descent for every kind of output`() throws {
    for (hidden, output, loss) in [
      ("sigmoid", "sigmoid", "half_sse"), ("tanh", "linear", "mse"), ("relu", "sigmoid", "bce"),
      ("tanh", "softmax", "ce"), ("sigmoid", "tanh", "sse"),
    ] {
      let network = try net([2, 6, 5, 3], hidden, hidden, output, loss: loss)
      var book = try textbook(network)
      let data = try dataSet("blobs", ("n", .number(24)), ("noise", .number(0.3)))
      _ = try train(network, on: data, plainly(epochs: 3, rate: 0.02, batch: .rows(10)))
      let xs = (0..<24).map { Array(data.x.elements[$0 * 2..<$0 * 2 + 2]) }
      let ts = (0..<24).map { Array(data.t.elements[$0 * 3..<$0 * 3 + 3]) }
      for _ in 0..<3 {
        for start in [0, 10, 20] {
          let end = min(24, start + 10)
          book.descend(Array(xs[start..<end]), Array(ts[start..<end]), rate: 0.02)
        }
      }
      expectClose(
        network.numbers, book.numbers, relative: 1e-10, absolute: 1e-13,
        "\(hidden) \(output) \(loss)")
    }
  }
}
