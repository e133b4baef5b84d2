import Differentiation
import Learning

/// Arrays as the MNIST files hold them, packed with gzip or not.
package enum IDX {
  private static let formats: [UInt8: ElementType] = [
    8: .uint8, 9: .int8, 11: .int16, 12: .int32, 13: .float32, 14: .float64,
  ]

  /// - Throws: where the bytes are no array of numbers, or larger than the budget.
  package static func array(
    _ bytes: [UInt8], budget: NumberBudget = .standard
  ) throws(FormatError) -> NumberArray {
    guard bytes.starts(with: [0x1F, 0x8B]) else { return try plain(bytes, budget) }
    let inflation = try Inflation.required(at: .offset(0))
    // The header tells how much is to come: no more than that is unpacked.
    let start = try inflation.unpacked(bytes[...], .gzip, limit: 4 + 4 * 255)
    let header = try Header(start.bytes, budget)
    let content = try inflation.unpacked(
      bytes[...], .gzip, limit: header.size, expected: header.size)
    guard !content.goesOn else {
      throw FormatError("the file goes on behind its \(header.size) bytes", .offset(0))
    }
    return try plain(content.bytes, budget)
  }

  private static func plain(
    _ bytes: [UInt8], _ budget: NumberBudget
  ) throws(FormatError) -> NumberArray {
    let header = try Header(bytes, budget)
    guard bytes.count == header.size else {
      throw FormatError(
        "the header promises \(header.size) bytes, the file has \(bytes.count)",
        .offset(min(bytes.count, header.size)))
    }
    return NumberArray(
      shape: header.shape,
      numbers: try header.format.numbers(
        in: bytes, from: header.length, count: (header.size - header.length) / header.format.width,
        .big))
  }

  struct Header {
    let format: ElementType
    let shape: [Int]
    var length: Int { 4 + 4 * shape.count }
    /// Bytes of the whole file.
    let size: Int

    init(_ bytes: [UInt8], _ budget: NumberBudget) throws(FormatError) {
      guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, let format = formats[bytes[2]] else {
        throw FormatError("this is no IDX file", .offset(0))
      }
      let rank = Int(bytes[3])
      guard (1...8).contains(rank) else {
        throw FormatError("an array of \(rank) axes is not read", .offset(3))
      }
      guard bytes.count >= 4 + 4 * rank else {
        throw FormatError("the header is cut off", .offset(bytes.count))
      }
      self.format = format
      shape = (0..<rank).map {
        Int(clamping: ByteOrder.big.read(UInt32.self, from: bytes, at: 4 + 4 * $0))
      }
      guard let payload = byteCount(shape, width: format.width) else {
        throw FormatError("the shape \(listed(shape)) is too large", .offset(4))
      }
      var budget = budget
      try budget.charge(payload / format.width, at: .offset(4))
      size = 4 + 4 * rank + payload
    }
  }

  /// The pixels of images by row and column; none for samples that are no images.
  static func featureNames(_ shape: [Int]) -> [String] {
    guard shape.count == 3, shape[2] > 0 else { return [] }
    return (0..<shape[1] * shape[2]).map { "p\($0 / shape[2] + 1)_\($0 % shape[2] + 1)" }
  }

  /// Images and their labels as a data set of classes.
  /// - Parameter images: samples × …; the axes behind the first become features.
  /// - Throws: where images and labels do not fit each other.
  package static func data(
    images: NumberArray, labels: NumberArray, title: String
  ) throws(FormatError) -> DataSet {
    guard let count = images.shape.first, count > 0, !images.numbers.isEmpty else {
      throw FormatError("there are no images")
    }
    guard labels.shape == [count] else {
      throw FormatError(
        "there are \(count) images, but labels of the shape \(listed(labels.shape))")
    }
    let values = Set(labels.numbers).sorted()
    guard values.count <= 10_000 else { throw FormatError("these are no labels of classes") }
    let places = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0 + 1) })
    let features = images.numbers.count / count
    let names = featureNames(images.shape)
    do {
      return try DataSet(
        title: title, x: Tensor(.matrix(count, features), images.numbers),
        target: .classes(
          numbers: labels.numbers.map { places[$0] ?? 1 },
          names: values.map { Int64(exactly: $0).map { String($0) } ?? "\($0)" }),
        featureNames: names, targetNames: ["label"])
    } catch { throw FormatError(error.message, help: error.help) }
  }
}
