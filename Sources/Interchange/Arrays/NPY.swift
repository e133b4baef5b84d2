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
    let (header, start) = try header(of: bytes)
    guard case .numbers(let type, let order) = header.type else {
      throw FormatError("the array holds no numbers", .offset(start))
    }
    return try numbers(bytes, header, type, order, from: start, &budget)
  }

  /// What an array holds: numbers, texts as a list, or records as their columns by name.
  /// - Throws: where the bytes are no array of these, or larger than the budget.
  static func content(
    _ bytes: [UInt8], charging budget: inout NumberBudget
  ) throws(FormatError) -> FileContent {
    let (header, start) = try header(of: bytes)
    switch header.type {
    case .numbers(let type, let order):
      return .numbers(try numbers(bytes, header, type, order, from: start, &budget).tensor)
    case .texts(let texts):
      let count = try itemCount(bytes, header, from: start, &budget)
      let list = texts.read(bytes, from: start, count: count, step: texts.width)
      return .document(
        nested(header.isColumnMajor ? rowMajor(list, header.shape) : list, header.shape))
    case .records(let fields):
      let count = try itemCount(bytes, header, from: start, &budget)
      return .record(try columns(bytes, fields, header, from: start, count: count))
    }
  }

  /// Bytes in which every header ends.
  static var mostHeaderBytes: Int { 12 + longestHeader }

  static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// The header, and where the items begin.
  static func header(
    of bytes: [UInt8]
  ) throws(FormatError) -> (ArrayHeader, start: Int) {
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
    return (try ArrayHeader(bytes[start..<start + length]), start + length)
  }

  /// The number of items, charged.
  private static func itemCount(
    _ bytes: [UInt8], _ header: ArrayHeader, from start: Int, _ budget: inout NumberBudget
  ) throws(FormatError) -> Int {
    let width = header.type.width
    guard let size = byteCount(header.shape, width: max(width, 1)) else {
      throw FormatError("the shape \(listed(header.shape)) is too large", .offset(start))
    }
    let count = size / max(width, 1)
    // Rows of nothing count as two numbers each, as everywhere; of a text every character counts.
    let (rows, overflows) = (header.shape.first ?? 1).multipliedReportingOverflow(by: 2)
    let numbers = max(count, size / MemoryLayout<Double>.stride)
    try budget.charge(count > 0 ? numbers : overflows ? .max : rows, at: .offset(start))
    guard bytes.count - start >= count * width else {
      throw FormatError(
        "the header promises \(size) bytes of numbers, there are \(bytes.count - start)",
        .offset(start))
    }
    return count
  }

  private static func numbers(
    _ bytes: [UInt8], _ header: ArrayHeader, _ type: ElementType, _ order: ByteOrder,
    from start: Int, _ budget: inout NumberBudget
  ) throws(FormatError) -> NumberArray {
    let count = try itemCount(bytes, header, from: start, &budget)
    let numbers = try type.numbers(in: bytes, from: start, count: count, order)
    return NumberArray(
      shape: header.shape,
      numbers: header.isColumnMajor ? rowMajor(numbers, header.shape) : numbers)
  }

  /// A list of lists, as the shape has it.
  private static func nested(_ texts: [String], _ shape: [Int]) -> JSON {
    guard shape.count > 1, let rows = shape.first, rows > 0 else {
      return shape.isEmpty ? .text(texts.first ?? "") : .list(texts.map { .text($0) })
    }
    let width = texts.count / rows
    return .list(
      (0..<rows).map { .list(texts[$0 * width..<($0 + 1) * width].map { .text($0) }) })
  }

  /// The columns of records, each an array of its own.
  private static func columns(
    _ bytes: [UInt8], _ fields: [ArrayHeader.Field], _ header: ArrayHeader, from start: Int,
    count: Int
  ) throws(FormatError) -> [(name: String, content: FileContent)] {
    let step = header.type.width
    var columns: [(name: String, content: FileContent)] = []
    for field in fields {
      let first = start + field.offset
      switch field.type {
      case .texts(let texts):
        let list = texts.read(bytes, from: first, count: count, step: step)
        columns.append((field.name, .document(.list(list.map { .text($0) }))))
      case .numbers(let type, let order):
        // Of each record the bytes of this field.
        let width = type.width * field.count
        var packed: [UInt8] = []
        packed.reserveCapacity(count * width)
        for item in 0..<count { packed += bytes[first + item * step..<first + item * step + width] }
        let numbers = try type.numbers(in: packed, from: 0, count: count * field.count, order)
        columns.append(
          (field.name, .numbers(NumberArray(shape: [count] + field.shape, numbers: numbers).tensor))
        )
      case .records:
        throw FormatError("\(visible(field.name)) holds records of its own", .offset(first))
      }
    }
    return columns
  }

  /// Items stored with the first index running fastest, put into rows.
  private static func rowMajor<Item>(_ numbers: [Item], _ shape: [Int]) -> [Item] {
    guard shape.count > 1, !numbers.isEmpty else { return numbers }
    var strides: [Int] = []
    var stride = 1
    for count in shape {
      strides.append(stride)
      stride *= count
    }
    var result: [Item] = []
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
