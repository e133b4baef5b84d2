internal import CKernels

extension TrainingLoop {
  /// The same with batches that are divided.
  func run(
    _ divided: DividedSteps, _ rows: Int, _ batch: Int, _ rate: Double, _ earlier: Epoch,
    _ proceed: () -> Bool
  ) throws(DifferentiationError) -> Epoch {
    var epoch = earlier
    for start in stride(from: 0, to: rows, by: batch) {
      let count = min(batch, rows - start)
      // Who has a team stops when all do.
      let wantsStop = !proceed()
      guard divided.hasTeam ? !divided.isStopped : !wantsStop else {
        epoch.ending = .stopped
        break
      }
      let sums = try divided.run(
        count, of: self, wantsStop: wantsStop, isFirst: start == 0
      ) { stage, part, whole in fill(stage, rowNumbers + start + part.lowerBound, part, of: whole) }
      guard let sums else {
        epoch.ending = reader?.hasFailed == true ? .unread : .stopped
        break
      }
      epoch.lossByRow += sums.loss * Double(count)
      epoch.lossByStep += sums.loss
      epoch.metric += sums.metric
      epoch.steps += 1
      epoch.rows += count
      guard sums.loss.isFinite else {
        epoch.ending = .notFinite
        break
      }
      update(rate: rate)
    }
    return epoch
  }

  private func update(rate: Double) {
    step += 1
    if let updater {
      updater.run(rate: rate, step: step)
    } else {
      UnsafeMutableRawPointer(constants)
        .storeBytes(of: constantsOfStep(rate, step), as: SIMD8<Double>.self)
      kernels.pointee.update(
        function, values, gradients, firstState, secondState, parameterCount, constants)
    }
  }

  /// Puts some rows of a batch in place, and their masks: those that they have wherever they are
  /// computed.
  /// - Returns: false where the rows cannot be read.
  private func fill(
    _ stage: Stage, _ order: UnsafePointer<Int32>, _ rows: Range<Int>, of batch: Int
  ) -> Bool {
    guard take(order, rows.count, into: stage) else { return false }
    for mask in stage.masks {
      let units = mask.count / max(rows.count, 1)
      let counter = UInt64(step) &* UInt64(batch * units) &+ UInt64(rows.lowerBound * units)
      kernels.pointee.mask(seed ^ mask.seed, counter, mask.keep, mask.target, mask.count)
    }
    return true
  }
}
