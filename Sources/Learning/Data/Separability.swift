import Glibc

/// Whether a hyperplane has two sets of rows on different sides: it has one exactly where their
/// convex hulls do not meet. They meet where 0 is a mean of the points ±(x, 1), which a
/// non-negative least squares fit finds out (C. L. Lawson and R. J. Hanson, "Solving Least Squares
/// Problems", 1974, chapter 23).
struct Separability {
  /// ±(x, 1) and below it a 1, one column a row of the data.
  private var points: [[Double]]
  private let height: Int
  private static let tolerance = 1e-9

  /// - Parameters:
  ///   - rows: of one width each.
  ///   - isSecond: to which of the two sets each row belongs.
  init(_ rows: [[Double]], isSecond: [Bool]) {
    let width = rows.first?.count ?? 0
    height = width + 2
    // Neither shift nor scale changes what can be separated; both make the numbers tame.
    var shift = Array(repeating: 0.0, count: width)
    var scale = Array(repeating: 0.0, count: width)
    for row in rows { for k in 0..<width { shift[k] += row[k] / Double(rows.count) } }
    for row in rows { for k in 0..<width { scale[k] = max(scale[k], abs(row[k] - shift[k])) } }
    points = zip(rows, isSecond).map { row, isSecond in
      let sign = isSecond ? 1.0 : -1.0
      let tame = (0..<width).map { k in
        scale[k] > 0 ? sign * (row[k] - shift[k]) / scale[k] : 0
      }
      return tame + [sign, 1]
    }
  }

  /// - Returns: true also where the computation does not settle it.
  var isSeparable: Bool {
    var weights = Array(repeating: 0.0, count: points.count)
    var active: [Int] = []
    var refused: Set<Int> = []
    for _ in 0..<(10 * height + 100) {
      let rest = residual(weights, active)
      if rest.allSatisfy({ abs($0) < Self.tolerance }) { return false }
      var best = Self.tolerance
      var next: Int?
      for (place, point) in points.enumerated()
      where weights[place] == 0 && !refused.contains(place) {
        let gain = zip(point, rest).reduce(0) { $0 + $1.0 * $1.1 }
        if gain > best { (best, next) = (gain, place) }
      }
      guard let next else { return true }
      active.append(next)
      while true {
        guard let fit = fitted(active) else {
          // A point that depends on the others adds nothing.
          active.removeLast()
          refused.insert(next)
          break
        }
        if fit.allSatisfy({ $0 > 0 }) {
          for (place, weight) in zip(active, fit) { weights[place] = weight }
          refused = []
          break
        }
        var step = 1.0
        for (place, weight) in zip(active, fit) where weight <= 0 {
          let old = weights[place]
          step = min(step, old / max(old - weight, .leastNormalMagnitude))
        }
        for (place, weight) in zip(active, fit) {
          weights[place] += step * (weight - weights[place])
        }
        let kept = active.filter { weights[$0] > 1e-14 }
        for place in active where weights[place] <= 1e-14 { weights[place] = 0 }
        if kept.count == active.count || kept.isEmpty { return true }
        active = kept
        if !active.contains(next) {
          refused.insert(next)
          break
        }
      }
    }
    return true
  }

  /// What the weighted points leave of (0, …, 0, 1).
  private func residual(_ weights: [Double], _ active: [Int]) -> [Double] {
    var rest = Array(repeating: 0.0, count: height)
    rest[height - 1] = 1
    for place in active {
      for k in 0..<height { rest[k] -= weights[place] * points[place][k] }
    }
    return rest
  }

  /// The least squares fit of some points to (0, …, 0, 1); nil where they depend on each other.
  private func fitted(_ active: [Int]) -> [Double]? {
    let count = active.count
    guard count <= height else { return nil }
    // Orthogonal columns, each with what it was made of: modified Gram-Schmidt.
    var basis: [[Double]] = []
    var factors = Array(repeating: Array(repeating: 0.0, count: count), count: count)
    for (column, place) in active.enumerated() {
      var rest = points[place]
      let size = norm(rest)
      for (row, direction) in basis.enumerated() {
        let share = zip(direction, rest).reduce(0) { $0 + $1.0 * $1.1 }
        factors[row][column] = share
        for k in 0..<height { rest[k] -= share * direction[k] }
      }
      let length = norm(rest)
      guard length > 1e-10 * size else { return nil }
      factors[column][column] = length
      basis.append(rest.map { $0 / length })
    }
    var solution = Array(repeating: 0.0, count: count)
    for row in (0..<count).reversed() {
      var sum = basis[row][height - 1]
      for column in row + 1..<count { sum -= factors[row][column] * solution[column] }
      solution[row] = sum / factors[row][row]
    }
    return solution
  }

  private func norm(_ numbers: [Double]) -> Double {
    numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
