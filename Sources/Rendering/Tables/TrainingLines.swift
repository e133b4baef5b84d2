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

/// The line that is redrawn while a training runs.
package struct ProgressLine: Sendable {
  package var epoch: Int
  package var epochs: Int
  package var loss: Double
  package var metric: NamedNumber?
  /// What the loss is of: `training loss`.
  package var lossName: String
  /// Epochs a second; nil before there is a measure.
  package var rate: Double?
  /// Steps a second, shown instead of epochs where given.
  package var steps: Double?

  package init(
    epoch: Int, epochs: Int, loss: Double, metric: NamedNumber? = nil, rate: Double? = nil,
    steps: Double? = nil, lossName: String = "loss"
  ) {
    self.lossName = lossName
    self.epoch = epoch
    self.epochs = epochs
    self.loss = loss
    self.metric = metric
    self.rate = rate
    self.steps = steps
  }

  /// One line no wider than the display less one column, so that it never wraps:
  /// `epoch  40/100 ████████░░░░░░░░ loss 0.2101  accuracy 0.93  812/s  0:01 left`
  package func text(on display: Display = .plain) -> String {
    let short = NumberStyle.significantDigits(4)
    let total = max(epochs, 0).description
    let done = TextWidth.padded(epoch.description, to: total.count, .right)
    let head = "epoch \(done)/\(total)"
    var fields = ["\(lossName) \(short.text(loss))"]
    if let metric { fields.append("\(metric.name) \(short.text(metric.value))") }
    if let rate, rate > 0, rate.isFinite {
      let style = NumberStyle.significantDigits(3)
      fields.append(steps.map { "\(style.text($0)) steps/s" } ?? "\(style.text(rate))/s")
      fields.append("\(Self.clock(Double(max(epochs - epoch, 0)) / rate)) left")
    }
    let limit = display.columns - 1
    // What matters least goes first when the line is narrow: time left, rate, metric.
    func used() -> Int { TextWidth.columns(of: ([head] + fields).joined(separator: "  ")) }
    while used() > limit, fields.count > 1 { fields.removeLast() }
    let room = min(limit - used() - 2, 40)
    var line = head
    if room >= 8 { line += " " + bar(columns: room, display) }
    line += "  " + fields.joined(separator: "  ")
    return TextWidth.truncated(line, to: limit, ellipsis: display.isASCII ? "~" : "…")
  }

  private func bar(columns: Int, _ display: Display) -> String {
    let share = epochs > 0 ? min(max(Double(epoch) / Double(epochs), 0), 1) : 0
    if display.isASCII {
      let filled = Int(clamped: share * Double(columns - 2))
      return "[" + String(repeating: "#", count: filled)
        + String(repeating: ".", count: columns - 2 - filled) + "]"
    }
    let filled = Int(clamped: share * Double(columns))
    return String(repeating: "█", count: filled) + String(repeating: "░", count: columns - filled)
  }

  private static func clock(_ seconds: Double) -> String {
    guard seconds < 360_000 else { return "days" }
    let whole = Int(clamped: seconds + 0.5)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return whole >= 3600
      ? "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
      : "\(whole / 60):\(two(whole % 60))"
  }
}
