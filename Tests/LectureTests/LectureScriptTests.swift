import Foundation
import TestSupport
import Testing

@testable import Language

/// The scripts in `scripts/lectures`: they run to their end, every check in them holds, and what
/// they print is known; `scripts/record` writes what they print now.
@Suite struct LectureScriptTests {
  struct Ran {
    let outcome: Interpreter.Outcome
    let checksHeld: Int
    let checksFailed: Int
    let output: String
    let reports: String
    let seconds: Double
    let files: [String: [UInt8]]
  }

  static func run(_ name: String, arguments: [String] = []) throws -> Ran {
    let text = try Project.text("\(LectureFiles.scripts)/\(name).bp")
    return onDeepStack {
      let session = lectureSession(arguments: arguments)
      let start = ContinuousClock.now
      let outcome = session.run(text, name: "\(name).bp")
      let time = (ContinuousClock.now - start).components
      return Ran(
        outcome: outcome, checksHeld: session.checksHeld, checksFailed: session.checksFailed,
        output: session.output, reports: session.reports.joined(),
        seconds: Double(time.seconds) + Double(time.attoseconds) * 1e-18, files: session.written)
    }
  }

  @Test("The lectures of all five decks are there")
  func allDecksHaveTheirLecture() {
    let expected = ["cazenave", "ceng506", "goebels", "llano", "vitay"]
    #expect(Set(expected).isSubset(of: LectureFiles.names))
    #expect(Set(["playground", "frameworks"]).isSubset(of: LectureFiles.names))
  }

  @Test("A lecture runs to its end and every check in it holds", arguments: LectureFiles.names)
  func lecture(_ name: String) throws {
    let ran = try LectureRuns.run(name)
    #expect(ran.outcome == .done)
    #expect(ran.checksHeld > 0)
    #expect(ran.checksFailed == 0, "\(ran.reports)")
    #expect(!ran.reports.contains("error:"), "\(ran.reports)")
    // The one on a user's own data shows how a net is kept.
    #expect(ran.files.isEmpty || name == "own_data", "\(ran.files.keys)")
    #if !DEBUG
      #expect(ran.seconds < 5)
    #endif
    try expectRecorded(
      ran.output, in: "\(LectureFiles.snapshots)/\(name).txt", difference: differenceBeyondRounding)
  }

  @Test("Every snapshot belongs to a lecture")
  func snapshotsHaveLectures() throws {
    let snapshots = Project.names(in: LectureFiles.snapshots, endingWith: "")
    #expect(snapshots == LectureFiles.names.map { "\($0).txt" })
  }

  @Test("With the argument export, frameworks.bp writes its net as programs")
  func exports() throws {
    let files = try Self.run("frameworks", arguments: ["export"]).files
    let keras = String(decoding: try #require(files["circles_keras.py"]), as: UTF8.self)
    #expect(keras.contains("Dense(20") && keras.contains("Dense(1"))
    let torch = String(decoding: try #require(files["circles_torch.py"]), as: UTF8.self)
    #expect(torch.contains("Linear(2, 20") && torch.contains("Linear(20, 1"))
  }

  @Test("A difference in the sixth digit counts, one in the tenth does not")
  func differences() {
    #expect(differenceBeyondRounding("a 1.234567 b\n", "a 1.234567 b\n") == nil)
    #expect(differenceBeyondRounding("a 1.23456789012 b", "a 1.23456789034 b") == nil)
    #expect(differenceBeyondRounding("a 1.234567 b", "a 1.234667 b") != nil)
    #expect(differenceBeyondRounding("a 1.2 b", "a 1.2 c") != nil)
    #expect(differenceBeyondRounding("a\nb", "a") != nil)
  }
}
