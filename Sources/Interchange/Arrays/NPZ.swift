import Differentiation

/// Several arrays by name, as `np.savez` writes them.
package enum NPZ {
  /// The arrays of an archive; those that cannot be read are left out, with a note each.
  /// - Throws: where the bytes are no archive, none of its arrays can be read, or they are larger than
  ///   the budget.
  static func content(
    _ bytes: [UInt8], budget: NumberBudget = .standard, notes: inout [String]
  ) throws(FormatError) -> FileContent {
    var contents: [(name: String, content: FileContent)] = []
    var refused: FormatError?
    var budget = budget
    for entry in try Zip.entries(bytes) where !entry.name.hasSuffix("/") {
      do throws(FormatError) {
        guard entry.name.hasSuffix(".npy") else { throw FormatError(unread: "it is no .npy file") }
        guard entry.size <= budget.fileBytes else {
          throw FormatError(
            overLimit: "\(entry.size) bytes are more than may be read", .offset(entry.offset))
        }
        let content = try NPY.content(try Zip.content(of: entry, in: bytes), charging: &budget)
        contents.append((String(entry.name.dropLast(4)), content))
      } catch {
        guard error.isUnread else { throw error.within(visible(entry.name)) }
        refused = refused ?? error.within(visible(entry.name))
        notes.append("\(visible(entry.name)) is left out: \(error.message)")
      }
    }
    if contents.isEmpty, let refused { throw refused }
    var arrays: [(name: String, tensor: Tensor)] = []
    for (name, content) in contents {
      guard case .numbers(let tensor) = content else { return .record(contents) }
      arrays.append((name, tensor))
    }
    return .arrays(arrays)
  }

  /// - Throws: where the archive would be too large.
  package static func bytes(
    _ arrays: [(name: String, tensor: Tensor)]
  ) throws(FormatError) -> [UInt8] {
    try Zip.archive(arrays.map { ("\($0.name).npy", NPY.bytes($0.tensor)) })
  }
}
