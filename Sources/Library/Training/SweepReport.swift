import Differentiation
import Language
import Learning
import Rendering
import Syntax

/// The result of a sweep: a record, a table with the best run marked, and the curves of all runs.
struct SweepReport {
  private let grid: SweepGrid
  private let sweep: Sweep
  private let session: Session
  private let criterion: Sweep.Criterion
  /// The trainings of each combination that ended or diverged.
  private let rows: [Row]

  private struct Row {
    let values: [Value]
    let group: TrialGroup

    var runs: [TrainingRun] { group.runs }
  }

  init(_ grid: SweepGrid, _ sweep: Sweep, _ session: Session) {
    self.grid = grid
    self.sweep = sweep
    self.session = session
    criterion = sweep.criterion
    var rows: [(place: Int, trials: [Sweep.Trial])] = []
    for trial in sweep.trials {
      let place = grid.place(of: trial.number)
      if rows.last?.place == place {
        rows[rows.count - 1].trials.append(trial)
      } else {
        rows.append((place, [trial]))
      }
    }
    self.rows = rows.map { row in
      Row(
        values: grid.combination(row.trials[0].number).map { $0.value },
        group: TrialGroup(row.trials))
    }
  }

  private func text(_ value: Value) -> String { session.sweptText(value) }

  /// The name of a combination among curves.
  private func name(of row: Row) -> String {
    let words = zip(grid.axes, row.values).map { "\($0.name)=\(text($1))" }
    return words.isEmpty ? "mean" : words.joined(separator: " ")
  }

  var value: Value {
    let runs = sweep.runs
    let bestRow = bestRow
    let metricName = runs.first?.metricName ?? "metric"
    func spread(_ number: (TrainingRun) -> Double?) -> [Spread] {
      rows.map { $0.group.spread(number) }
    }
    func vector(_ numbers: [Double]) -> Value { .tensor(Tensor(vector: numbers)) }
    let losses = spread { $0.lastLoss }
    let metrics = spread { $0.metric }
    var fields = Record([
      ("best", bestRow.flatMap { bestRun(of: rows[$0]) }.map { .run($0) } ?? .nothing),
      ("runs", .list(runs.map { .run($0) })),
      (
        "options",
        .list(
          rows.map { row in
            .record(Record(zip(grid.axes, row.values).map { ($0.name, $1) }))
          })
      ), ("losses", vector(losses.map { $0.mean })), (metricName, vector(metrics.map { $0.mean })),
    ])
    let hasValidation = runs.contains { $0.bestValidationLoss != nil }
    let validations = spread { $0.bestValidationLoss }
    if hasValidation { fields["valid_losses"] = vector(validations.map { $0.mean }) }
    if grid.seeds != nil {
      fields["losses_sd"] = vector(losses.map { $0.deviation })
      fields["\(metricName)_sd"] = vector(metrics.map { $0.deviation })
      if hasValidation { fields["valid_losses_sd"] = vector(validations.map { $0.deviation }) }
    }
    let curves = curves
    return .report(
      .ofTables(title: "sweep", fields: fields, picture: runs.isEmpty ? nil : curves) { display in
        TextBlocks(
          table(
            on: display, best: bestRow, metricName: metricName, hasValidation: hasValidation))
      })
  }

  private var curves: Picture {
    TrialGroup.curves(
      rows.filter { !$0.runs.isEmpty }.map { (name(of: $0), $0.group) }, grid.seeds)
  }

  /// The combination with the best mean of what is judged by; diverging with any seed is worst.
  private var bestRow: Int? {
    let whole = rows.indices.filter { rows[$0].group.divergedIn.isEmpty }
    let some = rows.indices.filter { !rows[$0].runs.isEmpty }
    return (whole.isEmpty ? some : whole).min { mean(of: rows[$0]) < mean(of: rows[$1]) }
  }

  private func mean(of row: Row) -> Double {
    Spread(row.runs.map { Sweep.badness($0, by: criterion) }).mean
  }

  private func bestRun(of row: Row) -> TrainingRun? {
    row.runs.min {
      Sweep.badness($0, by: criterion) < Sweep.badness($1, by: criterion)
    }
  }

  private func table(
    on display: Display, best: Int?, metricName: String, hasValidation: Bool
  ) -> Table {
    let results =
      ["training loss"] + (hasValidation ? ["validation loss"] : [])
      + [sweep.runs.first?.names.metric ?? metricName]
    let epochs = Set(sweep.runs.map { $0.epochs.count })
    var table = Table(
      grid.axes.enumerated().map { place, axis in
        .init(axis.name, rows.map { text($0.values[place]) }.isNumeric ? .right : .left)
      })
    if epochs.count > 1 { table.columns.append(.init("epochs", .right)) }
    table.columns += results.map { .init($0, .right) } + [.init("")]
    let columns = results.indices.map { column in
      AlignedColumn(
        rows.map { row in
          row.group.text(on: display, grid.seeds) { run in
            ([run.lastLoss] + (hasValidation ? [run.bestValidationLoss ?? .nan] : [])
              + [run.metric])[column]
          }
        })
    }
    for (place, row) in rows.enumerated() {
      table.append(
        row.values.map { text($0) } + (epochs.count > 1 ? [row.group.epochsText] : [])
          + columns.map { $0.field(place) } + [
            row.group.divergence(grid.seeds) ?? (place == best ? "best" : "")
          ])
    }
    table.notes = [verdict]
    if let seeds = grid.seeds { table.notes.insert(seeds.note, at: 0) }
    return table
  }

  private var verdict: String {
    guard !sweep.runs.isEmpty else {
      return "no training came to its end: smaller rates, clip=1 or standardized data usually help"
    }
    switch criterion {
    case .validation: return "best by the loss on rows set apart"
    case .loss:
      return "best by the loss on the rows trained on; valid=0.2 judges by rows set apart"
    case .metric: return "best by the metric, as different losses cannot be compared"
    }
  }
}

extension Session {
  /// A value on an axis of a sweep, in a few characters.
  func sweptText(_ value: Value) -> String {
    switch value {
    case .string(let word): word
    case .data(let data): data.title
    default: brief(value)
    }
  }
}
