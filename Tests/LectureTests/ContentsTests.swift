import Foundation
import TestSupport
import Testing

/// The page that lists what the decks contain, each with the line that shows it. The lines are
/// looked up, so the page is right or this test fails. `scripts/record` writes it.
@Suite struct ContentsTests {
  struct Row {
    let number: Int
    let decks: [String]
    let sentence: String
    let file: String?
    let line: String?
  }

  struct Malformed: Error {
    let line: String
  }

  static let page = "Sources/Language/Language.docc/Lectures.md"
  static let decks = ["C": "Cazenave", "N": "CENG 506", "G": "Goebels", "V": "Vitay", "L": "Llano"]

  /// The exercises by deck, in the order of the fixture.
  private static func exercises() throws -> [(name: String, decks: [String])] {
    try Project.text("Tests/LectureTests/Fixtures/contents.txt").split(separator: "\n")
      .map { $0.components(separatedBy: " | ") }.filter { $0.count == 2 && !$0[0].hasPrefix("#") }
      .map { (name: $0[0], decks: $0[1].split(separator: " ").map(String.init)) }
  }

  private static func sections() throws -> [(title: String, rows: [Row])] {
    var sections: [(title: String, rows: [Row])] = []
    for line in try Project.text("Tests/LectureTests/Fixtures/contents.txt").split(separator: "\n")
    {
      if line.hasPrefix("## ") {
        sections.append((String(line.dropFirst(3)), []))
      } else if !line.hasPrefix("#") {
        let parts = line.components(separatedBy: " | ")
        if parts.count == 2 { continue }
        guard parts.count == 4, let number = Int(parts[0]), !sections.isEmpty else {
          throw Malformed(line: String(line))
        }
        let place = parts[3].range(of: ": ")
        sections[sections.count - 1].rows.append(
          Row(
            number: number, decks: parts[1].split(separator: " ").map(String.init),
            sentence: parts[2], file: place.map { String(parts[3][..<$0.lowerBound]) },
            line: place.map { String(parts[3][$0.upperBound...]) }))
      }
    }
    return sections
  }

  /// At least four exercises for each deck, and every exercise under some deck.
  private func exercisesByDeck() throws -> String {
    let exercises = try Self.exercises()
    let files = Project.names(in: "scripts/exercises", endingWith: ".bp")
    #expect(files == exercises.map { $0.name }.sorted())
    var text = """

      ### Exercises

      Files with ___ to fill in; `bp check` says what holds.


      """
    for (key, script) in [
      ("C", "cazenave"), ("N", "ceng506"), ("G", "goebels"), ("V", "vitay"), ("L", "llano"),
    ] {
      let own = exercises.filter { $0.decks.contains(key) }
      #expect(own.count >= 4)
      text += "After `scripts/lectures/\(script).bp`:\n\n"
      for exercise in own {
        let path = "scripts/exercises/\(exercise.name).bp"
        let title = try #require(try Project.text(path).split(separator: "\n").first).dropFirst(2)
        text += "- \(title): `\(path)`\n"
      }
      text += "\n"
    }
    return String(text.dropLast())
  }

  /// Where the file is kept, from the project's folder.
  private static func path(of file: String) -> String? {
    ["scripts/lectures", "scripts/exercises", "Tests/LectureTests"].map { "\($0)/\(file)" }
      .first { FileManager.default.fileExists(atPath: Project.file($0).path) }
  }

  @Test("Every row is numbered, belongs to a deck, and its line is where the page says")
  func pageIsRight() throws {
    var page = """
      # What the five lectures contain

      Every definition, formula, number, table and exercise of the decks that `scripts/lectures`
      follows, and the line that shows it.

      ## Overview

      Made by the tests: a line that is no longer there fails them. The decks are Tristan
      Cazenave's Deep Learning, CENG 506, Florian Goebels on the paper of 1986, Julien Vitay's
      Neurocomputing and Joshua Llano's Backpropagation.

      """
    var next = 1
    var places: [String: Int] = [:]
    for section in try Self.sections() where !section.rows.isEmpty {
      page += "\n### \(section.title)\n\n"
      for row in section.rows {
        #expect(row.number == next)
        next += 1
        let decks = try row.decks.map { try #require(Self.decks[$0]) }
        page += "\(row.number). \(row.sentence) (\(decks.joined(separator: ", ")))"
        guard let file = row.file, let text = row.line else {
          page += "\n"
          continue
        }
        let path = try #require(Self.path(of: file), "\(file)")
        let lines = try Project.text(path).split(separator: "\n", omittingEmptySubsequences: false)
        let found = try #require(
          lines.firstIndex { $0.contains(text) }, "row \(row.number): \(file) has no \(text)")
        places[file, default: 0] += 1
        page += "\n   `\(path)`, line \(found + 1)\n"
      }
    }
    #expect(next == 157)
    page += try exercisesByDeck()
    try expectRecorded(page, in: Self.page)
    for name in ["cazenave", "ceng506", "goebels", "vitay", "llano"] {
      #expect(places["\(name).bp", default: 0] >= 10)
    }
  }
}
