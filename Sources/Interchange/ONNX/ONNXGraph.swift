import Differentiation
import Learning

/// An ONNX graph as it is being written; field numbers as in `onnx.proto`.
struct ONNXGraph {
  enum Attribute {
    case number(String, Int)
    case numbers(String, [Int])
    case float(String, Double)
  }

  let isFloat32: Bool
  private var nodes: [ProtobufMessage] = []
  private var initializers: [ProtobufMessage] = []
  private var constants: Set<String> = []
  private var count = 0

  init(isFloat32: Bool) { self.isFloat32 = isFloat32 }

  /// 1 is float, 11 double.
  private var elementType: Int { isFloat32 ? 1 : 11 }

  // MARK: Content

  mutating func constant(_ tensor: Tensor, name: String) {
    let dimensions: [Int] =
      switch tensor.shape {
      case .scalar: [1]
      case .vector(let count): [count]
      case .matrix(let rows, let columns): [rows, columns]
      }
    guard constants.insert(name).inserted else { return }
    var bytes: [UInt8] = []
    ElementType.append(tensor.elements, asFloat32: isFloat32, to: &bytes)
    initializers.append(Self.tensor(name, dimensions, type: elementType, bytes))
  }

  /// An array that is used under a name of its own.
  mutating func constant(_ tensor: Tensor) -> String {
    count += 1
    constant(tensor, name: "k\(count)")
    return "k\(count)"
  }

  /// - Parameter name: one that means the same numbers always; a new one where nil.
  /// - Returns: the name.
  mutating func indices(_ numbers: [Int], name: String? = nil) -> String {
    count += 1
    let name = name ?? "k\(count)"
    guard constants.insert(name).inserted else { return name }
    var bytes: [UInt8] = []
    for number in numbers { bytes.append(littleEndian: Int64(number)) }
    initializers.append(Self.tensor(name, [numbers.count], type: 7, bytes))
    return name
  }

  /// A constant that is a number.
  mutating func number(_ number: Double) -> String {
    let name = "c_\(number)"
    constant(Tensor(number), name: name)
    return name
  }

  private static func tensor(
    _ name: String, _ dimensions: [Int], type: Int, _ bytes: [UInt8]
  ) -> ProtobufMessage {
    var tensor = ProtobufMessage()
    for dimension in dimensions { tensor.append(1, number: dimension) }
    tensor.append(2, number: type)
    tensor.append(8, text: name)
    tensor.append(9, bytes: bytes)
    return tensor
  }

  /// - Returns: the name of the output.
  @discardableResult
  mutating func node(
    _ operation: String, _ inputs: [String], output: String? = nil, _ attributes: [Attribute] = []
  ) -> String {
    count += 1
    let name = output ?? "v\(count)"
    var node = ProtobufMessage()
    for input in inputs { node.append(1, text: input) }
    node.append(2, text: name)
    node.append(3, text: "\(operation)_\(count)")
    node.append(4, text: operation)
    for attribute in attributes {
      var message = ProtobufMessage()
      switch attribute {
      case .number(let name, let number):
        message.append(1, text: name)
        message.append(3, number: number)
        message.append(20, number: 2)
      case .numbers(let name, let numbers):
        message.append(1, text: name)
        for number in numbers { message.append(8, number: number) }
        message.append(20, number: 7)
      case .float(let name, let number):
        message.append(1, text: name)
        message.append(2, float: Float(number))
        message.append(20, number: 1)
      }
      node.append(5, message: message)
    }
    nodes.append(node)
    return name
  }

  /// Truth values as 0 and 1.
  mutating func cast(_ value: String) -> String {
    node("Cast", [value], [.number("to", elementType)])
  }

  /// Rows of any number.
  func valueType(_ name: String, columns: Int) -> ProtobufMessage {
    var rows = ProtobufMessage()
    rows.append(2, text: "N")
    var width = ProtobufMessage()
    width.append(1, number: columns)
    var shape = ProtobufMessage()
    shape.append(1, message: rows)
    shape.append(1, message: width)
    var tensor = ProtobufMessage()
    tensor.append(1, number: elementType)
    tensor.append(2, message: shape)
    var type = ProtobufMessage()
    type.append(1, message: tensor)
    var value = ProtobufMessage()
    value.append(1, text: name)
    value.append(2, message: type)
    return value
  }

  func message(
    name: String, input: ProtobufMessage, output: ProtobufMessage
  ) -> ProtobufMessage {
    var graph = ProtobufMessage()
    for node in nodes { graph.append(1, message: node) }
    graph.append(2, text: name)
    for initializer in initializers { graph.append(5, message: initializer) }
    graph.append(11, message: input)
    graph.append(12, message: output)
    return graph
  }
}
