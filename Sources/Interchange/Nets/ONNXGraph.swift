import Differentiation
import Learning

/// An ONNX graph as it is being written; field numbers as in `onnx.proto`.
struct ONNXGraph {
  enum Attribute {
    case number(String, Int)
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
    NumberFormat.append(tensor.elements, asFloat32: isFloat32, to: &bytes)
    initializers.append(Self.tensor(name, dimensions, type: elementType, bytes))
  }

  mutating func indices(_ numbers: [Int], name: String) {
    var bytes: [UInt8] = []
    for number in numbers { bytes.append(littleEndian: Int64(number)) }
    initializers.append(Self.tensor(name, [numbers.count], type: 7, bytes))
  }

  /// A constant that is a number.
  private mutating func number(_ number: Double) -> String {
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

  // MARK: Activations

  /// The outputs of a layer from its net inputs.
  /// - Throws: for an activation of the user.
  mutating func activation(_ layer: Layer, _ z: String) throws(FormatError) -> String {
    let values = layer.activation.values
    switch layer.activation.name {
    case "linear": return z
    case "sigmoid": return node("Sigmoid", [z])
    case "tanh": return node("Tanh", [z])
    case "relu": return node("Relu", [z])
    case "softmax": return node("Softmax", [z], [.number("axis", -1)])
    case "tanh_half": return node("Tanh", [node("Mul", [z, number(0.5)])])
    case "step": return cast(node("GreaterOrEqual", [z, number(0)]))
    case "sign":
      let step = cast(node("GreaterOrEqual", [z, number(0)]))
      return node("Sub", [node("Mul", [step, number(2)]), number(1)])
    case "clip":
      let raised = node("Max", [z, number(values.number("from"))])
      return node("Min", [raised, number(values.number("to"))])
    case "leaky":
      let slope = values.number("slope")
      guard !isFloat32 else { return node("LeakyRelu", [z], [.float("alpha", slope)]) }
      return bent(z, slope: number(slope))
    case "prelu":
      guard !isFloat32 else { return node("PRelu", [z, "slope\(layer.number)"]) }
      return bent(z, slope: "slope\(layer.number)")
    case "softplus":
      guard !isFloat32 else { return node("Softplus", [z]) }
      // max(x, 0) + log(1 + exp(-|x|)) overflows nowhere.
      let small = node("Exp", [node("Neg", [node("Abs", [z])])])
      return node("Add", [node("Relu", [z]), node("Log", [node("Add", [small, number(1)])])])
    case "elu":
      let alpha = values.number("alpha")
      guard !isFloat32 else { return node("Elu", [z], [.float("alpha", alpha)]) }
      let below = node("Sub", [node("Exp", [node("Min", [z, number(0)])]), number(1)])
      return node("Add", [node("Relu", [z]), node("Mul", [below, number(alpha)])])
    case "gelu":
      guard isFloat32 else {
        // relu(x) - |x|·q(|x|): what lies beyond |x| is taken from the larger side.
        let size = node("Abs", [z])
        return node("Sub", [node("Relu", [z]), node("Mul", [size, normalTail(of: size)])])
      }
      let scaled = node("Mul", [z, number(0.5.squareRoot())])
      let share = node("Add", [node("Erf", [scaled]), number(1)])
      return node("Mul", [node("Mul", [z, share]), number(0.5)])
    case "swish": return node("Mul", [z, node("Sigmoid", [z])])
    default:
      throw FormatError(
        "the activation \(layer.activation.name) has no counterpart in ONNX")
    }
  }

  private mutating func normalTail(of a: String) -> String {
    let third = node("Mul", [a, number(1.0 / 3)])
    let t = node("Div", [number(1), node("Add", [third, number(1)])])
    let place = node("Sub", [node("Mul", [t, number(2)]), number(1)])
    var sum = number(NormalTail.coefficients[NormalTail.coefficients.count - 1])
    for coefficient in NormalTail.coefficients.dropLast().reversed() {
      sum = node("Add", [node("Mul", [sum, place]), number(coefficient)])
    }
    let halfSquare = node("Mul", [node("Mul", [a, a]), number(0.5)])
    return node("Mul", [t, node("Exp", [node("Sub", [sum, halfSquare])])])
  }

  /// x from 0 on, slope·x below: relu(x) - slope·relu(-x).
  private mutating func bent(_ z: String, slope: String) -> String {
    let below = node("Mul", [node("Relu", [node("Neg", [z])]), slope])
    return node("Sub", [node("Relu", [z]), below])
  }
}
