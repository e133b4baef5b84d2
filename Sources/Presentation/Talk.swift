import Language
import Rendering
import Syntax

/// A script as slides: what it writes, slide by slide, computed again where a statement is put in.
///
/// A slide begins with the statement `slide "…"`; what a script writes before the first one stands on
/// a slide of its own. Nothing is computed here: the interpreter runs the script piece by piece.
package final class Talk {
  /// One slide and what stands on it.
  package struct Slide {
    package enum Part {
      /// Lines that the script printed, or the text of its error.
      case text(String)
      /// A report that wrote itself, with the text of it.
      case report(Report, String)
    }

    package var title: String
    package fileprivate(set) var parts: [Part] = []
    /// Comparisons of the script's checks.
    package fileprivate(set) var checks: [CheckedNumber] = []
    /// The piece of the script that made it.
    fileprivate let piece: Int

    /// What is shown of it, checks included.
    package func text(on display: Display) -> String {
      let texts = parts.map { part in
        switch part {
        case .text(let text): text
        case .report(_, let text): text.hasSuffix("\n") || text.isEmpty ? text : text + "\n"
        }
      }
      let table = checksText(on: display)
      return texts.joined() + (table.isEmpty ? "" : "\n" + table + "\n")
    }

    /// The table of checks alone; nothing where there are none.
    package func checksText(on display: Display) -> String {
      guard let table = checkTable else { return "" }
      let text = Table(table.titles.map { .init($0) }, rows: table.rows)
        .text(on: display)
      return display.isASCII ? PlainCharacters.ascii(text) : text
    }

    /// The checks as rows of what is expected, what is computed and the verdict; nil where there
    /// are none.
    var checkTable: (titles: [String], rows: [[String]])? {
      guard !checks.isEmpty else { return nil }
      return (
        ["check", "slide says", "bp computes", "verdict"],
        checks.map { [$0.quantity, $0.expected, $0.found, $0.holds ? "agrees" : "differs"] }
      )
    }
  }

  /// What the script's own comments call the talk: its first lines.
  package let title: String
  package private(set) var slides: [Slide] = []
  /// How the last run ended.
  package private(set) var outcome = Interpreter.Outcome.done
  package private(set) var checksFailed = 0

  private let name: String
  private let path: String?
  private let arguments: [String]
  private let bytes: [UInt8]
  private let pieces: [Piece]
  private let display: () -> Display
  /// Makes an interpreter that writes and reports to the given functions.
  private let makeInterpreter:
    (_ write: @escaping (String) -> Bool, _ report: @escaping (String) -> Void) -> Interpreter
  private var insertions: [Int: [Insertion]] = [:]

  /// Statements from one `slide` to the next, by their places in the script.
  private struct Piece {
    var statements: [(range: Range<Int>, names: [String])]
  }

  private struct Insertion {
    let text: String
    /// What it assigns.
    let names: [String]
  }

  /// - Parameters:
  ///   - script: the text of the script.
  ///   - path: the file it was read from.
  ///   - arguments: those of the script.
  /// - Throws: the script's first mistake in writing, as a text.
  package init(
    script: String, name: String, path: String?, arguments: [String],
    display: @escaping () -> Display,
    makeInterpreter:
      @escaping (
        _ write: @escaping (String) -> Bool, _ report: @escaping (String) -> Void
      ) -> Interpreter
  ) throws(TalkError) {
    self.name = name
    self.path = path
    self.arguments = arguments
    self.display = display
    self.makeInterpreter = makeInterpreter
    bytes = Array(script.utf8)
    let source = SourceText(name: name, text: script)
    let parsed = Parser.parse(source)
    if let first = parsed.diagnostics.first {
      throw TalkError(message: DiagnosticRenderer(style: .plain) { _ in source }.render(first))
    }
    var pieces = [Piece(statements: [])]
    for statement in parsed.statements {
      let range = statement.range.start..<statement.range.end
      if statement.head == "slide" { pieces.append(Piece(statements: [])) }
      pieces[pieces.count - 1].statements.append((range, statement.assignedNames))
    }
    self.pieces = pieces
    title = Self.title(of: script) ?? name
  }

  /// The first comment of a script, up to its first full stop.
  private static func title(of script: String) -> String? {
    for line in script.split(separator: "\n") {
      guard line.hasPrefix("#") else { return nil }
      if line.hasPrefix("#!") { continue }
      let text = line.drop { $0 == "#" || $0 == " " }
      let sentence = text.split(separator: ".").first.map(String.init) ?? ""
      return sentence.isEmpty ? nil : sentence
    }
    return nil
  }

  // MARK: Running

  /// Computes the slides, up to one of them or all.
  package func run(upTo last: Int? = nil) {
    slides = []
    let recorder = Recorder()
    let interpreter = makeInterpreter(
      {
        recorder.text += $0
        return true
      }, { recorder.text += $0 })
    let session = interpreter.session
    interpreter.setScriptArguments(arguments)
    var piece = 0
    func keepText() {
      guard !recorder.text.isEmpty else { return }
      if slides.isEmpty { slides.append(Slide(title: title, piece: 0)) }
      slides[slides.count - 1].parts.append(.text(recorder.text))
      recorder.text = ""
    }
    session.slideListener = { title in
      keepText()
      self.slides.append(Slide(title: title, piece: piece))
    }
    session.reportListener = { report in
      keepText()
      if self.slides.isEmpty { self.slides.append(Slide(title: self.title, piece: 0)) }
      self.slides[self.slides.count - 1].parts.append(
        .report(report, report.text(self.display())))
    }
    session.checkListener = { check in
      if !self.slides.isEmpty { self.slides[self.slides.count - 1].checks.append(check) }
    }
    outcome = .done
    for index in pieces.indices {
      if let last, slides.count > last { break }
      piece = index
      outcome = run(index, interpreter)
      keepText()
      if outcome != .done { break }
    }
    if let last, slides.count > last { slides.removeLast(slides.count - last) }
    checksFailed = session.checksFailed
  }

  private func run(_ index: Int, _ interpreter: Interpreter) -> Interpreter.Outcome {
    var inserted = insertions[index] ?? []
    var outcome = Interpreter.Outcome.done
    func perform(_ text: String) {
      guard outcome == .done else { return }
      outcome = interpreter.run(text, name: name, path: path)
    }
    @discardableResult
    func performAlone(_ insertion: Insertion) -> Interpreter.Outcome {
      // One that fails is said on the slide, and the rest goes on.
      interpreter.run(insertion.text, name: "slide", path: path)
    }
    let statements = pieces[index].statements
    // What assigns something that the slide assigns itself takes the place of that.
    var replaced: [Int: Insertion] = [:]
    for insertion in inserted where !insertion.names.isEmpty {
      if let place = statements.firstIndex(where: { $0.names == insertion.names }) {
        replaced[place] = insertion
      }
    }
    inserted.removeAll { insertion in replaced.values.contains { $0.text == insertion.text } }
    var start = 0
    func performStatements(upTo end: Int) {
      if start < end {
        perform(masked(statements[start].range.lowerBound..<statements[end - 1].range.upperBound))
      }
      start = end
    }
    // The title first, then what is new, then what the slide says of it.
    if index > 0, !statements.isEmpty { performStatements(upTo: 1) }
    for insertion in inserted where !insertion.names.isEmpty { performAlone(insertion) }
    for (place, insertion) in replaced.sorted(by: { $0.key < $1.key }) {
      performStatements(upTo: place)
      // Where the new statement fails, the slide's own is what counts.
      if performAlone(insertion) == .done { start = place + 1 }
    }
    performStatements(upTo: statements.count)
    if outcome == .done {
      for insertion in inserted where insertion.names.isEmpty { performAlone(insertion) }
    }
    return outcome
  }

  /// The script with nothing but a part of it, on the lines where it stands.
  private func masked(_ range: Range<Int>) -> String {
    let newline = UInt8(ascii: "\n")
    var kept: [UInt8] = bytes[..<range.lowerBound].filter { $0 == newline }
    let lineStart = bytes[..<range.lowerBound].lastIndex(of: newline).map { $0 + 1 } ?? 0
    kept += Array(repeating: UInt8(ascii: " "), count: range.lowerBound - lineStart)
    return String(decoding: kept + bytes[range], as: UTF8.self)
  }

  // MARK: Changing

  /// Puts a statement on a slide, from 1, and computes it and all that follow again.
  /// - Returns: what is wrong with how it is written; nil where nothing is.
  package func insert(_ text: String, onSlide number: Int) -> String? {
    guard slides.indices.contains(number - 1) else { return "there is no slide \(number)" }
    let source = SourceText(name: "slide", text: text)
    let parsed = Parser.parse(source)
    if let first = parsed.diagnostics.first {
      return DiagnosticRenderer(style: .plain) { _ in source }.render(first)
    }
    let piece = slides[number - 1].piece
    let names = parsed.statements.flatMap { $0.assignedNames }
    var changed = insertions
    // A second value for the same name is the one that counts.
    if !names.isEmpty { changed[piece]?.removeAll { $0.names == names } }
    changed[piece, default: []].append(Insertion(text: text, names: names))
    return compute(with: changed)
  }

  /// Takes back what was put on slides.
  /// - Returns: nil, or why the talk stays as it was.
  package func reset() -> String? { compute(with: [:]) }

  private func compute(with changed: [Int: [Insertion]]) -> String? {
    let before = (insertions, slides, outcome, checksFailed)
    insertions = changed
    run()
    let isStopped = outcome == .interrupted
    guard isStopped || slides.isEmpty else { return nil }
    (insertions, slides, outcome, checksFailed) = before
    return isStopped ? "interrupted: the slides are as before" : "no slide is left with that"
  }

  /// The slides, from 1, that hold a text, whatever the case of its letters.
  package func search(_ text: String) -> [Int] {
    let wanted = text.lowercased()
    return slides.indices.filter { index in
      let slide = slides[index]
      return (slide.title + "\n" + slide.text(on: display())).lowercased().contains(wanted)
    }.map { $0 + 1 }
  }

  private final class Recorder {
    var text = ""
  }
}

/// Why a script cannot be presented, as it is said to the user.
package struct TalkError: Error {
  package let message: String
}
