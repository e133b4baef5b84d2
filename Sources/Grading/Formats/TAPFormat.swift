import Rendering

extension GradeReportFormat {
  /// For harnesses of tests: https://testanything.org/tap-version-14-specification.html
  static let tap = GradeReportFormat(
    "tap", extensions: ["tap"], "the Test Anything Protocol, version 14",
    .whole { report, _ in report.tap })
}

extension GradeReport {
  fileprivate var tap: String {
    let cases = submissions.flatMap { submission in
      self.cases(of: submission).map { (submission, $0) }
    }
    var lines = ["TAP version 14", "1..\(cases.count)\(cases.isEmpty ? " # no submissions" : "")"]
    for (place, (submission, entry)) in cases.enumerated() {
      lines.append(testPoint(place + 1, submission, entry))
      lines += ["  ---"] + facts(submission, entry).map { "  " + $0 } + ["  ..."]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func testPoint(_ number: Int, _ submission: Submission, _ entry: ReportCase) -> String {
    var words = [submission.name, entry.exercise, entry.name].filter { !$0.isEmpty }
    words = words.map { TAPText.escaped(ReportText.name($0)) }
    let description = "\(number) - \(words.joined(separator: ": "))"
    switch entry.outcome {
    case .passed: return "ok \(description)"
    case .failed, .stopped: return "not ok \(description)"
    case .skipped: return "ok \(description) # SKIP not handed in"
    }
  }

  /// The block of YAML: a line for each fact. Texts of JSON are texts of YAML.
  private func facts(_ submission: Submission, _ entry: ReportCase) -> [String] {
    var lines = ["submission: \(ReportJSON.quoted(submission.name))"]
    if !submission.id.isEmpty { lines.append("id: \(ReportJSON.quoted(submission.id))") }
    if case .stopped(let status) = entry.outcome { lines.append("status: \(status.rawValue)") }
    if let row = entry.row {
      lines.append("part: \(ReportJSON.quoted(row.part.name))")
      lines.append("points: \(number(row.points))")
      lines.append("possible: \(number(row.possible))")
      lines.append("verdict: \(ReportJSON.quoted(row.words))")
      if let given = row.grade.given { lines.append("given: \(ReportJSON.quoted(given))") }
      lines += list("misconceptions", row.grade.misconceptions)
    }
    return lines + list("reasons", entry.reasons)
  }

  private func number(_ number: Double) -> String {
    number.isFinite ? NumberStyle.standard.text(number) : "null"
  }

  private func list(_ name: String, _ texts: [String]) -> [String] {
    texts.isEmpty ? [] : ["\(name):"] + texts.map { "  - \(ReportJSON.quoted($0))" }
  }
}

private enum TAPText {
  /// With `\` before `\`. A `#` could stand behind one too, but readers of older versions know no
  /// such escape and take what follows for a directive: a file called `x # skip` would make its
  /// failures skipped tests. It is made visible like a control character.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\\": result += "\\\\"
      case "#": result += "\\\\u{23}"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
