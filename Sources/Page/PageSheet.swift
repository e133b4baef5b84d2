import Exercises
import Interchange
import Language
import Library
import Rendering
import Syntax

/// A sheet of exercises as a form: tasks, what is given, and places for answers.
struct PageSheet {
  private enum Segment {
    /// Comment lines without their signs; a paragraph.
    case words(String)
    case code(String)
    /// - Parameter label: what stands before the place, with its =.
    case blank(label: String, words: String)
    /// The exercise that begins in this line.
    case exercise(line: Int)
  }

  private struct Blank {
    var range: SourceRange
    var name: String
  }

  private let text: String
  private var segments: [Segment] = []
  private var blanks: [Blank] = []
  private var student = ""

  private static let studentMark = "student:"

  init(_ text: String) {
    self.text = text
    let source = SourceText(name: "sheet", text: text)
    let parsed = Parser.parse(source, limits: .standard)
    var exercises: [(first: Int, last: Int)] = []
    for statement in parsed.statements {
      guard case .exercise = statement.kind else { continue }
      exercises.append(
        (source.line(at: statement.range.start), source.line(at: statement.range.end)))
    }
    let places = Colouring.tokens(of: source).filter { $0.colour == .placeholder }.map { $0.range }
    var line = 1
    let last = source.line(at: text.utf8.count)
    while line <= last {
      if let exercise = exercises.first(where: { $0.first == line }) {
        segments.append(.exercise(line: line))
        line = exercise.last + 1
        continue
      }
      let range = source.range(ofLine: line)
      add(
        source.text(of: range), range,
        places.filter { $0.start >= range.start && $0.end <= range.end }, of: source)
      line += 1
    }
  }

  private mutating func add(
    _ line: String, _ range: SourceRange, _ places: [SourceRange], of source: SourceText
  ) {
    if !places.isEmpty {
      var start = range.start
      for (index, place) in places.enumerated() {
        let label = source.text(of: SourceRange(start: start, end: place.start))
        start = place.end
        let rest = source.text(of: SourceRange(start: place.end, end: range.end))
        let isLast = index == places.count - 1
        let words = isLast ? rest.separated(atFirst: "#").map { String($0.1) } ?? "" : ""
        let trimmed = Self.trimmed(label.drop { $0 == ";" || $0 == " " })
        segments.append(.blank(label: trimmed, words: Self.trimmed(words[...])))
        blanks.append(Blank(range: place, name: Self.trimmed(trimmed.prefix { $0 != "=" })))
      }
      return
    }
    if line.hasPrefix("#") {
      let words = Self.trimmed(line.drop { $0 == "#" || $0 == " " })
      if words.hasPrefix(Self.studentMark) {
        student = Self.trimmed(words.dropFirst(Self.studentMark.count))
        return
      }
      if case .words(let before)? = segments.last, !words.isEmpty, !before.isEmpty {
        segments[segments.count - 1] = .words(before + " " + words)
      } else {
        segments.append(.words(words))
      }
      return
    }
    guard line.contains(where: { $0 != " " }) else {
      if case .words(let words)? = segments.last, !words.isEmpty { segments.append(.words("")) }
      return
    }
    if case .code(let before)? = segments.last {
      segments[segments.count - 1] = .code(before + "\n" + line)
    } else {
      segments.append(.code(line))
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }

  var json: JSON {
    .record([
      ("student", .text(student)),
      (
        "segments",
        .list(
          segments.compactMap { segment in
            switch segment {
            case .words(let words):
              words.isEmpty
                ? nil : .record([("kind", .text("words")), ("text", .text(words))])
            case .code(let code): .record([("kind", .text("code")), ("text", .text(code))])
            case .blank(let label, let words):
              .record([
                ("kind", .text("blank")), ("label", .text(label)), ("words", .text(words)),
              ])
            case .exercise(let line):
              .record([("kind", .text("exercise")), ("line", .number(Double(line)))])
            }
          })
      ),
    ])
  }

  /// The sheet with its places filled in; those without an answer stay as they are.
  private func filled(_ answers: [String]) -> String {
    var bytes = Array(text.utf8)
    for (blank, answer) in zip(blanks, answers).reversed() {
      let answer = Self.oneLine(answer)
      guard !answer.isEmpty else { continue }
      bytes.replaceSubrange(blank.range.start..<blank.range.end, with: answer.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// An answer is one expression on one line.
  private static func oneLine(_ text: String) -> String {
    trimmed(String(text.map { $0.isNewline ? " " : $0 })[...])
  }

  /// What its checks find.
  func check(_ answers: [String], _ limits: Runtime.Limits) -> JSON {
    let given = zip(blanks, answers).map { (name: $0.name, text: Self.oneLine($1)) }
      .filter { !$0.text.isEmpty }
    for (place, answer) in given.enumerated() {
      // A second statement behind an answer would be the sheet's own.
      let parsed = Parser.parse(
        SourceText(name: "answer \(place + 1)", text: "it = \(answer.text)"), limits: .standard)
      if parsed.statements.count == 1, parsed.diagnostics.isEmpty { continue }
      return PageSession.failure("\(answer.name): \(answer.text) is no number and no formula")
    }
    let host = Host(write: { _ in true }, report: { _ in })
    let run = ExerciseRun(
      filled(answers), name: "sheet", path: nil, catalog: .standard, host: host, limits: limits)
    return .record([
      ("report", .text(run.report.json(run.diagnosticRenderer))),
      ("code", .text(AnswerCode.code(student: student, answers: given))),
    ])
  }
}
