import Differentiation
import Interchange
import Learning

extension FileFormat {
  /// Tables of text are also read piece by piece and by two threads, which must not be seen.
  func checkTable(_ bytes: [UInt8], _ format: CSVOptions) throws {
    let table = try CSVReader.table(bytes, format)
    var options = format
    options.plan = table.plan
    try Self.checkPieces(bytes, options, table)
    try checkWriting(table, format)
  }

  private static func checkPieces(
    _ bytes: [UInt8], _ options: CSVOptions, _ table: CSVTable
  ) throws {
    var thresholds = CSVReader.Thresholds()
    thresholds.sample = bytes.count / 2
    thresholds.shared = 64
    thresholds.estimated = 2
    let reader = CSVReader(options, expectedSize: bytes.count, thresholds: thresholds)
    let piece = 1 + bytes.count % 97
    do {
      for start in stride(from: 0, to: bytes.count, by: piece) {
        try reader.read(bytes[start..<min(start + piece, bytes.count)])
      }
      let other = try reader.finish()
      guard other.featureNames == table.featureNames, other.categories == table.categories,
        other.missing == table.missing, other.rows == table.rows, other.kept == table.kept,
        other.rowNames == table.rowNames,
        same(other.x.elements, table.x.elements)
      else { throw Broken("pieces of \(piece) bytes give another table") }
    } catch let error as FormatError {
      // Half of the file can be too little to see the first record.
      guard error.message.contains("the first line is too long") else {
        throw Broken("pieces of \(piece) bytes: \(error.message)")
      }
    }
  }

  private func checkWriting(_ table: CSVTable, _ format: CSVOptions) throws {
    let written = try CSVWriter.bytes(
      try table.data(title: "table"), delimiter: format.delimiter ?? CSVDialect.comma)
    var options = format
    options.delimiter = options.delimiter ?? 0x2C
    options.hasHeader = true
    options.point = 0x2E
    options.rowNames = .none
    options.kept = table.kept.map { $0.name }
    options.targets = table.targetNames
    // Names may stand in an order of their own.
    for (feature, names) in table.categories {
      options.known[table.featureNames[feature]] = .categories(names)
    }
    if case .classes(_, let names) = table.target {
      options.known[table.targetNames[0]] = .categories(names)
    }
    do {
      let again = try CSVReader.table(written, options)
      guard again.featureNames == table.featureNames, again.categories == table.categories,
        again.kept == table.kept, Self.same(again.x.elements, table.x.elements)
      else { throw Broken("it comes back otherwise") }
    } catch let error as FormatError {
      throw Broken("what was written is refused: \(error.message)")
    }
  }

  private static func same(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN }
  }
}
