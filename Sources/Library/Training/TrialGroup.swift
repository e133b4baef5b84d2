import Differentiation
import Language
import Learning
import Rendering
import Syntax

/// The seeds that each of several variants is trained with, one training behind the other.
struct VariantSeeds {
  /// The most trainings of one statement.
  static let mostTrainings = 10_000
  static let key = Key.wholeNumber(
    "seeds", .absent, in: 1...mostTrainings,
    "With how many seeds each is trained anew, for means and standard deviations.")

  let first: Int
  let count: Int

  /// - Returns: nothing where the call names none.
  init?(_ arguments: Arguments) throws(Failure) {
    guard let count = try arguments.optional(Self.key) else { return nil }
    self.count = count
    first = arguments.session.seed
  }

  /// The trainings of so many variants.
  /// - Throws: where they are too many.
  func trainings(of variants: Int, _ arguments: Arguments) throws(Failure) -> Int {
    let (trainings, overflow) = variants.multipliedReportingOverflow(by: count)
    guard !overflow, trainings <= Self.mostTrainings else {
      throw Failure(
        "so many seeds make more than \(Self.mostTrainings) trainings",
        at: arguments.range(of: Self.key),
        help: ["\(arguments.function.name) fewer variants or seeds at a time"])
    }
    return trainings
  }

  /// The place of a training's variant, counted from 0.
  func variant(of number: Int) -> Int { number / count }

  /// The seed of a training's weights and shuffling.
  func seed(of number: Int) -> Int { first &+ number % count }

  /// Whether there is more than one, so that results have deviations.
  var areSeveral: Bool { count > 1 }

  var note: String {
    areSeveral
      ? "means and standard deviations over \(count) seeds"
      : "of one seed, \(first): more of them tell how much is chance"
  }
}

/// What came of one variant: one training, or one from each seed.
struct TrialGroup {
  let runs: [TrainingRun]
  /// The epochs in which other trainings were no finite number any more.
  let divergedIn: [Int]

  init(_ run: TrainingRun) { (runs, divergedIn) = ([run], []) }

  init(_ trials: [Sweep.Trial]) {
    runs = trials.compactMap { $0.run }
    divergedIn = trials.compactMap { $0.divergedIn }
  }

  func spread(_ number: (TrainingRun) -> Double?) -> Spread {
    Spread(runs.compactMap(number))
  }

  /// The number of a single training, mean and deviation of several; empty for none.
  func text(
    on display: Display, _ seeds: VariantSeeds?, _ number: (TrainingRun) -> Double?
  ) -> String {
    let numbers = runs.compactMap(number)
    guard !numbers.isEmpty else { return "" }
    guard let seeds, seeds.areSeveral else {
      return NumberStyle.significantDigits(6).text(numbers[0])
    }
    return Spread(numbers).text(on: display)
  }

  /// `20`, or `3-20` where trainings differ.
  var epochsText: String {
    let counts = runs.map { $0.epochs.count }
    guard let least = counts.min(), let most = counts.max() else { return "" }
    return least == most ? "\(least)" : "\(least)-\(most)"
  }

  /// Which trainings ran away; nothing where none did.
  func divergence(_ seeds: VariantSeeds?) -> String? {
    guard let epoch = divergedIn.first else { return nil }
    return seeds == nil
      ? "not finite in epoch \(epoch)"
      : "not finite with \(divergedIn.count) of \(runs.count + divergedIn.count)"
  }

  /// The losses of a single training, means and deviations of several as far as all of them went.
  private func curve(named name: String, _ seeds: VariantSeeds?) -> LossCurves.Run {
    let losses = runs.map { $0.losses }
    guard let seeds, seeds.areSeveral else { return LossCurves.Run(name, losses.first ?? []) }
    let epochs = losses.map { $0.count }.min() ?? 0
    let spreads = (0..<epochs).map { epoch in Spread(losses.map { $0[epoch] }) }
    return LossCurves.Run(
      name, spreads.map { $0.mean }, deviations: spreads.map { $0.deviation })
  }

  /// The most curves that are drawn: more could not be distinguished.
  private static let mostCurves = 7

  /// The curve of each variant, with a band of one standard deviation where there are several seeds.
  static func curves(
    _ groups: [(name: String, group: TrialGroup)], _ seeds: VariantSeeds?,
    scale: PlotAxis.Scale? = nil
  ) -> Picture {
    let title = "training loss by epoch"
    var picture = LossCurves.picture(
      title: seeds?.areSeveral == true ? title + ", mean and standard deviation" : title,
      groups.prefix(mostCurves).map { $0.group.curve(named: $0.name, seeds) }, scale: scale)
    if groups.count > mostCurves {
      let things = seeds == nil ? "runs" : "variants"
      picture.notes.append("the first \(mostCurves) of \(groups.count) \(things) are drawn")
    }
    return picture
  }
}

extension SideBySide.Candidate {
  /// The same training from weights and an order of rows that are drawn anew.
  /// - Throws: where no such net can be made.
  func startingAnew(seed: Int) throws(LearningError) -> SideBySide.Candidate {
    var options = options
    options.seed = seed
    return SideBySide.Candidate(try network.startingAnew(seed: seed), on: data, options)
  }
}
