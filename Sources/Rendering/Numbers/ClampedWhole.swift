extension Int {
  /// The whole part of a number, for places in a picture: 0 for nan, and at most 2⁴⁰ in size, so
  /// that sums of places do not overflow either.
  init(clamped number: Double) {
    let limit = 0x1p40
    self = number.isNaN ? 0 : Int(Swift.min(Swift.max(number, -limit), limit))
  }
}
