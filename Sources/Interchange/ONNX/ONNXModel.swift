import Differentiation
import Learning

/// An ONNX model as its file says it; field numbers as in `onnx.proto`.
struct ONNXModel {
  /// What is applied to values, under names of the graph.
  struct Operation {
    let type: String
    let inputs: [String]
    let outputs: [String]
    let attributes: ONNXAttributes
    let place: FormatError.Place
    private let name: String

    init(_ fields: ProtobufFields) throws(FormatError) {
      type = fields.text(4) ?? ""
      name = fields.text(3) ?? ""
      inputs = fields.names(1)
      outputs = fields.names(2)
      attributes = try ONNXAttributes(fields.all(5))
      place = .offset(fields.start)
    }

    /// As errors call it: `Sub (/net/Sub_1)`.
    var title: String { name.isEmpty ? visible(type) : "\(visible(type)) (\(visible(name)))" }

    func error(_ message: String, help: [String] = []) -> FormatError {
      FormatError("\(title): \(message)", place, help: help)
    }
  }

  struct Input {
    let name: String
    /// Sizes of the axes, nil where any will do; nil where the file says nothing of them.
    let axes: [Int?]?
    let holdsTexts: Bool
  }

  let operations: [Operation]
  let constants: [String: ONNXConstant]
  let inputs: [Input]
  let outputs: [String]
  let properties: [String: String]
  /// Whether numbers are of 64 bits.
  let isFloat64: Bool

  /// - Throws: where the bytes are no ONNX model.
  init(_ bytes: [UInt8], budget: inout NumberBudget) throws(FormatError) {
    let model = try ProtobufFields(bytes[...])
    guard let version = model.number(1), let content = model.all(7).last else {
      throw FormatError("this is no ONNX model", .offset(0))
    }
    guard (3...13).contains(version) else {
      throw FormatError("version \(version) of ONNX is not known", .offset(0))
    }
    let graph = try ProtobufFields(content)
    var constants: [String: ONNXConstant] = [:]
    for content in graph.all(5) {
      let fields = try ProtobufFields(content)
      let name = fields.text(8) ?? ""
      guard
        constants.updateValue(try ONNXConstant(fields, &budget), forKey: name) == nil
      else { throw FormatError("two arrays are called \(visible(name))", .offset(fields.start)) }
    }
    var operations: [Operation] = []
    for content in graph.all(1) { operations.append(try Operation(ProtobufFields(content))) }
    var inputs: [Input] = []
    for content in graph.all(11) {
      let fields = try ProtobufFields(content)
      guard let name = fields.text(1), constants[name] == nil else { continue }
      let (axes, type) = try Self.tensor(of: fields)
      inputs.append(Input(name: name, axes: axes, holdsTexts: type == ONNXConstant.textType))
    }
    var outputs: [String] = []
    for content in graph.all(12) {
      if let name = try ProtobufFields(content).text(1) { outputs.append(name) }
    }
    var properties: [String: String] = [:]
    for content in model.all(14) {
      let entry = try ProtobufFields(content)
      if let name = entry.text(1) { properties[name] = entry.text(2) }
    }
    (self.operations, self.constants) = (operations, constants)
    (self.inputs, self.outputs, self.properties) = (inputs, outputs, properties)
    isFloat64 = constants.values.contains { $0.type == .float64 && $0.shape.count == 2 }
  }

  /// The axes of the tensor that a value is declared to be, and the number of its type.
  private static func tensor(
    of value: ProtobufFields
  ) throws(FormatError) -> (axes: [Int?]?, type: Int?) {
    guard let type = value.all(2).last, let tensor = try ProtobufFields(type).all(1).last else {
      return (nil, nil)
    }
    let fields = try ProtobufFields(tensor)
    guard let shape = fields.all(2).last else { return (nil, fields.number(1)) }
    var axes: [Int?] = []
    for content in try ProtobufFields(shape).all(1) {
      let size = try ProtobufFields(content).number(1)
      axes.append(size.flatMap { $0 > 0 ? $0 : nil })
    }
    return (axes, fields.number(1))
  }
}

/// The attributes of an operation, by name.
struct ONNXAttributes {
  private let fields: [String: ProtobufFields]

  init(_ contents: [ArraySlice<UInt8>]) throws(FormatError) {
    var fields: [String: ProtobufFields] = [:]
    for content in contents {
      let attribute = try ProtobufFields(content)
      fields[attribute.text(1) ?? ""] = attribute
    }
    self.fields = fields
  }

  var names: [String] { fields.keys.sorted() }

  func number(_ name: String) -> Int? { fields[name]?.number(3) }
  func text(_ name: String) -> String? { fields[name]?.text(4) }
  func texts(_ name: String) -> [String] { fields[name]?.names(9) ?? [] }
  func numbers(_ name: String) throws(FormatError) -> [Int]? { try fields[name]?.numbers(8) }
  func tensor(_ name: String) throws(FormatError) -> ProtobufFields? {
    guard let content = fields[name]?.all(5).last else { return nil }
    return try ProtobufFields(content)
  }

  /// A setting as it was meant: the shortest decimal that rounds to its 32 bits.
  func setting(_ name: String) -> Double? {
    fields[name]?.float(2).map { Double("\($0)") ?? Double($0) }
  }

  func floats(_ name: String) throws(FormatError) -> [Double]? {
    guard let bytes = fields[name]?.packed(7, width: 4) else { return nil }
    return try ElementType.float32.numbers(in: bytes, from: 0, count: bytes.count / 4)
  }

  /// Equal for attributes that say the same, however they are written.
  func says(_ other: ONNXAttributes) throws(FormatError) -> Bool {
    guard names == other.names else { return false }
    for name in names {
      guard number(name) == other.number(name), text(name) == other.text(name),
        setting(name) == other.setting(name), try numbers(name) == other.numbers(name),
        try floats(name) == other.floats(name), texts(name) == other.texts(name)
      else { return false }
    }
    return true
  }
}

/// An array of numbers or texts that a model holds.
struct ONNXConstant {
  let type: ElementType?
  let shape: [Int]
  let numbers: [Double]
  /// Nil for numbers.
  let texts: [String]?

  /// Whether it holds whole numbers by its type: places, sizes, labels.
  var isWhole: Bool { type.map { !Self.fractional.contains($0) } ?? false }
  private static let fractional: Set<ElementType> = [.float16, .bfloat16, .float32, .float64]

  init(_ numbers: [Double], shape: [Int], type: ElementType? = .float32) {
    (self.type, self.shape, self.numbers, texts) = (type, shape, numbers, nil)
  }

  init(texts: [String], shape: [Int]) {
    (type, self.shape, numbers, self.texts) = (nil, shape, [], texts)
  }

  init(whole numbers: [Int]) {
    self.init(numbers.map { Double($0) }, shape: [numbers.count], type: .int64)
  }

  /// What a size stands for that is the number of rows.
  static let rows = Double.nan

  private static let types: [Int: ElementType] = [
    1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool,
    10: .float16, 11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16,
  ]
  static let textType = 8

  /// The type that an operation casts to; nil for texts.
  static func type(numbered number: Int) -> ElementType? { types[number] }

  /// From a message `TensorProto`.
  /// - Throws: where the numbers are not those the shape needs, or lie elsewhere.
  init(_ fields: ProtobufFields, _ budget: inout NumberBudget) throws(FormatError) {
    let place = FormatError.Place.offset(fields.start)
    guard fields.all(13).isEmpty, fields.number(14) ?? 0 == 0 else {
      throw FormatError(
        "the numbers lie in another file, which is not read", place,
        help: ["save the model with its numbers inside"])
    }
    let shape = try fields.numbers(1)
    let number = fields.number(2) ?? 0
    if number == Self.textType {
      let texts = fields.names(6)
      guard byteCount(shape, width: 1) == texts.count else {
        throw FormatError("\(texts.count) texts for the shape \(listed(shape))", place)
      }
      try budget.charge(texts.count, at: place)
      self.init(texts: texts, shape: shape)
      return
    }
    guard let type = Self.types[number] else {
      throw FormatError("arrays of type \(number) are not read", place)
    }
    guard let size = byteCount(shape, width: type.width) else {
      throw FormatError("the shape \(listed(shape)) is too large", place)
    }
    let count = size / type.width
    try budget.charge(count, at: place)
    let raw: [UInt8]
    if let bytes = fields.all(9).last {
      raw = Array(bytes)
    } else if type == .float32 || type == .float64 {
      raw = fields.packed(type == .float32 ? 4 : 10, width: type.width)
    } else {
      let numbers = try fields.numbers(Self.wideFields[type] ?? 5)
      guard numbers.count == count else {
        throw FormatError("\(numbers.count) numbers for the shape \(listed(shape))", place)
      }
      guard type == .float16 || type == .bfloat16 else {
        self.init(numbers.map { Double($0) }, shape: shape, type: type)
        return
      }
      // Their bits, each in a number of its own.
      var bits: [UInt8] = []
      for number in numbers { bits.append(littleEndian: UInt16(truncatingIfNeeded: number)) }
      raw = bits
    }
    guard raw.count == size else {
      throw FormatError("\(raw.count) bytes of numbers where \(listed(shape)) needs \(size)", place)
    }
    guard type == .int64 else {
      self.init(try type.numbers(in: raw, from: 0, count: count), shape: shape, type: type)
      return
    }
    // "To the end" is written as the largest whole number, which may be rounded here.
    let numbers = (0..<count).map { place -> Double in
      let number: Int64 = ByteOrder.little.read(from: raw, at: place * type.width)
      return Double(number)
    }
    self.init(numbers, shape: shape, type: type)
  }

  /// Where whole numbers stand that are not among those of 32 bits.
  private static let wideFields: [ElementType: Int] = [.int64: 7, .uint32: 11, .uint64: 11]
}

extension ProtobufFields {
  func names(_ field: Int) -> [String] { all(field).map { String(decoding: $0, as: UTF8.self) } }

  /// Numbers of fixed width, each a field of its own or all packed in one, as bytes.
  func packed(_ field: Int, width: Int) -> [UInt8] {
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
