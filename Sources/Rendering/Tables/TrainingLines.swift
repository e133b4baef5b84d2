/// A name with its value, as `accuracy 0.98`.
package struct NamedNumber: Hashable, Sendable {
  package var name: String
  package var value: Double

  package init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// The one line that a training leaves in a script's output: no times in it, so that outputs
/// can be compared.
package struct TrainingSummary: Sendable {
  package var epochs: Int
  package var firstLoss: Double
  package var lastLoss: Double
  package var metrics: [NamedNumber]
  /// What the loss is of: `training loss`.
  package var lossName: String
  /// Why it ended before its last epoch: `interrupted`, `no improvement for 10 epochs`.
  package var stopped: String?

  package init(
    epochs: Int, firstLoss: Double, lastLoss: Double, metrics: [NamedNumber] = [],
    lossName: String = "loss", stopped: String? = nil
  ) {
    self.lossName = lossName
    self.epochs = epochs
    self.firstLoss = firstLoss
    self.lastLoss = lastLoss
    self.metrics = metrics
    self.stopped = stopped
  }

  /// `trained 100 epochs: training loss 0.693147 → 0.0421, training accuracy 0.98`
  package func text(on display: Display = .plain) -> String {
    let style = NumberStyle.matrixElement
    let arrow = display.isASCII ? "->" : "→"
    let amount = "\(epochs) epoch\(epochs == 1 ? "" : "s")"
    var line = stopped == nil ? "trained \(amount)" : "stopped after epoch \(epochs)"
    line += ": \(lossName) \(style.text(firstLoss)) \(arrow) \(style.text(lastLoss))"
    for metric in metrics { line += ", \(metric.name) \(style.text(metric.value))" }
    if let stopped { line += " (\(stopped))" }
    return line
  }
}

/// One line for one epoch: `epoch 10: training loss 0.0421, training accuracy 0.98`.
package struct EpochLine: Sendable {
  package var epoch: Int
  package var loss: Double
  package var metrics: [NamedNumber]
  /// What the loss is of: `training loss`.
  package var lossName: String

  package init(
    epoch: Int, loss: Double, metrics: [NamedNumber] = [], lossName: String = "loss"
  ) {
    self.lossName = lossName
    self.epoch = epoch
    self.loss = loss
    self.metrics = metrics
  }

  package func text() -> String {
    let style = NumberStyle.matrixElement
    let fields = ([NamedNumber(lossName, loss)] + metrics).map {
      "\($0.name) \(style.text($0.value))"
    }
    return "epoch \(epoch): \(fields.joined(separator: ", "))"
  }
}

/// The line that is redrawn while a training, or other work that takes its time, goes on.
package struct ProgressLine: Sendable {
  /// Before all else, as which of several trainings it is: `3/12 lr=0.1: `.
  package var lead = ""
  /// What is counted: `epoch`, `row`, or a file's name.
  package var what: String
  package var done: Int
  package var total: Int
  /// Of the two counts, as `MB`; none for things that are counted one by one.
  package var unit = ""
  package var numbers: [NamedNumber] = []
  /// How fast it goes: `812/s`.
  package var speed: String?
  /// Nil before there is a measure.
  package var secondsLeft: Double?

  /// A count without more to say.
  package init(_ what: String, _ done: Int, of total: Int, secondsLeft: Double? = nil) {
    (self.what, self.done, self.total, self.secondsLeft) = (what, done, total, secondsLeft)
  }

  /// A training.
  /// - Parameters:
  ///   - rate: epochs a second; nil before there is a measure.
  ///   - steps: a second, shown instead of epochs where given.
  ///   - lossName: what the loss is of: `training loss`.
  package init(
    epoch: Int, epochs: Int, loss: Double, metric: NamedNumber? = nil, rate: Double? = nil,
    steps: Double? = nil, lossName: String = "loss"
  ) {
    self.init("epoch", epoch, of: epochs)
    numbers = [NamedNumber(lossName, loss)]
    if let metric { numbers.append(metric) }
    guard let rate, rate > 0, rate.isFinite else { return }
    let style = NumberStyle.significantDigits(3)
    speed = steps.map { "\(style.text($0)) steps/s" } ?? "\(style.text(rate))/s"
    secondsLeft = Double(max(epochs - epoch, 0)) / rate
  }

  /// One line no wider than the display less one column, so that it never wraps:
  /// `epoch  40/100 ████████░░░░░░░░ loss 0.2101  accuracy 0.93  812/s  0:01 left`
  package func text(on display: Display = .plain) -> String {
    let short = NumberStyle.significantDigits(4)
    let all = max(total, 0).description
    let counted = TextWidth.padded(done.description, to: all.count, .right)
    let head = "\(lead)\(what) \(counted)/\(all)\(unit.isEmpty ? "" : " \(unit)")"
    var fields = numbers.map { "\($0.name) \(short.text($0.value))" }
    if let speed { fields.append(speed) }
    if let secondsLeft { fields.append("\(Self.clock(secondsLeft)) left") }
    let limit = display.columns - 1
    // What matters least goes first when the line is narrow: time left, rate, metric.
    func used() -> Int { TextWidth.columns(of: ([head] + fields).joined(separator: "  ")) }
    while used() > limit, fields.count > 1 { fields.removeLast() }
    let room = min(limit - used() - 2, 40)
    var line = head
    if room >= 8 { line += " " + bar(columns: room, display) }
    if !fields.isEmpty { line += "  " + fields.joined(separator: "  ") }
    return TextWidth.truncated(line, to: limit, ellipsis: display.isASCII ? "~" : "…")
  }

  private func bar(columns: Int, _ display: Display) -> String {
    let share = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 0
    if display.isASCII {
      let filled = Int(clamped: share * Double(columns - 2))
      return "[" + String(repeating: "#", count: filled)
        + String(repeating: ".", count: columns - 2 - filled) + "]"
    }
    let filled = Int(clamped: share * Double(columns))
    return String(repeating: "█", count: filled) + String(repeating: "░", count: columns - filled)
  }

  /// `0:01`, `1:02:03`, `days`
  package static func clock(_ seconds: Double) -> String {
    guard seconds < 360_000 else { return "days" }
    let whole = Int(clamped: seconds + 0.5)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return whole >= 3600
      ? "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
      : "\(whole / 60):\(two(whole % 60))"
  }
}
