import Syntax

/// A check that compares two values, as a slide shows it.
package struct CheckedNumber {
  /// The left side as it is written: what is computed.
  package let quantity: String
  /// The right side as it is written: what is expected.
  package let expected: String
  /// What the left side is.
  package let found: String
  package let holds: Bool
}

extension Session {
  /// Tells who presents the script of a check and of both of its sides.
  func tell(_ sides: ComparedSides, _ holds: Bool, at range: SourceRange, in id: SourceID) {
    guard let checkListener, sides.operation == .close || sides.operation == .equal,
      let text = source(id)?.text(of: range)
    else { return }
    let sign = sides.operation == .close ? "≈" : "=="
    let parts = text.split(separator: " \(sign) ", maxSplits: 1).map(String.init)
    // Against a number as it is printed; what else a script checks is no number of a slide.
    guard parts.count == 2, parts[1].allSatisfy({ $0.isNumber || ".-e".contains($0) }),
      sides.left.number != nil
    else { return }
    checkListener(
      CheckedNumber(
        quantity: parts[0], expected: parts[1], found: brief(sides.left), holds: holds))
  }
}
