import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let comparisonFunction = BuiltinFunction(
    "compare", .training,
    "Runs side by side: a table of what differs in their options and results, and their curves.",
    parameters: [ViewOption.scale.parameter] + PictureOption.parameters,
    rest: Parameter("runs", .any, "Runs, nets that were trained, lists of runs, or a sweep."),
    examples: [
      .init(
        "net = mlp [2,1] sigmoid; d = gate \"and\"; a = train (copy net) d quiet=true; b = train (copy net) d lr=1 quiet=true; c = compare a b; print c.loss[1] > c.loss[2]",
        prints: "true")
    ]
  ) { arguments throws(Failure) in
    let runs = try comparedRuns(arguments)
    let comparison = RunComparison(runs, arguments.session)
    let scale = try arguments.optional(ViewOption.scale)
    return try arguments.drawn(
      comparison.curves(scale: scale.map { $0 ? .logarithmic : .linear }),
      fields: comparison.fields, below: { _ in comparison.table })
  }

  private static func comparedRuns(
    _ arguments: Arguments
  ) throws(Failure) -> [(name: String?, run: TrainingRun)] {
    var runs: [(name: String?, run: TrainingRun)] = []
    for argument in arguments.rest {
      let found = arguments.session.runs(in: argument.value)
      guard !found.isEmpty else {
        let isNet = if case .network = argument.value { true } else { false }
        throw Failure(
          isNet ? "this net has not been trained here" : "runs are compared with runs only",
          at: argument.range, label: argument.value.kind,
          help: ["a = train net data; b = train other data; compare a b"])
      }
      runs += found.map { (found.count == 1 ? argument.name : nil, $0) }
    }
    guard runs.count > 1 else {
      throw Failure(
        "compare needs at least two runs", at: arguments.range,
        help: ["compare a b", "compare (sweep net data lr=[0.01, 0.1])", "show a draws one run"])
    }
    return runs
  }
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
  private let runs: [TrainingRun]
  let names: [String]
  /// What is the same in all, and what is not, with one text a run.
  private let shared: [(name: String, text: String)]
  private let different: [(name: String, texts: [String])]
  private let session: Session
  /// The most runs that are drawn: more curves could not be distinguished.
  static let mostCurves = 7

  init(_ given: [(name: String?, run: TrainingRun)], _ session: Session) {
    self.session = session
    runs = given.map { $0.run }
    let facts = given.map { session.facts(of: $0.run) }
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

  var fields: Record {
    func vector(_ number: (TrainingRun) -> Double) -> Value {
      .tensor(Tensor(vector: runs.map(number)))
    }
    var record = Record([
      ("runs", .list(runs.map { .run($0) })), ("names", .list(names.map { .string($0) })),
      ("loss", vector { $0.lastLoss }), ("first_loss", vector { $0.firstLoss }),
      ("epochs", vector { Double($0.epochs.count) }), ("steps", vector { Double($0.steps) }),
      ("seconds", vector { $0.seconds ?? .nan }),
      (
        "different",
        .record(Record(different.map { ($0.name, .list($0.texts.map { .string($0) })) }))
      ),
    ])
    for name in metricNames {
      record[name] = vector { $0.metricName == name ? $0.metric : .nan }
    }
    return record
  }

  /// A row a run: its name, what differs, and the results. No times, so that outputs can be
  /// compared.
  var table: TextBlocks {
    let style = NumberStyle.significantDigits(6)
    // Names that only repeat the columns behind them are numbers.
    let isNamed = names.indices.contains { place in !names[place].contains("=") }
    var table = Table([.init("run", isNamed ? .left : .right)])
    table.columns += different.map { .init($0.name, $0.texts.isNumeric ? .right : .left) }
    let validation = runs.contains { !$0.validationLosses.isEmpty }
    let results =
      ["epochs", "first loss", "loss"] + (validation ? ["valid loss"] : []) + metricTitles
    table.columns += results.map { .init($0, .right) }
    var numbers: [[Double?]] = []
    for run in runs {
      numbers.append(
        [Double(run.epochs.count), run.firstLoss, run.lastLoss]
          + (validation ? [run.bestValidationLoss] : [])
          + metricTitles.map { $0 == metricTitle(of: run) ? run.metric : nil })
    }
    let columns = results.indices.map { column in
      AlignedColumn(numbers.map { $0[column].map(style.text) ?? "" })
    }
    for place in runs.indices {
      table.append(
        [isNamed ? names[place] : "\(place + 1)"] + different.map { $0.texts[place] }
          + columns.map { $0.field(place) })
    }
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
    var picture = LossCurves.picture(
      title: "training loss by epoch",
      zip(names, runs).prefix(Self.mostCurves).map { LossCurves.Run($0, $1.losses) }, scale: scale)
    if runs.count > Self.mostCurves {
      picture.notes.append("the first \(Self.mostCurves) of \(runs.count) runs are drawn")
    }
    return picture
  }
}

extension Session {
  /// The net, the data and every option of a run, each as a short text.
  fileprivate func facts(of run: TrainingRun) -> [(name: String, text: String)] {
    let network = run.network
    var facts = [
      ("net", network.title), ("init", Choice.initializer(network.initializer).title),
      ("weights from seed", "\(network.seed)"), ("dtype", network.precision.rawValue),
      ("data", "\(run.data.title) (\(run.data.count) rows)"),
    ]
    if network.dropout > 0 { facts.append(("dropout", numberText(network.dropout))) }
    facts += run.optionsRecord.map { ($0.name, optionText($0.value)) }
    return facts.map { (name: $0.0, text: $0.1) }
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
