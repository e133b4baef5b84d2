import Foundation
import TestSupport
import Testing

/// What a lecture of one of the decks writes, slide by slide.
struct LectureOutput {
  static let decks = ["cazenave", "ceng506", "goebels", "vitay", "llano"]

  /// By the number of the slide; what stands before the first one is slide 0.
  let slides: [Int: String]
  /// The line on which each slide begins, from 1.
  let firstLines: [Int: Int]

  init(_ output: String) {
    var slides: [Int: String] = [:]
    var firstLines: [Int: Int] = [:]
    var number = 0
    let lines = output.components(separatedBy: "\n")
    for (index, line) in lines.enumerated() {
      let rule = index + 1 < lines.count ? lines[index + 1] : ""
      if line.hasPrefix("\(number + 1). "), !rule.isEmpty, rule.allSatisfy({ $0 == "─" }) {
        number += 1
        firstLines[number] = index + 1
      }
      slides[number, default: ""] += line + "\n"
    }
    self.slides = slides
    self.firstLines = firstLines
  }

  /// What is wrong with a text that a slide is to show: not there, or not computed.
  func fault(of text: String, onSlide number: Int, script: String) -> String? {
    if !(slides[number] ?? "").contains(text) { return "not on slide \(number): \(text)" }
    if script.contains(text) { return "stands in the script, so nothing computed it: \(text)" }
    return nil
  }

  /// The line of the output on which a text begins, from 1.
  func line(of text: String, onSlide number: Int) -> Int? {
    guard let slide = slides[number], let place = slide.range(of: text),
      let first = firstLines[number]
    else { return nil }
    return first + slide[..<place.lowerBound].count { $0 == "\n" }
  }

  static func script(_ deck: String) throws -> String {
    try Project.text("\(LectureFiles.scripts)/\(deck).bp")
  }
}

/// Each lecture is run once for all tests that look at what it writes.
enum LectureRuns {
  static let cazenave = Result { try LectureScriptTests.run("cazenave") }
  static let ceng506 = Result { try LectureScriptTests.run("ceng506") }
  static let goebels = Result { try LectureScriptTests.run("goebels") }
  static let vitay = Result { try LectureScriptTests.run("vitay") }
  static let llano = Result { try LectureScriptTests.run("llano") }

  static func run(_ name: String) throws -> LectureScriptTests.Ran {
    switch name {
    case "cazenave": try cazenave.get()
    case "ceng506": try ceng506.get()
    case "goebels": try goebels.get()
    case "vitay": try vitay.get()
    case "llano": try llano.get()
    default: try LectureScriptTests.run(name)
    }
  }
}
