internal import CKernels

extension Primitive {
  /// What a primitive computes, whatever its constants: the same for `leaky(slope: 0.1)` and
  /// `leaky(slope: 0.2)`, so that it can be the key of a table of primitives.
  package struct Operation: Hashable, Sendable {
    private enum Family {
      case map, zip, choose, product, outer, transpose, reduce, mean, row, accumulate, take, scatter
      case join, view, broadcast, collapse
    }

    private let family: Family
    private let function: Int32
    private let axis: Int

    fileprivate init(_ kernel: Kernel) {
      var function: Int32 = 0
      var axis = 0
      switch kernel {
      case .map(let map, _, _): (family, function) = (.map, map.rawValue)
      case .zip(let zip, _): (family, function) = (.zip, zip.rawValue)
      case .choose: family = .choose
      case .product: family = .product
      case .outer: family = .outer
      case .transpose: family = .transpose
      case .reduce(let reduction, let over, let isMean, _):
        (family, function, axis) = (isMean ? .mean : .reduce, reduction.rawValue, over)
      case .row(let row): (family, function) = (.row, row.rawValue)
      case .accumulate(let isBackward): (family, axis) = (.accumulate, isBackward ? 1 : 0)
      case .take: family = .take
      case .scatter: family = .scatter
      case .join: family = .join
      case .view: family = .view
      case .broadcast: family = .broadcast
      case .collapse: family = .collapse
      }
      self.function = function
      self.axis = axis
    }
  }

  package var operation: Operation { Operation(kernel) }

  /// The numbers that an element-wise primitive was made with: the slope of `leaky`, both limits of
  /// `clip`. Trailing ones that it does not use are 0.
  package var constants: [Double] {
    if case .map(_, let first, let second) = kernel { [first, second] } else { [] }
  }
}
