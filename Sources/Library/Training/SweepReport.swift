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
    let trials: [Sweep.Trial]

    var runs: [TrainingRun] { trials.compactMap { $0.run } }
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
        values: grid.combination(row.trials[0].number).map { $0.value }, trials: row.trials)
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
      rows.map { row in
        let numbers = row.runs.compactMap(number)
        return Spread(numbers)
      }
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

  /// The curve of every run, or of every combination with a band of one standard deviation.
  private var curves: Picture {
    guard grid.seeds != nil else {
      return RunComparison(
        rows.flatMap { row in row.runs.map { (name(of: row), $0) } }, session
      ).curves(scale: nil)
    }
    var picture = LossCurves.picture(
      title: "training loss by epoch, mean and standard deviation",
      rows.prefix(RunComparison.mostCurves).map { row in
        let losses = row.runs.map { $0.losses }
        // As far as all of them went.
        let epochs = (losses.map { $0.count }.min() ?? 0)
        let spreads = (0..<epochs).map { epoch in Spread(losses.map { $0[epoch] }) }
        return LossCurves.Run(
          name(of: row), spreads.map { $0.mean }, deviations: spreads.map { $0.deviation })
      })
    if rows.count > RunComparison.mostCurves {
      picture.notes.append(
        "the first \(RunComparison.mostCurves) of \(rows.count) combinations are drawn")
    }
    return picture
  }

  /// The combination with the best mean of what is judged by; diverging with any seed is worst.
  private var bestRow: Int? {
    let whole = rows.indices.filter { rows[$0].runs.count == rows[$0].trials.count }
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
    let style = NumberStyle.significantDigits(6)
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
          let numbers = row.runs.map { run in
            ([run.lastLoss] + (hasValidation ? [run.bestValidationLoss ?? .nan] : [])
              + [run.metric])[column]
          }
          guard !numbers.isEmpty else { return "" }
          return grid.seeds == nil ? style.text(numbers[0]) : Spread(numbers).text(on: display)
        })
    }
    for (place, row) in rows.enumerated() {
      table.append(
        row.values.map { text($0) } + (epochs.count > 1 ? [epochsText(of: row)] : [])
          + columns.map { $0.field(place) } + [remark(on: row, isBest: place == best)])
    }
    table.notes = [verdict]
    if let seeds = grid.seeds {
      table.notes.insert(
        "means and standard deviations over \(seeds) seeds", at: 0)
    }
    return table
  }

  private func epochsText(of row: Row) -> String {
    let counts = row.runs.map { $0.epochs.count }
    guard let least = counts.min(), let most = counts.max() else { return "" }
    return least == most ? "\(least)" : "\(least)-\(most)"
  }

  private func remark(on row: Row, isBest: Bool) -> String {
    let diverged = row.trials.compactMap { $0.divergedIn }
    guard let epoch = diverged.first else { return isBest ? "best" : "" }
    return grid.seeds == nil
      ? "not finite in epoch \(epoch)"
      : "not finite with \(diverged.count) of \(row.trials.count)"
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
