import Language
import Rendering

/// Mean and sample standard deviation of several results of the same thing.
struct Spread {
  let mean: Double
  /// With one less than their number as divisor; 0 for a single one.
  let deviation: Double

  /// - Parameter numbers: not a number for none.
  init(_ numbers: [Double]) {
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    self.mean = mean
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = (squares / Double(max(1, numbers.count - 1))).squareRoot()
  }

  /// `0.0421 ± 0.0031`
  func text(on display: Display) -> String {
    let sign = display.isASCII ? "+-" : "±"
    return NumberStyle.significantDigits(4).text(mean) + " \(sign) "
      + NumberStyle.significantDigits(2).text(deviation)
  }
}
