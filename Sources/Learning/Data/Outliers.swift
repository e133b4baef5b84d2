import Differentiation

/// The rule by which a value of a feature is an outlier.
package enum OutlierRule: Hashable, Sendable {
  /// More than this number of interquartile ranges below the first or above the third quartile (Tukey).
  case quartiles(Double)
  /// More than this number of standard deviations (of all values, divided by n) from the mean.
  case deviations(Double)

  /// The values that are kept.
  package func kept(of column: [Double]) -> ClosedRange<Double> {
    let numbers = sorted(column.filter { !$0.isNaN })
    guard !numbers.isEmpty else { return -.infinity ... .infinity }
    switch self {
    case .quartiles(let factor):
      let (first, third) = (quantile(0.25, of: numbers), quantile(0.75, of: numbers))
      let reach = factor * (third - first)
      // Infinite values leave no quartile to measure by.
      guard first - reach <= third + reach else { return -.infinity ... .infinity }
      return first - reach...third + reach
    case .deviations(let factor):
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let reach = factor * (squares / Double(numbers.count)).squareRoot()
      guard reach.isFinite else { return -.infinity ... .infinity }
      return mean - reach...mean + reach
    }
  }
}

extension DataSet {
  /// The rows in which no feature lies outside the rule; missing values and categories never do.
  /// - Throws: where no row is left.
  package func withoutOutliers(_ rule: OutlierRule) throws(LearningError) -> DataSet {
    var isKept = Array(repeating: true, count: count)
    for feature in 0..<featureCount where categories[feature] == nil {
      let numbers = column(feature)
      let kept = rule.kept(of: numbers)
      for (row, number) in numbers.enumerated() where !number.isNaN && !kept.contains(number) {
        isKept[row] = false
      }
    }
    return try rows(isKept.indices.filter { isKept[$0] })
  }

  /// The rows in which nothing is missing.
  /// - Throws: where no row is left.
  package func withoutMissing() throws(LearningError) -> DataSet {
    let width = featureCount
    let kept = (0..<count).filter { row in
      !x.elements[row * width..<(row + 1) * width].contains { $0.isNaN }
    }
    guard !kept.isEmpty else {
      throw LearningError("every row of \(title) has a missing value", (.data, "nothing is left"))
    }
    return try rows(kept)
  }
}
