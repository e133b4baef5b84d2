import TestSupport

@testable import Grading

/// Reports as hostile as a class of students may make them.
struct RandomReports {
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(seed) }

  /// What a format may stumble over, or take for its own.
  private static let pieces: [String] = [
    "z", "the net input", "4711", "a b", "ß", "中文", "é", "e\u{301}", "😀", "👩‍👩‍👧", "\"", "'", "\"\"",
    "\"\u{301}", "<\u{338}", "<", ">", "&", "&amp;", "&#10;", "]]>", "<!--", "-->", "<![CDATA[",
    "</pre><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\n", "\r", "\r\n", "\t",
    " ", "  ", ",", ";", "|", "=cmd|'/c calc'!A1", "=1+1", "+1", "-2", "@SUM(A1)", "＝1", "'=1",
    "# skip", "#TODO", "# SkIp x", "#", "\\", "\\#", "\\\\#", "\\# skip", "\nok 1 - z", "not ok 2",
    "Bail out!", "1..4", "  ---", "  ...", "- x", ": ", "{{x}}", "${HOME}", "%s", "%n", "$$x^2$$",
    "\u{0}", "\u{7}", "\u{1B}[31m", "\u{1B}]0;title\u{7}", "\u{7F}", "\u{85}", "\u{9B}", "\u{202E}",
    "\u{2066}", "\u{200B}", "\u{200D}", "\u{2028}", "\u{FEFF}", "\u{61C}", "\u{FFFE}", "\u{FFFF}",
    "\u{E000}", "\u{FFFD}", "\u{10FFFF}", "\u{1F600}", "null", "true", "1e999", "nan", "-0", "~",
    "../../etc/passwd", "/", "CON", ".", "points", "status", "iscorrect", "ishidden",
    String(repeating: "x", count: 300), String(repeating: "long ", count: 80),
  ]

  private mutating func text(atMost count: Int = 5) -> String {
    (0..<random.below(count + 1)).map { _ in random.pick(Self.pieces) }.joined()
  }

  private mutating func name() -> String {
    let name = random.below(3) == 0 ? random.pick(["z", "y", "w1", "points"]) : text()
    return name.isEmpty ? "x" : name
  }

  private mutating func number() -> Double {
    random.below(30) == 0
      ? random.pick([1e-7, 1e15, 1e300, 123456.789, 0.1 + 0.2])
      : Double(random.below(9)) / random.pick([1, 2, 3, 4])
  }

  private mutating func texts(atMost count: Int) -> [String] {
    (0..<random.below(count + 1)).map { _ in text() }
  }

  mutating func report() -> GradeReport {
    let parts = (0..<random.below(5)).map { _ in
      GradeReport.Part(
        exercise: random.pick(["", "Forward pass", text()]), name: name(), description: text(),
        points: number())
    }
    var report = GradeReport(key: random.pick(["key.bp", "a/b.bp", text()]), parts: parts)
    report.protections = texts(atMost: 2)
    report.submissions = (0..<random.below(4)).map { submission(parts, $0) }
    return report
  }

  private mutating func submission(
    _ parts: [GradeReport.Part], _ place: Int
  ) -> GradeReport.Submission {
    var result = GradeReport.Submission(
      name: name(), id: random.pick(["", "4711", text()]),
      status: random.pick(GradeReport.Status.allCases + [.graded, .graded]),
      sentence: random.below(3) == 0 ? text() : nil)
    // One that was refused may have no parts.
    if random.below(6) > 0 { result.parts = parts.map { grade($0, place) } }
    result.notes = random.below(20) == 0 ? Array(repeating: text(), count: 40) : texts(atMost: 2)
    for name in parts.map({ $0.name }) + [name()] where random.below(5) == 0 {
      result.marks.append(
        GradeReport.Mark(
          part: name, points: random.pick([-1, 1]) * number(), comment: text()))
    }
    return result
  }

  private mutating func grade(
    _ part: GradeReport.Part, _ place: Int
  ) -> GradeReport.PartGrade {
    var grade = GradeReport.PartGrade(
      part: part, points: part.points * random.pick([0, 0.5, 1]),
      verdict: random.pick(GradeReport.PartGrade.Verdict.allCases))
    // What tells submissions apart, to see that no page holds what another one handed in.
    if random.below(4) > 0 { grade.given = "secret\(place)of\(place)" + text() }
    grade.reasons = texts(atMost: 2)
    grade.misconceptions = (0..<random.below(3)).map { _ in
      random.pick(["half", "mean", "newWeight", text()])
    }
    grade.hints = texts(atMost: 2)
    return grade
  }
}

/// A report as plain lines that share nothing with the formats: what readers in other languages
/// compare with.
enum ReportTranscript {
  static func text(of report: GradeReport) -> String {
    var lines = [line("report", [report.key])]
    lines += report.parts.map { part in
      line("part", [part.exercise, part.name, part.description, "\(part.points)"])
    }
    for submission in report.submissions {
      lines.append(
        line(
          "submission",
          [submission.name, submission.id, submission.status.rawValue, submission.sentence]))
      for grade in submission.parts {
        lines.append(
          line(
            "grade",
            [
              grade.part.exercise, grade.part.name, grade.part.description,
              "\(grade.part.points)", "\(grade.points)", grade.verdict.rawValue, grade.given,
            ]))
        lines += grade.reasons.map { line("reason", [$0]) }
        lines += grade.misconceptions.map { line("misconception", [$0]) }
        lines += grade.hints.map { line("hint", [$0]) }
      }
      lines += submission.marks.map { line("mark", [$0.part, "\($0.points)", $0.comment]) }
      lines += submission.notes.map { line("note", [$0]) }
    }
    lines += report.protections.map { line("protection", [$0]) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Texts by their bytes in hexadecimal digits, `-` for none.
  private static func line(_ kind: String, _ texts: [String?]) -> String {
    ([kind]
      + texts.map { text in
        guard let text else { return "-" }
        let digits = text.utf8.map { byte in
          (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "x" + digits.joined()
      }).joined(separator: " ")
  }
}
