import Differentiation

/// Writes JSON Lines: one object of JSON (RFC 8259) for each row, in the order of the columns.
package enum JSONLinesWriter {
  /// - Parameters:
  ///   - table: rows × columns, one column for each name.
  ///   - names: of the columns, no name twice.
  /// - Returns: lines of text in UTF-8; what is no finite number is null.
  package static func bytes(_ table: Tensor, names: [String]) throws(FormatError) -> [UInt8] {
    var output: [UInt8] = []
    var row: [JSON.Member] = []
    for (place, number) in table.elements.enumerated() {
      row.append(
        JSON.Member(names[place % names.count], number.isFinite ? .number(number) : .null))
      guard row.count == names.count else { continue }
      if Interruption.cutsShort() { break }
      output += try JSON.object(row).bytes()
      output.append(0x0A)
      row.removeAll(keepingCapacity: true)
    }
    return output
  }
}
