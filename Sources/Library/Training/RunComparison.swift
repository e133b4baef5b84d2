import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let comparisonFunction = BuiltinFunction(
    "compare", .training,
    "Runs side by side: a table of what differs in their options and results, and their curves.",
    traits: .endsByItself,
    parameters: [ViewOption.scale.parameter, VariantSeeds.key.parameter, sweepIsQuiet.parameter]
      + PictureOption.parameters,
    rest: Parameter("runs", .any, "Runs, nets that were trained, lists of runs, or a sweep."),
    examples: [
      .init(
        "net = mlp [2,1] sigmoid; d = gate \"and\"; a = train (copy net) d quiet=true; b = train (copy net) d lr=1 quiet=true; c = compare a b; print c.loss[1] > c.loss[2]",
        prints: "true"),
      .init(
        "net = mlp [2,4,1] tanh sigmoid; a = train (copy net) moons epochs=20 quiet=true; b = train (copy net) moons epochs=20 optimizer=adam quiet=true; c = compare a b seeds=5; print length c.runs, c.loss[1] < c.loss[2], min c.loss_sd > 0",
        prints: "10 true true"),
    ]
  ) { arguments throws(Failure) in
    let given = try comparedRuns(arguments)
    let comparison =
      if let seeds = try VariantSeeds(arguments) {
        try ComparisonRun(given, seeds, arguments).comparison()
      } else {
        RunComparison(given, arguments.session)
      }
    let scale = try arguments.optional(ViewOption.scale)
    return try arguments.drawn(
      comparison.curves(scale: scale.map { $0 ? .logarithmic : .linear }),
      fields: comparison.fields, below: comparison.table)
  }

  private static func comparedRuns(_ arguments: Arguments) throws(Failure) -> [ComparedRun] {
    var runs: [ComparedRun] = []
    for argument in arguments.rest {
      let found = arguments.session.runs(in: argument.value)
      guard !found.isEmpty else {
        let isNet = if case .network = argument.value { true } else { false }
        throw Failure(
          isNet ? "this net has not been trained here" : "runs are compared with runs only",
          at: argument.range, label: argument.value.kind,
          help: ["a = train net data; b = train other data; compare a b"])
      }
      runs += found.map {
        ComparedRun(name: found.count == 1 ? argument.name : nil, run: $0, range: argument.range)
      }
    }
    guard runs.count > 1 else {
      throw Failure(
        "compare needs at least two runs", at: arguments.range,
        help: ["compare a b", "compare (sweep net data lr=[0.01, 0.1])", "show a draws one run"])
    }
    return runs
  }
}

/// A run, with the name and the place of the argument that has it.
struct ComparedRun {
  /// Nothing where the argument is none or has others, too.
  let name: String?
  let run: TrainingRun
  let range: SourceRange
}

extension Session {
  /// The runs that a value holds: itself, the last one of a net, those of a list or of a report.
  fileprivate func runs(in value: Value) -> [TrainingRun] {
    switch value {
    case .run(let run): [run]
    case .network(let network): nets.run(of: network).map { [$0] } ?? []
    case .list(let list): list.flatMap { runs(in: $0) }
    case .report(let report): report.fields["runs"].map { runs(in: $0) } ?? []
    default: []
    }
  }
}

/// Several runs with what tells them apart.
struct RunComparison {
  /// Those that were given: where each is trained anew, what is the same in all of its trainings.
  private let runs: [TrainingRun]
  /// What came of each of them.
  private let groups: [TrialGroup]
  private let seeds: VariantSeeds?
  let names: [String]
  /// What is the same in all, and what is not, with one text a run.
  private let shared: [(name: String, text: String)]
  private let different: [(name: String, texts: [String])]

  /// - Parameters:
  ///   - seeds: from which each was trained anew.
  ///   - groups: what came of each; the run itself where nothing was trained anew.
  init(
    _ given: [ComparedRun], _ session: Session, _ seeds: VariantSeeds? = nil,
    groups: [TrialGroup]? = nil
  ) {
    runs = given.map { $0.run }
    self.groups = groups ?? runs.map { TrialGroup($0) }
    self.seeds = seeds
    let facts = runs.map { session.facts(of: $0, withSeeds: seeds == nil) }
    var keys: [String] = []
    for fact in facts.joined() where !keys.contains(fact.name) { keys.append(fact.name) }
    var shared: [(name: String, text: String)] = []
    var different: [(name: String, texts: [String])] = []
    for key in keys {
      let texts = facts.map { fact in fact.first { $0.name == key }?.text ?? "–" }
      if Set(texts).count == 1 {
        shared.append((key, texts[0]))
      } else {
        different.append((key, texts))
      }
    }
    self.shared = shared
    self.different = different
    names = given.enumerated().map { place, run in
      run.name
        ?? (different.isEmpty
          ? "run \(place + 1)"
          : different.map { "\($0.name)=\($0.texts[place])" }.joined(separator: " "))
    }
  }

  private var metricNames: [String] {
    runs.map { $0.metricName }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// With the rows that they are of, where the runs differ in them.
  private var metricTitles: [String] {
    runs.map(metricTitle).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private func metricTitle(of run: TrainingRun) -> String {
    isMixed ? run.names.metric : run.metricName
  }

  private var isMixed: Bool { Set(runs.map { $0.isValidated }).count > 1 }

  /// The rows that the numbers of the table are of.
  private var rowsNote: String {
    let metrics = metricNames.joined(separator: ", ")
    let remarks = [
      runs.contains { !$0.weightings.isEmpty } ? "with weights" : nil,
      runs.contains { $0.options.objective.hasPenalty } ? "without penalties" : nil,
    ].compactMap { $0 }
    let losses = remarks.isEmpty ? "losses" : "losses, \(remarks.joined(separator: ", ")),"
    if isMixed { return "\(losses) of the training rows, valid loss of the validation rows" }
    return runs.contains { $0.isValidated }
      ? "\(losses) of the training rows, valid loss and \(metrics) of the validation rows"
      : "\(losses) and \(metrics) of the training rows"
  }

  /// One number for each run that was given: of several trainings, their mean.
  var fields: Record {
    let trained = groups.flatMap { $0.runs }
    var record = Record([
      ("runs", .list(trained.map { .run($0) })), ("names", .list(names.map { .string($0) })),
    ])
    func add(_ name: String, hasDeviation: Bool = false, _ number: (TrainingRun) -> Double?) {
      let spreads = groups.map { $0.spread(number) }
      record[name] = .tensor(Tensor(vector: spreads.map { $0.mean }))
      guard hasDeviation, seeds != nil else { return }
      record["\(name)_sd"] = .tensor(Tensor(vector: spreads.map { $0.deviation }))
    }
    add("loss", hasDeviation: true) { $0.lastLoss }
    add("first_loss", hasDeviation: true) { $0.firstLoss }
    add("epochs") { Double($0.epochs.count) }
    add("steps") { Double($0.steps) }
    add("seconds") { $0.seconds }
    record["different"] = .record(
      Record(different.map { ($0.name, .list($0.texts.map { .string($0) })) }))
    for name in metricNames {
      add(name, hasDeviation: true) { $0.metricName == name ? $0.metric : nil }
    }
    return record
  }

  /// A row a run: its name, what differs, and the results. No times, so that outputs can be
  /// compared.
  func table(on display: Display) -> TextBlocks {
    // Names that only repeat the columns behind them are numbers.
    let isNamed = names.indices.contains { place in !names[place].contains("=") }
    var table = Table([.init("run", isNamed ? .left : .right)])
    table.columns += different.map { .init($0.name, $0.texts.isNumeric ? .right : .left) }
    let validation = runs.contains { !$0.validationLosses.isEmpty }
    let results = ["first loss", "loss"] + (validation ? ["valid loss"] : []) + metricTitles
    table.columns += (["epochs"] + results).map { .init($0, .right) }
    let columns = results.indices.map { column in
      AlignedColumn(
        groups.map { group in
          group.text(on: display, seeds) { run in
            ([run.firstLoss, run.lastLoss] + (validation ? [run.bestValidationLoss] : [])
              + metricTitles.map { $0 == metricTitle(of: run) ? run.metric : nil })[column]
          }
        })
    }
    let remarks = groups.map { $0.divergence(seeds) ?? "" }
    let isRemarked = remarks.contains { !$0.isEmpty }
    if isRemarked { table.columns.append(.init("")) }
    for (place, group) in groups.enumerated() {
      table.append(
        [isNamed ? names[place] : "\(place + 1)"] + different.map { $0.texts[place] }
          + [group.epochsText] + columns.map { $0.field(place) }
          + (isRemarked ? [remarks[place]] : []))
    }
    if let seeds { table.notes.append(seeds.note) }
    table.notes.append(rowsNote)
    let same = shared.filter { !Self.commonOptions.contains($0.name) || $0.name == "lr" }
    table.notes.append(
      "the same in all: " + same.map { "\($0.name) \($0.text)" }.joined(separator: ", "))
    return TextBlocks(table)
  }

  /// Left out where all runs have it.
  private static let commonOptions =
    TrainingOption.all.filter { $0.traits.contains(.isCommon) }.map { $0.name } + [
      "dtype", "init", "weights from seed",
    ]

  func curves(scale: PlotAxis.Scale?) -> Picture {
    TrialGroup.curves(
      zip(names, groups).map { (name: $0, group: $1) }, seeds, scale: scale)
  }
}

extension Session {
  /// The net, the data and every option of a run, each as a short text.
  /// - Parameter withSeeds: whether the seeds count, which trainings made anew have of their own.
  func facts(of run: TrainingRun, withSeeds: Bool) -> [(name: String, text: String)] {
    let network = run.network
    var facts = [
      ("net", network.title), ("init", Choice.initializer(network.initializer).title),
      ("weights from seed", "\(network.seed)"), ("dtype", network.precision.rawValue),
      ("data", "\(run.data.title) (\(run.data.count) rows)"),
    ]
    if network.dropout > 0 { facts.append(("dropout", numberText(network.dropout))) }
    facts += run.optionsRecord.map { ($0.name, optionText($0.value)) }
    return facts.compactMap { name, text in
      withSeeds || !["seed", "weights from seed"].contains(name) ? (name, text) : nil
    }
  }

  /// The value of a training's option in a table or report.
  func optionText(_ value: Value) -> String {
    switch value {
    case .string(let word): word
    case .data(let data): data.title
    case .list(let list): list.map { text(of: $0) }.joined(separator: ", ")
    default: brief(value)
    }
  }
}

extension [String] {
  /// Whether a column of these is one of numbers.
  var isNumeric: Bool { allSatisfy { Double($0) != nil || $0 == "–" } }
}
