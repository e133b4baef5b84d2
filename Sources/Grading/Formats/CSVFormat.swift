extension GradeReportFormat {
  /// For spreadsheets and scripts (RFC 4180).
  static let csv = GradeReportFormat(
    "csv", extensions: ["csv"], "a row for each submission, a column for each part",
    .whole { report, _ in report.csv })
}

extension GradeReport {
  private static let head = ["submission", "points", "possible", "status", "reasons"]

  fileprivate var csv: String {
    let table = submissions.map { self.rows(of: $0) }
    // What is marked by hand and not asked for comes behind the parts of the key.
    var extras: [String] = []
    for row in table.flatMap({ $0.dropFirst(parts.count) }) where !extras.contains(row.part.name) {
      extras.append(row.part.name)
    }
    let title =
      Self.head + columnNames(extras)
    var lines = [title.map { CSVCell.text($0) }]
    for (submission, rows) in zip(submissions, table) {
      lines.append(
        [
          CSVCell.text(submission.name), CSVCell.number(submission.points),
          CSVCell.number(possible), CSVCell.text(submission.status.rawValue),
          CSVCell.text(reasons(of: submission, rows)),
        ] + rows.prefix(parts.count).map { CSVCell.number($0.points) }
          + extras.map { name in
            let own = rows.dropFirst(parts.count).filter { $0.part.name == name }
            return own.isEmpty ? "" : CSVCell.number(own.reduce(0) { $0 + $1.points })
          })
    }
    // Lines of CSV end so.
    return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private func reasons(of submission: Submission, _ rows: [ReportRow]) -> String {
    var sentences = submission.sentence.map { [$0] } ?? []
    for row in rows {
      sentences += row.reasons.map { "\(row.part.name): \($0)" }
    }
    sentences += submission.notes
    // A cell of a spreadsheet holds 32,767 characters; what is behind them would begin a new row.
    let text = sentences.map { ReportText.line($0) }.joined(separator: "; ")
    return ReportText.shortened(text, to: 30_000)
  }

  /// The names of parts, with the exercise where that tells two apart, and no name twice.
  private func columnNames(_ extras: [String]) -> [String] {
    let names = parts.map { $0.name } + extras
    var taken = Set(Self.head)
    return names.enumerated().map { place, name in
      let isTwice = names.count { $0 == name } > 1
      var column = name
      if isTwice || taken.contains(name), place < parts.count, !parts[place].exercise.isEmpty {
        column = "\(parts[place].exercise): \(name)"
      }
      let stem = column
      var count = 1
      while !taken.insert(column).inserted {
        count += 1
        column = "\(stem) (\(count))"
      }
      return column
    }
  }
}

/// Cells of a table that spreadsheet programs open.
enum CSVCell {
  static func number(_ number: Double) -> String { ReportText.points(number) }

  /// A text, in quotes where a reader could take it apart.
  ///
  /// A spreadsheet computes what begins as a formula does, and a formula may call other programs.
  /// An apostrophe in front makes it a text; the reader of marks takes it away again.
  static func text(_ text: String) -> String {
    let visible = ReportText.visible(text)
    let safe = isFormula(visible) ? "'" + visible : visible
    let isPlain = safe.utf8.allSatisfy { byte in
      byte < 0x80 && (Unicode.Scalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte))
        || byte == 0x2E || byte == 0x5F || byte == 0x2D
    }
    if isPlain { return safe }
    var quoted = "\""
    for scalar in safe.unicodeScalars {
      quoted += scalar == "\"" ? "\"\"" : String(scalar)
    }
    return quoted + "\""
  }

  /// Whether a spreadsheet would compute the text: blanks in front do not hinder all of them, and
  /// wide signs count where they are usual. A text that begins with such an apostrophe itself gets
  /// another one, so that every name reads back as it was.
  static func isFormula(_ text: String) -> Bool {
    let first = text.unicodeScalars.drop { $0 == "'" }.first { !$0.properties.isWhitespace }
    return first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
  }
}
