import Foundation
import TestSupport
import Testing

/// The pages of the documentation, as `scripts/site` takes them.
@Suite struct SitePageTests {
  private static let catalog = "Sources/Language/Language.docc"
  private static let pages =
    Project.names(in: catalog, endingWith: ".md").map { ($0, "\(catalog)/\($0).md") }
    + [("Benchmarks", "Sources/bench/Benchmarks.md"), ("Limits", "Sources/bench/Limits.md")]

  /// A heading as links name it.
  private static func anchor(_ heading: String) -> String {
    String(heading.filter { $0.isLetter || $0.isNumber || "_- ".contains($0) })
      .trimmingCharacters(in: .whitespaces).replacing(" ", with: "-")
  }

  /// The lines of a page that are no code.
  private static func prose(_ path: String) throws -> [String] {
    var isCode = false
    return try Project.text(path).components(separatedBy: "\n").filter { line in
      if line.hasPrefix("```") { isCode.toggle() }
      return !isCode && !line.hasPrefix("```") && !line.hasPrefix("    ")
    }
  }

  private static func anchors(_ path: String) throws -> Set<String> {
    Set(
      try prose(path).filter { $0.hasPrefix("#") }.map { line in
        anchor(String(line.drop { $0 == "#" }))
      })
  }

  @Test("A page begins with its title and a sentence", arguments: pages)
  func beginnings(name: String, path: String) throws {
    let lines = try Project.text(path).components(separatedBy: "\n")
    #expect(lines[0].hasPrefix("# ") && lines[0].count > 3)
    #expect(lines[1].isEmpty)
    #expect(lines[2].first.map { $0.isLetter || $0 == "`" || $0 == "<" } == true, "\(lines[2])")
  }

  @Test("Links between pages lead to a page and a heading", arguments: pages)
  func links(name: String, path: String) throws {
    for line in try Self.prose(path) {
      for match in line.matches(of: #/<doc:([^>#]*)#?([^>]*)>|\]\(#([^)]*)\)/#) {
        let page = match.1.map(String.init) ?? name
        let heading = String(match.2 ?? match.3 ?? "")
        let target = try #require(Self.pages.first { $0.0 == page }, "\(line)").1
        let anchors = try Self.anchors(target)
        #expect(heading.isEmpty || anchors.contains(heading), "\(line)")
      }
    }
  }

  @Test("Every page of the catalog stands in the menu")
  func menu() throws {
    let text = try Project.text("scripts/lib/site/pages.py")
    for (name, _) in Self.pages where name != "Language" {
      #expect(text.contains("\"\(name)\""), "\(name)")
    }
  }

  private static let python = "/usr/bin/python3"

  @Test(
    "The check of the pages finds what is wrong with them",
    .enabled(if: FileManager.default.isExecutableFile(atPath: python), "no python3"))
  func faults() throws {
    let good = "<!DOCTYPE html><title>A</title><h1 id=\"top\">A</h1>"
    #expect(try check(["a.html": good + "<a href=\"b.html#top\">b</a>", "b.html": good]) == nil)
    for (body, fault) in [
      ("<a href=\"c.html\">c</a>", "a.html links to c.html, which is no page"),
      (
        "<a href=\"b.html#end\">b</a>",
        "a.html links to b.html#end, where there is no such heading"
      ),
      ("<a href=\"#end\">b</a>", "a.html links to #end, where there is no such heading"),
      (
        "<img src=\"https://example.org/x.png\">",
        "a.html loads https://example.org/x.png, which is not in the folder"
      ),
      ("<script src=\"x.js\"></script>", "a.html loads x.js, which is not in the folder"),
      ("<p id=\"top\"></p>", "a.html has two places called top"),
    ] {
      #expect(try check(["a.html": good + body, "b.html": good]) == fault)
    }
    #expect(try check(["a.html": "<h1>A</h1><svg><title>x</title></svg>"]) == "a.html has no title")
    #expect(try check(["a.html": "<title>A</title>"]) == "a.html has no heading")
  }

  /// What the check says of these pages; nil where it has nothing to say.
  private func check(_ files: [String: String]) throws -> String? {
    let folder = try Folder()
    for (name, text) in files { try folder.write(text, to: name) }
    let process = Process()
    process.executableURL = URL(filePath: Self.python)
    process.arguments = ["-B", Project.file("scripts/lib/site/check.py").path, folder.url.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0
      ? nil : text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
