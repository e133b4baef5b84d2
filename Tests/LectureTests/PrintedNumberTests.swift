import Foundation
import TestSupport
import Testing

/// Every number that the decks print, beside what the language computes for it.
@Suite struct PrintedNumberTests {
  struct Entry: Decodable, Sendable {
    let deck: String
    let quantity: String
    let print: String
    let expression: String
    /// Whether the print is what the computed value rounds to.
    let agrees: Bool

    /// Half a unit of the last digit that is printed.
    var precision: Double {
      guard let point = print.firstIndex(of: ".") else { return 0.5 }
      return 0.5 * pow(10, -Double(print.distance(from: point, to: print.endIndex) - 1))
    }
  }

  static func entries() throws -> [Entry] {
    try JSONDecoder().decode(
      [Entry].self, from: Data(try Project.text("Tests/LectureTests/Fixtures/printed.json").utf8))
  }

  private static let scripts = [
    "Cazenave": "cazenave", "CENG 506": "ceng506", "Goebels": "goebels", "Vitay": "vitay",
  ]

  @Test("Every printed number stands in a table of its lecture, with a verdict")
  func audited() throws {
    for entry in try Self.entries() {
      let script = try #require(Self.scripts[entry.deck], "\(entry.deck)")
      let verdict = entry.agrees ? "agrees" : "differs"
      let isThere = try LectureRuns.run(script).output.split(separator: "\n").contains { line in
        let words = line.split(separator: " ")
        return words.last == Substring(verdict) && words.contains(Substring(entry.print))
      }
      #expect(isThere, "\(entry.deck), \(entry.quantity): no row with \(entry.print) \(verdict)")
    }
  }

  @Test("The printed numbers are computed, and those that are off are known")
  func printed() throws {
    let setup = try Project.text("Tests/LectureTests/Fixtures/printed.bp")
    let entries = try Self.entries()
    let off = try onDeepStack { () throws -> [String] in
      let session = lectureSession()
      session.run(setup)
      #expect(session.reports == [])
      var off: [String] = []
      for entry in entries {
        let computed = try session.number(entry.expression)
        let printed = try #require(Double(entry.print))
        let agrees = abs(computed - printed) <= entry.precision * (1 + 1e-9)
        #expect(
          agrees == entry.agrees,
          "\(entry.deck), \(entry.quantity): computed \(computed), printed \(entry.print)")
        if !agrees { off.append(entry.print) }
      }
      return off
    }
    #expect(entries.count == 97)
    #expect(
      off.sorted()
        == ["-0.019049119", "0.000035085", "0.015912196", "0.291027924", "0.984065734", "2.14"])
  }
}
