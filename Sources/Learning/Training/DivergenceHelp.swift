extension TrainingPlan {
  /// What is said of a training whose loss is not finite any more.
  /// - Parameters:
  ///   - history: its epochs so far.
  ///   - epoch: in which it went wrong, from 1; 0 for a first loss that is not finite.
  func divergence(in history: TrainingRun, epoch: Int) -> LearningError {
    guard epoch > 0 else {
      return LearningError(
        "the loss is \(history.firstLoss) before any training", (.network, network.title),
        (.data, "gives no finite loss"),
        help: [
          data.hasLargeFeatures
            ? "standardize the data, or build the net again" : "build the net again"
        ] + largeTargetHelp)
    }
    let place = firstNonFinite().map { " in layer \($0)" } ?? " in the loss"
    let last = history.epochs.suffix(3).map { brief(shortened($0.loss)) }.joined(separator: ", ")
    return LearningError(
      "the loss is not finite any more: epoch \(epoch) went wrong\(place)",
      (.option("lr"), "is \(brief(rate))"),
      help: [
        last.isEmpty
          ? "the first loss was \(brief(history.firstLoss))" : "the last losses: \(last)",
        "the net has its last finite weights back",
        remedies,
      ] + largeTargetHelp)
  }

  /// What usually helps and was not done yet.
  var remedies: String {
    var words = ["a smaller lr"]
    if options.clip == nil { words.append("clip=1") }
    if data.hasLargeFeatures { words.append("standardized data") }
    guard let last = words.popLast(), !words.isEmpty else { return "a smaller lr usually helps" }
    return "\(words.joined(separator: ", ")) or \(last) usually help"
  }

  var largeTargetHelp: [String] {
    guard data.hasLargeTargets else { return [] }
    return [
      "the targets reach \(brief(shortened(data.largestTarget))): with s = standardize data "
        + "targets=true, train net (s data) learns them scaled and answers in their units"
    ]
  }
}
