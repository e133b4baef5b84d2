internal import CKernels

extension TrainingLoop {
  /// Runs the body with denormal numbers taken for zero on this thread, as epochs are to be run:
  /// denormals slow a step down many times and change nothing that can be seen. Not done by
  /// `runEpoch` itself, as going to and fro takes as long as half a step of a small net.
  /// - Throws: what `body` throws.
  package static func withoutDenormals<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let state = bp_flush_denormals()
    defer { bp_restore_denormals(state) }
    return try body()
  }

  /// Runs the body as if outside `withoutDenormals`.
  /// - Throws: what `body` throws.
  package static func withDenormals<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let state = bp_keep_denormals()
    defer { bp_restore_denormals(state) }
    return try body()
  }
}
