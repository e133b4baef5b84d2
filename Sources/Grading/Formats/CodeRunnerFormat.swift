extension GradeReportFormat {
  /// What a combinator template grader prints:
  /// https://github.com/trampgeek/moodle-qtype_coderunner/blob/master/docs/index.md
  static let codeRunner = GradeReportFormat(
    "coderunner", extensions: ["json"], "what a grader of a CodeRunner question prints",
    .each { report, submission in report.codeRunner(submission).document })
}

extension GradeReport {
  fileprivate func codeRunner(_ submission: Submission) -> ReportJSON {
    let summary = PlatformText.summary(of: submission, to: PlatformText.longest)
    let points = ReportText.points(submission.points, of: possible)
    let head: [ReportJSON] = ["iscorrect", "Part", "Points", "Given", "Why", "ishidden"].map {
      .text($0)
    }
    let rows = rows(of: submission).map { row -> ReportJSON in
      let given = row.grade.given.map { ReportText.shortened(ReportText.line($0), to: 1000) }
      return .list([
        .number(row.isFull ? 1 : 0), .text(PlatformText.title(of: row)),
        .text(
          row.isExtra
            ? ReportText.points(row.points) : ReportText.points(row.points, of: row.possible)),
        .text(given ?? ""), .text(PlatformText.reasons(of: row, to: PlatformText.longest)),
        .number(0),
      ])
    }
    return .object([
      ("fraction", .number(share(of: submission))),
      ("prologuehtml", .text("<p>\(ReportText.html(points))</p>")),
      ("testresults", .list([.list(head)] + rows)),
      // CodeRunner escapes such cells itself; one for each column but iscorrect and ishidden.
      ("columnformats", .texts(["%s", "%s", "%s", "%s"])),
      ("epiloguehtml", .text(summary.isEmpty ? "" : "<pre>\(ReportText.html(summary))</pre>")),
    ])
  }
}
