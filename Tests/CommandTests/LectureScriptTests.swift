import Foundation
import Testing

/// The scripts that people read and run.
@Suite struct LectureScriptTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts/lectures")

  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".bp") }.sorted()

  @Test("every check of a lecture holds", arguments: names)
  func checksHold(_ name: String) throws {
    let result = try Program.run(Self.folder.appending(path: name).path)
    #expect(result.errors == "")
    #expect(result.status == 0)
    #expect(!result.output.isEmpty)
  }

  @Test("lectures and exercises are in the canonical layout", arguments: ["lectures", "exercises"])
  func layoutIsCanonical(_ folder: String) throws {
    let scripts = Self.folder.deletingLastPathComponent().appending(path: folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: scripts.path)
      .filter { $0.hasSuffix(".bp") }
    #expect(!names.isEmpty)
    for name in names {
      let result = try Program.run("fmt", "--check", scripts.appending(path: name).path)
      #expect(result.status == 0, "scripts/bp fmt scripts/\(folder)/\(name)")
    }
  }

  /// By hand means by hand.
  @Test func byHandUsesNoNetFunction() throws {
    let text = try String(
      contentsOf: Self.folder.appending(path: "by_hand.bp"), encoding: .utf8)
    let code = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
    for word in ["mlp", "train ", "descend", "perceptron [", "predict", "optimizer="] {
      #expect(!code.contains(word), "\(word)")
    }
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count >= 200)
  }
}
