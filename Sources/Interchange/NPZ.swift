import Differentiation

/// Several arrays by name, as `np.savez` writes them.
package enum NPZ {
  package static func arrays(
    _ bytes: [UInt8]
  ) throws(FormatError) -> [(name: String, array: NumberArray)] {
    var arrays: [(String, NumberArray)] = []
    var total = 0
    for entry in try Zip.entries(bytes) where !entry.name.hasSuffix("/") {
      guard entry.name.hasSuffix(".npy") else {
        throw FormatError("\(visible(entry.name)) in the archive is no .npy file")
      }
      total += entry.size
      guard total <= NPY.largestCount * 8 else {
        throw FormatError("the arrays have more than \(NPY.largestCount) numbers together")
      }
      do throws(FormatError) {
        arrays.append(
          (String(entry.name.dropLast(4)), try NPY.array(try Zip.content(of: entry, in: bytes))))
      } catch {
        throw FormatError("\(visible(entry.name)): \(error.message)", error.place, help: error.help)
      }
    }
    return arrays
  }

  package static func bytes(
    _ arrays: [(name: String, tensor: Tensor)]
  ) throws(FormatError) -> [UInt8] {
    try Zip.archive(arrays.map { ("\($0.name).npy", NPY.bytes($0.tensor)) })
  }
}
