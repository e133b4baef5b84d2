import Differentiation

/// Parts of a data set that take turns as test set.
package struct Folds: Hashable, Sendable {
  /// The test rows of each fold, from 0.
  package let testRows: [[Int]]
  private let count: Int

  /// - Parameters:
  ///   - seed: the order is drawn at random; nil keeps the rows in order.
  ///   - isStratified: keeps the shares of the classes in every fold.
  /// - Throws: where there are fewer than 2 folds or fewer rows than folds.
  package init(
    _ data: DataSet, into folds: Int, seed: Int?, isStratified: Bool = false
  ) throws(LearningError) {
    guard folds >= 2, folds <= data.count else {
      throw LearningError(
        "the number of folds lies between 2 and the number of rows", (.option("k"), "is \(folds)"),
        (.data, counted(data.count, "row")))
    }
    var order = Array(0..<data.count)
    if let seed {
      var random = RandomSource(seed: seed, stream: "folds")
      random.shuffle(&order)
    }
    count = data.count
    if isStratified {
      let classes = try data.strata()
      let (numbers, names) = (classes.numbers, classes.names)
      // Dealt out like cards, class after class, so that sizes differ by one at most.
      var parts = Array(repeating: [Int](), count: folds)
      var next = 0
      for number in 1...max(1, names.count) {
        for row in order where numbers[row] == number {
          parts[next].append(row)
          next = (next + 1) % folds
        }
        try LearningError.throwIfCutShort()
      }
      testRows = parts.map { $0.sorted() }
    } else {
      var parts: [[Int]] = []
      var start = 0
      for fold in 0..<folds {
        // The first folds take what does not divide evenly, as scikit-learn has it.
        let size = data.count / folds + (fold < data.count % folds ? 1 : 0)
        parts.append(order[start..<start + size].sorted())
        try LearningError.throwIfCutShort()
        start += size
      }
      testRows = parts
    }
  }

  package func trainingRows(_ fold: Int) -> [Int] {
    var isHeld = [Bool](repeating: false, count: count)
    for row in testRows[fold] { isHeld[row] = true }
    return isHeld.indices.filter { !isHeld[$0] }
  }
}
