import Differentiation
import Learning

/// Nets from ONNX models: a chain of Gemm, MatMul, Add and activations.
package enum ONNXReader {
  private static let activations = [
    "Sigmoid": "sigmoid", "Tanh": "tanh", "Relu": "relu", "Softmax": "softmax",
    "LeakyRelu": "leaky", "PRelu": "prelu", "Softplus": "softplus", "Elu": "elu",
  ]

  /// - Throws: where the model is no multi-layer perceptron, or damaged.
  package static func network(
    _ bytes: [UInt8], budget: NumberBudget = .standard
  ) throws(FormatError) -> Network {
    var budget = budget
    let model = try ProtobufFields(bytes[...])
    guard let version = model.number(1), let content = model.all(7).last else {
      throw FormatError("this is no ONNX model", .offset(0))
    }
    guard (3...13).contains(version) else {
      throw FormatError("version \(version) of ONNX is not known", .offset(0))
    }
    let graph = try ProtobufFields(content)
    var arrays: [String: NumberArray] = [:]
    for content in graph.all(5) {
      let (name, array) = try tensor(content, &budget)
      guard arrays.updateValue(array, forKey: name) == nil else {
        throw FormatError("two arrays are called \(visible(name))", .offset(content.startIndex))
      }
    }
    if let network = try described(model, arrays) { return network }
    return try chain(graph, arrays)
  }

  /// A model of this program says in its properties how the net was built.
  private static func described(
    _ model: ProtobufFields, _ arrays: [String: NumberArray]
  ) throws(FormatError) -> Network? {
    for content in model.all(14) {
      let entry = try ProtobufFields(content)
      guard entry.text(1) == ONNXWriter.descriptionName, let text = entry.text(2) else { continue }
      let network = try NetworkDescription.network(
        try JSON.parse(Array(text.utf8)),
        numbers: arrays.values.reduce(0) { $0 + $1.numbers.count })
      for parameter in network.parameters {
        guard let array = arrays[parameter.name],
          array.numbers.count == parameter.value.elements.count
        else { return nil }
        try NetworkFile.set(parameter, of: network, to: array.numbers)
      }
      return network
    }
    return nil
  }

  // MARK: Any model

  private struct Layer {
    var weights: Tensor
    var bias: [Double]?
    var activation: Activation?
    var slope: Double?
  }

  private static func chain(
    _ graph: ProtobufFields, _ arrays: [String: NumberArray]
  ) throws(FormatError) -> Network {
    var nodes: [ProtobufFields] = []
    for content in graph.all(1) { nodes.append(try ProtobufFields(content)) }
    var inputs: [String] = []
    for content in graph.all(11) {
      if let name = try ProtobufFields(content).text(1), arrays[name] == nil { inputs.append(name) }
    }
    guard inputs.count == 1 else {
      throw FormatError("the model has \(inputs.count) inputs, a net has one")
    }
    var value = inputs[0]
    var layers: [Layer] = []
    var passed = 0
    while true {
      let users = nodes.filter { $0.names(1).contains(value) }
      guard let node = users.first else { break }
      guard users.count == 1, passed < nodes.count else {
        throw FormatError("the model is no chain of layers", .offset(node.start))
      }
      passed += 1
      try add(node, value, arrays, to: &layers)
      guard let output = node.text(2) else {
        throw FormatError("an operation without output", .offset(node.start))
      }
      value = output
    }
    guard passed == nodes.count else {
      throw FormatError("the model has operations that do not follow from its input")
    }
    return try network(of: layers)
  }

  private static func add(
    _ node: ProtobufFields, _ value: String, _ arrays: [String: NumberArray],
    to layers: inout [Layer]
  ) throws(FormatError) {
    let operation = node.text(4) ?? ""
    let place = FormatError.Place.offset(node.start)
    let names = node.names(1)
    func array(_ index: Int) throws(FormatError) -> NumberArray {
      guard names.indices.contains(index), let array = arrays[names[index]] else {
        throw FormatError("\(operation) needs an array as input \(index + 1)", place)
      }
      return array
    }
    var attributes: [String: ProtobufFields] = [:]
    for content in node.all(5) {
      let attribute = try ProtobufFields(content)
      attributes[attribute.text(1) ?? ""] = attribute
    }
    switch operation {
    case "Identity", "Dropout", "Flatten": return
    case "Gemm":
      let isPlain =
        attributes["alpha"]?.float(2) ?? 1 == 1 && attributes["beta"]?.float(2) ?? 1 == 1
        && attributes["transA"]?.number(3) ?? 0 == 0
      guard isPlain, names.first == value else {
        throw FormatError("this Gemm is no layer of a net", place)
      }
      let matrix = try matrix(array(1), place)
      let isTransposed = attributes["transB"]?.number(3) ?? 0 != 0
      var layer = Layer(weights: isTransposed ? matrix : matrix.transposed)
      if names.count > 2, !names[2].isEmpty { layer.bias = try array(2).numbers }
      layers.append(layer)
    case "MatMul":
      guard names.first == value else { throw FormatError("this MatMul is no layer", place) }
      layers.append(Layer(weights: try matrix(array(1), place).transposed))
    case "Add":
      guard let last = layers.indices.last, layers[last].bias == nil,
        layers[last].activation == nil
      else { throw FormatError("this Add is no bias of a layer", place) }
      layers[last].bias = try array(names.first == value ? 1 : 0).numbers
    default:
      guard let name = activations[operation], let last = layers.indices.last,
        layers[last].activation == nil
      else {
        throw FormatError(
          "the operation \(visible(operation)) is not read here", place,
          help: ["a chain of Gemm, MatMul, Add and activations is"])
      }
      if operation == "Softmax", let axis = attributes["axis"]?.number(3), axis != -1, axis != 1 {
        throw FormatError("Softmax along axis \(axis) is not read", place)
      }
      var settings: [(name: String, value: Parameter.Value)] = []
      // The defaults of ONNX are not those of the language.
      if operation == "LeakyRelu" {
        settings = [("slope", .number(Double(attributes["alpha"]?.float(2) ?? 0.01)))]
      } else if operation == "Elu" {
        settings = [("alpha", .number(Double(attributes["alpha"]?.float(2) ?? 1)))]
      } else if operation == "PRelu" {
        let slopes = try array(1).numbers
        guard slopes.count == 1 else {
          throw FormatError("PRelu with \(slopes.count) slopes is not read", place)
        }
        layers[last].slope = slopes[0]
      }
      do throws(LearningError) {
        layers[last].activation = try Activation.required(name, as: .activation(last))
          .configured(named: settings)
      } catch { throw FormatError(error.message, place) }
    }
  }

  private static func network(of layers: [Layer]) throws(FormatError) -> Network {
    guard let first = layers.first else { throw FormatError("the model has no layer") }
    var sizes = [first.weights.shape.columns]
    for (place, layer) in layers.enumerated() {
      guard layer.weights.shape.columns == sizes[place],
        layer.bias.map({ $0.count == layer.weights.shape.rows }) ?? true
      else { throw FormatError("layer \(place + 1) does not fit the one before") }
      sizes.append(layer.weights.shape.rows)
    }
    var options = Network.Options()
    options.hasBias = layers.contains { $0.bias != nil }
    do throws(LearningError) {
      let linear = try Activation.required("linear", as: .activation(0))
      let network = try Network(
        sizes: sizes, activations: layers.map { $0.activation ?? linear }, options: options)
      for (place, layer) in layers.enumerated() {
        try network.set("W\(place + 1)", to: layer.weights)
        if let bias = layer.bias { try network.set("b\(place + 1)", to: Tensor(vector: bias)) }
        if let slope = layer.slope { try network.set("slope\(place + 1)", to: Tensor(slope)) }
      }
      return network
    } catch { throw FormatError(error.message, help: error.help) }
  }

  private static func matrix(
    _ array: NumberArray, _ place: FormatError.Place
  ) throws(FormatError) -> Tensor {
    guard array.shape.count == 2, array.numbers.count > 0 else {
      throw FormatError("weights of the shape \(listed(array.shape))", place)
    }
    return array.tensor
  }

  // MARK: Arrays

  private static func tensor(
    _ content: ArraySlice<UInt8>, _ budget: inout NumberBudget
  ) throws(FormatError) -> (String, NumberArray) {
    let fields = try ProtobufFields(content)
    let place = FormatError.Place.offset(content.startIndex)
    guard fields.all(13).isEmpty, fields.number(14) ?? 0 == 0 else {
      throw FormatError(
        "the numbers lie in another file, which is not read", place,
        help: ["save the model with its numbers inside"])
    }
    let formats: [Int: ElementType] = [
      1: .float32, 11: .float64, 7: .int64, 6: .int32, 10: .float16,
    ]
    guard let format = formats[fields.number(2) ?? 0] else {
      throw FormatError("arrays of type \(fields.number(2) ?? 0) are not read", place)
    }
    let shape = try fields.numbers(1)
    guard let size = byteCount(shape, width: format.width) else {
      throw FormatError("the shape \(listed(shape)) is too large", place)
    }
    let count = size / format.width
    try budget.charge(count, at: place)
    let raw: [UInt8]
    if let bytes = fields.all(9).last {
      raw = Array(bytes)
    } else if format == .float32 || format == .float64 {
      raw = fields.packed(format == .float32 ? 4 : 10, width: format.width)
    } else {
      let numbers = try fields.numbers(format == .int64 ? 7 : 5)
      guard numbers.count == count else {
        throw FormatError("\(numbers.count) numbers for the shape \(listed(shape))", place)
      }
      return (
        fields.text(8) ?? "", NumberArray(shape: shape, numbers: numbers.map { Double($0) })
      )
    }
    guard raw.count == size else {
      throw FormatError("\(raw.count) bytes of numbers where \(listed(shape)) needs \(size)", place)
    }
    return (
      fields.text(8) ?? "",
      NumberArray(shape: shape, numbers: try format.numbers(in: raw, from: 0, count: count))
    )
  }
}

extension ProtobufFields {
  fileprivate func names(_ field: Int) -> [String] {
    all(field).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Numbers of fixed width, each a field of its own or all packed in one, as bytes.
  fileprivate func packed(_ field: Int, width: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for (number, value) in fields where number == field {
      switch value {
      case .bytes(let packed): bytes += packed
      case .fixed32(let bits): bytes.append(littleEndian: bits)
      case .fixed64(let bits): bytes.append(littleEndian: bits)
      case .number: break
      }
    }
    return bytes
  }
}
