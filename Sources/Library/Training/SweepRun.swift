import Differentiation
import Language
import Learning
import Rendering
import Syntax

/// The trainings of a grid one after another, each of its own copy of the net.
final class Sweep {
  private struct Trial {
    let values: [Value]
    /// Nothing where the loss was not finite any more.
    let run: TrainingRun?
    let divergedIn: Int?
  }

  private let grid: SweepGrid
  private let arguments: Arguments
  private let session: Session
  private let isQuiet: Bool
  private var trials: [Trial] = []
  private var lastShown = 0.0
  /// Numbers that the nets of all runs may hold together: 1 GB.
  private static let mostKept = 1 << 27

  init(_ grid: SweepGrid, _ arguments: Arguments) throws(Failure) {
    self.grid = grid
    self.arguments = arguments
    session = arguments.session
    isQuiet = try arguments(Catalog.sweepIsQuiet)
  }

  /// Ctrl-C ends it behind the trainings that are done.
  func run() throws(Failure) {
    defer { session.host.showProgress?(nil) }
    for number in 0..<grid.count {
      if session.host.isInterrupted() { break }
      let chosen = grid.combination(number)
      let trial = try trial(chosen, number)
      if session.host.isInterrupted() { break }
      trials.append(trial)
    }
    if session.host.isInterrupted() {
      session.note("stopped after \(trials.count) of \(grid.count) trainings")
      if trials.isEmpty { throw .interrupted }
    }
  }

  private func trial(
    _ chosen: [(axis: SweepGrid.Axis, value: Value)], _ number: Int
  ) throws(Failure) -> Trial {
    let network = try network(chosen)
    guard network.count <= Self.mostKept / grid.count else {
      throw Failure(
        "\(grid.count) nets of \(network.count) parameters are too many to keep",
        at: arguments.range, help: ["sweep fewer options at a time"])
    }
    let call = call(chosen, network)
    let condition = StopCondition()
    let options = try call.trainingOptions(condition)
    let data = try call(TrainArgument.data)
    let began = session.host.clock()
    var divergedIn: Int?
    var run: TrainingRun?
    do throws(Failure) {
      run = try call.learning { () throws(LearningError) in
        try Learning.train(
          network, on: data, options, isStopped: session.host.isInterrupted
        ) { event throws(LearningError) in
          switch event {
          case .diverged(let epoch, _): divergedIn = epoch
          case .epoch(let summary): show(chosen, number, summary, of: options.epochs)
          default: break
          }
          return .proceed
        }
      }
    } catch {
      guard divergedIn != nil else { throw error }
    }
    if let failure = condition.failure { throw failure }
    run?.seconds = session.host.clock() - began
    return Trial(values: chosen.map { $0.value }, run: run, divergedIn: divergedIn)
  }

  /// A copy of the net, or the one that the function makes of its arguments.
  private func network(
    _ chosen: [(axis: SweepGrid.Axis, value: Value)]
  ) throws(Failure) -> Network {
    let range = arguments.bound[0]?.range ?? arguments.range
    switch arguments.bound[0]?.value {
    case .network(let network)?: return network.copy()
    case .function(let function)?:
      let given =
        grid.fixed.map { ($0.name, $0.values[0]) }
        + chosen.filter { $0.axis.isOfNet }.map { ($0.axis.name, $0.value) }
      let values = function.parameterNames.map { name in given.first { $0.0 == name }?.1 }
      let answer: Value
      if case .user(let user) = function.body {
        answer = try arguments.runtime.call(user, values, at: range)
      } else {
        answer = try arguments.runtime.call(function, values.compactMap { $0 }, at: range)
      }
      switch answer {
      case .network(let network): return network
      case .run(let run): return run.network
      default:
        throw Failure("the function makes a net", at: range, label: "gave \(answer.kind)")
      }
    default: throw Failure("sweep needs a net", at: range)
    }
  }

  /// The call of `train` that a combination stands for.
  private func call(
    _ chosen: [(axis: SweepGrid.Axis, value: Value)], _ network: Network
  ) -> Arguments {
    let train = Catalog.trainFunction
    let bound = train.parameters.map { parameter -> BoundArgument? in
      if parameter.name == "net" {
        return BoundArgument(
          value: .network(network), range: arguments.bound[0]?.range ?? arguments.range, name: nil)
      }
      guard
        let place = arguments.function.parameters.firstIndex(where: { $0.name == parameter.name }),
        var argument = arguments.bound[place]
      else { return nil }
      if let choice = chosen.first(where: { $0.axis.name == parameter.name && !$0.axis.isOfNet }) {
        argument.value = choice.value
      } else if case .alternatives = arguments.function.parameters[place].kind,
        let only = argument.value.parts?.first
      {
        argument.value = only
      }
      return argument
    }
    return Arguments(
      function: train, runtime: arguments.runtime, range: arguments.range, bound: bound)
  }

  // MARK: Words

  private func text(_ value: Value) -> String {
    switch value {
    case .string(let word): word
    case .data(let data): data.title
    default: session.brief(value)
    }
  }

  private func show(
    _ chosen: [(axis: SweepGrid.Axis, value: Value)], _ number: Int, _ summary: EpochSummary,
    of epochs: Int
  ) {
    guard !isQuiet, let showProgress = session.host.showProgress,
      session.host.clock() - lastShown > 0.1
    else { return }
    lastShown = session.host.clock()
    let words = chosen.map { "\($0.axis.name)=\(text($0.value))" }.joined(separator: " ")
    let display = session.host.display()
    let line = ProgressLine(epoch: summary.epoch, epochs: epochs, loss: summary.loss)
    showProgress(
      TextWidth.truncated(
        "\(number + 1)/\(grid.count) \(words): \(line.text(on: display))",
        to: display.columns - 1, ellipsis: display.isASCII ? "~" : "…"))
  }

  // MARK: Result

  /// What the best run is chosen by: the loss on rows set apart where all runs have it, else the
  /// loss, and where the runs have different losses, the metric.
  private enum Criterion { case validation, loss, metric }

  private var criterion: Criterion {
    let runs = trials.compactMap { $0.run }
    let losses = Set(
      runs.map { "\($0.options.loss?.title ?? "") \($0.options.reduction?.rawValue ?? "")" })
    if losses.count > 1 { return .metric }
    return !runs.isEmpty && runs.allSatisfy { $0.bestValidationLoss != nil } ? .validation : .loss
  }

  private var best: Int? {
    let criterion = criterion
    func badness(_ place: Int) -> Double {
      guard let run = trials[place].run else { return .infinity }
      switch criterion {
      case .validation: return run.bestValidationLoss ?? .infinity
      case .loss: return run.lastLoss
      case .metric: return run.metricName == "mse" ? run.metric : -run.metric
      }
    }
    return trials.indices.filter { trials[$0].run != nil }.min { badness($0) < badness($1) }
  }

  var report: Value {
    let runs = trials.compactMap { $0.run }
    let best = best
    let metricName = runs.first?.metricName ?? "metric"
    func vector(_ number: (TrainingRun) -> Double?) -> Value {
      .tensor(Tensor(vector: trials.map { $0.run.flatMap(number) ?? .nan }))
    }
    var fields = Record([
      ("best", best.flatMap { trials[$0].run.map { .run($0) } } ?? .nothing),
      ("runs", .list(runs.map { .run($0) })),
      (
        "options",
        .list(
          trials.map { trial in
            .record(Record(zip(grid.axes, trial.values).map { ($0.name, $1) }))
          })
      ), ("losses", vector { $0.lastLoss }), (metricName, vector { $0.metric }),
    ])
    let hasValidation = runs.contains { $0.bestValidationLoss != nil }
    if hasValidation { fields["valid_losses"] = vector({ $0.bestValidationLoss }) }
    let curves = RunComparison(
      trials.compactMap { trial in
        trial.run.map { run in
          (
            zip(grid.axes, trial.values).map { "\($0.name)=\(text($1))" }.joined(separator: " "),
            run
          )
        }
      }, session
    ).curves(scale: nil)
    let table = table(best: best, metricName: metricName, hasValidation: hasValidation)
    return .report(
      Report(title: "sweep", fields: fields, picture: runs.isEmpty ? nil : curves) { display in
        table.text(display.isASCII ? .ascii : .unicode, width: display.columns)
      })
  }

  private func table(best: Int?, metricName: String, hasValidation: Bool) -> Table {
    let style = NumberStyle.significantDigits(6)
    let results = ["loss"] + (hasValidation ? ["valid loss"] : []) + [metricName]
    let epochs = Set(trials.compactMap { $0.run?.epochs.count })
    var table = Table(
      grid.axes.enumerated().map { place, axis in
        .init(axis.name, trials.map { text($0.values[place]) }.isNumeric ? .right : .left)
      })
    if epochs.count > 1 { table.columns.append(.init("epochs", .right)) }
    table.columns += results.map { .init($0, .right) } + [.init("")]
    let columns = results.indices.map { column in
      AlignedColumn(
        trials.map { trial in
          guard let run = trial.run else { return "" }
          let numbers =
            [run.lastLoss] + (hasValidation ? [run.bestValidationLoss ?? .nan] : []) + [run.metric]
          return style.text(numbers[column])
        })
    }
    for (place, trial) in trials.enumerated() {
      table.append(
        trial.values.map { text($0) }
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
    guard trials.contains(where: { $0.run != nil }) else {
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
