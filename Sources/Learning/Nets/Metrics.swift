import Differentiation

/// Predicted against actual classes, both counted from 1.
package struct Classification: Hashable, Sendable {
  package let predicted: [Int]
  package let actual: [Int]
  package let classes: [String]

  package var accuracy: Double {
    let right = zip(predicted, actual).count { $0 == $1 }
    return predicted.isEmpty ? .nan : Double(right) / Double(predicted.count)
  }

  /// Rows are the actual classes, columns the predicted ones.
  package var confusion: [[Int]] {
    var table = Array(repeating: Array(repeating: 0, count: classes.count), count: classes.count)
    for (guess, truth) in zip(predicted, actual) { table[truth - 1][guess - 1] += 1 }
    return table
  }

  /// Of the rows predicted to be of this class (from 1) the share that are; 0 where none is
  /// predicted, as scikit-learn has it.
  package func precision(of number: Int) -> Double {
    ratio(hits(number), of: predicted.count { $0 == number })
  }

  /// Of the rows of this class (from 1) the share found; 0 where there are none.
  package func recall(of number: Int) -> Double {
    ratio(hits(number), of: actual.count { $0 == number })
  }

  /// The harmonic mean of precision and recall of this class (from 1).
  package func f1(of number: Int) -> Double {
    let (p, r) = (precision(of: number), recall(of: number))
    return p + r == 0 ? 0 : 2 * p * r / (p + r)
  }

  /// Of the second class where there are two, otherwise the mean over the classes.
  package var precision: Double { summary(precision(of:)) }
  /// Of the second class where there are two, otherwise the mean over the classes.
  package var recall: Double { summary(recall(of:)) }
  /// Of the second class where there are two, otherwise the mean over the classes.
  package var f1: Double { summary(f1(of:)) }

  private func hits(_ number: Int) -> Int {
    zip(predicted, actual).count { $0 == number && $1 == number }
  }

  private func ratio(_ part: Int, of whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }

  private func summary(_ score: (Int) -> Double) -> Double {
    guard classes.count > 2 else { return score(classes.count) }
    return (1...classes.count).reduce(0) { $0 + score($1) } / Double(classes.count)
  }
}

/// How class targets are written as numbers, read from the targets themselves.
package enum TargetCode: Hashable, Sendable {
  /// One column of 0 and 1: an output of at least 0.5 counts as 1.
  case zeroOne
  /// One column of -1 and 1: an output of at least 0 counts as 1.
  case signs
  /// One 1 in every row: the largest output counts.
  case oneHot
  /// The targets are numbers, not classes.
  case numbers

  /// - Parameter targets: rows × outputs.
  package init(of targets: Tensor) {
    guard case .matrix(_, let width) = targets.shape, width > 0 else {
      self = .numbers
      return
    }
    let elements = targets.elements
    if width == 1 {
      if elements.allSatisfy({ $0 == 0 || $0 == 1 }) {
        self = .zeroOne
      } else if elements.allSatisfy({ $0 == -1 || $0 == 1 }) {
        self = .signs
      } else {
        self = .numbers
      }
      return
    }
    let starts = stride(from: 0, to: elements.count, by: width)
    let isOneHot = starts.allSatisfy { start in
      let row = elements[start..<start + width]
      return row.count { $0 == 1 } == 1 && row.count { $0 == 0 } == width - 1
    }
    self = isOneHot ? .oneHot : .numbers
  }

  /// The class numbers, from 1, of rows of outputs or targets.
  package func classes(of outputs: Tensor) -> [Int] {
    let elements = outputs.elements
    guard case .matrix(_, let width) = outputs.shape, width > 0 else { return [] }
    switch self {
    case .zeroOne: return elements.map { $0 >= 0.5 ? 2 : 1 }
    case .signs: return elements.map { $0 >= 0 ? 2 : 1 }
    case .oneHot, .numbers:
      return stride(from: 0, to: elements.count, by: width).map { start in
        var best = start
        for index in start..<start + width where elements[index] > elements[best] { best = index }
        return best - start + 1
      }
    }
  }
}

/// The mean over rows and columns of (y - t)².
/// - Parameters: outputs and targets of one shape.
package func meanSquaredError(outputs: Tensor, targets: Tensor) -> Double {
  let sum = zip(outputs.elements, targets.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return sum / Double(outputs.elements.count)
}

/// The share of the targets' variance that the outputs explain, 1 - Σ(t-y)²/Σ(t-mean t)², the
/// mean over columns; a column that does not vary counts 1 if met exactly, else 0, as
/// scikit-learn has it.
/// - Parameters: outputs and targets of one shape, rows × outputs.
package func rSquared(outputs: Tensor, targets: Tensor) -> Double {
  guard case .matrix(let rows, let width) = targets.shape, rows > 0, width > 0 else { return .nan }
  var total = 0.0
  for column in 0..<width {
    let indices = stride(from: column, to: rows * width, by: width)
    let mean = indices.reduce(0) { $0 + targets.elements[$1] } / Double(rows)
    var residual = 0.0
    var spread = 0.0
    for index in indices {
      let t = targets.elements[index]
      residual += (t - outputs.elements[index]) * (t - outputs.elements[index])
      spread += (t - mean) * (t - mean)
    }
    total += spread == 0 ? (residual == 0 ? 1 : 0) : 1 - residual / spread
  }
  return total / Double(width)
}

/// The area under the ROC curve: the chance that a random row of the second class has a larger
/// score than one of the first, ties counted half (Mann and Whitney).
/// - Parameter positive: which rows are of the second class.
/// - Returns: not a number where one of the classes has no row.
package func areaUnderCurve(scores: [Double], positive: [Bool]) -> Double {
  let order = scores.indices.sorted { scores[$0] < scores[$1] }
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
