extension GradeReportFormat {
  /// results.json of an external grader: https://prairielearn.readthedocs.io/en/latest/externalGrading/
  static let prairieLearn = GradeReportFormat(
    "prairielearn", extensions: ["json"], "results.json of an external grader of PrairieLearn",
    .each { report, submission in
      // PrairieLearn takes no more than 1 MB.
      for count in [PlatformText.longest, 400, 40] {
        let document = report.prairieLearn(submission, to: count).document
        if document.utf8.count <= 1_000_000 { return document }
      }
      return report.prairieLearn(submission, to: 0).document
    })
}

extension GradeReport {
  fileprivate func prairieLearn(_ submission: Submission, to count: Int) -> ReportJSON {
    let summary = PlatformText.summary(of: submission, to: count)
    var members: [(name: String, value: ReportJSON)] = [
      // What cannot be read costs no attempt.
      ("gradable", .truth(submission.status != .refused)),
      ("score", .number(share(of: submission))),
      ("message", .text(ReportText.points(submission.points, of: possible))),
      ("output", .text(summary)),
    ]
    if submission.status == .refused {
      members.append(("format_errors", .texts([summary])))
    }
    members.append(("tests", .list(rows(of: submission).map { $0.prairieLearn(to: count) })))
    return .object(members)
  }
}

extension ReportRow {
  fileprivate func prairieLearn(to count: Int) -> ReportJSON {
    let given = grade.given.map { ReportText.shortened(ReportText.line($0), to: count / 4) }
    return .object([
      ("name", .text(PlatformText.title(of: self))), ("points", .number(points)),
      ("max_points", .number(possible)),
      ("message", .text(PlatformText.reasons(of: self, to: count))),
      ("output", .text(given ?? "")),
    ])
  }
}
