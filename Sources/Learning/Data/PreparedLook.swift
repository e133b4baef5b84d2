import Differentiation

extension Pipeline {
  func widthError(_ shape: Shape) -> LearningError {
    LearningError(
      "the net takes rows of \(counted(featureNames.count, "feature"))"
        + " (\(featureNames.prefix(8).joined(separator: ", "))), not \(shape)",
      (.data, "\(shape)"))
  }

  /// Whether raw rows look as if they were prepared already: as they are they lie where prepared
  /// rows do, and once more prepared they would lie elsewhere.
  package func looksPrepared(_ rows: Tensor) -> Bool {
    guard categories.isEmpty, !rows.elements.isEmpty, let again = try? applied(to: rows),
      again.elements.count == rows.elements.count
    else { return false }
    let kinds = steps.compactMap { step -> Scaling.Kind? in
      if case .scale(let scaling) = step { scaling.kind } else { nil }
    }
    guard let kind = kinds.last else { return false }
    let width = featureNames.count
    func columns(_ elements: [Double]) -> [[Double]] {
      (0..<width).map { start in
        stride(from: start, to: elements.count, by: width).map { elements[$0] }
      }
    }
    let (present, next) = (columns(rows.elements), columns(again.elements))
    guard present.allSatisfy({ kind.isUsual($0) }) else { return false }
    return present.count(where: { $0.count >= Scaling.Kind.fewRows }) > 0
      ? !next.allSatisfy { kind.isUsual($0) }
      : (0..<rows.elements.count / width).allSatisfy { row in
        next.contains { kind.isFar($0[row]) }
      }
  }
}

extension Scaling.Kind {
  /// Fewer rows say nothing of a mean.
  fileprivate static let fewRows = 4

  /// Whether the values of a column are in the range of prepared ones.
  fileprivate func isUsual(_ column: [Double]) -> Bool {
    let (low, high) = (column.min() ?? .nan, column.max() ?? .nan)
    switch self {
    case .normalize:
      return low >= -1.2 && high <= 1.2
    case .standardize:
      guard low >= -4, high <= 4 else { return false }
      guard column.count >= Self.fewRows else { return true }
      let mean = column.reduce(0, +) / Double(column.count)
      let squares = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Double(column.count)).squareRoot()
      return abs(mean) < 0.5 && (deviation < 2 && (deviation > 0.5 || deviation == 0))
    }
  }

  /// Whether a number is outside the range of prepared ones.
  fileprivate func isFar(_ number: Double) -> Bool { abs(number) > (self == .standardize ? 6 : 2) }
}
