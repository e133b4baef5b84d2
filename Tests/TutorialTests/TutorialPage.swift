import Language
import Rendering
import TestSupport
import Testing

@testable import Tutorial

/// The page of the tutorial, written from its steps; what the lines print comes from running them.
@Suite struct TutorialPage {
  private static let names = [
    "net": "net", "data": "circles", "last": "small", "seen": "circles", "own": "mine",
  ]

  private static func filled(_ text: String) -> String {
    names.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
  }

  /// A sentence as Markdown, in which signs of the language mean nothing.
  private static func prose(_ text: String) -> String {
    filled(text).reduce(into: "") { $0 += "\\*_[]<>`~".contains($1) ? "\\\($1)" : String($1) }
  }

  private static func block(_ language: String, _ lines: [String]) -> [String] {
    ["```\(language)"] + lines + ["```", ""]
  }

  /// The number that the exercise asks for.
  private static let solution = "6"

  static let text: String = onDeepStack {
    var page = [
      "# Tutorial", "", "Ten minutes at the prompt, from the first net to a file.", "",
      "## Overview", "",
      "`bp start` leads through these steps at the shell, `start` at the prompt: it sees what is typed, "
        + "says when a step is done, and gives hints.",
      "What stands below each block is what comes.", "",
      "This page is written from the steps by `scripts/record TutorialPage`.", "",
    ]
    let session = TestSession()
    for step in TutorialStep.all {
      page += ["## \(step.title)", ""]
      for paragraph in step.text { page += [prose(paragraph), ""] }
      let lines = step.lines.map(filled)
      page += block("bp", lines)
      let before = session.output.count
      for line in lines {
        session.run(line.replacing("___", with: solution), name: "prompt", echoes: true)
      }
      let output = session.output.dropFirst(before).split(
        separator: "\n", omittingEmptySubsequences: false
      ).map { $0.description.trimmingTrailingBlanks }
      if let last = output.lastIndex(where: { !$0.isEmpty }) {
        page += block("text", Array(output[...last]))
      }
      for hint in step.hints where step.lines.contains(where: { $0.contains("___") }) {
        page += ["- \(prose(hint))"]
      }
      if page.last?.hasPrefix("- ") == true { page.append("") }
      if !step.explore.isEmpty { page += ["Then try: \(prose(step.explore))", ""] }
    }
    for paragraph in TutorialStep.farewell { page += [prose(paragraph), ""] }
    return page.dropLast().joined(separator: "\n") + "\n"
  }

  @Test("The page of the tutorial is that of its steps")
  func page() throws {
    try expectRecorded(Self.text, in: "Sources/Language/Language.docc/Tutorial.md")
  }
}

extension String {
  fileprivate var trimmingTrailingBlanks: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
