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
    let deck: String
    let slide: Int
    let text: String
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
        guard parts.count >= 4, let number = Int(parts[0]), !sections.isEmpty else {
          throw Malformed(line: String(line))
        }
        guard let colon = parts[3].range(of: ": "),
          case let place = parts[3][..<colon.lowerBound].split(separator: " "), place.count == 2,
          let slide = Int(place[1])
        else { throw Malformed(line: String(line)) }
        sections[sections.count - 1].rows.append(
          Row(
            number: number, decks: parts[1].split(separator: " ").map(String.init),
            sentence: parts[2], deck: String(place[0]), slide: slide,
            text: String(parts[3][colon.upperBound...])))
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

  /// The slides of each deck with the place in the output that shows them.
  private func slideBySlide() throws -> String {
    var text = """

      ### Slide by slide

      Every content slide of a deck, and the line of the output of its lecture (kept in
      `Tests/LectureTests/Snapshots`) on which it is shown, by a number or a formula that was computed.

      """
    for deck in LectureOutput.decks {
      let output = LectureOutput(try LectureRuns.run(deck).output)
      text += "\n`scripts/lectures/\(deck).bp`:\n\n"
      for row in try SlideTests.rows() where row.deck == deck {
        let first = try #require(row.texts.first)
        let line = try #require(output.line(of: first, onSlide: row.slide), "\(deck) \(row.number)")
        text += "\(row.number). \(row.title): slide \(row.slide), line \(line)\n"
      }
    }
    return text
  }

  @Test("Every row is numbered, belongs to a deck, and is shown where the page says")
  func pageIsRight() throws {
    var page = """
      # What the five lectures contain

      Every definition, formula, number, table and exercise of the decks that `scripts/lectures`
      follows, and where the output shows it.

      ## Overview

      Made by the tests, which look every place up in what the lectures write. The decks are Tristan
      Cazenave's Deep Learning, CENG 506, Florian Goebels on the paper of 1986, Julien Vitay's
      Neurocomputing and Joshua Llano's Backpropagation.

      """
    var next = 1
    var places: [String: Int] = [:]
    let outputs = try Dictionary(
      uniqueKeysWithValues: LectureOutput.decks.map {
        ($0, LectureOutput(try LectureRuns.run($0).output))
      })
    for section in try Self.sections() where !section.rows.isEmpty {
      page += "\n### \(section.title)\n\n"
      for row in section.rows {
        #expect(row.number == next)
        next += 1
        let decks = try row.decks.map { try #require(Self.decks[$0]) }
        page += "\(row.number). \(row.sentence) (\(decks.joined(separator: ", ")))\n"
        let output = try #require(outputs[row.deck], "\(row.deck)")
        let fault = output.fault(
          of: row.text, onSlide: row.slide, script: try LectureOutput.script(row.deck))
        #expect(fault == nil, "row \(row.number): \(fault ?? "")")
        places[row.deck, default: 0] += 1
        let line = output.line(of: row.text, onSlide: row.slide) ?? 0
        page +=
          "   `scripts/lectures/\(row.deck).bp`, slide \(row.slide), line \(line) of its output\n"
      }
    }
    #expect(next == 157)
    page += try slideBySlide() + exercisesByDeck()
    try expectRecorded(page, in: Self.page)
    for name in LectureOutput.decks { #expect(places[name, default: 0] >= 10) }
  }
}
