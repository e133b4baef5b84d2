internal import CKernels

extension [BPStep] {
  /// Has products carry out the function of their numbers that comes right behind them, and keep the
  /// numbers as well: a layer whose net inputs are needed again, for the slope, writes both in one pass.
  /// - Parameter width: bytes of a number.
  mutating func joinFunctions(width: Int) {
    var joined: [BPStep] = []
    joined.reserveCapacity(count)
    for step in self {
      guard let product = joined.last, product.isPlainProduct, step.operation == BPOperation.map,
        step.a == UnsafeRawPointer(product.y), step.y != product.y,
        step.strides.columns == product.product.m * product.product.n,
        !product.reads(step.y, count: step.strides.columns, width: width)
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

  /// Whether it reads some of these numbers: the function's may lie where an operand was that is not
  /// needed any more, behind the product but not while it is made.
  fileprivate func reads(_ place: UnsafeMutableRawPointer, count: Int, width: Int) -> Bool {
    let operands = [
      (a, product.m * product.k), (b, product.k * product.n), (c, product.n),
      (UnsafeRawPointer(scratch), product.transposeB ? product.k * product.n : 0),
    ]
    return operands.contains { operand, size in
      guard let operand else { return false }
      return UnsafeRawPointer(place) < operand + size * width
        && operand < UnsafeRawPointer(place) + count * width
    }
  }
}
