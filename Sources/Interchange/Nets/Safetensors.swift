import Differentiation

/// Named arrays as the safetensors library keeps them: the length of a JSON header, the header,
/// the numbers without gaps.
package struct Safetensors: Hashable, Sendable {
  package struct Array: Hashable, Sendable {
    package let name: String
    package let shape: [Int]
    package let numbers: [Double]
    package let isFloat32: Bool

    package init(name: String, shape: [Int], numbers: [Double], isFloat32: Bool) {
      self.name = name
      self.shape = shape
      self.numbers = numbers
      self.isFloat32 = isFloat32
    }
  }

  package var arrays: [Array]
  package var metadata: [(name: String, text: String)] {
    metadataMembers.map { ($0.name, $0.value.text ?? "") }
  }
  private var metadataMembers: [JSON.Member]

  /// The library itself allows 100 MB.
  private static let longestHeader = 1 << 20
  private static let formats: [String: ElementType] = [
    "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64,
    "I32": .int32, "I16": .int16, "I8": .int8, "U64": .uint64, "U32": .uint32, "U16": .uint16,
    "U8": .uint8, "BOOL": .bool,
  ]

  package init(arrays: [Array], metadata: [(name: String, text: String)] = []) {
    self.arrays = arrays
    metadataMembers = metadata.map { JSON.Member($0.name, .text($0.text)) }
  }

  package subscript(metadata name: String) -> String? {
    metadataMembers.first { $0.name == name }?.value.text
  }

  // MARK: Reading

  /// - Throws: where the bytes are damaged, or larger than the budget.
  package init(_ bytes: [UInt8], budget: NumberBudget = .standard) throws(FormatError) {
    var budget = budget
    guard bytes.count >= 8 else { throw FormatError("this is no safetensors file", .offset(0)) }
    let length = ByteOrder.little.read(UInt64.self, from: bytes, at: 0)
    guard length <= UInt64(Self.longestHeader) else {
      throw FormatError("this is no safetensors file: a header of \(length) bytes", .offset(0))
    }
    let start = 8 + Int(length)
    guard start <= bytes.count else { throw FormatError("the header is cut off", .offset(8)) }
    guard length > 0, bytes[8] == 0x7B else {
      throw FormatError("the header does not start with {", .offset(8))
    }
    let header: JSON
    do throws(FormatError) {
      header = try JSON.parse(Swift.Array(bytes[8..<start]))
    } catch {
      if case .offset(let offset) = error.place {
        throw FormatError(error.message, .offset(offset + 8))
      }
      throw error
    }
    guard case .object(let members) = header else {
      throw FormatError("the header is no JSON object", .offset(8))
    }
    arrays = []
    metadataMembers = []
    var ranges: [(start: Int, end: Int, name: String)] = []
    for member in members {
      if member.name == "__metadata__" {
        guard case .object(let entries) = member.value,
          entries.allSatisfy({ $0.value.text != nil })
        else { throw FormatError("__metadata__ must map names to strings", .offset(8)) }
        metadataMembers = entries
        continue
      }
      let (array, range) = try Self.array(member, bytes, start, &budget)
      arrays.append(array)
      ranges.append((range.lowerBound, range.upperBound, member.name))
    }
    var end = 0
    for range in ranges.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      guard range.start == end else {
        throw FormatError(
          "\(visible(range.name)) starts at \(range.start), where \(end) was due",
          .offset(start + range.start))
      }
      end = range.end
    }
    guard start + end == bytes.count else {
      throw FormatError(
        "the header accounts for \(end) bytes of numbers, there are \(bytes.count - start)",
        .offset(start + min(end, bytes.count - start)))
    }
  }

  private static func array(
    _ member: JSON.Member, _ bytes: [UInt8], _ start: Int, _ budget: inout NumberBudget
  ) throws(FormatError) -> (Array, Range<Int>) {
    let name = visible(member.name)
    guard case .object(let fields) = member.value, fields.count == 3,
      let type = member.value["dtype"]?.text, let sizes = member.value["shape"]?.numbers,
      let offsets = member.value["data_offsets"]?.numbers, offsets.count == 2
    else {
      throw FormatError("\(name) must have dtype, shape and data_offsets", .offset(8))
    }
    guard let format = formats[type] else {
      throw FormatError("\(name) has the type \(visible(type)), which is not read", .offset(8))
    }
    let shape = sizes.compactMap { Int(exactly: $0) }
    guard shape.count == sizes.count, shape.allSatisfy({ $0 >= 0 }), shape.count <= 32,
      let size = byteCount(shape, width: format.width)
    else { throw FormatError("\(name) has an impossible shape", .offset(8)) }
    guard let from = Int(exactly: offsets[0]), let to = Int(exactly: offsets[1]), from >= 0,
      from <= to, to <= bytes.count - start
    else { throw FormatError("\(name) lies outside the file", .offset(8)) }
    guard to - from == size else {
      throw FormatError(
        "\(name) has \(to - from) bytes, its shape and type need \(size)", .offset(start + from))
    }
    try budget.charge(size / format.width, at: .offset(start + from))
    let numbers = try format.numbers(
      in: bytes, from: start + from, count: size / format.width)
    return (
      Array(name: member.name, shape: shape, numbers: numbers, isFloat32: format == .float32),
      from..<to
    )
  }

  // MARK: Writing

  /// - Throws: where a name stands twice, or the file would be too large.
  package func bytes() throws(FormatError) -> [UInt8] {
    var members: [JSON.Member] = []
    if !metadataMembers.isEmpty {
      members.append(JSON.Member("__metadata__", .object(metadataMembers)))
    }
    var data: [UInt8] = []
    // Wider numbers first, as the library itself orders them: all stay aligned.
    for array in arrays.filter({ !$0.isFloat32 }) + arrays.filter({ $0.isFloat32 }) {
      let from = data.count
      ElementType.append(array.numbers, asFloat32: array.isFloat32, to: &data)
      members.append(
        JSON.Member(
          array.name,
          .object([
            JSON.Member("dtype", .text(array.isFloat32 ? "F32" : "F64")),
            JSON.Member("shape", .list(array.shape.map { .number(Double($0)) })),
            JSON.Member(
              "data_offsets", .list([.number(Double(from)), .number(Double(data.count))])),
          ])))
    }
    var header = try JSON.object(members).bytes()
    header += Swift.Array(repeating: 0x20, count: (8 - header.count % 8) % 8)
    guard header.count <= Self.longestHeader else {
      throw FormatError("the names and descriptions of the arrays are too long")
    }
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(header.count))
    return bytes + header + data
  }
}
