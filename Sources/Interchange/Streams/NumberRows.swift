import Differentiation
import Learning

/// Rows of numbers that lie one after the other in a file.
///
/// They are read (pread), not mapped: a file that another program makes shorter would end a process
/// that has it mapped, and mapped pages count as memory of the process.
final class NumberRows {
  private let file: OpenFile
  private let type: ElementType
  private let order: ByteOrder
  private let start: Int
  let count: Int
  let width: Int

  /// - Parameters:
  ///   - start: bytes before the first row.
  ///   - count: how many rows there are.
  ///   - width: numbers a row.
  init(
    _ file: OpenFile, _ type: ElementType, _ order: ByteOrder, from start: Int, count: Int,
    width: Int
  ) {
    self.file = file
    self.type = type
    self.order = order
    self.start = start
    self.count = count
    self.width = width
  }

  /// The numbers of these rows, from 0, row by row. Neighbours are read at once.
  /// - Throws: where the file has changed, or a whole number has too many digits for binary64.
  func read(_ rows: [Int32]) throws(LearningError) -> [Double] {
    let bytesARow = width * type.width
    var bytes = [UInt8](unsafeUninitializedCapacity: rows.count * bytesARow) { _, initialized in
      initialized = rows.count * bytesARow
    }
    var first = 0
    while first < rows.count {
      var end = first + 1
      while end < rows.count, rows[end] == rows[end - 1] + 1 { end += 1 }
      try file.read(
        start + Int(rows[first]) * bytesARow, into: &bytes,
        at: first * bytesARow..<end * bytesARow)
      first = end
    }
    try file.checkIsUnchanged()
    do throws(FormatError) {
      return try type.numbers(in: bytes, from: 0, count: rows.count * width, order)
    } catch { throw LearningError("\(file.title): \(error.message)", (.data, "not read")) }
  }
}
