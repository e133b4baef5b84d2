/// What learning platforms show a student: plain text of a bounded length.
enum PlatformText {
  /// Characters of a text; a submission decides how long its notes and what it gives are.
  static let longest = 4000
  private static let mostNotes = 20

  /// `Forward pass: the net input (z)`
  static func title(of row: ReportRow) -> String {
    let exercise = row.part.exercise
    let title = exercise.isEmpty ? row.publicTitle : "\(exercise): \(row.publicTitle)"
    return ReportText.shortened(ReportText.line(title), to: 300)
  }

  /// What was given, the verdict and why, a line each.
  static func explanation(of row: ReportRow, to count: Int) -> String {
    let given = row.grade.given.map {
      ["given: \(ReportText.shortened(ReportText.line($0), to: count / 4))"]
    }
    return joined((given ?? []) + reasonLines(of: row), to: count)
  }

  /// The verdict and why, a line each.
  static func reasons(of row: ReportRow, to count: Int) -> String {
    joined(reasonLines(of: row), to: count)
  }

  private static func reasonLines(of row: ReportRow) -> [String] {
    [row.words] + row.explanations + row.remarks
      + (row.isFull ? [] : row.grade.hints.map { "hint: \($0)" })
  }

  /// How the submission ended, and its notes.
  static func summary(of submission: GradeReport.Submission, to count: Int) -> String {
    var lines: [String] = []
    if submission.status != .graded {
      lines.append(
        submission.sentence.map { "\(submission.status.rawValue): \($0)" }
          ?? submission.status.rawValue)
    } else if let sentence = submission.sentence {
      lines.append(sentence)
    }
    lines += submission.notes.prefix(mostNotes)
    let rest = submission.notes.count - mostNotes
    if rest > 0 { lines.append("and \(rest) more \(rest == 1 ? "note" : "notes")") }
    return joined(lines, to: count)
  }

  private static func joined(_ lines: [String], to count: Int) -> String {
    ReportText.shortened(ReportText.visible(lines.joined(separator: "\n")), to: count)
  }
}
