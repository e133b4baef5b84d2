import Differentiation

/// Trainings that differ in net, data or options, and which of them is best.
package struct Sweep {
  package struct Trial {
    /// Its place among all trainings, from 0.
    package let number: Int
    /// Nothing where the loss became infinite or not a number.
    package fileprivate(set) var run: TrainingRun?
    package fileprivate(set) var divergedIn: Int?
  }

  /// What the best run is chosen by: the loss on rows set apart where all runs have it, else the
  /// loss, and where the runs have different losses, the metric.
  package enum Criterion { case validation, loss, metric }

  /// The trainings that ended or diverged, in order.
  package private(set) var trials: [Trial] = []
  /// Numbers that the nets of all runs may hold together: 1 GB.
  private static let mostKept = 1 << 27

  /// - Parameters:
  ///   - candidate: makes the training of this number, from 0.
  ///   - threads: how many may train.
  ///   - team: to whose ranks the trainings are dealt.
  ///   - clock: seconds since some moment.
  ///   - isStopped: asked before every step, of so many nets at once; a training that was stopped is
  ///     left out.
  ///   - onProgress: sees now and then where the trainings are.
  ///   - onFailure: sees the number of a training whose error is about to be thrown.
  /// - Throws: where options, data and net do not fit or all nets are too many to keep, and what a
  ///   user's function throws.
  package init(
    of count: Int, threads: Int = Backends.threads, team: Team? = nil, clock: () -> Double,
    isStopped: @escaping (Int) -> Bool,
    candidate: (Int) throws(LearningError) -> SideBySide.Candidate,
    onProgress: ((SideBySide.Progress) -> Void)? = nil, onFailure: (Int) -> Void = { _ in }
  ) throws(LearningError) {
    var begins: [Int: Double] = [:]
    var trials: [Trial] = []
    try SideBySide.train(
      count, threads: threads, team: team, isStopped: isStopped,
      candidate: { number throws(LearningError) in
        let candidate = try candidate(number)
        guard candidate.network.count <= Self.mostKept / count else {
          throw LearningError(
            "\(count) nets of \(candidate.network.count) parameters are too many to keep",
            help: ["sweep fewer options at a time"])
        }
        begins[number] = clock()
        return candidate
      }, onProgress: onProgress, onFailure: onFailure,
      onEnd: { number, outcome throws(LearningError) in
        var trial = Trial(number: number)
        switch outcome {
        case .ended(var run):
          run.seconds = begins[number].map { clock() - $0 }
          trial.run = run
        case .diverged(let epoch, _): trial.divergedIn = epoch
        }
        trials.append(trial)
      })
    self.trials = trials
  }

  package var runs: [TrainingRun] { trials.compactMap { $0.run } }

  package var criterion: Criterion {
    let runs = runs
    let losses = Set(
      runs.map { run in
        // Losses with other weights cannot be compared either; penalties are in none.
        let parts = TrainingOption.all.filter {
          $0.traits.contains(.actsInLoss) && !$0.traits.contains(.isPenalty)
        }
        .map { $0.read(run.options)?.text ?? "" }
        return parts.joined(separator: " ")
      })
    if losses.count > 1 { return .metric }
    return !runs.isEmpty && runs.allSatisfy { $0.bestValidationLoss != nil } ? .validation : .loss
  }

  /// By what a run is judged: the smaller, the better.
  package static func badness(_ run: TrainingRun, by criterion: Criterion) -> Double {
    switch criterion {
    case .validation: run.bestValidationLoss ?? .infinity
    case .loss: run.lastLoss
    case .metric: run.metricName == "mse" ? run.metric : -run.metric
    }
  }
}
