import Language
import Learning
import Rendering

/// Shows on a terminal how far some work is: not in its first moments, and ten times a second at
/// most.
final class WorkProgress {
  /// Between two showings.
  private static let interval = 0.1
  /// Before the first one: what is done by then needs no progress.
  private static let patience = 0.3

  private let host: Host
  private let isShown: Bool
  private let began: Double
  private var lastShown: Double

  /// - Parameter isQuiet: whether nothing is shown.
  init(_ session: Session, isQuiet: Bool = false) {
    host = session.host
    isShown = !isQuiet && host.showProgress != nil
    began = isShown ? host.clock() : 0
    lastShown = began + Self.patience - Self.interval
  }

  /// Whether there is somebody who would see it.
  var isWatched: Bool { isShown }

  /// Since the work began.
  var seconds: Double { host.clock() - began }

  /// Shows a line where one is due.
  /// - Parameter line: given what the rest takes, where a share of the work is done.
  func show(
    share: Double, _ line: (_ secondsLeft: Double?) -> ProgressLine
  ) {
    showText {
      let left = share > 0 ? seconds * max(1 - share, 0) / share : nil
      return line(left).text(on: host.display())
    }
  }

  /// Shows how many of some things are done, with the time that the others will take.
  func show(_ what: String, _ done: Int, of total: Int, _ numbers: [NamedNumber] = []) {
    show(share: Double(done) / Double(total)) { left in
      var line = ProgressLine(what, done, of: total, secondsLeft: left)
      line.numbers = numbers
      return line
    }
  }

  /// Shows how much of a file is read.
  func show(_ file: String, bytes: Int, of size: Int) {
    show(share: Double(bytes) / Double(max(size, 1))) { left in
      let mega = 1_000_000
      var line = ProgressLine(
        file, bytes / mega, of: max(size, bytes) / mega, secondsLeft: left)
      line.unit = "MB"
      return line
    }
  }

  /// Shows an epoch of the first of the trainings under way, with the time that all of them will take.
  /// - Parameters:
  ///   - what: before their numbers.
  ///   - words: what tells the training of this number, from 0, from the others.
  func show(
    _ trainings: SideBySide.Progress, _ what: String, of count: Int,
    words: (Int) -> String = { _ in "" }
  ) {
    guard let first = trainings.numbers.min(), let last = trainings.numbers.max() else { return }
    show(share: trainings.share) { left in
      var line = ProgressLine(
        epoch: trainings.summary.epoch, epochs: trainings.epochs, loss: trainings.summary.loss)
      let numbers = first == last ? "\(first + 1)" : "\(first + 1)-\(last + 1)"
      line.lead = "\(what)\(numbers)/\(count)\(words(first)): "
      line.secondsLeft = left
      return line
    }
  }

  /// Shows a text of one or more lines where one is due.
  func showText(_ text: () -> String) {
    guard isShown else { return }
    let now = host.clock()
    guard now - lastShown > Self.interval else { return }
    lastShown = now
    host.showProgress?(text())
  }

  func end() {
    if isShown { host.showProgress?(nil) }
  }
}
