internal import CKernels

extension [BPStep] {
  /// Has products carry out the function of their numbers that comes right behind them, and keep the
  /// numbers as well: a layer whose net inputs are needed again, for the slope, writes both in one pass.
  mutating func joinFunctions() {
    var joined: [BPStep] = []
    joined.reserveCapacity(count)
    for step in self {
      guard let product = joined.last, product.isPlainProduct, step.operation == BPOperation.map,
        step.a == UnsafeRawPointer(product.y), step.y != product.y,
        step.strides.columns == product.product.m * product.product.n
      else {
        joined.append(step)
        continue
      }
      var both = product
      both.before = product.y
      both.y = step.y
      both.function = step.function
      both.p = step.p
      both.q = step.q
      joined[joined.count - 1] = both
    }
    self = joined
  }
}

extension BPStep {
  /// Whether nothing is done to its numbers.
  fileprivate var isPlainProduct: Bool {
    operation == BPOperation.product && function == BPMap.copy.rawValue && d == nil && before == nil
  }
}
