import Differentiation

/// Several arrays by name, as `np.savez` writes them.
package enum NPZ {
  /// - Throws: where the bytes are no archive of arrays, or larger than the budget.
  package static func arrays(
    _ bytes: [UInt8], budget: NumberBudget = .standard
  ) throws(FormatError) -> [(name: String, array: NumberArray)] {
    var arrays: [(name: String, array: NumberArray)] = []
    var budget = budget
    for entry in try Zip.entries(bytes) where !entry.name.hasSuffix("/") {
      guard entry.name.hasSuffix(".npy") else {
        throw FormatError("\(visible(entry.name)) in the archive is no .npy file")
      }
      guard entry.size <= budget.fileBytes else {
        throw FormatError(
          overLimit:
            "\(visible(entry.name)) has \(entry.size) bytes, which is more than may be read",
          .offset(entry.offset))
      }
      let content = try Zip.content(of: entry, in: bytes)
      do throws(FormatError) {
        let array = try NPY.array(content, charging: &budget)
        arrays.append((String(entry.name.dropLast(4)), array))
      } catch {
        throw error.within(visible(entry.name))
      }
    }
    return arrays
  }

  /// - Throws: where the archive would be too large.
  package static func bytes(
    _ arrays: [(name: String, tensor: Tensor)]
  ) throws(FormatError) -> [UInt8] {
    try Zip.archive(arrays.map { ("\($0.name).npy", NPY.bytes($0.tensor)) })
  }
}
