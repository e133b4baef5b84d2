import Differentiation

/// Predicted against actual classes, or labels where a row may have several.
package struct Classification: Hashable, Sendable {
  /// The class of each row, from 1; empty where a row may have several labels.
  package private(set) var predicted: [Int]
  package private(set) var actual: [Int]
  /// What the classes or labels are called.
  package let classes: [String]
  /// Whether a row may have any number of labels: then each of them is measured by itself.
  package let isByLabel: Bool
  package private(set) var rows: Int
  /// Rows answered rightly.
  private(set) var right: Int
  /// By class: the rows rightly taken for it, all rows taken for it, and all rows of it.
  private var hits: [Int]
  private var guesses: [Int]
  private var truths: [Int]

  /// - Parameters: predicted and actual count the classes from 1.
  package init(predicted: [Int], actual: [Int], classes: [String]) {
    self.predicted = predicted
    self.actual = actual
    self.classes = classes
    isByLabel = false
    rows = actual.count
    var (hits, guesses, truths) = Self.zeros(classes.count)
    for (guess, truth) in zip(predicted, actual) {
      guesses[guess - 1] += 1
      truths[truth - 1] += 1
      if guess == truth { hits[truth - 1] += 1 }
    }
    right = hits.reduce(0, +)
    (self.hits, self.guesses, self.truths) = (hits, guesses, truths)
  }

  /// - Parameters: predicted and actual say of each row, one after another, which labels it has.
  package init(predictedLabels: [Bool], actualLabels: [Bool], labels: [String]) {
    predicted = []
    actual = []
    classes = labels
    isByLabel = true
    rows = labels.isEmpty ? 0 : actualLabels.count / labels.count
    var (hits, guesses, truths) = Self.zeros(labels.count)
    var right = 0
    for row in 0..<rows {
      var isRight = true
      for label in labels.indices {
        let place = row * labels.count + label
        let (guess, truth) = (predictedLabels[place], actualLabels[place])
        if guess { guesses[label] += 1 }
        if truth { truths[label] += 1 }
        if guess, truth { hits[label] += 1 }
        if guess != truth { isRight = false }
      }
      if isRight { right += 1 }
    }
    self.right = right
    (self.hits, self.guesses, self.truths) = (hits, guesses, truths)
  }

  /// Adds other rows of the same classes.
  mutating func append(_ other: Classification) {
    predicted += other.predicted
    actual += other.actual
    rows += other.rows
    right += other.right
    for place in hits.indices {
      hits[place] += other.hits[place]
      guesses[place] += other.guesses[place]
      truths[place] += other.truths[place]
    }
  }

  private static func zeros(_ count: Int) -> ([Int], [Int], [Int]) {
    let none = Array(repeating: 0, count: count)
    return (none, none, none)
  }

  /// The share of rows answered rightly; of several labels a row, of those with all labels right
  /// (exact match), as scikit-learn has it.
  package var accuracy: Double { rows == 0 ? .nan : Double(right) / Double(rows) }

  /// Rows are the actual classes, columns the predicted ones; empty for several labels a row.
  package var confusion: [[Int]] {
    guard !isByLabel else { return [] }
    var table = Array(repeating: Array(repeating: 0, count: classes.count), count: classes.count)
    for (guess, truth) in zip(predicted, actual) { table[truth - 1][guess - 1] += 1 }
    return table
  }

  /// How many rows are of this class (from 1).
  package func rows(of number: Int) -> Int { truths[number - 1] }

  /// Of the rows predicted to be of this class (from 1) the share that are; 0 where none is
  /// predicted, as scikit-learn has it.
  package func precision(of number: Int) -> Double {
    ratio(hits[number - 1], of: guesses[number - 1])
  }

  /// Of the rows of this class (from 1) the share found; 0 where there are none.
  package func recall(of number: Int) -> Double { ratio(hits[number - 1], of: truths[number - 1]) }

  /// The harmonic mean of precision and recall of this class (from 1).
  package func f1(of number: Int) -> Double {
    let (p, r) = (precision(of: number), recall(of: number))
    return p + r == 0 ? 0 : 2 * p * r / (p + r)
  }

  /// Of the second class where there are two, otherwise the mean over the classes or labels.
  package var precision: Double { summary(precision(of:)) }
  /// Of the second class where there are two, otherwise the mean over the classes or labels.
  package var recall: Double { summary(recall(of:)) }
  /// Of the second class where there are two, otherwise the mean over the classes or labels.
  package var f1: Double { summary(f1(of:)) }

  private func ratio(_ part: Int, of whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }

  private func summary(_ score: (Int) -> Double) -> Double {
    guard classes.count > 2 || isByLabel else { return score(classes.count) }
    return (1...max(1, classes.count)).reduce(0) { $0 + score($1) } / Double(classes.count)
  }
}

/// The mean over rows and columns of (y - t)².
/// - Parameters: outputs and targets of one shape.
package func meanSquaredError(outputs: Tensor, targets: Tensor) -> Double {
  squaredErrors(outputs: outputs, targets: targets, from: 0) / Double(outputs.elements.count)
}

/// Σ(y-t)² added to the sum of the rows before.
func squaredErrors(outputs: Tensor, targets: Tensor, from sum: Double) -> Double {
  zip(outputs.elements, targets.elements).reduce(sum) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
}

/// The share of the targets' variance that the outputs explain, 1 - Σ(t-y)²/Σ(t-mean t)², the
/// mean over columns; a column that does not vary counts 1 if met exactly, else 0, as
/// scikit-learn has it.
/// - Parameters: outputs and targets of one shape, rows × outputs.
package func rSquared(outputs: Tensor, targets: Tensor) -> Double {
  guard case .matrix(let rows, let width) = targets.shape, rows > 0, width > 0 else { return .nan }
  var variance = ExplainedVariance(width: width)
  variance.addToMeans(targets)
  variance.finishMeans()
  variance.add(outputs: outputs, targets: targets)
  return variance.share
}

/// The sums of `rSquared`, taken part by part: first those of the means, then those around them.
struct ExplainedVariance {
  private var rows = 0
  private var means: [Double]
  private var residuals: [Double]
  /// Σ(t - mean t)² of each column.
  private(set) var spreads: [Double]

  init(width: Int) {
    means = Array(repeating: 0, count: width)
    residuals = means
    spreads = means
  }

  mutating func addToMeans(_ targets: Tensor) {
    let width = means.count
    for column in 0..<width {
      means[column] = stride(from: column, to: targets.elements.count, by: width).reduce(
        means[column]
      ) { $0 + targets.elements[$1] }
    }
    rows += targets.shape.rows
  }

  mutating func finishMeans() { for column in means.indices { means[column] /= Double(rows) } }

  mutating func add(outputs: Tensor?, targets: Tensor) {
    let width = means.count
    for column in 0..<width {
      let mean = means[column]
      var (residual, spread) = (residuals[column], spreads[column])
      for index in stride(from: column, to: targets.elements.count, by: width) {
        let t = targets.elements[index]
        if let outputs {
          residual += (t - outputs.elements[index]) * (t - outputs.elements[index])
        }
        spread += (t - mean) * (t - mean)
      }
      (residuals[column], spreads[column]) = (residual, spread)
    }
  }

  /// The mean over columns.
  var share: Double {
    let total = zip(residuals, spreads).reduce(0) { total, column in
      let (residual, spread) = column
      return total + (spread == 0 ? (residual == 0 ? 1 : 0) : 1 - residual / spread)
    }
    return total / Double(means.count)
  }
}

/// The area under the ROC curve: the chance that a random row of the second class has a larger
/// score than one of the first, ties counted half (Mann and Whitney).
/// - Parameter positive: which rows are of the second class.
/// - Returns: not a number where one of the classes has no row.
package func areaUnderCurve(scores: [Double], positive: [Bool]) -> Double {
  let order = sortedOrder(of: scores)
  var rankSum = 0.0
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
    // Tied rows share the mean of the ranks start+1 ... end.
    let rank = Double(start + 1 + end) / 2
    for position in start..<end where positive[order[position]] { rankSum += rank }
    start = end
  }
  let positives = Double(positive.count { $0 })
  let negatives = Double(positive.count) - positives
  guard positives > 0, negatives > 0 else { return .nan }
  return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
}
