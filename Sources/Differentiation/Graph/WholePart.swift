extension Int {
  /// The whole part of a number, whatever it is: 0 for nan, and at most 2⁵³ in size, so that two of
  /// them can be added.
  package init(clamped number: Double) {
    let limit = 0x1p53
    self = number.isNaN ? 0 : Int(Swift.min(Swift.max(number, -limit), limit))
  }
}
