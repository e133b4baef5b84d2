internal import CKernels
import Glibc

/// What lanes ask of the loop of one net.
extension TrainingLoop {
  /// Whether another loop updates as many numbers in the same way, with steps of so many rows that
  /// are the same but for their constants.
  package func isAlike(_ other: TrainingLoop, rows: Int) -> Bool {
    let (own, theirs) = (parameters, other.parameters)
    guard own.precision == theirs.precision, own.count == theirs.count,
      own.states.count == theirs.states.count, function == other.function,
      (updater == nil) == (other.updater == nil),
      let mine = try? stage(rows), let another = try? other.stage(rows)
    else { return false }
    return mine.masks.count == another.masks.count && mine.isMeasured == another.isMeasured
      && mine.program.isAlike(another.program)
  }

  /// Whether all rows have the same bits.
  func hasSameData(as other: TrainingLoop) -> Bool {
    data.count == other.data.count
      && zip(data, other.data).allSatisfy { own, theirs in
        own.bytes == theirs.bytes && memcmp(own.base, theirs.base, own.bytes) == 0
      }
  }

  /// Where the rows of a feed come from, in the order of a stage's feeds.
  func source(of feed: Int) -> UnsafeRawPointer? {
    stages.first.flatMap { $0.stage.feeds[feed].source }
  }

  /// Writes the mask of a step, counted from 0, on so many rows.
  func fillMask(_ index: Int, rows: Int, step: Int, _ target: UnsafeMutableRawPointer) {
    guard let mask = stages.first(where: { $0.rows == rows })?.stage.masks[index] else { return }
    let counter = UInt64(step) &* UInt64(mask.count)
    kernels.pointee.mask(seed ^ mask.seed, counter, mask.keep, target, mask.count)
  }
}
