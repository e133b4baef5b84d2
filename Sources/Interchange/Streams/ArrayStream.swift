import Differentiation
import Learning

/// Rows of arrays of NumPy and in the format of MNIST, read where they lie.
package struct ArrayStream {
  private let file: OpenFile
  private let type: ElementType
  private let order: ByteOrder
  private let start: Int
  /// Samples × …
  package let shape: [Int]
  /// Whether it is in the format of MNIST, whose labels are classes.
  package let isIDX: Bool

  package enum Kind: Sendable { case npy, idx, packed, other }

  /// What a file begins as.
  /// - Throws: where it cannot be read.
  package static func kind(of file: OpenFile) throws(LearningError) -> Kind {
    let start = try firstBytes(of: file, 16)
    if start.starts(with: [0x1F, 0x8B]) { return .packed }
    if NPY.begins(start) { return .npy }
    let isIDX =
      start.count >= 4 && start[0] == 0 && start[1] == 0 && (8...14).contains(start[2])
      && (1...8).contains(start[3])
    return isIDX ? .idx : .other
  }

  private static func firstBytes(of file: OpenFile, _ most: Int) throws(LearningError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(most, file.size))
    try file.read(0, into: &bytes, at: bytes.indices)
    return bytes
  }

  /// - Throws: where the file is no array of numbers that lie row by row, or shorter than it says.
  package init(_ file: OpenFile) throws(FormatError) {
    self.file = file
    let isIDX: Bool
    let bytes: [UInt8]
    do throws(LearningError) {
      isIDX = try Self.kind(of: file) == .idx
      bytes = try Self.firstBytes(of: file, NPY.mostHeaderBytes)
    } catch { throw FormatError(error) }
    self.isIDX = isIDX
    if isIDX {
      let header = try IDX.Header(bytes, NumberBudget(.max))
      guard file.size == header.size else {
        throw FormatError(
          "the header promises \(header.size) bytes, the file has \(file.size)",
          .offset(min(file.size, header.size)))
      }
      (type, order, start, shape) = (header.format, .big, header.length, header.shape)
    } else {
      let (header, first) = try NPY.header(of: bytes)
      guard case .numbers(let type, let order) = header.type else {
        throw FormatError("the array holds no numbers", .offset(first))
      }
      guard !header.isColumnMajor || header.shape.count < 2 else {
        throw FormatError(
          "the array lies column by column, and rows are read where they lie", .offset(first),
          help: ["np.save(\"file.npy\", np.ascontiguousarray(x)) writes it row by row"])
      }
      guard let size = byteCount(header.shape, width: type.width), size <= file.size - first else {
        throw FormatError(
          "the header promises more numbers than there are: the file has \(file.size) bytes",
          .offset(first))
      }
      (self.type, self.order, start, shape) = (type, order, first, header.shape)
    }
    guard !shape.isEmpty, count > 0, width > 0 else {
      throw FormatError("the array has no rows: its shape is \(listed(shape))")
    }
  }

  package var count: Int { shape.first ?? 0 }
  /// Numbers a row.
  package var width: Int { byteCount(Array(shape.dropFirst()), width: 1) ?? 0 }

  private var rows: NumberRows {
    NumberRows(file, type, order, from: start, count: count, width: width)
  }

  // MARK: Sources

  /// The samples with the columns of this array, from 0, as their targets.
  package func source(targets columns: [Int]) -> RowSource {
    let (rows, width, title) = (rows, width, file.title)
    let isTarget = Set(columns)
    let features = (0..<width).filter { !isTarget.contains($0) }
    return RowSource(title: title, origin: title, count: count) { places throws(LearningError) in
      let numbers = try rows.read(places)
      func part(_ columns: [Int]) -> Tensor {
        var part: [Double] = []
        part.reserveCapacity(places.count * columns.count)
        for start in stride(from: 0, to: numbers.count, by: width) {
          for column in columns { part.append(numbers[start + column]) }
        }
        return Tensor(.matrix(places.count, columns.count), part)
      }
      return try DataSet(title: title, x: part(features), target: .values(part(columns)))
    }
  }

  /// The samples with those of another array as their targets; labels in the format of MNIST are
  /// classes.
  /// - Throws: where the arrays do not fit each other.
  package func source(targets: ArrayStream) throws(FormatError) -> RowSource {
    guard count == targets.count else {
      throw FormatError(
        "there are \(counted(count, "sample")), but \(counted(targets.count, "row")) of targets in"
          + " \(visible(targets.file.title))")
    }
    let (x, t, title) = (rows, targets.rows, file.title)
    guard targets.isIDX else {
      return RowSource(title: title, origin: title, count: count) { places throws(LearningError) in
        try DataSet(
          title: title, x: Tensor(.matrix(places.count, x.width), try x.read(places)),
          target: .values(Tensor(.matrix(places.count, t.width), try t.read(places))))
      }
    }
    guard targets.shape.count == 1 else {
      throw FormatError(
        "there are \(count) images, but labels of the shape \(listed(targets.shape))")
    }
    let labels = try targets.labels()
    guard labels.count <= DataSet.mostClasses else {
      throw FormatError("these are no labels of classes")
    }
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0 + 1) })
    let classNames = labels.map { Int64(exactly: $0).map { String($0) } ?? "\($0)" }
    let names = IDX.featureNames(shape)
    return RowSource(title: title, origin: title, count: count) { rows throws(LearningError) in
      try DataSet(
        title: title, x: Tensor(.matrix(rows.count, x.width), try x.read(rows)),
        target: .classes(
          numbers: try t.read(rows).map { places[$0] ?? 1 }, names: classNames),
        featureNames: names, targetNames: ["label"])
    }
  }

  /// All different numbers in ascending order.
  private func labels() throws(FormatError) -> [Double] {
    var found: Set<Double> = []
    let size = 1 << 16
    for start in stride(from: 0, to: count, by: size) {
      let places = (start..<min(count, start + size)).map { Int32(truncatingIfNeeded: $0) }
      do throws(LearningError) { found.formUnion(try rows.read(places)) } catch {
        throw FormatError(error)
      }
      if found.count > DataSet.mostClasses { break }
    }
    return found.sorted()
  }
}
