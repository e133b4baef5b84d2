/// A fresh net for every fold, trained on the other folds and tested on this one (M. Stone,
/// "Cross-Validatory Choice and Assessment of Statistical Predictions", 1974).
package struct CrossValidation {
  /// The loss of each fold's net on its test rows.
  package private(set) var losses: [Double] = []
  /// The metric of each fold's net on its test rows.
  package private(set) var metrics: [Double] = []
  /// `accuracy` for classes, `r2` or `mse` for numbers.
  package private(set) var metricName = ""

  /// - Parameters:
  ///   - network: gives sizes, activations and settings; it is not trained itself.
  ///   - isStopped: asked before every step; folds that were not tested by then are left out.
  ///   - onEpoch: sees the number of the fold, from 0, and each of its epochs.
  ///   - prepare: what to learn from a training set, whose answer has the steps as its pipeline;
  ///     they are applied to the test set.
  /// - Throws: where options, data and net do not fit, and what a user's function throws.
  package init(
    of network: Network, on data: DataSet, _ folds: Folds, _ options: TrainingOptions,
    isStopped: @escaping () -> Bool = { false },
    onEpoch: (Int, EpochSummary) -> Void = { _, _ in },
    prepare: ((DataSet) throws(LearningError) -> DataSet)? = nil
  ) throws(LearningError) {
    let fresh = try network.startingAnew()
    if let loss = options.loss { try fresh.setLoss(loss) }
    // A fold need not have every class.
    let data = try fresh.reading(data)
    for fold in folds.testRows.indices {
      var training = try data.rows(folds.trainingRows(fold))
      var test = try data.rows(folds.testRows[fold])
      if let prepare {
        training = try prepare(training)
        if let pipeline = training.pipeline { test = try pipeline.applied(to: test) }
      }
      let fresh = try network.startingAnew()
      _ = try train(fresh, on: training, options, isStopped: isStopped) { event in
        if case .epoch(let summary) = event { onEpoch(fold, summary) }
        return .proceed
      }
      if isStopped() { return }
      losses.append(try fresh.loss(on: test))
      let metric = try fresh.metric(for: data.pipeline == nil ? training : data)
      metrics.append(try metric.value(of: fresh, on: test))
      metricName = metric.rawValue
    }
  }
}
