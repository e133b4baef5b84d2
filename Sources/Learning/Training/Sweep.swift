/// Trainings that differ in net, data or options, one after another, and which of them is best.
package struct Sweep {
  /// What one training is made of; the net is its own.
  package struct Candidate {
    let network: Network
    let data: DataSet
    let options: TrainingOptions

    package init(_ network: Network, on data: DataSet, _ options: TrainingOptions) {
      self.network = network
      self.data = data
      self.options = options
    }
  }

  package struct Trial {
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
  ///   - clock: seconds since some moment.
  ///   - isStopped: asked before every step; a training that was stopped is left out.
  ///   - onEpoch: sees the number of the training and each of its epochs.
  /// - Throws: where options, data and net do not fit or all nets are too many to keep, and what a
  ///   user's function throws.
  package init(
    of count: Int, clock: () -> Double, isStopped: @escaping () -> Bool,
    candidate: (Int) throws(LearningError) -> Candidate,
    onEpoch: (Int, EpochSummary) -> Void = { _, _ in }
  ) throws(LearningError) {
    for number in 0..<count {
      if isStopped() { return }
      let candidate = try candidate(number)
      guard candidate.network.count <= Self.mostKept / count else {
        throw LearningError(
          "\(count) nets of \(candidate.network.count) parameters are too many to keep",
          help: ["sweep fewer options at a time"])
      }
      let began = clock()
      var trial = try Self.trial(candidate, isStopped) { onEpoch(number, $0) }
      if isStopped() { return }
      trial.run?.seconds = clock() - began
      trials.append(trial)
    }
  }

  private static func trial(
    _ candidate: Candidate, _ isStopped: @escaping () -> Bool, onEpoch: (EpochSummary) -> Void
  ) throws(LearningError) -> Trial {
    var trial = Trial()
    do {
      trial.run = try train(
        candidate.network, on: candidate.data, candidate.options, isStopped: isStopped
      ) { event in
        switch event {
        case .diverged(let epoch, _): trial.divergedIn = epoch
        case .epoch(let summary): onEpoch(summary)
        default: break
        }
        return .proceed
      }
    } catch {
      guard trial.divergedIn != nil else { throw error }
    }
    return trial
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

  /// The number of the best training; nil where none ended.
  package var best: Int? {
    let criterion = criterion
    func badness(_ run: TrainingRun) -> Double {
      switch criterion {
      case .validation: run.bestValidationLoss ?? .infinity
      case .loss: run.lastLoss
      case .metric: run.metricName == "mse" ? run.metric : -run.metric
      }
    }
    let finished = trials.indices.compactMap { place in
      trials[place].run.map { (place: place, badness: badness($0)) }
    }
    return finished.min { $0.badness < $1.badness }?.place
  }
}
