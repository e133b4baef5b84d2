import Differentiation
import Learning

/// The rows of a table as they are read, as numbers in a scratch file: each its features, then its
/// targets, in binary64.
///
/// Parsing a row takes many times as long as reading its numbers, and rows of text have no places that
/// could be computed: so a table is parsed once.
package final class RowScratch {
  let file: OpenFile
  /// Of each feature, how many gaps may turn out to be names.
  private(set) var namedGaps: [Int] = []
  private var rows: [Double] = []

  /// Numbers that are written at once.
  private static let most = 1 << 16

  package init(_ file: OpenFile) { self.file = file }

  /// Takes rows over.
  /// - Throws: where there is no room for them.
  func take(
    _ x: inout [Double], _ t: inout [Double], features: Int, targets: Int
  ) throws(LearningError) {
    if namedGaps.isEmpty { namedGaps = Array(repeating: 0, count: features) }
    let count = features > 0 ? x.count / features : 0
    rows.reserveCapacity(Self.most + features + targets)
    for row in 0..<count {
      for feature in 0..<features {
        let number = x[row * features + feature]
        if number.isNaN, CSVTable.code(ofGap: number) != nil { namedGaps[feature] += 1 }
        rows.append(number)
      }
      for target in 0..<targets { rows.append(t[row * targets + target]) }
      if rows.count >= Self.most { try flush() }
    }
    x.removeAll(keepingCapacity: true)
    t.removeAll(keepingCapacity: true)
  }

  func flush() throws(LearningError) {
    try file.append(rows)
    rows.removeAll(keepingCapacity: true)
  }

  /// The rows of the table that was read.
  package func source(_ table: CSVTable, title: String) throws(LearningError) -> RowSource {
    try flush()
    let (features, targets) = (table.featureNames.count, table.targetNames.count)
    let numbers = NumberRows(
      file, .float64, .little, from: 0, count: table.rows, width: features + targets)
    return RowSource(title: title, origin: title, count: table.rows) {
      places throws(LearningError) in
      let rows = try numbers.read(places)
      var (x, t): ([Double], [Double]) = ([], [])
      x.reserveCapacity(places.count * features)
      t.reserveCapacity(places.count * targets)
      for start in stride(from: 0, to: rows.count, by: features + targets) {
        x += rows[start..<start + features]
        t += rows[start + features..<start + features + targets]
      }
      table.codes.resolve(&x)
      return try table.data(
        title: title, x: Tensor(.matrix(places.count, features), x),
        table.codes.target(t, rows: places.count))
    }
  }
}
