extension GradeReportFormat {
  /// Everything that a report says.
  static let json = GradeReportFormat(
    "json", extensions: ["json"], "everything, as one object of JSON",
    .whole { report, _ in report.json.document })
}

extension GradeReport {
  fileprivate var json: ReportJSON {
    .object([
      ("key", .text(key)), ("possible", .number(possible)),
      ("parts", .list(parts.map { $0.json })),
      ("submissions", .list(submissions.map(json(of:)))),
      (
        "misconceptions",
        .list(
          misconceptionCounts.map {
            .object([
              ("name", .text($0.name)), ("words", .text(orNull: $0.words)),
              ("submissions", .number(Double($0.submissions))),
            ])
          })
      ),
      ("protections", .texts(protections)),
    ])
  }

  private func json(of submission: Submission) -> ReportJSON {
    .object([
      ("name", .text(submission.name)), ("id", .text(submission.id)),
      ("status", .text(submission.status.rawValue)),
      ("sentence", .text(orNull: submission.sentence)),
      ("points", .number(submission.points)), ("possible", .number(possible)),
      ("parts", .list(submission.parts.map { $0.json })),
      (
        "marks",
        .list(
          submission.marks.map {
            .object([
              ("part", .text($0.part)), ("points", .number($0.points)),
              ("comment", .text($0.comment)),
            ])
          })
      ),
      ("notes", .texts(submission.notes)),
    ])
  }
}

extension GradeReport.Part {
  fileprivate var json: ReportJSON {
    .object([
      ("exercise", .text(exercise)), ("name", .text(name)), ("description", .text(description)),
      ("possible", .number(points)),
    ])
  }
}

extension GradeReport.PartGrade {
  fileprivate var json: ReportJSON {
    .object([
      ("exercise", .text(part.exercise)), ("name", .text(part.name)),
      ("description", .text(part.description)), ("possible", .number(part.points)),
      ("points", .number(points)), ("verdict", .text(verdict.rawValue)),
      ("given", .text(orNull: given)), ("reasons", .texts(reasons)),
      ("misconceptions", .texts(misconceptions)), ("hints", .texts(hints)),
    ])
  }
}
