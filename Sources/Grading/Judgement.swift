/// What one check makes of the answers.
struct Judgement {
  var share = 0.0
  var verdict = GradeReport.PartGrade.Verdict.wrong
  var reasons: [String] = []
  var misconceptions: [String] = []

  static var right: Judgement { Judgement(share: 1, verdict: .right) }

  static func following(_ earlier: [String]) -> Judgement { right.following(earlier) }

  /// The same, as it follows from earlier answers that are wrong.
  func following(_ earlier: [String]) -> Judgement {
    var result = self
    if result.verdict == .right { result.verdict = .follows }
    result.reasons.insert("it follows from your \(earlier.joined(separator: " and "))", at: 0)
    return result
  }
}
