import Differentiation
import Learning
import Testing

@testable import Interchange

/// Models as other programs write them, read as the net that they compute; right are the values of an
/// evaluator that goes through the graph operation by operation.
@Suite struct ONNXReaderTests {
  private static let weights = Tensor(.matrix(2, 3), [0.5, -1, 0.25, 1.5, 0.75, -0.5])
  private static let rows: [[Double]] = [[0.5, -1], [2, 3], [-0.25, 0.125]]

  /// A model of 2 inputs with the operations that `build` adds behind "input".
  private static func model(
    outputs: [String]? = nil, properties: [(String, String)] = [],
    extra: [ProtobufMessage] = [], _ build: (inout ONNXGraph) throws -> String
  ) rethrows -> [UInt8] {
    var graph = ONNXGraph(isFloat32: false)
    graph.constant(weights, name: "W")
    graph.constant(Tensor(.matrix(3, 1), [1, -2, 0.5]), name: "V")
    graph.constant(Tensor(vector: [0.1, 0.2, -0.3]), name: "b")
    graph.constant(Tensor(vector: [0.05]), name: "c")
    let last = try build(&graph)
    graph.node("Identity", [last], output: "output")
    var message = graph.message(
      name: "g", input: graph.valueType("input", columns: 2),
      output: graph.valueType("output", columns: 1))
    for text in extra { message.append(5, message: text) }
    for name in outputs ?? [] {
      message.append(12, message: graph.valueType(name, columns: 1))
    }
    var model = ProtobufMessage()
    model.append(1, number: 7)
    model.append(7, message: message)
    for (name, text) in properties {
      var entry = ProtobufMessage()
      entry.append(1, text: name)
      entry.append(2, text: text)
      model.append(14, message: entry)
    }
    return model.bytes
  }

  /// Two layers with what `between` makes of the net inputs of the first.
  private static func layered(
    _ between: (inout ONNXGraph, String) -> String
  ) -> [UInt8] {
    model { graph in
      let z = graph.node("Add", [graph.node("MatMul", ["input", "W"]), "b"])
      let a = between(&graph, z)
      return graph.node("Add", [graph.node("MatMul", [a, "V"]), "c"])
    }
  }

  private func expectRight(_ bytes: [UInt8], _ what: String) throws -> Network {
    let network = try ONNXReader.network(bytes)
    let right = try ONNXEvaluator(bytes).run(
      ONNXEvaluator.Table(Self.rows.count, 2, Self.rows.flatMap { $0 }))
    for (place, row) in Self.rows.enumerated() {
      let prepared =
        try network.pipeline?.applied(to: Tensor(.matrix(1, 2), row)) ?? Tensor(.matrix(1, 2), row)
      let value = try network.output(prepared).elements
      #expect(value.count == 1, "\(what)")
      #expect(abs(value[0] - right[place, 0]) < 1e-6, "\(what): \(value[0]), \(right[place, 0])")
    }
    return network
  }

  struct Written: CustomTestStringConvertible {
    let activation: String
    let how: String
    let build: @Sendable (inout ONNXGraph, String) -> String
    var testDescription: String { "\(activation) \(how)" }
  }

  static let activations: [Written] = [
    Written(activation: "gelu", how: "by erf") { graph, z in
      let erf = graph.node("Erf", [graph.node("Div", [z, graph.number(2.0.squareRoot())])])
      let share = graph.node(
        "Mul", [graph.node("Add", [erf, graph.number(1)]), graph.number(0.5)])
      return graph.node("Mul", [z, share])
    },
    Written(activation: "swish", how: "by sigmoid") { graph, z in
      graph.node("Mul", [z, graph.node("Sigmoid", [z])])
    },
    Written(activation: "softplus", how: "by logarithm") { graph, z in
      graph.node("Log", [graph.node("Add", [graph.node("Exp", [z]), graph.number(1)])])
    },
    Written(activation: "sigmoid", how: "by exponential") { graph, z in
      let e = graph.node("Exp", [graph.node("Neg", [z])])
      return graph.node("Div", [graph.number(1), graph.node("Add", [graph.number(1), e])])
    },
    Written(activation: "leaky", how: "by two rectifiers") { graph, z in
      let below = graph.node("Relu", [graph.node("Neg", [z])])
      return graph.node(
        "Sub", [graph.node("Relu", [z]), graph.node("Mul", [graph.number(0.3), below])])
    },
    Written(activation: "hardsigmoid", how: "by its parts") { graph, z in
      let line = graph.node("Add", [graph.node("Mul", [z, graph.number(0.2)]), graph.number(0.5)])
      return graph.node("Max", [graph.node("Min", [line, graph.number(1)]), graph.number(0)])
    },
    Written(activation: "mish", how: "by its parts") { graph, z in
      let soft = graph.node("Log", [graph.node("Add", [graph.node("Exp", [z]), graph.number(1)])])
      return graph.node("Mul", [z, graph.node("Tanh", [soft])])
    },
    Written(activation: "linear", how: "by two rectifiers") { graph, z in
      let below = graph.node("Relu", [graph.node("Neg", [z])])
      return graph.node("Sub", [graph.node("Relu", [z]), below])
    },
    Written(activation: "softplus", how: "of the negative, negative") { graph, z in
      graph.node("Log", [graph.node("Sigmoid", [z])])
    },
  ]

  @Test("an activation is known by what it computes, however it is written", arguments: activations)
  func knowsActivations(_ written: Written) throws {
    let network = try expectRight(Self.layered(written.build), written.testDescription)
    #expect(network.layers.count == 2)
    #expect(network.layers[0].activation.name == written.activation)
  }

  @Test("scaling before, between and behind layers becomes preparing or weights")
  func scaling() throws {
    let prepared = try expectRight(
      Self.model { graph in
        graph.constant(Tensor(vector: [2, -1]), name: "m")
        graph.constant(Tensor(vector: [4, 0.5]), name: "s")
        let x = graph.node("Div", [graph.node("Sub", ["input", "m"]), "s"])
        let a = graph.node("Tanh", [graph.node("MatMul", [x, "W"])])
        return graph.node("MatMul", [a, "V"])
      }, "before")
    #expect(prepared.pipeline?.steps.count == 1)
    #expect(prepared.layers.count == 2)
    let between = try expectRight(
      Self.layered { graph, z in
        let a = graph.node("Tanh", [graph.node("Mul", [z, graph.number(0.25)])])
        return graph.node("Add", [graph.node("Mul", [a, "b"]), "b"])
      }, "between")
    #expect(between.layers.count == 2)
    let behind = try expectRight(
      Self.model { graph in
        let a = graph.node("Tanh", [graph.node("MatMul", ["input", "W"])])
        let y = graph.node("Sigmoid", [graph.node("MatMul", [a, "V"])])
        return graph.node("Sub", [graph.number(1), y])
      }, "behind")
    // 1 - y of a sigmoid is none of the activations: a linear layer of its own.
    #expect(behind.layers.map { $0.activation.name } == ["tanh", "sigmoid", "linear"])
  }

  @Test("a normalization of the batch is folded into the layer")
  func batchNormalization() throws {
    let bytes = Self.model { graph in
      graph.constant(Tensor(vector: [1, 2, 0.5]), name: "g")
      graph.constant(Tensor(vector: [0.5, -1, 4]), name: "mean")
      graph.constant(Tensor(vector: [4, 1, 0.25]), name: "variance")
      let z = graph.node("MatMul", ["input", "W"])
      let n = graph.node("BatchNormalization", [z, "g", "b", "mean", "variance"])
      return graph.node("MatMul", [graph.node("Relu", [n]), "V"])
    }
    let network = try ONNXReader.network(bytes)
    #expect(network.layers.map { $0.activation.name } == ["relu", "linear"])
    func unit(_ z: Double, _ g: Double, _ b: Double, _ mean: Double, _ variance: Double) -> Double {
      max(0, (z - mean) / (variance + 1e-5).squareRoot() * g + b)
    }
    for row in Self.rows {
      let z = (0..<3).map {
        row[0] * Self.weights.elements[$0] + row[1] * Self.weights.elements[3 + $0]
      }
      let right =
        unit(z[0], 1, 0.1, 0.5, 4) - 2 * unit(z[1], 2, 0.2, -1, 1) + 0.5
        * unit(z[2], 0.5, -0.3, 4, 0.25)
      #expect(abs(try network.output(Tensor(vector: row)).elements[0] - right) < 1e-9)
    }
  }

  @Test("a classifier's labels name the classes")
  func labels() throws {
    var names = ProtobufMessage()
    names.append(1, number: 2)
    names.append(2, number: 8)
    for name in ["no", "yes"] { names.append(6, text: name) }
    names.append(8, text: "names")
    let bytes = Self.model(outputs: ["label"], extra: [names]) { graph in
      let a = graph.node("Relu", [graph.node("MatMul", ["input", "W"])])
      let y = graph.node("Sigmoid", [graph.node("MatMul", [a, "V"])])
      let both = graph.node(
        "Concat", [graph.node("Sub", [graph.number(1), y]), y], [.number("axis", 1)])
      let place = graph.node("ArgMax", [both], [.number("axis", 1)])
      graph.node("ArrayFeatureExtractor", ["names", place], output: "label")
      return both
    }
    let (network, notes) = try ONNXReader.read(bytes)
    #expect(network.classes == ["no", "yes"])
    #expect(network.outputCount == 1)
    #expect(notes.isEmpty)
  }

  @Test("a model of bp that was changed elsewhere is what its graph says")
  func changedElsewhere() throws {
    let net = try Network(
      sizes: [2, 3, 1], activations: try ["tanh", "sigmoid"].map { try .required($0, as: .sizes) })
    let whole = try ONNXWriter.bytes(net)
    #expect(try ONNXReader.read(whole).notes.isEmpty)
    let changed = whole.replacing("Tanh", with: "Relu")
    let (network, notes) = try ONNXReader.read(changed)
    #expect(network.layers[0].activation.name == "relu")
    #expect(notes.count == 1)
  }

  @Test("what is no chain is refused, with the operation")
  func refused() {
    let skip = Self.model { graph in
      let z = graph.node("MatMul", ["input", "W"])
      let a = graph.node("Relu", [z])
      graph.constant(Tensor(.matrix(3, 3), [1, 0, 0, 0, 1, 0, 0, 0, 1]), name: "U")
      return graph.node("MatMul", [graph.node("Add", [graph.node("MatMul", [a, "U"]), a]), "V"])
    }
    let error = #expect(throws: FormatError.self) { try ONNXReader.network(skip) }
    #expect(error?.message.contains("it joins the values of two layers") == true)
    #expect(error?.help.first?.contains("chain") == true)
    let other = Self.layered { graph, z in graph.node("Cos", [z]) }
    let unknown = #expect(throws: FormatError.self) { try ONNXReader.network(other) }
    #expect(unknown?.message.contains("none of the activations: Cos") == true)
  }
}
