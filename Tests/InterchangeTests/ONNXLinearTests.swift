import Differentiation
import Foundation
import Learning
import Testing

@testable import Interchange

/// Linear models, encoded columns and labels as scikit-learn's converter writes them; right are
/// numbers computed by hand from the definitions.
@Suite struct ONNXLinearTests {
  private enum Setting {
    case floats([Float])
    case texts([String])
    case numbers([Int])
    case text(String)
    case number(Int)
    case float(Float)
  }

  private static func node(
    _ type: String, _ inputs: [String], _ outputs: [String], _ settings: [(String, Setting)] = []
  ) -> ProtobufMessage {
    var node = ProtobufMessage()
    for input in inputs { node.append(1, text: input) }
    for output in outputs { node.append(2, text: output) }
    node.append(4, text: type)
    for (name, setting) in settings {
      var attribute = ProtobufMessage()
      attribute.append(1, text: name)
      switch setting {
      case .floats(let floats): for float in floats { attribute.append(7, float: float) }
      case .texts(let texts): for text in texts { attribute.append(9, text: text) }
      case .numbers(let numbers): for number in numbers { attribute.append(8, number: number) }
      case .text(let text): attribute.append(4, text: text)
      case .number(let number): attribute.append(3, number: number)
      case .float(let float): attribute.append(2, float: float)
      }
      node.append(5, message: attribute)
    }
    return node
  }

  /// A value of any number of rows; 1 is float32, 8 texts.
  private static func value(_ name: String, columns: Int, type: Int = 1) -> ProtobufMessage {
    var rows = ProtobufMessage()
    rows.append(2, text: "N")
    var width = ProtobufMessage()
    width.append(1, number: columns)
    var shape = ProtobufMessage()
    shape.append(1, message: rows)
    shape.append(1, message: width)
    var tensor = ProtobufMessage()
    tensor.append(1, number: type)
    tensor.append(2, message: shape)
    var kind = ProtobufMessage()
    kind.append(1, message: tensor)
    var value = ProtobufMessage()
    value.append(1, text: name)
    value.append(2, message: kind)
    return value
  }

  private static func whole(_ name: String, _ numbers: [Int]) -> ProtobufMessage {
    var tensor = ProtobufMessage()
    tensor.append(1, number: numbers.count)
    tensor.append(2, number: 7)
    for number in numbers { tensor.append(7, number: number) }
    tensor.append(8, text: name)
    return tensor
  }

  private static func model(
    _ nodes: [ProtobufMessage], inputs: [ProtobufMessage], outputs: [String],
    constants: [ProtobufMessage] = []
  ) -> [UInt8] {
    var graph = ProtobufMessage()
    for node in nodes { graph.append(1, message: node) }
    for constant in constants { graph.append(5, message: constant) }
    for input in inputs { graph.append(11, message: input) }
    for output in outputs { graph.append(12, message: value(output, columns: 1)) }
    var model = ProtobufMessage()
    model.append(1, number: 8)
    model.append(7, message: graph)
    return model.bytes
  }

  private static func classifier(
    _ weights: [Float], _ intercepts: [Float], _ classes: [String], _ transform: String
  ) -> ProtobufMessage {
    node(
      "LinearClassifier", ["x"], ["label", "scores"],
      [
        ("coefficients", .floats(weights)), ("intercepts", .floats(intercepts)),
        ("classlabels_strings", .texts(classes)), ("post_transform", .text(transform)),
      ])
  }

  private static let x = Tensor(.matrix(2, 2), [1, 2, -3, 0.5])

  private static func expect(
    _ network: Network, _ right: [Double], _ what: String, rows: Tensor = x
  ) throws {
    let prepared = try network.pipeline?.applied(to: rows) ?? rows
    let found = try network.output(prepared).elements
    #expect(found.count == right.count, "\(what)")
    for (a, b) in zip(found, right) { #expect(abs(a - b) < 1e-7, "\(what): \(found), \(right)") }
  }

  private static func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

  @Test("two classes of a linear model are one output, three are one each")
  func classes() throws {
    // Net inputs 0.5·x1 - x2 + 0.25.
    let z = [-1.25, -1.75]
    let mirrored = ([-0.5, 1, 0.5, -1] as [Float], [-0.25, 0.25] as [Float])
    let two = try ONNXReader.read(
      Self.model(
        [
          Self.classifier(mirrored.0, mirrored.1, ["no", "yes"], "LOGISTIC"),
          Self.node(
            "ZipMap", ["scores"], ["map"], [("classlabels_strings", .texts(["no", "yes"]))]),
        ], inputs: [Self.value("x", columns: 2)], outputs: ["label", "map"]))
    #expect(two.notes.isEmpty && two.network.classes == ["no", "yes"])
    try Self.expect(two.network, z.map(Self.sigmoid), "logistic")

    let signed = try ONNXReader.network(
      Self.model(
        [Self.classifier(mirrored.0, mirrored.1, ["no", "yes"], "NONE")],
        inputs: [Self.value("x", columns: 2)], outputs: ["label", "scores"]))
    try Self.expect(signed, z, "scores")
    #expect(signed.outputCode == .signs && signed.classes == ["no", "yes"])
    #expect(signed.outputCode.classes(of: Tensor(.matrix(2, 1), [-0.1, 0.1])) == [1, 2])

    let three = try ONNXReader.network(
      Self.model(
        [Self.classifier([1, 0, 0, 1, -1, -1], [0, 0.5, 1], ["a", "b", "c"], "SOFTMAX")],
        inputs: [Self.value("x", columns: 2)], outputs: ["label", "scores"]))
    let scores: [[Double]] = [[1, 2.5, -2], [-3, 1, 3.5]]
    let right = scores.flatMap { row in
      row.map { exp($0) / row.reduce(0) { $0 + exp($1) } }
    }
    try Self.expect(three, right, "softmax")
    #expect(three.classes == ["a", "b", "c"])
  }

  @Test("probabilities of outputs of their own, divided by their sum, are a layer more")
  func shares() throws {
    let network = try ONNXReader.network(
      Self.model(
        [
          Self.classifier([1, 0, 0, 1, -1, -1], [0, 0.5, 1], ["a", "b", "c"], "LOGISTIC"),
          Self.node("Normalizer", ["scores"], ["shares"], [("norm", .text("L1"))]),
        ], inputs: [Self.value("x", columns: 2)], outputs: ["label", "shares"]))
    let right = [[1, 2.5, -2], [-3, 1, 3.5]].flatMap { row in
      row.map { Self.sigmoid($0) / row.reduce(0) { $0 + Self.sigmoid($1) } }
    }
    try Self.expect(network, right, "shares")
    #expect(network.layers.map { $0.activation.name } == ["softplus", "softmax"])
    #expect(network.classes == ["a", "b", "c"])
  }

  @Test("columns of an answer that are all there are the answer, some are refused")
  func parts() throws {
    func bytes(_ outputs: [String]) -> [UInt8] {
      Self.model(
        [
          Self.classifier([1, 0, 0, 1, -1, -1], [0, 0.5, 1], ["a", "b", "c"], "SOFTMAX"),
          Self.node("Slice", ["scores", "0", "1", "1"], ["a"]),
          Self.node("Slice", ["scores", "1", "2", "1"], ["b"]),
          Self.node("Slice", ["scores", "2", "3", "1"], ["c"]),
        ], inputs: [Self.value("x", columns: 2)], outputs: outputs,
        constants: (0...3).map { Self.whole("\($0)", [$0]) })
    }
    let whole = try ONNXReader.network(bytes(["label", "a", "b", "c"]))
    #expect(whole.classes == ["a", "b", "c"] && whole.outputCount == 3)
    let error = #expect(throws: FormatError.self) {
      try ONNXReader.network(bytes(["a", "c"]))
    }
    #expect(error?.message.contains("one of 3 columns") == true)
  }

  @Test("features are encoded, scaled, reordered and left out by their names")
  func columns() throws {
    let bytes = Self.model(
      [
        Self.node("OneHotEncoder", ["city"], ["c"], [("cats_strings", .texts(["Bern", "Rome"]))]),
        Self.node("Reshape", ["c", "shape"], ["flat"]),
        Self.node("Concat", ["size", "age"], ["numbers"], [("axis", .number(1))]),
        Self.node(
          "Scaler", ["numbers"], ["scaled"],
          [("offset", .floats([10, 4])), ("scale", .floats([0.5, 2]))]),
        Self.node("Concat", ["flat", "scaled"], ["all"], [("axis", .number(1))]),
        Self.node(
          "LinearRegressor", ["all"], ["y"],
          [("coefficients", .floats([100, 200, 1, 10])), ("intercepts", .floats([0.5]))]),
      ],
      inputs: [
        Self.value("age", columns: 1), Self.value("city", columns: 1, type: 8),
        Self.value("unused", columns: 1), Self.value("size", columns: 1),
      ], outputs: ["y"], constants: [Self.whole("shape", [-1, 2])])
    let (network, notes) = try ONNXReader.read(bytes)
    let pipeline = try #require(network.pipeline)
    #expect(pipeline.featureNames == ["age", "city", "unused", "size"])
    #expect(pipeline.categories == [1: ["Bern", "Rome"]])
    #expect(notes.count == 1 && notes.first?.contains("not learned") == true)
    // Bern, Rome; age 5 and 4, size 12 and 20.
    try Self.expect(
      network, [100 + 1 + 20 + 0.5, 200 + 5 + 0 + 0.5], "encoded",
      rows: Tensor(.matrix(2, 4), [5, 1, 7, 12, 4, 2, 9, 20]))
    let unknown = #expect(throws: LearningError.self) {
      try pipeline.applied(to: Tensor(.matrix(1, 4), [5, 3, 7, 12]))
    }
    #expect(unknown != nil)
    let texts = Self.model(
      [Self.node("LinearRegressor", ["city"], ["y"], [("coefficients", .floats([1]))])],
      inputs: [Self.value("city", columns: 1, type: 8)], outputs: ["y"])
    let error = #expect(throws: FormatError.self) { try ONNXReader.network(texts) }
    #expect(error?.message.contains("takes the texts of") == true)
  }

  @Test("outputs that are labels each have classes of their own")
  func labels() throws {
    let network = try ONNXReader.network(
      Self.model(
        [
          Self.node(
            "LinearRegressor", ["x"], ["z"],
            [("coefficients", .floats([1, 0, 0, 1])), ("targets", .number(2))]),
          Self.node("Sigmoid", ["z"], ["y"]),
          Self.node("Binarizer", ["y"], ["label"], [("threshold", .float(0.5))]),
          Self.node("ZipMap", ["y"], ["map"], [("classlabels_strings", .texts(["old", "red"]))]),
        ], inputs: [Self.value("x", columns: 2)], outputs: ["label", "map"]))
    #expect(network.outputCode == .labels(low: 0, high: 1) && network.classes == ["old", "red"])
  }

  private static func between(_ nodes: [ProtobufMessage], _ slopes: [Float]) -> [UInt8] {
    var tensor = ProtobufMessage()
    tensor.append(1, number: slopes.count)
    tensor.append(2, number: 1)
    for slope in slopes { tensor.append(4, float: slope) }
    tensor.append(8, text: "slopes")
    func sum(_ input: String, _ output: String, _ weights: [Float]) -> ProtobufMessage {
      node(
        "LinearRegressor", [input], [output],
        [("coefficients", .floats(weights)), ("targets", .number(weights.count / 2))])
    }
    return model(
      [sum("x", "z", [1, 0, 0, 1])] + nodes + [sum("a", "y", [1, 2])],
      inputs: [value("x", columns: 2)], outputs: ["y"], constants: [tensor])
  }

  @Test("two functions in a row are two layers, a slope for each unit two rectifiers a unit")
  func functionsInARow() throws {
    let both = try ONNXReader.network(
      Self.between([Self.node("Relu", ["z"], ["r"]), Self.node("Tanh", ["r"], ["a"])], [1]))
    #expect(both.layers.map { $0.activation.name } == ["relu", "tanh", "linear"])
    try Self.expect(both, [tanh(1) + 2 * tanh(2), 2 * tanh(0.5)], "relu, tanh")

    let line = try ONNXReader.network(
      Self.between(
        [
          Self.node(
            "HardSigmoid", ["z"], ["a"], [("alpha", .float(0.25)), ("beta", .float(0.375))])
        ], [1]))
    #expect(line.layers.map { $0.activation.name } == ["clip", "linear"])
    try Self.expect(line, [0.625 + 2 * 0.875, 2 * 0.5], "hardsigmoid elsewhere")

    let (sloped, notes) = try ONNXReader.read(
      Self.between([Self.node("PRelu", ["z", "slopes"], ["a"])], [0.5, 4]))
    try Self.expect(sloped, [1 + 2 * 2, -1.5 + 2 * 0.5], "slopes")
    #expect(notes.first?.contains("two rectifiers") == true)

    let error = #expect(throws: FormatError.self) {
      try ONNXReader.network(
        Self.between([Self.node("Relu", ["z"], ["r"]), Self.node("Cos", ["r"], ["a"])], [1]))
    }
    #expect(error?.message.contains("none of the activations: Relu, Cos") == true)
  }
}
