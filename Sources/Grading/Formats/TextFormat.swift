import Rendering

extension GradeReportFormat {
  /// For people, on a terminal or in a file.
  static let text = GradeReportFormat(
    "text", extensions: ["txt"], "for people: every submission, then the overview",
    .whole { report, display in report.text(display) })
}

extension GradeReport {
  /// The report as people read it, each line ended.
  ///
  ///     4711.bp: 1.5 of 2 points
  ///       right    1/1    z = 0.82
  ///       rounded  0.5/1  y = 0.7
  ///                       right to 1 digit, and 3 are asked for
  func text(_ display: Display) -> String {
    var lines: [String] = []
    for submission in submissions {
      if !lines.isEmpty { lines.append("") }
      lines += self.lines(of: submission, display)
    }
    if submissions.count != 1 {
      if !lines.isEmpty { lines.append("") }
      lines += overview(display)
    }
    if !protections.isEmpty {
      lines += ["", "kept apart by: \(ReportText.line(protections.joined(separator: ", ")))"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func lines(of submission: Submission, _ display: Display) -> [String] {
    let rows = rows(of: submission)
    let width = display.columns
    var lines = [heading(of: submission)]
    if let sentence = submission.sentence {
      lines += TextWidth.hanging("  ", ReportText.line(sentence), width: width)
    }
    let words = rows.map { $0.words }
    let points = rows.map { row in
      row.isExtra
        ? ReportText.points(row.points)
        : "\(ReportText.points(row.points))/\(ReportText.points(row.possible))"
    }
    let columns = (
      words.map { TextWidth.columns(of: $0) }.max() ?? 0,
      points.map { TextWidth.columns(of: $0) }.max() ?? 0
    )
    let margin = String(repeating: " ", count: min(columns.0 + columns.1 + 6, width / 2))
    let hasTitles = Set(parts.map { $0.exercise }).count > 1
    var title = ""
    for (place, row) in rows.enumerated() {
      if hasTitles, row.part.exercise != title {
        title = row.part.exercise
        if !title.isEmpty { lines.append("  \(ReportText.line(title))") }
      }
      let word = TextWidth.padded(words[place], to: columns.0, .left)
      let head =
        "  \(display.hasColour ? row.coloured(word) : word)  "
        + "\(TextWidth.padded(points[place], to: columns.1, .left))  "
      lines += TextWidth.hanging(head, row.said, width: width)
      for reason in row.explanations + row.remarks {
        lines += TextWidth.hanging(margin, ReportText.line(reason), width: width)
      }
    }
    for note in submission.notes {
      lines += TextWidth.hanging("  note: ", ReportText.line(note), width: width)
    }
    return lines
  }

  /// `4711.bp (4711): 1.5 of 2 points, limit`
  private func heading(of submission: Submission) -> String {
    let name = ReportText.name(submission.name)
    let id =
      submission.id.isEmpty || submission.id == submission.name
      ? "" : " (\(ReportText.name(submission.id)))"
    let status = submission.status == .graded ? "" : ", \(submission.status.rawValue)"
    return "\(name)\(id): \(ReportText.points(submission.points, of: possible))\(status)"
  }

  // MARK: Overview

  private func overview(_ display: Display) -> [String] {
    guard !submissions.isEmpty else { return ["no submissions"] }
    let total = submissions.reduce(0.0) { $0 + $1.points }
    let counts = Status.allCases.compactMap { status -> String? in
      let count = submissions.count { $0.status == status }
      return count == 0 ? nil : "\(count) \(status.rawValue)"
    }
    let mean = ReportText.points(total / Double(submissions.count), of: possible)
    var lines = [
      "\(submissions.count) submissions: \(counts.joined(separator: ", ")); \(mean) on average"
    ]
    lines += ["", pointTable.text(on: display)]
    let misconceptions = misconceptionCounts
    guard !misconceptions.isEmpty else { return lines }
    lines += ["", "Misconceptions, by submissions:"]
    let width = "\(misconceptions[0].submissions)".count
    for entry in misconceptions {
      let count = TextWidth.padded("\(entry.submissions)", to: width, .right)
      let words = entry.words.map { ": \($0)" } ?? ""
      lines += TextWidth.hanging(
        "  \(count)  ",
        ReportText.line(entry.name) + (display.isASCII ? PlainCharacters.ascii(words) : words),
        width: display.columns)
    }
    return lines
  }

  private var pointTable: Table {
    var table = Table([
      .init("part"), .init("points", .right), .init("mean", .right), .init("full", .right),
    ])
    let rows = submissions.map { self.rows(of: $0) }
    for (place, part) in parts.enumerated() {
      let points = rows.reduce(0.0) { $0 + $1[place].points }
      let full = rows.count { $0[place].isFull }
      table.append([
        ReportText.name(part.name), ReportText.points(part.points),
        ReportText.points(points / Double(rows.count)), "\(full) of \(rows.count)",
      ])
    }
    return table
  }
}

extension ReportRow {
  /// What was asked for and what was given for it.
  fileprivate var said: String {
    let name = ReportText.line(part.name)
    guard let given = grade.given else { return name }
    return "\(name) = \(ReportText.shortened(ReportText.line(given), to: 400))"
  }

  /// Green, yellow, red, as every terminal has them.
  fileprivate func coloured(_ word: String) -> String {
    let colour = isFull ? 32 : isMissing || points > 0 ? 33 : 31
    return "\u{1B}[\(colour)m\(word)\u{1B}[0m"
  }
}
