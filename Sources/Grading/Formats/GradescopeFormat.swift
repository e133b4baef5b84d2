extension GradeReportFormat {
  /// results.json of an autograder: https://gradescope-autograders.readthedocs.io/en/latest/specs/
  static let gradescope = GradeReportFormat(
    "gradescope", extensions: ["json"], "results.json of a Gradescope autograder",
    .each { report, submission in report.gradescope(submission).document })
}

extension GradeReport {
  fileprivate func gradescope(_ submission: Submission) -> ReportJSON {
    .object([
      ("score", .number(submission.points)),
      ("output", .text(PlatformText.summary(of: submission, to: PlatformText.longest))),
      ("output_format", .text("text")), ("test_output_format", .text("text")),
      ("test_name_format", .text("text")), ("visibility", .text("visible")),
      // What a submission prints may hold what a key prints.
      ("stdout_visibility", .text("hidden")),
      ("tests", .list(rows(of: submission).map { $0.gradescope })),
      (
        "extra_data",
        .object([
          ("submission", .text(submission.name)), ("id", .text(submission.id)),
          ("status", .text(submission.status.rawValue)),
        ])
      ),
    ])
  }
}

extension ReportRow {
  fileprivate var gradescope: ReportJSON {
    var members: [(name: String, value: ReportJSON)] = [("score", .number(points))]
    // Without it a test is one of points on top.
    if !isExtra { members.append(("max_score", .number(possible))) }
    members += [
      ("status", .text(isFull ? "passed" : "failed")),
      ("name", .text(PlatformText.title(of: self))), ("name_format", .text("text")),
      ("output", .text(PlatformText.explanation(of: self, to: PlatformText.longest))),
      ("output_format", .text("text")), ("visibility", .text("visible")),
    ]
    return .object(members)
  }
}
