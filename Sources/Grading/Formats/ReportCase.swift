/// A part of a submission as formats of test runs know it: passed, failed, not run.
struct ReportCase {
  enum Outcome {
    case passed
    /// With the verdict.
    case failed(String)
    /// The submission did not come to its end.
    case stopped(GradeReport.Status)
    /// Nothing was handed in.
    case skipped
  }

  var name: String
  /// Empty for what belongs to no exercise.
  var exercise: String
  var outcome: Outcome
  /// Why, a sentence each.
  var reasons: [String]
  /// What it is made of; nil where it stands for the submission as a whole.
  var row: ReportRow?

  /// A case that did not pass needs a sentence.
  var message: String {
    if let first = reasons.first(where: { !$0.isEmpty }) { return first }
    switch outcome {
    case .passed: return ""
    case .failed(let verdict): return verdict
    case .stopped(let status): return status.rawValue
    case .skipped: return "not handed in"
    }
  }
}

extension GradeReport {
  /// The parts of a submission as test cases. One that ended early begins with a case that says so.
  func cases(of submission: Submission) -> [ReportCase] {
    let parts = rows(of: submission).map { row in
      ReportCase(
        name: row.part.name, exercise: row.part.exercise,
        outcome: row.isMissing ? .skipped : row.isFull ? .passed : .failed(row.words),
        reasons: row.reasons, row: row)
    }
    guard submission.status != .graded else { return parts }
    let whole = ReportCase(
      name: "submission", exercise: "", outcome: .stopped(submission.status),
      reasons: submission.sentence.map { [$0] } ?? [], row: nil)
    return [whole] + parts
  }
}
