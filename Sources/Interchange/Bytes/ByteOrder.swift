import Differentiation

/// Whole numbers in bytes, lowest or highest byte first.
enum ByteOrder: Hashable, Sendable {
  case little, big

  /// - Precondition: the bytes from `offset` on are there.
  func read<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self, from bytes: [UInt8], at offset: Int
  ) -> Number {
    let number = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
    return self == .little ? Number(littleEndian: number) : Number(bigEndian: number)
  }
}

extension [UInt8] {
  mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}

/// The size in bytes of `counts` multiplied with each other and `width`, nil beyond what fits.
func byteCount(_ counts: [Int], width: Int) -> Int? {
  var product = width
  for count in counts {
    let (next, overflows) = product.multipliedReportingOverflow(by: count)
    if overflows || count < 0 { return nil }
    product = next
  }
  return product
}

/// How the numbers of an array are stored.
enum ElementType: String, Hashable, Sendable {
  case float16, float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool
  case bfloat16

  var width: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// The numbers as binary64.
  /// - Precondition: the bytes are there.
  /// - Throws: for a whole number that binary64 cannot hold.
  func numbers(
    in bytes: [UInt8], from start: Int, count: Int, _ order: ByteOrder = .little
  ) throws(FormatError) -> [Double] {
    func read<Number: FixedWidthInteger>(_: Number.Type) -> [Number] {
      var numbers = [Number](repeating: 0, count: count)
      Interruption.pieces(count) { piece in
        for place in piece { numbers[place] = order.read(from: bytes, at: start + place * width) }
      }
      return numbers
    }
    func exact<Number: FixedWidthInteger>(_ numbers: [Number]) throws(FormatError) -> [Double] {
      if let place = numbers.firstIndex(where: { Double(exactly: $0) == nil }) {
        throw FormatError(
          "\(numbers[place]) is a whole number with too many digits for binary64",
          .offset(start + place * width))
      }
      return numbers.map { Double($0) }
    }
    switch self {
    case .float64: return read(UInt64.self).map { Double(bitPattern: $0) }
    case .float32: return read(UInt32.self).map { Double(Float(bitPattern: $0)) }
    case .float16: return read(UInt16.self).map { Self.widened($0) }
    case .bfloat16: return read(UInt16.self).map { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .int8: return read(Int8.self).map { Double($0) }
    case .int16: return read(Int16.self).map { Double($0) }
    case .int32: return read(Int32.self).map { Double($0) }
    case .int64: return try exact(read(Int64.self))
    case .uint8: return bytes[start..<start + count].map { Double($0) }
    case .uint16: return read(UInt16.self).map { Double($0) }
    case .uint32: return read(UInt32.self).map { Double($0) }
    case .uint64: return try exact(read(UInt64.self))
    case .bool: return bytes[start..<start + count].map { $0 == 0 ? 0 : 1 }
    }
  }

  /// A binary16 number, without needing the processor to know that format.
  private static func widened(_ bits: UInt16) -> Double {
    let sign: Double = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * (1 + fraction * 0x1p-10)
        * Double(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }

  /// Writes numbers as binary32 or binary64, lowest byte first.
  static func append(_ numbers: [Double], asFloat32: Bool, to bytes: inout [UInt8]) {
    bytes.reserveCapacity(bytes.count + numbers.count * (asFloat32 ? 4 : 8))
    Interruption.pieces(numbers.count) { piece in
      for place in piece {
        if asFloat32 {
          bytes.append(littleEndian: Float(numbers[place]).bitPattern)
        } else {
          bytes.append(littleEndian: numbers[place].bitPattern)
        }
      }
    }
  }
}
