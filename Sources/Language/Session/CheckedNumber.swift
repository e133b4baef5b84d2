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
