extension GradeReportFormat {
  /// For programs that show test runs: a suite for each submission, as the schema junit-4.xsd of
  /// Jenkins has it.
  static let junit = GradeReportFormat(
    "junit", extensions: ["xml"], "test suites of JUnit, as build servers read them",
    .whole { report, _ in report.junit })
}

extension GradeReport {
  fileprivate var junit: String {
    let suites = submissions.map { ($0, cases(of: $0)) }
    var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
    lines.append("<testsuites\(attributes(key, suites.flatMap { $0.1 }, countsSkipped: false))>")
    for (submission, cases) in suites {
      lines.append("  <testsuite\(attributes(submission.name, cases, countsSkipped: true))>")
      lines += [
        "    <properties>",
        property("id", submission.id), property("status", submission.status.rawValue),
        property("points", ReportText.points(submission.points)),
        property("possible", ReportText.points(possible)),
        "    </properties>",
      ]
      lines += cases.flatMap { self.lines(of: $0) }
      if !submission.notes.isEmpty {
        lines.append(
          "    <system-out>\(XML.content(submission.notes.joined(separator: "\n")))</system-out>")
      }
      lines.append("  </testsuite>")
    }
    lines.append("</testsuites>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// - Parameter countsSkipped: the schema lets suites say that, and not the whole.
  private func attributes(
    _ name: String, _ cases: [ReportCase], countsSkipped: Bool
  ) -> String {
    var (failures, errors, skipped) = (0, 0, 0)
    for entry in cases {
      switch entry.outcome {
      case .passed: break
      case .failed: failures += 1
      case .stopped: errors += 1
      case .skipped: skipped += 1
      }
    }
    return XML.attribute("name", name)
      + " tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
      + (countsSkipped ? " skipped=\"\(skipped)\"" : "")
  }

  private func property(_ name: String, _ value: String) -> String {
    "      <property\(XML.attribute("name", name))\(XML.attribute("value", value))/>"
  }

  private func lines(of entry: ReportCase) -> [String] {
    let exercise = entry.exercise.isEmpty ? key : entry.exercise
    let start =
      "    <testcase\(XML.attribute("classname", exercise))\(XML.attribute("name", entry.name))"
    let (element, type): (String, String)
    switch entry.outcome {
    case .passed: return [start + "/>"]
    case .failed(let verdict): (element, type) = ("failure", verdict)
    case .stopped(let status): (element, type) = ("error", status.rawValue)
    case .skipped:
      return [
        start + ">", "      <skipped>\(XML.content(entry.message))</skipped>", "    </testcase>",
      ]
    }
    var text = entry.reasons
    if let given = entry.row?.grade.given { text.append("given: \(given)") }
    return [
      start + ">",
      "      <\(element)\(XML.attribute("message", entry.message))\(XML.attribute("type", type))>"
        + "\(XML.content(text.joined(separator: "\n")))</\(element)>",
      "    </testcase>",
    ]
  }
}

/// Texts in XML 1.0, which has no control characters.
private enum XML {
  /// With a blank in front. A line end stays one: a reader takes a bare one for a blank.
  static func attribute(_ name: String, _ value: String) -> String {
    " \(name)=\"" + escaped(value, isAttribute: true) + "\""
  }

  static func content(_ text: String) -> String { escaped(text, isAttribute: false) }

  private static func escaped(_ text: String, isAttribute: Bool) -> String {
    ReportText.visible(text).unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      // Behind ]] it would end a section.
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n" where isAttribute: result += "&#10;"
      case "\t" where isAttribute: result += "&#9;"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
