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
  /// The values on the axes, training by training.
  private let values: [[Value]]

  init(_ grid: SweepGrid, _ sweep: Sweep, _ session: Session) {
    self.grid = grid
    self.sweep = sweep
    self.session = session
    values = sweep.trials.indices.map { grid.combination($0).map { $0.value } }
  }

  private func text(_ value: Value) -> String { session.sweptText(value) }

  var value: Value {
    let runs = sweep.runs
    let best = sweep.best
    let metricName = runs.first?.metricName ?? "metric"
    func vector(_ number: (TrainingRun) -> Double?) -> Value {
      .tensor(Tensor(vector: sweep.trials.map { $0.run.flatMap(number) ?? .nan }))
    }
    var fields = Record([
      ("best", best.flatMap { sweep.trials[$0].run.map { .run($0) } } ?? .nothing),
      ("runs", .list(runs.map { .run($0) })),
      (
        "options",
        .list(
          values.map { trial in
            .record(Record(zip(grid.axes, trial).map { ($0.name, $1) }))
          })
      ), ("losses", vector { $0.lastLoss }), (metricName, vector { $0.metric }),
    ])
    let hasValidation = runs.contains { $0.bestValidationLoss != nil }
    if hasValidation { fields["valid_losses"] = vector({ $0.bestValidationLoss }) }
    let curves = RunComparison(
      zip(sweep.trials, values).compactMap { trial, values in
        trial.run.map { run in
          (zip(grid.axes, values).map { "\($0.name)=\(text($1))" }.joined(separator: " "), run)
        }
      }, session
    ).curves(scale: nil)
    let table = table(best: best, metricName: metricName, hasValidation: hasValidation)
    return .report(
      .ofTables(title: "sweep", fields: fields, picture: runs.isEmpty ? nil : curves) { _ in
        TextBlocks(table)
      })
  }

  private func table(best: Int?, metricName: String, hasValidation: Bool) -> Table {
    let style = NumberStyle.significantDigits(6)
    let results =
      ["training loss"] + (hasValidation ? ["validation loss"] : [])
      + [sweep.runs.first?.names.metric ?? metricName]
    let epochs = Set(sweep.runs.map { $0.epochs.count })
    var table = Table(
      grid.axes.enumerated().map { place, axis in
        .init(axis.name, values.map { text($0[place]) }.isNumeric ? .right : .left)
      })
    if epochs.count > 1 { table.columns.append(.init("epochs", .right)) }
    table.columns += results.map { .init($0, .right) } + [.init("")]
    let columns = results.indices.map { column in
      AlignedColumn(
        sweep.trials.map { trial in
          guard let run = trial.run else { return "" }
          let numbers =
            [run.lastLoss] + (hasValidation ? [run.bestValidationLoss ?? .nan] : []) + [run.metric]
          return style.text(numbers[column])
        })
    }
    for (place, trial) in sweep.trials.enumerated() {
      table.append(
        values[place].map { text($0) }
          + (epochs.count > 1 ? [trial.run.map { "\($0.epochs.count)" } ?? ""] : [])
          + columns.map { $0.field(place) }
          + [
            trial.divergedIn.map { "not finite in epoch \($0)" } ?? (place == best ? "best" : "")
          ])
    }
    table.notes = [verdict]
    return table
  }

  private var verdict: String {
    guard !sweep.runs.isEmpty else {
      return "no training came to its end: smaller rates, clip=1 or standardized data usually help"
    }
    switch sweep.criterion {
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
