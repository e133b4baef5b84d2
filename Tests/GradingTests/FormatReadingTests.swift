import Foundation
import TestSupport
import Testing

@testable import Grading

/// What other programs find in the documents of random reports.
///
/// Python reads them with its own parsers and with readers that were written after the published
/// pages of the platforms. BP_REPORTS names a folder that keeps them, for `scripts/clients grading`.
@Suite struct FormatReadingTests {
  private static let count = 1000

  @Test func everyFormatIsReadAsItWasMeant() throws {
    let kept = ProcessInfo.processInfo.environment["BP_REPORTS"]
    let folder =
      kept.map { URL(filePath: $0) }
      ?? FileManager.default.temporaryDirectory.appending(path: "bp-reports-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { if kept == nil { try? FileManager.default.removeItem(at: folder) } }
    try Self.write(into: folder)
    try Self.read(folder)
  }

  private static func write(into folder: URL) throws {
    var random = RandomReports(seed: 17)
    var transcripts = Data()
    var documents: [String: Data] = [:]
    for _ in 0..<count {
      let report = random.report()
      transcripts.append(record(ReportTranscript.text(of: report)))
      for format in GradeReportFormat.all {
        for document in format.documents(of: report) {
          documents[format.name, default: Data()].append(record(document.text))
        }
      }
      for document in Feedback.documents(of: report) {
        documents["feedback", default: Data()].append(record(document.text))
      }
    }
    try transcripts.write(to: folder.appending(path: "reports"))
    for (name, data) in documents { try data.write(to: folder.appending(path: name)) }
  }

  /// The number of bytes and a line end in front.
  private static func record(_ text: String) -> Data {
    Data("\(text.utf8.count)\n".utf8) + Data(text.utf8)
  }

  private static func read(_ folder: URL) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-B", Project.file("Tests/GradingTests/formats.py").path, folder.path,
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let said = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    // 127: there is no python3 here.
    guard process.terminationStatus != 127 else { return }
    #expect(process.terminationStatus == 0, "\(said)")
    #expect(said.hasPrefix("\(count) reports"), "\(said)")
  }
}
