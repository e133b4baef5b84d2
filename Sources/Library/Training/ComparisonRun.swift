import Differentiation
import Language
import Learning
import Rendering
import Syntax

/// Trains the variants that runs stand for anew from several seeds, as a sweep does: net, data and
/// options are those of the run, weights and the order of the rows are drawn.
struct ComparisonRun {
  private let given: [ComparedRun]
  private let seeds: VariantSeeds
  private let arguments: Arguments
  private var session: Session { arguments.session }

  /// - Throws: where the runs are one variant, or rows of theirs lie in a file.
  init(
    _ runs: [ComparedRun], _ seeds: VariantSeeds, _ arguments: Arguments
  ) throws(Failure) {
    var given: [ComparedRun] = []
    for run in runs {
      guard run.run.data.table != nil else {
        throw Failure(
          "seeds= trains nets side by side, on data in memory", at: run.range,
          label: "was trained on a stream of rows",
          help: ["csv \"file\" holds the rows in memory, or train once for each seed"])
      }
      // A sweep with seeds has several runs of each variant.
      let isKnown = given.contains { known in
        known.name == nil && run.name == nil && Self.areOneVariant(known.run, run.run, arguments)
      }
      if !isKnown { given.append(run) }
    }
    guard given.count > 1 else {
      throw Failure(
        "these runs differ in their seeds alone", at: arguments.range,
        help: ["sweep net data seeds=20 tells how much is chance in one training"])
    }
    self.given = given
    self.seeds = seeds
    self.arguments = arguments
  }

  private static func areOneVariant(
    _ one: TrainingRun, _ other: TrainingRun, _ arguments: Arguments
  ) -> Bool {
    let own = arguments.session.facts(of: one, withSeeds: false)
    let others = arguments.session.facts(of: other, withSeeds: false)
    return own.count == others.count && zip(own, others).allSatisfy { $0 == $1 }
      && one.data == other.data
  }

  /// Ctrl-C ends it behind the trainings that are done.
  func comparison() throws(Failure) -> RunComparison {
    let count = try seeds.trainings(of: given.count, arguments)
    let progress = WorkProgress(session, isQuiet: try arguments(Catalog.sweepIsQuiet))
    defer { progress.end() }
    let runtime = arguments.runtime
    let names = RunComparison(given, session, seeds).names
    let sweep = try arguments.mappingErrors { () throws(LearningError) in
      try Sweep(
        of: count, threads: runtime.trainingThreads, team: session.host.team,
        clock: session.host.clock, isStopped: runtime.stopsTrainings,
        candidate: { number throws(LearningError) in
          try candidate(given[seeds.variant(of: number)].run)
            .startingAnew(seed: seeds.seed(of: number))
        },
        onProgress: progress.isWatched
          ? { progress.show($0, "", of: count) { " \(names[seeds.variant(of: $0)])" } } : nil)
    }
    if runtime.isStopped() {
      session.note("stopped after \(sweep.trials.count) of \(count) trainings")
      if sweep.trials.isEmpty { throw .interrupted }
    }
    var trials = given.map { _ in [Sweep.Trial]() }
    for trial in sweep.trials { trials[seeds.variant(of: trial.number)].append(trial) }
    return RunComparison(given, session, seeds, groups: trials.map { TrialGroup($0) })
  }

  /// The training of a run from its first epoch.
  private func candidate(_ run: TrainingRun) throws(LearningError) -> SideBySide.Candidate {
    var options = run.options
    options.resumed = nil
    options.evaluatesEpochs = false
    return SideBySide.Candidate(run.network, on: run.data.pattern, options)
  }
}
