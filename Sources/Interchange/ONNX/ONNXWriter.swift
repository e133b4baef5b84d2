import Differentiation
import Learning

/// A net as an ONNX model of IR 7 and operator set 13, which every runtime since 2020 reads.
package enum ONNXWriter {
  static let descriptionName = "bp.net"

  /// - Parameter precision: of the numbers; for float64 activations without a kernel in common
  ///   runtimes are written as the operations they consist of.
  /// - Throws: where an activation uses what ONNX has no counterpart for, and what a user's function
  ///   throws.
  package static func bytes(_ network: Network, precision: Precision? = nil) throws(FormatError)
    -> [UInt8]
  {
    let description = isDescribed(network) ? try NetworkDescription.json(network).bytes() : nil
    var graph = ONNXGraph(isFloat32: (precision ?? network.precision) == .float32)
    let raw = network.pipeline?.featureNames.count ?? network.inputCount
    var value = try prepare("input", network.pipeline, &graph)
    for (parameter, array) in zip(network.parameters, network.parameters.map({ $0.value })) {
      graph.constant(array, name: parameter.name)
    }
    for layer in network.layers {
      var inputs = [value, "W\(layer.number)"]
      if layer.hasBias { inputs.append("b\(layer.number)") }
      let z = graph.node("Gemm", inputs, output: "z\(layer.number)", [.number("transB", 1)])
      value = try graph.write(
        TracedGraph(activationOf: layer, z: z, slope: "slope\(layer.number)"))
    }
    if let scaling = network.pipeline?.targetScaling {
      graph.constant(Tensor(vector: scaling.scale), name: "target_scale")
      graph.constant(Tensor(vector: scaling.shift), name: "target_shift")
      value = graph.node("Add", [graph.node("Mul", [value, "target_scale"]), "target_shift"])
    }
    graph.node("Identity", [value], output: "output")
    let inputType = graph.valueType("input", columns: raw)
    let outputType = graph.valueType("output", columns: network.outputCount)
    return model(
      graph.message(name: network.title, input: inputType, output: outputType),
      properties: properties(network, description: description))
  }

  /// Whether this program can build the net again from the file: a function of a script is not in
  /// it, only what it computes.
  static func isDescribed(_ network: Network) -> Bool {
    !network.layers.contains { $0.activation.traits.contains(.custom) }
  }

  /// What a model leaves out, a sentence each.
  static func omissions(_ network: Network) -> [String] {
    NetworkDescription.omissions(network)
      + (isDescribed(network)
        ? []
        : [
          "an activation is a function of this script: the file holds what it computes, without its name"
        ])
  }

  private static func model(
    _ graph: ProtobufMessage, properties: [(String, String)]
  ) -> [UInt8] {
    var model = ProtobufMessage()
    model.append(1, number: 7)
    model.append(2, text: "bp")
    model.append(7, message: graph)
    var operators = ProtobufMessage()
    operators.append(2, number: 13)
    model.append(8, message: operators)
    for (name, text) in properties {
      var entry = ProtobufMessage()
      entry.append(1, text: name)
      entry.append(2, text: text)
      model.append(14, message: entry)
    }
    return model.bytes
  }

  private static func properties(
    _ network: Network, description: [UInt8]?
  ) -> [(String, String)] {
    var properties: [(String, String)] = []
    if let description {
      properties.append((descriptionName, String(decoding: description, as: UTF8.self)))
    }
    func list(_ names: [String]) -> String {
      (try? JSON.list(names.map { .text($0) }).bytes()).map { String(decoding: $0, as: UTF8.self) }
        ?? ""
    }
    if let classes = network.classes { properties.append(("classes", list(classes))) }
    if let pipeline = network.pipeline {
      properties.append(("features", list(pipeline.featureNames)))
      for (feature, names) in pipeline.categories.sorted(by: { $0.key < $1.key }) {
        properties.append(("categories of \(pipeline.featureNames[feature])", list(names)))
      }
    }
    return properties
  }

  // MARK: From raw rows

  private static func prepare(
    _ input: String, _ pipeline: Pipeline?, _ graph: inout ONNXGraph
  ) throws(FormatError) -> String {
    var value = input
    var width = pipeline?.featureNames.count ?? 0
    for (place, step) in (pipeline?.steps ?? []).enumerated() {
      let name = "prepare\(place + 1)"
      switch step {
      case .scale(let scaling):
        graph.constant(Tensor(vector: scaling.shift), name: "\(name)_shift")
        graph.constant(Tensor(vector: scaling.scale), name: "\(name)_scale")
        let shifted = graph.node("Sub", [value, "\(name)_shift"])
        value = graph.node("Div", [shifted, "\(name)_scale"])
      case .impute(let imputation):
        graph.constant(Tensor(vector: imputation.fills), name: "\(name)_fills")
        let isMissing = graph.node("IsNaN", [value])
        value = graph.node("Where", [isMissing, "\(name)_fills", value])
      case .dropMissing, .scaleTargets: break
      case .encode(let encoding):
        value = encoded(value, encoding, width: &width, name, &graph)
      }
    }
    return value
  }

  /// Numbers of categories, from 1, become 0 and 1.
  private static func encoded(
    _ value: String, _ encoding: OneHotEncoding, width: inout Int, _ name: String,
    _ graph: inout ONNXGraph
  ) -> String {
    var parts: [String] = []
    var newWidth = 0
    for feature in 0..<width {
      let index = "\(name)_index\(feature)"
      _ = graph.indices([feature], name: index)
      let column = graph.node("Gather", [value, index], [.number("axis", 1)])
      guard let found = encoding.columns.first(where: { $0.feature == feature }) else {
        parts.append(column)
        newWidth += 1
        continue
      }
      let numbers = found.values.indices.dropFirst(encoding.leavesOutFirst ? 1 : 0)
        .map { Double($0 + 1) }
      guard !numbers.isEmpty else { continue }
      graph.constant(Tensor(vector: numbers), name: "\(name)_numbers\(feature)")
      let isEqual = graph.node("Equal", [column, "\(name)_numbers\(feature)"])
      parts.append(graph.cast(isEqual))
      newWidth += numbers.count
    }
    width = newWidth
    return graph.node("Concat", parts, [.number("axis", 1)])
  }
}
