import Rendering

/// A form in which `bp grade` writes its report: a record of `GradeReportFormat.all`, from which the
/// command, its help and the tests of all formats take it.
package struct GradeReportFormat: Sendable {
  package enum Writer: Sendable {
    /// One document tells of all submissions.
    case whole(@Sendable (GradeReport, Display) -> String)
    /// Each submission has a document of its own.
    case each(@Sendable (GradeReport, GradeReport.Submission) -> String)
  }

  /// What is written into one file.
  package struct Document: Hashable, Sendable {
    /// Of its file where there are several, with the extension; no two are alike, in any case of
    /// letters.
    package var fileName: String
    package var text: String
  }

  package let name: String
  /// What the names of its files end with, without the point; the first one is written.
  package let extensions: [String]
  /// One line of help.
  package let summary: String
  package let writer: Writer

  init(_ name: String, extensions: [String], _ summary: String, _ writer: Writer) {
    self.name = name
    self.extensions = extensions
    self.summary = summary
    self.writer = writer
  }

  /// Every format, in the order in which they are listed. Adding one is adding its record.
  package static let all: [GradeReportFormat] = [
    text, csv, json, junit, tap, gradescope, prairieLearn, codeRunner,
  ]

  /// The format that people read.
  package static var standard: GradeReportFormat { text }

  package static func named(_ name: String) -> GradeReportFormat? {
    all.first { $0.name == name }
  }

  /// Whether each submission has a document of its own.
  package var isOnePerSubmission: Bool {
    if case .each = writer { true } else { false }
  }

  /// What is written of a report: one document, or one for each submission in their order.
  /// - Parameter display: what text for people is written for; other formats are the same on all.
  package func documents(
    of report: GradeReport, on display: Display = .plain
  ) -> [Document] {
    let ending = extensions.first ?? name
    switch writer {
    case .whole(let write):
      return [Document(fileName: "grades.\(ending)", text: write(report, display))]
    case .each(let write):
      let names = FileNames.of(report.submissions.map { $0.name }, extension: ending)
      return zip(names, report.submissions).map { name, submission in
        Document(fileName: name, text: write(report, submission))
      }
    }
  }
}
