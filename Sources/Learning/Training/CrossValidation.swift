import Differentiation

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
  ///   - threads: how many may work on folds.
  ///   - team: to whose ranks the folds are dealt.
  ///   - isStopped: asked before every step, of so many nets at once; folds that were not tested by
  ///     then are left out.
  ///   - onProgress: sees now and then where the trainings are.
  ///   - prepare: what to learn from a training set, whose answer has the steps as its pipeline;
  ///     they are applied to the test set.
  /// - Throws: where options, data and net do not fit, and what a user's function throws.
  package init(
    of network: Network, on data: DataSet, _ folds: Folds, _ options: TrainingOptions,
    threads: Int = Backends.threads, team: Team? = nil,
    isStopped: @escaping (Int) -> Bool = { _ in false },
    onProgress: ((SideBySide.Progress) -> Void)? = nil,
    prepare: ((DataSet) throws(LearningError) -> DataSet)? = nil
  ) throws(LearningError) {
    let fresh = try network.startingAnew()
    if let loss = options.loss { try fresh.setLoss(loss) }
    // A fold need not have every class.
    let data = try fresh.reading(data)
    // Of the folds under way.
    var parts: [Int: (training: DataSet, test: DataSet)] = [:]
    try SideBySide.train(
      folds.testRows.count, threads: threads, team: team, isStopped: isStopped,
      candidate: { fold throws(LearningError) in
        var training = try data.rows(folds.trainingRows(fold))
        var test = try data.rows(folds.testRows[fold])
        if let prepare {
          training = try prepare(training)
          if let pipeline = training.pipeline { test = try pipeline.applied(to: test) }
        }
        parts[fold] = (training, test)
        return SideBySide.Candidate(try network.startingAnew(), on: training, options)
      }, onProgress: onProgress,
      onEnd: { fold, outcome throws(LearningError) in
        switch outcome {
        case .diverged(_, let error): throw error
        case .ended(let run):
          guard let (training, test) = parts.removeValue(forKey: fold) else { return }
          let fresh = run.network
          losses.append(try fresh.loss(on: test))
          let metric = try fresh.metric(for: data.pipeline == nil ? training : data)
          metrics.append(try metric.value(of: fresh, on: test))
          metricName = metric.rawValue
        }
      })
  }
}
