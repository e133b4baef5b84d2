import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension EpochSummary {
  /// The record that `until` and `every` look at.
  var value: Value {
    var record = Record([
      ("epoch", .number(Double(epoch))), ("loss", .number(loss)), ("metric", .number(metric)),
      ("lr", .number(rate)), ("steps", .number(Double(steps))),
    ])
    if let validationLoss { record["valid_loss"] = .number(validationLoss) }
    return .record(record)
  }
}

/// Does what a user asked to be done while a training runs: the action of `every`, the log, and on
/// a terminal the progress, ten times a second at most.
final class TrainingWatcher {
  private enum Action {
    case call(Function)
    /// Write a line after this number of epochs.
    case line(Int)
  }

  private let session: Session
  private let isQuiet: Bool
  private let action: Action?
  private let log: TrainingLog?
  private let hasValidation: Bool
  private let picture: LivePicture?
  private let runtime: Runtime
  private let range: SourceRange
  private var start: TrainingStart?
  private var progress: WorkProgress
  private var epochsASecond = 0.0
  /// The first epoch reported: a training that was resumed does not begin with 1.
  private var shownFrom: EpochSummary?

  init(
    _ arguments: Arguments, isQuiet: Bool, every: Value?, log: TrainingLog?, hasValidation: Bool,
    picture: LivePicture?
  ) {
    session = arguments.session
    self.isQuiet = isQuiet
    action =
      switch every?.plain {
      case .function(let function)?: .call(function)
      case .number(let number)?: Int(exactly: number).map { .line($0) }
      default: nil
      }
    self.log = log
    self.hasValidation = hasValidation
    self.picture = picture
    progress = WorkProgress(session, isQuiet: isQuiet)
    runtime = arguments.runtime
    range = arguments.range
  }

  func answer(to event: TrainingEvent) throws(Failure) -> TrainingAnswer {
    switch event {
    case .started(let start):
      self.start = start
      progress = WorkProgress(session, isQuiet: isQuiet)
      try log?.begin(start, hasValidation: hasValidation)
    case .epoch(let summary):
      try log?.add(summary)
      try act(summary)
      show(summary)
      if runtime.isStopped() { return .stop }
    case .diverged, .finished: clear()
    }
    return .proceedSkipping(uninteresting)
  }

  /// How many epochs may pass until there is something to do.
  private var uninteresting: Int {
    guard action == nil, log == nil, picture == nil else { return 0 }
    guard progress.isWatched else { return .max }
    // About a third of the time between two showings.
    return epochsASecond > 0 ? Int(clamped: Swift.min(epochsASecond / 30, 1e6)) : 0
  }

  /// Takes the progress away, leaves the picture of what was reached, and completes the log.
  func end() throws(Failure) {
    clear()
    if let picture, !picture.isEmpty, !isQuiet, session.host.showProgress != nil,
      !session.host.reportsAsJSON
    {
      if let showPicture = session.host.showPicture {
        showPicture(picture.picture)
      } else {
        session.host.report(picture.text(on: session.host.display()) + "\n")
      }
    }
    if start != nil { try log?.save() }
  }

  private func clear() { progress.end() }

  private func act(_ summary: EpochSummary) throws(Failure) {
    switch action {
    case .call(let function)?: _ = try runtime.call(function, [summary.value], at: range)
    case .line(let interval)? where summary.epoch % interval == 0 && !isQuiet:
      clear()
      try session.write(epochLine(summary) + "\n", at: range)
    default: break
    }
  }

  private func epochLine(_ summary: EpochSummary) -> String {
    guard let names = start?.names else { return "" }
    var metrics = [NamedNumber(names.metric, summary.metric)]
    if let loss = summary.validationLoss {
      metrics.insert(NamedNumber(names.validationLoss, loss), at: 0)
    }
    return EpochLine(
      epoch: summary.epoch, loss: summary.loss, metrics: metrics, lossName: names.loss
    ).text()
  }

  private func show(_ summary: EpochSummary) {
    picture?.add(summary)
    guard progress.isWatched, let start else { return }
    shownFrom = shownFrom ?? summary
    let stepsBefore = (shownFrom?.steps ?? 0) - start.stepsAnEpoch
    let seconds = Swift.max(progress.seconds, 1e-9)
    epochsASecond = Double(summary.epoch - (shownFrom?.epoch ?? 1) + 1) / seconds
    progress.showText {
      // One line has no room for the rows that numbers are of, unless they differ.
      let isMixed = summary.validationLoss != nil
      let line = ProgressLine(
        epoch: summary.epoch, epochs: start.epochs, loss: summary.loss,
        metric: NamedNumber(isMixed ? start.names.metric : start.metricName, summary.metric),
        rate: epochsASecond, steps: Double(summary.steps - stepsBefore) / seconds,
        lossName: isMixed ? "training loss" : "loss")
      let display = session.host.display()
      if let picture, let showPicture = session.host.showPicture {
        showPicture(picture.picture)
        return line.text(on: display)
      }
      let frame = picture.map { $0.text(on: display) + "\n" } ?? ""
      return frame + line.text(on: display)
    }
  }
}
