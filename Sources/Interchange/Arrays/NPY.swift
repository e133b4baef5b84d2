import Differentiation
import Learning

/// Arrays in NumPy's format (NEP 1): a header that is a Python literal, then the numbers.
package enum NPY {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// NumPy itself refuses longer headers.
  private static let longestHeader = 10_000

  /// - Throws: where the bytes are no array of numbers, or larger than the budget.
  package static func array(
    _ bytes: [UInt8], budget: NumberBudget = .standard
  ) throws(FormatError) -> NumberArray {
    var budget = budget
    return try array(bytes, charging: &budget)
  }

  static func array(
    _ bytes: [UInt8], charging budget: inout NumberBudget
  ) throws(FormatError) -> NumberArray {
    guard bytes.count >= 10, bytes.starts(with: magic) else {
      throw FormatError("this is no .npy file", .offset(0))
    }
    let version = bytes[6]
    guard (1...3).contains(version), bytes[7] == 0 else {
      throw FormatError("version \(version).\(bytes[7]) of the format is not known", .offset(6))
    }
    let start = version == 1 ? 10 : 12
    guard bytes.count >= start else { throw FormatError("the header is cut off", .offset(8)) }
    let length =
      version == 1
      ? Int(ByteOrder.little.read(UInt16.self, from: bytes, at: 8))
      : Int(clamping: ByteOrder.little.read(UInt32.self, from: bytes, at: 8))
    guard length <= longestHeader else {
      throw FormatError("the header has \(length) bytes", .offset(8))
    }
    guard bytes.count >= start + length else {
      throw FormatError("the header is cut off", .offset(bytes.count))
    }
    let header = try PythonHeader(bytes[start..<start + length])
    guard let size = byteCount(header.shape, width: header.format.width) else {
      throw FormatError("the shape \(listed(header.shape)) is too large", .offset(start))
    }
    let count = size / header.format.width
    // Rows of nothing count as two numbers each, as everywhere.
    let (rows, overflows) = (header.shape.first ?? 1).multipliedReportingOverflow(by: 2)
    try budget.charge(count > 0 ? count : overflows ? .max : rows, at: .offset(start))
    guard bytes.count - start - length >= size else {
      throw FormatError(
        "the header promises \(size) bytes of numbers, there are \(bytes.count - start - length)",
        .offset(start + length))
    }
    let numbers = try header.format.numbers(
      in: bytes, from: start + length, count: count, header.order)
    return NumberArray(
      shape: header.shape,
      numbers: header.isColumnMajor ? rowMajor(numbers, header.shape) : numbers)
  }

  /// Numbers stored with the first index running fastest, put into rows.
  private static func rowMajor(_ numbers: [Double], _ shape: [Int]) -> [Double] {
    guard shape.count > 1, !numbers.isEmpty else { return numbers }
    var strides: [Int] = []
    var stride = 1
    for count in shape {
      strides.append(stride)
      stride *= count
    }
    var result: [Double] = []
    result.reserveCapacity(numbers.count)
    var index = Array(repeating: 0, count: shape.count)
    for _ in numbers.indices {
      result.append(numbers[zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }])
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
        axis -= 1
      }
    }
    return result
  }

  /// A file of version 1.0 with the data, of any shape and row by row, aligned to 64 bytes.
  package static func bytes(_ tensor: Tensor, asFloat32: Bool = false) -> [UInt8] {
    let shape =
      switch tensor.shape {
      case .scalar: "()"
      case .vector(let count): "(\(count),)"
      case .matrix(let rows, let columns): "(\(rows), \(columns))"
      }
    let descr = asFloat32 ? "<f4" : "<f8"
    var header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }"
    let used = 10 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - used % 64) % 64) + "\n"
    var bytes = magic + [1, 0]
    bytes.append(littleEndian: UInt16(header.utf8.count))
    bytes += header.utf8
    ElementType.append(tensor.elements, asFloat32: asFloat32, to: &bytes)
    return bytes
  }
}

/// The dictionary in front of the numbers, read as the small part of Python it needs.
private struct PythonHeader {
  var format = ElementType.float64
  var order = ByteOrder.little
  var isColumnMajor = false
  var shape: [Int] = []

  private enum Value {
    case text(String)
    case truth(Bool)
    case numbers([Int])
  }

  init(_ header: ArraySlice<UInt8>) throws(FormatError) {
    var reader = Reader(rest: header)
    var values: [String: Value] = [:]
    try reader.expect("{")
    while !reader.takes("}") {
      let key = try reader.text()
      try reader.expect(":")
      guard values[key] == nil else {
        throw FormatError("the header says \(visible(key)) twice", reader.place)
      }
      values[key] = try reader.value()
      if !reader.takes(",") {
        try reader.expect("}")
        break
      }
    }
    guard case .text(let descr)? = values["descr"],
      case .truth(let order)? = values["fortran_order"],
      case .numbers(let shape)? = values["shape"], values.count == 3
    else {
      throw FormatError(
        "the header must say descr, fortran_order and shape", .offset(header.startIndex))
    }
    guard shape.count <= 32 else {
      throw FormatError("an array of \(shape.count) axes is not read", .offset(header.startIndex))
    }
    isColumnMajor = order
    self.shape = shape
    try readType(descr, .offset(header.startIndex))
  }

  private mutating func readType(_ descr: String, _ place: FormatError.Place) throws(FormatError) {
    let formats: [String: ElementType] = [
      "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32,
      "i8": .int64, "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64, "b1": .bool,
    ]
    guard let first = descr.first, let format = formats[String(descr.dropFirst())],
      "<>|=".contains(first), first != "|" || format.width == 1
    else {
      throw FormatError(
        "arrays of type \(visible(descr)) are not read", place,
        help: ["convert it with astype(\"float64\") before np.save"])
    }
    self.format = format
    self.order = first == ">" ? .big : .little
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    var place: FormatError.Place { .offset(rest.startIndex) }

    private mutating func skipBlanks() {
      rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
    }

    mutating func takes(_ character: Character) -> Bool {
      skipBlanks()
      guard rest.first == character.asciiValue else { return false }
      rest = rest.dropFirst()
      return true
    }

    mutating func expect(_ character: Character) throws(FormatError) {
      guard takes(character) else {
        throw FormatError("the header is broken: \(character) is missing", place)
      }
    }

    mutating func text() throws(FormatError) -> String {
      skipBlanks()
      guard let quote = rest.first, quote == 0x27 || quote == 0x22,
        let end = rest.dropFirst().firstIndex(of: quote)
      else { throw FormatError("the header is broken: a string is missing", place) }
      defer { rest = rest[(end + 1)...] }
      return String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
    }

    mutating func value() throws(FormatError) -> Value {
      skipBlanks()
      for (word, truth) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
        rest = rest.dropFirst(word.utf8.count)
        return .truth(truth)
      }
      guard takes("(") else { return .text(try text()) }
      var numbers: [Int] = []
      while !takes(")") {
        skipBlanks()
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
          throw FormatError("the shape is broken", place)
        }
        rest = rest.dropFirst(digits.count)
        numbers.append(number)
        // Python 2 wrote long integers with an L.
        _ = takes("L")
        if !takes(",") {
          try expect(")")
          break
        }
      }
      return .numbers(numbers)
    }
  }
}
