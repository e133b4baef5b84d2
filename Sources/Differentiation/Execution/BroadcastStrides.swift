internal import CKernels

extension BPStrides {
  /// The strides over a result to which up to three operands are broadcast, as one long row where
  /// that is possible.
  init(_ result: Shape, _ a: Shape, _ b: Shape = .scalar, _ c: Shape = .scalar) {
    let (aRow, aColumn) = BPStrides.strides(of: a, in: result)
    let (bRow, bColumn) = BPStrides.strides(of: b, in: result)
    let (cRow, cColumn) = BPStrides.strides(of: c, in: result)
    self.init(
      rows: result.rows, columns: result.columns, aRow: aRow, aColumn: aColumn, bRow: bRow,
      bColumn: bColumn, cRow: cRow, cColumn: cColumn)
    if columns == 1, rows > 1 {
      (rows, columns) = (1, rows)
      (self.aColumn, self.bColumn, self.cColumn) = (aRow, bRow, cRow)
    } else if rows > 1,
      [(aRow, aColumn), (bRow, bColumn), (cRow, cColumn)].allSatisfy({
        $0.0 == $0.1 * result.columns
      })
    {
      (rows, columns) = (1, rows * columns)
    }
  }

  /// How far to go in `shape` for a step down and a step to the right in `result`.
  private static func strides(of shape: Shape, in result: Shape) -> (Int, Int) {
    let column = shape.columns == 1 && result.columns > 1 ? 0 : 1
    let row = shape.rows == 1 && result.rows > 1 ? 0 : shape.columns
    if shape.count == 1 { return (0, 0) }
    return (row, column)
  }
}
