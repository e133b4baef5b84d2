/// How many numbers may still be read: a reader charges what a header promises before it makes
/// room for it.
package struct NumberBudget: Hashable, Sendable {
  /// What one value may hold.
  package let limit: Int
  private(set) var left: Int

  package init(_ limit: Int) {
    self.limit = max(0, limit)
    left = self.limit
  }

  /// 2 GB of binary64.
  package static let standard = NumberBudget(1 << 28)

  /// Bytes that a file of so many numbers may have, texts and headers included.
  package var fileBytes: Int {
    let (bytes, overflows) = left.multipliedReportingOverflow(by: 16)
    return overflows ? .max : max(bytes, 1 << 20)
  }

  /// - Throws: beyond the limit.
  package mutating func charge(_ count: Int, at place: FormatError.Place) throws(FormatError) {
    guard count <= left else {
      let (total, overflows) = (limit - left).addingReportingOverflow(count)
      throw FormatError(
        overLimit: "\(overflows ? "too many" : "\(total)") numbers are more than may be read"
          + " (\(limit))", place)
    }
    left -= count
  }
}
