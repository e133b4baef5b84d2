import Differentiation
import Learning
import Testing

@testable import Interchange

/// The graphs that are written, run operation by operation, give what the nets give.
@Suite struct ONNXGraphTests {
  private static func table(_ x: Tensor) -> ONNXEvaluator.Table {
    .init(x.shape.rows, x.shape.columns, x.elements)
  }

  /// One input for each unit, so that the net inputs are the numbers of the row.
  private static func network(
    _ activation: Activation, precision: Precision, width: Int
  ) throws -> Network {
    var options = Network.Options()
    options.precision = precision
    options.hasBias = true
    let net = try Network(sizes: [width, width], activations: [activation], options: options)
    var unit = Tensor(repeating: 0, shape: .matrix(width, width))
    for place in 0..<width { unit.elements[place * width + place] = 1 }
    try net.set("W1", to: unit)
    return net
  }

  private static func expectSame(
    _ net: Network, _ x: Tensor, _ precision: Precision, prepared: Tensor? = nil, _ what: String
  ) throws {
    let model = try ONNXEvaluator(try ONNXWriter.bytes(net, precision: precision))
    let found = try model.run(table(x))
    let right = try net.output(prepared ?? x)
    #expect(found.rows == right.shape.rows && found.columns == right.shape.columns)
    for (place, (a, b)) in zip(found.numbers, right.elements).enumerated() {
      let tolerance = (precision == .float64 ? 1e-14 : 3e-6) * max(1, abs(b))
      #expect(
        a == b || a.isNaN && b.isNaN || abs(a - b) <= tolerance,
        "\(what), \(precision), element \(place): \(a), the net gives \(b)")
    }
  }

  private static let points = Tensor(
    .matrix(4, 5),
    [
      -2, 0, 2, -0.5, 0.5, 0.25, -1, 1, -3, 3, 1.5, 0.75, -0.75, -1.5, 0.1, 5, -5, 0, 0.9, -0.1,
    ])

  @Test(
    "Every activation is written as what it computes", arguments: Activation.all.map(\.name),
    Precision.allCases)
  func activations(_ name: String, _ precision: Precision) throws {
    let activation = try Activation.required(name, as: .sizes)
    let net = try Self.network(activation, precision: precision, width: 5)
    try Self.expectSame(net, Self.points, precision, activation.name)
    guard !activation.settings.isEmpty else { return }
    let other = try activation.configured(
      named: activation.settings.map { setting in
        (setting.name, .number(setting.name == "low" ? -0.5 : 0.7))
      })
    let changed = try Self.network(other, precision: precision, width: 5)
    if name == "prelu" { try changed.set("slope1", to: Tensor(-0.4)) }
    try Self.expectSame(changed, Self.points, precision, other.title)
  }

  @Test(
    "Every primitive that a function of a script may use is written as what it computes",
    arguments: Primitive.all, Precision.allCases)
  func primitives(_ primitive: Primitive, _ precision: Precision) throws {
    let isWritten = PrimitiveRow.row(of: primitive) != nil && primitive.arity <= 3
    guard isWritten else { return }
    let own = Activation(
      "own", "For a test.", formula: "x", range: -Double.infinity...Double.infinity
    ) { _, z, _ throws(ShapeError) in
      // The domain of some is from 0 to 1, and jumps are not to meet the rounding of an operand.
      let low = primitive.domain[0].lowerBound
      let narrow =
        low > -3
        ? try z.applying(.sigmoid) * Node(number: primitive.domain[0].upperBound - low)
          + Node(number: low)
        : z
      let second = try primitive.domain.count > 1 ? z.applying(.abs) + 1 : z * 0.5 + 0.3
      let operands = [narrow, second, try 1 - z].prefix(primitive.arity)
      let value: Node
      if primitive === Primitive.matmul {
        value = try z.product(.constant(Tensor(.matrix(5, 5), (0..<25).map { Double($0 % 7) })))
      } else if primitive.name == "prelu" {
        value = try Node.apply(primitive, to: [z, Node(number: 0.3)])
      } else {
        value = try Node.apply(primitive, to: Array(operands))
      }
      return try value.shape == z.shape
        ? value : z * value.reshaped(.matrix(value.shape.count, 1))
    }
    let net = try Self.network(own, precision: precision, width: 5)
    guard (try? ONNXWriter.bytes(net, precision: precision)) != nil else { return }
    try Self.expectSame(net, Self.points, precision, primitive.name)
  }

  @Test(
    "A net of several layers takes raw rows and answers as it does", arguments: Precision.allCases)
  func preparedNets(_ precision: Precision) throws {
    let net = try Samples.network(["tanh", "softmax"], precision: precision)
    let raw = Tensor(.matrix(4, 2), [1, 1, 2.5, 2, .nan, 3, -4, 1])
    let pipeline = try #require(net.pipeline)
    try Self.expectSame(
      net, raw, precision, prepared: try pipeline.applied(to: raw), "impute, onehot, standardize")

    var data = try DataSet(
      x: Tensor(.matrix(3, 1), [1, 2, 3]), target: .values(Tensor(.matrix(3, 1), [100, 200, 320])))
    let features = try Scaling.normalization(of: data, to: -1, 2)
    let targets = try Scaling.ofTargets(of: data) { data throws(LearningError) in
      try .standardization(of: data)
    }
    data = try data.prepared(by: .scale(features)).prepared(by: .scaleTargets(targets))
    var options = Network.Options()
    options.precision = precision
    let line = try Network(
      sizes: [1, 3, 1], activations: try ["swish", "linear"].map { try .required($0, as: .sizes) },
      options: options)
    _ = try train(line, on: data)
    let rows = Tensor(.matrix(3, 1), [0, 2, 7])
    try Self.expectSame(
      line, rows, precision, prepared: try #require(line.pipeline).applied(to: rows),
      "normalize, targets standardized")
  }

  // MARK: What is refused

  /// A model of one layer, whose Gemm has these attributes.
  private static func model(_ attributes: [ONNXGraph.Attribute]) -> [UInt8] {
    var graph = ONNXGraph(isFloat32: false)
    graph.constant(Tensor(.matrix(2, 2), [1, 2, 3, 4]), name: "W1")
    graph.constant(Tensor(vector: [5, 6]), name: "b1")
    graph.node("Gemm", ["input", "W1", "b1"], output: "output", attributes)
    var model = ProtobufMessage()
    model.append(1, number: 7)
    model.append(
      7,
      message: graph.message(
        name: "g", input: graph.valueType("input", columns: 2),
        output: graph.valueType("output", columns: 2)))
    return model.bytes
  }

  @Test("The factors of a Gemm become part of the weights, rows for columns are refused")
  func gemm() throws {
    let x = Tensor(vector: [1, 10])
    for (attributes, right) in [
      ([ONNXGraph.Attribute.number("transB", 1)], [26.0, 49]), ([], [36, 48]),
      ([.float("alpha", 1), .float("beta", 1), .number("transA", 0)], [36, 48]),
      ([.float("alpha", 2)], [67, 90]), ([.float("beta", 2)], [41, 54]),
      ([.float("alpha", 0)], [5, 6]), ([.float("beta", 0)], [31, 42]),
    ] {
      #expect(try ONNXReader.network(Self.model(attributes)).output(x).elements == right)
    }
    let error = #expect(throws: FormatError.self) {
      try ONNXReader.network(Self.model([.number("transA", 1), .number("transB", 1)]))
    }
    #expect(error?.message.contains("columns for rows") == true)
  }
}
