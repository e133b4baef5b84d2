extension TrainingPlan {
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
