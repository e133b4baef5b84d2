import Differentiation

/// Sums over the values of a feature that are there, in the order of the rows.
struct ColumnSums {
  /// How many values are there.
  private(set) var count = 0.0
  private(set) var mean = 0.0
  /// Σ(x - mean)², where it was asked for.
  private(set) var squares = 0.0
  private(set) var least = 0.0
  private(set) var most = 0.0
  /// The first row, from 0, whose value is infinite.
  private(set) var infiniteRow: Int?

  /// Of every feature.
  /// - Parameter squares: whether the squares around the mean are wanted, for a second pass.
  /// - Throws: where rows cannot be read.
  static func all(
    of samples: Samples, withSquares squares: Bool
  ) throws(LearningError) -> [ColumnSums] {
    let width = samples.featureCount
    var columns = Array(repeating: ColumnSums(), count: width)
    let size = max(64, (1 << 17) / max(1, width))
    try samples.forEachPart(of: size) { part, places in
      forEachRow(of: part, from: places.lowerBound) { row, feature, number in
        columns[feature].add(number, row)
      }
    }
    for feature in columns.indices where columns[feature].count > 0 {
      columns[feature].mean /= columns[feature].count
    }
    guard squares else { return columns }
    try samples.forEachPart(of: size) { part, places in
      forEachRow(of: part, from: places.lowerBound) { _, feature, number in
        let distance = number - columns[feature].mean
        columns[feature].squares += distance * distance
      }
    }
    return columns
  }

  private mutating func add(_ number: Double, _ row: Int) {
    if count == 0 {
      (least, most) = (number, number)
    } else {
      if number < least { least = number }
      if number > most { most = number }
    }
    count += 1
    // The sum, until all are there.
    mean += number
    if number.isInfinite, infiniteRow == nil { infiniteRow = row }
  }

  /// Calls the body with every value that is there.
  private static func forEachRow(
    of part: DataSet, from first: Int,
    _ body: (_ row: Int, _ feature: Int, _ number: Double) -> Void
  ) {
    let width = part.featureCount
    part.x.elements.withUnsafeBufferPointer { numbers in
      Interruption.pieces(part.count, of: max(1, (1 << 15) / max(1, width))) { piece in
        for row in piece {
          for feature in 0..<width {
            let number = numbers[row * width + feature]
            if !number.isNaN { body(first + row, feature, number) }
          }
        }
      }
    }
  }
}
