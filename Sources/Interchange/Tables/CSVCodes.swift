import Differentiation
import Learning

/// What the numbers of a table mean that its reader has written down as they came: names are counted
/// as they are met, and get their numbers in order when all are known.
struct CSVCodes: Sendable {
  private let features: Int
  private let targets: Int
  /// Of features that hold names the number of each code, from 1.
  var numbers: [Int: [Double]] = [:]
  /// Of a target that holds names the class of each code, from 1.
  var classes: [Int]?
  var classNames: [String] = []

  init(features: Int, targets: Int) {
    self.features = features
    self.targets = targets
  }

  /// Gives names their numbers.
  /// - Parameter x: rows × features.
  /// - Returns: of each feature of names, how many gaps turned out to be names.
  @discardableResult
  func resolve(_ x: inout [Double]) -> [(feature: Int, gaps: Int)] {
    numbers.sorted { $0.key < $1.key }.map { feature, numbers in
      var gaps = 0
      for index in stride(from: feature, to: x.count, by: features) {
        if x[index].isNaN, let code = CSVTable.code(ofGap: x[index]) {
          x[index] = Double(code)
          gaps += 1
        }
        if let code = Int(exactly: x[index]), numbers.indices.contains(code - 1) {
          x[index] = numbers[code - 1]
        }
      }
      return (feature, gaps)
    }
  }

  /// - Parameter t: rows × targets.
  func target(_ t: [Double], rows: Int) -> DataSet.Target {
    guard let classes else { return .values(Tensor(.matrix(rows, targets), t)) }
    let numbers = t.map { code in
      Int(exactly: code).flatMap { classes.indices.contains($0 - 1) ? classes[$0 - 1] : nil } ?? 1
    }
    return .classes(numbers: numbers, names: classNames)
  }
}
