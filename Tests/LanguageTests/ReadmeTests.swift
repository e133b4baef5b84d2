import TestSupport
import Testing

@testable import Language

/// The page that everybody reads first: its code is run, and prints what stands beside it.
///
/// - A block of `bp` is code of the script lesson.bp; all blocks are run in one session.
/// - A comment behind a statement is a line of the output.
/// - A block of `text` behind the code is what it prints after that, errors included. A line `…`
///   stands for any lines.
@Suite struct ReadmeTests {
  struct Example: CustomTestStringConvertible {
    let line: Int
    let code: [String]
    let output: [String]

    var testDescription: String { "README.md:\(line)" }

    init(_ code: CodeBlock, output: CodeBlock?) {
      line = code.line
      self.code = code.lines
      let comments = code.lines.compactMap { line -> String? in
        guard let mark = line.range(of: "  # ") else { return nil }
        return String(line[mark.upperBound...])
      }
      self.output = comments + (output?.lines ?? [])
    }
  }

  private func examples() throws -> [Example] {
    let blocks = try CodeBlock.all(in: "README.md")
    return blocks.indices.filter { blocks[$0].language == "bp" }.map { place in
      let next = place + 1 < blocks.count ? blocks[place + 1] : nil
      return Example(blocks[place], output: next?.language == "text" ? next : nil)
    }
  }

  @Test func theCodeOfTheReadmePrintsWhatItSays() throws {
    let examples = try examples()
    #expect(examples.count >= 4)
    let session = TestSession()
    for example in examples {
      let (printed, reported) = (session.outputLines.count, session.reports.count)
      session.run(example.code.joined(separator: "\n"))
      let lines =
        session.outputLines.dropFirst(printed)
        + session.reports.dropFirst(reported).flatMap { $0.split(separator: "\n").map(String.init) }
      #expect(!example.output.isEmpty, "\(example.testDescription) shows nothing")
      #expect(
        difference(Array(lines), example.output) == nil, "\(example.testDescription)")
    }
  }

  /// What differs between lines and those on the page; nil where they agree.
  private func difference(_ lines: [String], _ page: [String]) -> String? {
    var rest = lines[...]
    let parts = page.split(separator: "…", omittingEmptySubsequences: false)
    for (place, part) in parts.enumerated() {
      let isLast = place == parts.count - 1
      var found: String?
      // The first part stands at the beginning and the last at the end; others come somewhere.
      let starts =
        place == 0
        ? [rest.startIndex]
        : isLast ? [max(rest.startIndex, rest.endIndex - part.count)] : Array(rest.indices)
      for start in starts {
        let end = isLast && place == 0 ? rest.endIndex : min(start + part.count, rest.endIndex)
        found = differenceBeyondRounding(
          rest[start..<end].joined(separator: "\n"), part.joined(separator: "\n"))
        if found == nil {
          rest = rest[end...]
          break
        }
      }
      if let found { return found }
    }
    return nil
  }

  @Test func aPageIsToldFromWhatIsPrinted() {
    #expect(difference(["a", "b"], ["a", "b"]) == nil)
    #expect(difference(["a", "b"], ["a"]) != nil)
    #expect(difference(["a", "b", "c"], ["a", "…"]) == nil)
    #expect(difference(["a", "b", "c"], ["a", "…", "c"]) == nil)
    #expect(difference(["a", "b", "c"], ["…", "b", "…"]) == nil)
    #expect(difference(["a", "b", "c"], ["b", "…"]) != nil)
    #expect(difference(["a", "b", "c"], ["a", "…", "b"]) != nil)
    #expect(difference(["a", "b", "c"], ["…", "d", "…"]) != nil)
  }
}
