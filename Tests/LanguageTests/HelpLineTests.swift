import Foundation
import TestSupport
import Testing

@testable import Language

/// No help line may recommend what is then refused: what the recorded errors tell to write is
/// written in place of the line at fault and run.
@Suite struct HelpLineTests {
  struct Advice: CustomTestStringConvertible, Sendable {
    let file: String
    let source: [String]
    /// From 0.
    let line: Int
    let text: String

    var testDescription: String { "\(file): \(text)" }
  }

  /// The sources with their errors: scripts and the collection of wrong syntax.
  static let recorded: [(file: String, source: String, errors: String)] = {
    var cases: [(file: String, source: String, errors: String)] = []
    let folder = "Tests/LanguageTests/Errors"
    for name in Project.names(in: folder, endingWith: ".txt") {
      let parts = ((try? Project.text("\(folder)/\(name).txt")) ?? "").components(
        separatedBy: "\n---\n")
      if parts.count == 2 { cases.append((name, parts[0], parts[1])) }
    }
    let syntax = (try? Project.text("Tests/SyntaxTests/Fixtures/errors.txt")) ?? ""
    for part in syntax.components(separatedBy: "\n=== ") where part.contains("\n---\n") {
      let lines = part.components(separatedBy: "\n")
      let source = lines.dropFirst().prefix { $0 != "---" }.joined(separator: "\n")
      let errors = lines.drop { $0 != "---" }.dropFirst().joined(separator: "\n")
      cases.append((lines[0], source.replacing("␉", with: "\t").replacing("␣", with: " "), errors))
    }
    return cases
  }()

  /// What errors tell to write, and in which line, from 0; nothing for a pattern with … or words.
  static func advices(in reports: String) -> [(line: Int, text: String)] {
    errors(in: reports).flatMap { line, error in
      error.components(separatedBy: "\n").compactMap { text -> (line: Int, text: String)? in
        guard let place = text.range(of: "= help: ") else { return nil }
        let help = text[place.upperBound...]
        for opening in ["write ", "use "] where help.hasPrefix(opening) {
          // What follows a comma and a word is said, not written.
          let text = help.dropFirst(opening.count).components(separatedBy: ", with ")[0]
            .components(separatedBy: ", then ")[0].components(separatedBy: ", or ")[0]
          let isCode = opening != "use " || text.contains("(") || text.contains("=")
          return isCode && !text.contains("…") ? (line, text) : nil
        }
        return nil
      }
    }
  }

  /// The errors of a report one by one, with their lines from 0.
  static func errors(in reports: String) -> [(line: Int, text: String)] {
    reports.components(separatedBy: "error: ").dropFirst().compactMap { error in
      guard let place = error.components(separatedBy: "lesson.bp:").dropFirst().first,
        let number = Int(place.prefix { $0.isNumber })
      else { return nil }
      return (number - 1, error)
    }
  }

  static let all: [Advice] = recorded.flatMap { file, source, errors in
    let lines = source.components(separatedBy: "\n")
    return advices(in: errors).filter { lines.indices.contains($0.line) }.map {
      Advice(file: file, source: lines, line: $0.line, text: $0.text)
    }
  }

  /// Runs lines, a block of which is closed where the advice only begins it.
  /// - Parameter changed: the lines that advice has put there.
  /// - Returns: the reports, and whether a changed line is wrong by itself.
  static func run(_ lines: [String], changed: Set<Int>) -> (reports: String, isRefused: Bool) {
    onDeepStack {
      var result = ("", true)
      for ending in [[], ["}"], ["}", "}"]] {
        let session = TestSession()
        let outcome = session.run((lines + ending).joined(separator: "\n") + "\n")
        let reports = session.reports.joined(separator: "\n")
        let isRefused =
          outcome == .syntaxError && errors(in: reports).contains { changed.contains($0.line) }
        if !isRefused { return (reports, false) }
        if ending.isEmpty { result = (reports, true) }
      }
      return result
    }
  }

  @Test("What a help line says to write is no error that sends back", arguments: all)
  func followed(_ advice: Advice) {
    var lines = advice.source
    var next = (line: advice.line, text: advice.text)
    var seen: Set<String> = []
    var changed: Set<Int> = []
    // A script may have several faults; each advice mends one of them.
    for _ in 0..<10 {
      guard seen.insert("\(next.line): \(next.text)").inserted else {
        Issue.record("\(next.text) is told for itself")
        return
      }
      lines[next.line] = next.text
      changed.insert(next.line)
      // The brace that the advice moves up.
      if next.text.hasSuffix("{"), next.line + 1 < lines.count,
        lines[next.line + 1].trimmingCharacters(in: .whitespaces) == "{"
      {
        lines[next.line + 1] = ""
      }
      // A block goes on behind its own brace; one that the script has not begun begins here.
      if next.text.hasPrefix("}") {
        if next.line > 0, lines[next.line - 1].trimmingCharacters(in: .whitespaces) == "}" {
          lines[next.line - 1] = ""
        } else {
          lines[next.line] = "if true { " + next.text
        }
      }
      let (reports, isRefused) = Self.run(lines, changed: changed)
      guard let further = Self.advices(in: reports).first(where: { $0.line < lines.count }) else {
        #expect(!isRefused, "\(next.text): \(reports)")
        return
      }
      next = further
    }
    Issue.record("\(advice.text) leads nowhere: \(seen)")
  }

  /// The scripts whose error names the net to build, and that net.
  static let nets: [Advice] = recorded.flatMap { file, source, errors in
    errors.components(separatedBy: "\n").compactMap { line -> Advice? in
      guard line.contains("= help: "), let place = line.range(of: "build it with ") else {
        return nil
      }
      return Advice(
        file: file, source: source.components(separatedBy: "\n"), line: 0,
        text: String(line[place.upperBound...]))
    }
  }

  @Test("A net that a help line tells to build is built, and takes the data", arguments: nets)
  func built(_ advice: Advice) throws {
    let call = /(mlp|perceptron) \[[^\]]*\](?: [a-z]+(?![a-z=]))*/
    let source = advice.source.joined(separator: "\n")
    let made = try #require(source.firstMatch(of: call))
    let text = source.replacingCharacters(in: made.range, with: advice.text)
    let reports = onDeepStack {
      let session = TestSession()
      session.run(text)
      // Whether the training comes to anything is another question.
      return session.reports.filter { !$0.hasPrefix("note") && !$0.contains("not finite any more") }
    }
    #expect(reports == [], "\(text)")
  }

  @Test("There is much to follow")
  func count() {
    #expect(Self.all.count > 120)
    #expect(Self.nets.count >= 6)
  }
}
