import Differentiation

/// How class targets are written as numbers, read from the targets themselves.
package enum TargetCode: Hashable, Sendable {
  /// One column of two numbers, as 0 and 1 or -1 and 1: an output from their middle on counts as
  /// the second class.
  case two(low: Double, high: Double)
  /// One high number in every row beside low ones, as 1 and 0 or 0.99 and 0.01: the largest
  /// output counts.
  case oneHot(low: Double, high: Double)
  /// The shares of the classes in every row, which sum to 1: the largest output counts.
  case shares
  /// Several labels a row: a label holds where its output lies from the middle of low and high on.
  case labels(low: Double, high: Double)
  /// The targets are numbers, not classes.
  case numbers

  package static let zeroOne = TargetCode.two(low: 0, high: 1)
  package static let signs = TargetCode.two(low: -1, high: 1)

  /// - Parameter targets: rows × outputs. One row alone counts as classes only where it could be
  ///   nothing else: one column of 0, 1 or -1, or a single 1 among zeros.
  package init(of targets: Tensor) {
    self = .numbers
    guard case .matrix(let rows, let width) = targets.shape, rows > 0, width > 0 else { return }
    guard let (low, high) = Self.ends(of: targets.elements, rows: rows, width: width) else {
      return
    }
    if width == 1 {
      self = .two(low: low, high: high)
    } else if Self.oneHot(low: low, high: high).fits(targets) {
      self = .oneHot(low: low, high: high)
    } else if rows > 1, Self.sumsToOne(low, high) || low == -high,
      targets.elements.contains(low), targets.elements.contains(high)
    {
      self = .labels(low: low, high: high)
    }
  }

  /// The two numbers that the targets consist of, where these can stand for no and yes.
  private static func ends(
    of elements: [Double], rows: Int, width: Int
  ) -> (low: Double, high: Double)? {
    if elements.allSatisfy({ $0 == 0 || $0 == 1 }) { return (0, 1) }
    if elements.allSatisfy({ $0 == -1 || $0 == 1 }) { return (-1, 1) }
    // Soft targets, as 0.1 and 0.9: both must occur.
    guard rows > 1, let first = elements.first, let other = elements.first(where: { $0 != first })
    else { return nil }
    let (low, high) = (min(first, other), max(first, other))
    guard low >= 0, low < 0.5, high > 0.5, high <= 1,
      elements.allSatisfy({ $0 == low || $0 == high })
    else { return nil }
    let isSmoothed = abs(low * Double(width - 1) + high - 1) < 1e-9
    return sumsToOne(low, high) || (width > 1 && isSmoothed) ? (low, high) : nil
  }

  private static func sumsToOne(_ low: Double, _ high: Double) -> Bool {
    abs(low + high - 1) < 1e-9
  }

  /// Whether targets can be read so, also where few rows alone would not tell.
  package func fits(_ targets: Tensor) -> Bool {
    guard case .matrix(_, let width) = targets.shape, width > 0 else { return false }
    let elements = targets.elements
    func rows(_ holds: (ArraySlice<Double>) -> Bool) -> Bool {
      stride(from: 0, to: elements.count, by: width).allSatisfy { holds(elements[$0..<$0 + width]) }
    }
    switch self {
    case .two(let low, let high):
      return width == 1 && elements.allSatisfy { $0 == low || $0 == high }
    case .oneHot(let low, let high):
      return width > 1
        && rows { row in
          row.count { $0 == high } == 1 && row.count { $0 == low } == width - 1
        }
    case .shares:
      return width > 1
        && rows { row in
          row.allSatisfy { $0 >= 0 } && abs(row.reduce(0, +) - 1) < 1e-6
        }
    case .labels(let low, let high):
      return width > 1 && elements.allSatisfy { $0 == low || $0 == high }
    case .numbers: return false
    }
  }

  /// From where on an output counts as high.
  package var threshold: Double {
    switch self {
    case .two(let low, let high), .oneHot(let low, let high), .labels(let low, let high):
      (low + high) / 2
    case .shares, .numbers: 0.5
    }
  }

  /// Whether a row may have any number of labels.
  package var isMultiple: Bool { if case .labels = self { true } else { false } }

  /// The class numbers, from 1, of rows of outputs or targets; one a row.
  package func classes(of outputs: Tensor) -> [Int] {
    let elements = outputs.elements
    guard case .matrix(_, let width) = outputs.shape, width > 0 else { return [] }
    switch self {
    case .two: return elements.map { $0 >= threshold ? 2 : 1 }
    case .oneHot, .shares, .labels, .numbers:
      return stride(from: 0, to: elements.count, by: width).map { start in
        var best = start
        for index in start..<start + width where elements[index] > elements[best] { best = index }
        return best - start + 1
      }
    }
  }

  /// The names of the classes, or of the labels, where nobody has given any: the two numbers of
  /// one column, otherwise the names of the columns, and 1, 2, … where these have none either.
  /// - Parameter columns: the names of the target columns.
  package func names(columns: [String]) -> [String] {
    if case .two(let low, let high) = self { return [labelText(low), labelText(high)] }
    let isUnnamed = columns == DataSet.standardTargetNames(columns.count)
    return isUnnamed ? columns.indices.map { "\($0 + 1)" } : columns
  }
}

/// A number as the name of a class: whole ones without a point.
package func labelText(_ number: Double) -> String {
  Int(exactly: number).map { String($0) } ?? "\(number)"
}

/// The number that the name of a class is written for; nil for words, and for numbers in another
/// form, as 01.
package func labelNumber(_ name: String) -> Double? {
  guard let number = Double(name), number.isFinite, labelText(number) == name else { return nil }
  return number
}
