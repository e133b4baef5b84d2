/// Escape sequences around the parts of a diagnostic; all empty for plain text.
package struct DiagnosticStyle: Hashable, Sendable {
  package var error: String
  package var note: String
  package var message: String
  /// The gutter, the arrow and the carets of further labels.
  package var frame: String
  package var help: String
  package var reset: String

  package init(
    error: String = "", note: String = "", message: String = "", frame: String = "",
    help: String = "", reset: String = ""
  ) {
    self.error = error
    self.note = note
    self.message = message
    self.frame = frame
    self.help = help
    self.reset = reset
  }

  package static let plain = DiagnosticStyle()
  /// The sixteen colours that every terminal has.
  package static let terminal = DiagnosticStyle(
    error: "\u{1B}[1;31m", note: "\u{1B}[1;36m", message: "\u{1B}[1m", frame: "\u{1B}[34m",
    help: "\u{1B}[32m", reset: "\u{1B}[0m")
}

/// Writes diagnostics as text for people, with the lines they point at, or as JSON for programs.
///
///     error: this ( is not closed
///       --> lesson.bp:1:5
///        |
///      1 | x = (
///        |     ^ ) is missing
package struct DiagnosticRenderer {
  /// Calls listed from the inside and from the outside where there are many.
  private static let innerCalls = 6
  private static let outerCalls = 3

  private let style: DiagnosticStyle
  private let width: Int
  private let sourceText: (SourceID?) -> SourceText?

  /// - Parameters:
  ///   - width: columns a line of source may take; a longer one is cut around its carets.
  ///   - sourceText: the source of an ID, and the one of a diagnostic that names none.
  package init(
    style: DiagnosticStyle = .plain, width: Int = 100,
    sourceText: @escaping (SourceID?) -> SourceText?
  ) {
    self.style = style
    self.width = max(width, 20)
    self.sourceText = sourceText
  }

  /// For diagnostics of one source.
  package init(style: DiagnosticStyle = .plain, width: Int = 100, source: SourceText) {
    self.init(style: style, width: width) { _ in source }
  }

  /// The diagnostic as lines, without a line end behind the last.
  package func render(_ diagnostic: Diagnostic) -> String {
    let severity = diagnostic.severity == .error ? style.error : style.note
    var lines = [
      severity + diagnostic.severity.rawValue + style.reset + style.message
        + ": \(Self.visible(diagnostic.message))" + style.reset
    ]
    let sections = sections(of: diagnostic)
    let gutter =
      sections.flatMap { section in
        section.marks.map { String(section.source.line(at: $0.range.start)).count }
      }.max() ?? 1
    let margin = String(repeating: " ", count: gutter + 1)
    for (number, section) in sections.enumerated() {
      let arrow = number == 0 ? "-->" : ":::"
      let place = section.marks[0].range.start
      lines.append(
        "\(margin)\(style.frame)\(arrow)\(style.reset) \(location(place, in: section.source))")
      lines.append("\(margin) \(style.frame)|\(style.reset)")
      lines += excerpt(section, gutter: gutter, severity: severity)
    }
    for call in shown(diagnostic.calls) {
      guard let call else {
        lines.append(
          "\(margin) \(style.frame)=\(style.reset) … "
            + "\(diagnostic.calls.count + diagnostic.omittedCalls - Self.innerCalls - Self.outerCalls)"
            + " more calls")
        continue
      }
      let source = sourceText(call.source ?? diagnostic.source)
      let place = source.map { ", called at \(location(call.range.start, in: $0))" } ?? ""
      let name = Self.visible(call.function)
      lines.append("\(margin) \(style.frame)=\(style.reset) in \(name)\(place)")
    }
    for help in diagnostic.help {
      lines.append(
        "\(margin) \(style.frame)=\(style.reset) \(style.help)help\(style.reset): \(Self.visible(help.text))"
      )
    }
    return lines.joined(separator: "\n")
  }

  private func location(_ offset: Int, in source: SourceText) -> String {
    let position = source.position(at: offset)
    return "\(Self.visible(source.name)):\(position.line):\(position.column)"
  }

  /// The calls to list; nil stands for those left out.
  private func shown(_ calls: [Diagnostic.Call]) -> [Diagnostic.Call?] {
    let all = calls.map(Optional.some)
    guard calls.count > Self.innerCalls + Self.outerCalls + 1 else { return all }
    return all.prefix(Self.innerCalls) + [nil] + all.suffix(Self.outerCalls)
  }

  // MARK: Excerpts

  private struct Mark {
    var range: SourceRange
    var text: String
    var isPrimary: Bool
  }

  /// The marks of one source, the primary one first.
  private struct Section {
    var source: SourceText
    var id: SourceID?
    var marks: [Mark]
  }

  private func sections(of diagnostic: Diagnostic) -> [Section] {
    guard let source = sourceText(diagnostic.source) else { return [] }
    let primary = Mark(
      range: diagnostic.range, text: Self.visible(diagnostic.label), isPrimary: true)
    var sections = [Section(source: source, id: diagnostic.source, marks: [primary])]
    for label in diagnostic.labels {
      let id = label.source ?? diagnostic.source
      let mark = Mark(range: label.range, text: Self.visible(label.text), isPrimary: false)
      if let index = sections.firstIndex(where: { $0.id == id }) {
        sections[index].marks.append(mark)
      } else if let source = sourceText(id) {
        sections.append(Section(source: source, id: id, marks: [mark]))
      }
    }
    return sections
  }

  private func excerpt(_ section: Section, gutter: Int, severity: String) -> [String] {
    let byLine = Dictionary(grouping: section.marks) { section.source.line(at: $0.range.start) }
    let bar = "\(style.frame)|\(style.reset)"
    var lines: [String] = []
    var last: Int?
    for (number, marks) in byLine.sorted(by: { $0.key < $1.key }) {
      if let last, number > last + 1 { lines.append("\(style.frame)...\(style.reset)") }
      last = number
      let shown = SourceLine(
        section.source, number: number, around: marks.map { $0.range }, width: width)
      let digits = String(number)
      let padding = String(repeating: " ", count: gutter - digits.count)
      lines.append(" \(style.frame)\(padding)\(digits)\(style.reset) \(bar) \(shown.text)")
      let margin = String(repeating: " ", count: gutter + 2)
      for row in rows(of: marks, in: shown, severity: severity) {
        lines.append("\(margin)\(bar) \(row)")
      }
    }
    return lines
  }

  /// The carets under a line, the words of the rightmost label beside them, those of the others
  /// below.
  private func rows(of marks: [Mark], in line: SourceLine, severity: String) -> [String] {
    struct Placed {
      var columns: Range<Int>
      var mark: Mark
    }
    let placed = marks.map { Placed(columns: line.columns(of: $0.range), mark: $0) }
      .sorted {
        ($0.columns.lowerBound, $0.columns.upperBound)
          < ($1.columns.lowerBound, $1.columns.upperBound)
      }
    var carets = Row()
    for label in placed.sorted(by: { !$0.mark.isPrimary && $1.mark.isPrimary }) {
      carets.fill(label.columns, "^", label.mark.isPrimary ? severity : style.frame)
    }
    var hanging = placed.filter { !$0.mark.text.isEmpty }
    if let last = hanging.last, last.columns.upperBound == carets.width {
      carets.put(
        " " + last.mark.text, at: carets.width, last.mark.isPrimary ? severity : style.frame)
      hanging.removeLast()
    }
    var rows = [carets.text(reset: style.reset)]
    guard !hanging.isEmpty else { return rows }
    var connectors = Row()
    for label in hanging {
      let column = label.columns.lowerBound
      connectors.fill(column..<column + 1, "|", label.mark.isPrimary ? severity : style.frame)
    }
    rows.append(connectors.text(reset: style.reset))
    while let label = hanging.popLast() {
      var row = Row()
      for other in hanging where other.columns.lowerBound < label.columns.lowerBound {
        let column = other.columns.lowerBound
        row.fill(column..<column + 1, "|", other.mark.isPrimary ? severity : style.frame)
      }
      row.put(
        label.mark.text, at: label.columns.lowerBound,
        label.mark.isPrimary ? severity : style.frame)
      rows.append(row.text(reset: style.reset))
    }
    return rows
  }

  /// One line of carets or words in columns, each with its escape sequence.
  private struct Row {
    private var cells: [(text: String, style: String)] = []

    var width: Int { cells.count }

    mutating func fill(_ columns: Range<Int>, _ mark: String, _ style: String) {
      while cells.count < columns.upperBound { cells.append((" ", "")) }
      for column in columns { cells[column] = (mark, style) }
    }

    /// Words that end the row.
    mutating func put(_ text: String, at column: Int, _ style: String) {
      fill(column..<column, "", "")
      cells.append((text, style))
    }

    func text(reset: String) -> String {
      var result = ""
      var active = ""
      for cell in cells {
        if cell.style != active {
          if !active.isEmpty { result += reset }
          result += cell.style
          active = cell.style
        }
        result += cell.text
      }
      return active.isEmpty ? result : result + reset
    }
  }

  // MARK: JSON

  /// The diagnostic as one JSON object on one line. Lines and columns count from 1, columns in
  /// characters; `end` is where the range ends and not included.
  package func json(_ diagnostic: Diagnostic) -> String {
    let source = sourceText(diagnostic.source)
    let labels = diagnostic.labels.map { label in
      let fields = place(label.range, in: sourceText(label.source ?? diagnostic.source))
      return "{\(fields),\"text\":\(Self.quoted(label.text))}"
    }
    let calls = diagnostic.calls.map { call in
      let fields = place(call.range, in: sourceText(call.source ?? diagnostic.source))
      return "{\"function\":\(Self.quoted(call.function)),\(fields)}"
    }
    let help = diagnostic.help.map { Self.quoted($0.text) }
    return "{\"severity\":\(Self.quoted(diagnostic.severity.rawValue)),"
      + "\"kind\":\(Self.quoted(diagnostic.kind.rawValue)),"
      + "\"message\":\(Self.quoted(diagnostic.message)),"
      + "\(place(diagnostic.range, in: source)),\"label\":\(Self.quoted(diagnostic.label)),"
      + "\"labels\":[\(labels.joined(separator: ","))],"
      + "\"help\":[\(help.joined(separator: ","))],"
      + "\"calls\":[\(calls.joined(separator: ","))],"
      + "\"omittedCalls\":\(diagnostic.omittedCalls)}"
  }

  private func place(_ range: SourceRange, in source: SourceText?) -> String {
    guard let source else { return "\"file\":null,\"line\":null,\"column\":null,\"end\":null" }
    let start = source.position(at: range.start)
    let end = source.position(at: range.end)
    return "\"file\":\(Self.quoted(source.name)),\"line\":\(start.line),"
      + "\"column\":\(start.column),\"end\":{\"line\":\(end.line),\"column\":\(end.column)}"
  }

  /// A JSON string (RFC 8259, section 7).
  package static func quoted(_ text: String) -> String {
    // Nearly every text, and the bytes tell.
    if text.utf8.allSatisfy(standsForItself) { return "\"\(text)\"" }
    return "\"" + text.unicodeScalars.map(escape).joined() + "\""
  }

  private static func standsForItself(_ byte: UInt8) -> Bool {
    // Further control characters, separators and marks of direction begin with 0xC2, 0xE2 or 0xEF.
    byte >= 0x20 && ![0x22, 0x5C, 0x7F, 0xC2, 0xE2, 0xEF].contains(byte)
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case _ where isHidden(scalar):
      let code = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - code.count) + code
    default: return String(scalar)
    }
  }

  /// Whether it is a control character, an invisible one or one that changes the direction of writing.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
      true
    default: false
    }
  }

  /// Words of a diagnostic as a terminal may be given them: what it would obey becomes `\u{1b}`.
  private static func visible(_ text: String) -> String {
    if text.utf8.allSatisfy(standsForItself) { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      let isShown = scalar == "\n" || scalar == "\t" || !isHidden(scalar)
      result += isShown ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
  }
}
