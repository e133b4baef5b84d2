internal import CKernels

extension TrainingLoop {
  /// What the place of a mask among those of a step, from 0, makes of the seed.
  static func maskSeed(at position: Int) -> UInt64 {
    (UInt64(truncatingIfNeeded: position) &+ 1) &* 0x9e37_79b9_7f4a_7c15
  }

  /// The mask that a step fills in: every element depends on the seed and its place alone.
  /// - Parameters:
  ///   - position: of the mask among those of the graph, from 0.
  ///   - seed: that of the loop.
  ///   - step: how many steps were made before.
  ///   - keep: how many of the elements are not 0, as a share.
  ///   - shape: rows of the step × units.
  /// - Returns: 0, or 1/keep.
  package static func mask(
    at position: Int, seed: UInt64, step: Int, keep: Double, shape: Shape
  ) -> Tensor {
    var elements = [Double](repeating: 0, count: shape.count)
    let counter = UInt64(truncatingIfNeeded: step) &* UInt64(truncatingIfNeeded: shape.count)
    elements.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      Precision.float64.kernels.pointee.mask(
        seed ^ maskSeed(at: position), counter, keep, base, shape.count)
    }
    return Tensor(shape, elements)
  }
}
