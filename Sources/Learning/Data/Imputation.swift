import Differentiation

/// Fills missing values with what a training set taught.
package struct Imputation: Hashable, Sendable {
  package enum Method: String, Hashable, Sendable, CaseIterable {
    case mean, median
  }

  package let method: Method
  /// What stands for a missing value, one number a feature: for categories the number of the most
  /// frequent one.
  package let fills: [Double]

  package init(method: Method, fills: [Double]) {
    self.method = method
    self.fills = fills
  }

  /// - Throws: where a feature has no value at all.
  package init(_ method: Method, of data: DataSet) throws(LearningError) {
    var fills: [Double] = []
    for feature in 0..<data.featureCount {
      let column = data.column(feature).filter { !$0.isNaN }
      guard !column.isEmpty else {
        throw LearningError(
          "\(data.featureNames[feature]) has no value to learn from", (.data, "all are missing"))
      }
      if data.categories[feature] != nil {
        fills.append(Self.mostFrequent(column))
      } else {
        switch method {
        case .mean: fills.append(column.reduce(0, +) / Double(column.count))
        case .median: fills.append(quantile(0.5, of: sorted(column)))
        }
      }
    }
    self.init(method: method, fills: fills)
  }

  /// The same of rows that may be read in parts.
  /// - Throws: as above, for a median, which needs all rows, and where rows cannot be read.
  package init(_ method: Method, of samples: Samples) throws(LearningError) {
    guard case .stream(let stream) = samples else {
      try self.init(method, of: samples.pattern)
      return
    }
    guard method == .mean else {
      throw LearningError(
        "a median needs all rows in memory, and those of a stream are not",
        (.option("method"), "is \(method.rawValue)"), (.data, "a stream"),
        help: ["impute s method=mean goes through them", "impute s[1..10000] learns from some"])
    }
    let columns = try ColumnSums.all(of: samples, withSquares: false)
    let names = stream.featureNames
    if let feature = columns.firstIndex(where: { $0.count == 0 }) {
      throw LearningError(
        "\(names[feature]) has no value to learn from", (.data, "all are missing"))
    }
    var counts = stream.pattern.categories.mapValues { Array(repeating: 0, count: $0.count) }
    if !counts.isEmpty {
      try stream.forEachPart(of: stream.partRows) { part, _ in
        for feature in counts.keys {
          for number in part.column(feature) {
            guard let code = Int(exactly: number),
              counts[feature]?.indices.contains(code - 1) == true
            else { continue }
            counts[feature]?[code - 1] += 1
          }
        }
      }
    }
    self.init(
      method: method,
      fills: columns.enumerated().map { feature, column in
        guard let counts = counts[feature], let most = counts.max() else { return column.mean }
        return Double((counts.firstIndex(of: most) ?? 0) + 1)
      })
  }

  /// The first in order where several are equally frequent.
  private static func mostFrequent(_ column: [Double]) -> Double {
    var counts: [Double: Int] = [:]
    for number in column { counts[number, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    return counts.filter { $0.value == most }.keys.min() ?? .nan
  }

  /// - Parameter x: rows × features.
  func applied(to x: Tensor) -> Tensor {
    var result = x
    let width = fills.count
    for index in result.elements.indices where result.elements[index].isNaN {
      result.elements[index] = fills[index % width]
    }
    return result
  }
}

/// The value below which a share of sorted numbers lies, between two of them in proportion, as
/// NumPy and R (type 7) have it.
/// - Parameter sorted: at least one number, from the least on.
package func quantile(_ share: Double, of sorted: [Double]) -> Double {
  guard let last = sorted.last else { return .nan }
  let place = share * Double(sorted.count - 1)
  guard let lower = Int(exactly: place.rounded(.down)), lower >= 0, lower + 1 < sorted.count else {
    return place <= 0 ? sorted[0] : last
  }
  let part = place - Double(lower)
  // Two infinities have no difference, and the difference of two huge numbers may overflow.
  if part == 0 || sorted[lower] == sorted[lower + 1] { return sorted[lower] }
  let width = sorted[lower + 1] - sorted[lower]
  return width.isFinite
    ? sorted[lower] + width * part : sorted[lower] * (1 - part) + sorted[lower + 1] * part
}
