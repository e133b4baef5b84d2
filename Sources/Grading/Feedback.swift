/// A page for each student: what was handed in, what it earned and why. It names no right value and
/// no other student, loads nothing, runs nothing and is read on a phone.
package enum Feedback {
  /// A page for each submission, in their order.
  package static func documents(of report: GradeReport) -> [GradeReportFormat.Document] {
    let names = FileNames.of(report.submissions.map { $0.name }, extension: "html")
    return zip(names, report.submissions).map { name, submission in
      GradeReportFormat.Document(fileName: name, text: page(of: submission, in: report))
    }
  }

  /// The page of one submission.
  package static func page(
    of submission: GradeReport.Submission, in report: GradeReport
  ) -> String {
    let title = self.title(of: report.key)
    let who = submission.id.isEmpty ? submission.name : submission.id
    var lines = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<meta name=\"color-scheme\" content=\"light dark\">",
      "<meta http-equiv=\"Content-Security-Policy\""
        + " content=\"default-src 'none'; style-src 'unsafe-inline'\">",
      "<title>\(html(title)): \(html(who))</title>", "<style>", FeedbackStyle.text, "</style>",
      "</head>", "<body>", "<main>", "<header>", "<h1>\(html(title))</h1>",
      "<p class=\"who\"><bdi>\(html(who))</bdi></p>",
      "<p class=\"sum\"><strong>\(ReportText.points(submission.points))</strong>"
        + " \(of(report.possible))</p>",
      "</header>",
    ]
    if submission.status != .graded || submission.sentence != nil {
      let sentence = submission.sentence ?? words(of: submission.status)
      lines.append("<p class=\"status\">\(html(sentence))</p>")
    }
    var rows = report.rows(of: submission)[...]
    while let first = rows.first {
      let own = rows.prefix {
        $0.part.exercise == first.part.exercise && $0.isExtra == first.isExtra
      }
      rows = rows.dropFirst(own.count)
      lines += section(Array(own), first.isExtra ? "By hand" : first.part.exercise)
    }
    if !submission.notes.isEmpty {
      lines += ["<section>", "<h2>Notes</h2>", "<ul>"]
      lines += submission.notes.map { "<li>\(html($0))</li>" }
      lines += ["</ul>", "</section>"]
    }
    return (lines + ["</main>", "</body>", "</html>"]).joined(separator: "\n") + "\n"
  }

  /// An exercise. Its hints come once, whatever parts of it they help with.
  private static func section(_ rows: [ReportRow], _ heading: String) -> [String] {
    var lines = ["<section>"]
    if !heading.isEmpty { lines.append("<h2>\(html(heading))</h2>") }
    lines += rows.flatMap { self.lines(of: $0) }
    var told: Set<String> = []
    for hint in rows.filter({ !$0.isFull }).flatMap({ $0.grade.hints })
    where told.insert(hint).inserted {
      lines.append("<p class=\"hint\">Hint: \(html(hint))</p>")
    }
    return lines + ["</section>"]
  }

  private static func lines(of row: ReportRow) -> [String] {
    let kind = row.isFull ? "full" : row.points > 0 ? "some" : row.isMissing ? "open" : "none"
    let points = ReportText.points(row.points)
    var lines = [
      "<article class=\"\(kind)\">", "<h3>\(html(row.publicTitle))</h3>",
      "<p class=\"verdict\">\(words(of: row)) <span class=\"points\">\(points)"
        + "\(row.isExtra ? "" : " \(of(row.possible))")</span></p>",
    ]
    if let given = row.grade.given {
      lines += ["<pre><bdi>\(html(ReportText.shortened(given, to: 4000)))</bdi></pre>"]
    }
    lines += row.explanations.map { "<p>\(html($0))</p>" }
    lines += row.remarks.map { "<p class=\"comment\">\(html($0))</p>" }
    return lines + ["</article>"]
  }

  private static func words(of row: ReportRow) -> String {
    if row.isMarked { return "Marked by hand" }
    switch row.grade.verdict {
    case .right: return "Right"
    case .rounded: return "Right, with too few digits"
    case .follows: return "Right: it follows from what you have"
    case .wrong: return "Wrong"
    case .partly: return "Partly right"
    case .missing: return "Not handed in"
    }
  }

  private static func words(of status: GradeReport.Status) -> String {
    switch status {
    case .graded: ""
    case .limit: "It reached a limit."
    case .refused: "It could not be read."
    case .crash: "It crashed."
    }
  }

  private static func of(_ possible: Double) -> String {
    "of \(ReportText.points(possible)) \(possible == 1 ? "point" : "points")"
  }

  /// The name of the key without folder and extension.
  private static func title(of key: String) -> String {
    let name = key.split(separator: "/").last.map(String.init) ?? key
    guard let point = name.lastIndex(of: "."), point > name.startIndex else { return name }
    return String(name[..<point])
  }

  private static func html(_ text: String) -> String { ReportText.html(text) }
}

/// How a page looks: one column, large letters, dark where the reader's system is.
private enum FeedbackStyle {
  static let text = """
    :root{--ground:#fff;--card:#f4f5f7;--ink:#1c2127;--faint:#59626c;--good:#1a7f37;--some:#8a5300;\
    --bad:#b3261e}
    @media(prefers-color-scheme:dark){:root{--ground:#14171a;--card:#1f2429;--ink:#e6e9ec;\
    --faint:#a3adb7;--good:#57c878;--some:#e3a84a;--bad:#ff8a80}}
    body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
    main{max-width:42rem;margin:0 auto;padding:1rem}
    h1{font-size:1.5rem;margin:0}h2{font-size:1.2rem;margin:1.5rem 0 .5rem}h3{font-size:1rem;margin:0}
    p{margin:.35rem 0;overflow-wrap:anywhere}.who,.points{color:var(--faint)}.sum strong{font-size:2rem}
    article{background:var(--card);border-left:.3rem solid var(--faint);border-radius:.3rem;\
    padding:.7rem .9rem;margin:.6rem 0}
    .full{border-color:var(--good)}.some{border-color:var(--some)}.none{border-color:var(--bad)}
    .full .verdict{color:var(--good)}.some .verdict{color:var(--some)}.none .verdict{color:var(--bad)}
    .verdict .points{float:right}.status{font-weight:600}
    pre{margin:.4rem 0;white-space:pre-wrap;overflow-wrap:anywhere;font:.95rem/1.4 ui-monospace,monospace}
    .hint,.comment{border-left:.15rem solid var(--faint);padding-left:.6rem}
    h1,h2,h3,li{overflow-wrap:anywhere}
    """
}
