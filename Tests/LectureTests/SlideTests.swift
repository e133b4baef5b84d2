import Foundation
import TestSupport
import Testing

/// Every content slide of the five decks is shown by something that a lecture computes.
@Suite struct SlideTests {
  struct Row {
    let deck: String
    let number: Int
    let title: String
    let slide: Int
    let texts: [String]
  }

  static func rows() throws -> [Row] {
    var deck = ""
    return try Project.text("Tests/LectureTests/Fixtures/slides.txt").split(separator: "\n")
      .compactMap { line in
        if line.hasPrefix("## ") { deck = String(line.dropFirst(3)) }
        if line.hasPrefix("#") { return nil }
        let parts = line.components(separatedBy: " | ")
        guard parts.count >= 4, let number = Int(parts[0]), let slide = Int(parts[2]) else {
          throw ContentsTests.Malformed(line: String(line))
        }
        return Row(
          deck: deck, number: number, title: parts[1], slide: slide,
          texts: parts[3...].joined(separator: " | ").components(separatedBy: " ;; "))
      }
  }

  /// The deck's slides that an output does not show.
  private static func lost(_ deck: String, _ output: String, _ script: String) throws -> Set<Int> {
    let shown = LectureOutput(output)
    return Set(
      try rows().filter { row in
        row.deck == deck
          && row.texts.contains { shown.fault(of: $0, onSlide: row.slide, script: script) != nil }
      }.map { $0.number })
  }

  @Test("Every slide of a deck is shown in the output, by something computed")
  func everySlideIsShown() throws {
    let rows = try Self.rows()
    #expect(Set(rows.map { $0.deck }) == Set(LectureOutput.decks))
    for deck in LectureOutput.decks {
      let own = rows.filter { $0.deck == deck }
      #expect(own.map { $0.number } == Array(1...own.count))
      let output = LectureOutput(try LectureRuns.run(deck).output)
      let script = try LectureOutput.script(deck)
      for row in own {
        for text in row.texts {
          let fault = output.fault(of: text, onSlide: row.slide, script: script)
          #expect(fault == nil, "\(deck) \(row.number), \(row.title): \(fault ?? "")")
        }
      }
    }
    let counts = LectureOutput.decks.map { deck in rows.count { $0.deck == deck } }
    #expect(counts == [32, 36, 40, 36, 14])
  }

  /// A lecture with something in it broken, and the slides that can then not be shown.
  static let broken: [(deck: String, text: String, by: String, lost: Set<Int>)] = [
    ("cazenave", "param w5 = .40", "param w5 = .41", [14, 15, 19, 20, 21, 22, 26, 27]),
    ("ceng506", "deep.W3 = [[.5,", "deep.W3 = [[.6,", [13, 16, 27, 29, 30, 31, 32]),
    ("ceng506", "g(z) = sigmoid(z)", "g(z) = tanh(z)", [2, 23, 33]),
    (
      "goebels", "deep = mlp [2,4,3,3,1] sigmoid", "deep = mlp [2,4,3,3,1] tanh",
      [31, 32, 33, 34, 35]
    ),
    ("goebels", "W2 = [[0.3], [-0.2], [0.7]]", "W2 = [[0.4], [-0.2], [0.7]]", [10, 15, 26, 36]),
    (
      "vitay", "mlp3 = mlp [2,2,3] sigmoid softmax", "mlp3 = mlp [2,2,3] tanh softmax",
      [8, 11, 12, 13]
    ),
    ("llano", "net.b2 = [.60, .60]", "net.b2 = [.70, .60]", [2, 3, 7, 8, 9, 10]),
  ]

  @Test("A slide is not shown any more where what it is computed from is broken")
  func brokenLectures() throws {
    for (deck, text, by, lost) in Self.broken {
      let script = try LectureOutput.script(deck)
      #expect(script.contains(text), "\(deck) has no \(text)")
      let changed = script.replacingOccurrences(of: text, with: by)
      let output = onDeepStack {
        let session = lectureSession()
        session.run(changed, name: "\(deck).bp")
        return session.output
      }
      let found = try Self.lost(deck, output, changed)
      #expect(found.isSuperset(of: lost), "\(deck), \(by): only \(found.sorted())")
    }
  }

  @Test("A line written by hand in place of a computed one is found out")
  func literals() throws {
    let script = try LectureOutput.script("llano")
    let computed = "print \"∂E/∂ŷ = ŷ - y = {value ŷ} - 0.01 = {value ŷ - 0.01}\""
    #expect(script.contains(computed))
    let changed = script.replacingOccurrences(
      of: computed, with: "print \"∂E/∂ŷ = ŷ - y = 0.75136507 - 0.01 = 0.74136507\"")
    #expect(try Self.lost("llano", LectureRuns.run("llano").output, script) == [])
    #expect(try Self.lost("llano", LectureRuns.run("llano").output, changed) == [7])
  }

  @Test("A verdict of a lecture follows what was computed")
  func verdicts() throws {
    let script = try LectureOutput.script("goebels").replacingOccurrences(
      of: "deep = mlp [2,4,3,3,1] sigmoid", with: "deep = mlp [2,4,3,3,1] tanh")
    let session = lectureSession()
    onDeepStack { _ = session.run(script, name: "goebels.bp") }
    #expect(session.checksFailed >= 5)
    let slide = try #require(LectureOutput(session.output).slides[34])
    #expect(!slide.contains("largest difference 4e-19"))
    #expect(!session.output.contains("equal"))
  }
}
