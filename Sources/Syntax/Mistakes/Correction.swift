/// Writes lines as they should be, for the help of an error.
struct Correction {
  typealias Edit = Advice.Edit

  private static let longestLine = 120

  /// `write …` with the line around the edits as they leave it.
  ///
  /// The edits stand on one line, in order. A line too long to be read gives nothing.
  static func help(_ edits: [Edit], in source: SourceText, _ lead: String = "write") -> [Advice] {
    guard let corrected = line(edits, in: source) else { return [] }
    return [Advice("\(lead) \(corrected)", edits: edits)]
  }

  static func line(_ edits: [Edit], in source: SourceText) -> String? {
    guard let first = edits.first, let last = edits.last else { return nil }
    let line = source.range(ofLine: source.line(at: first.range.start))
    guard last.range.end <= line.end, line.end - line.start <= longestLine else { return nil }
    var result = ""
    var offset = line.start
    for edit in edits {
      result += source.text(of: SourceRange(start: offset, end: edit.range.start))
      result += edit.text
      offset = edit.range.end
    }
    result += source.text(of: SourceRange(start: offset, end: line.end))
    return trimmed(result)
  }

  /// A word in place of an operator, with blanks where it would stick to its neighbours.
  static func word(_ word: String, at range: SourceRange, in source: SourceText) -> Edit {
    let before = range.start > 0 && !isBlank(source.bytes[range.start - 1])
    let after = range.end < source.bytes.count && !isBlank(source.bytes[range.end])
    return Edit(range, (before ? " " : "") + word + (after ? " " : ""))
  }

  static func trimmed(_ text: String) -> String {
    withoutTrailingBlanks(text.drop { $0 == " " || $0 == "\t" })
  }

  static func withoutTrailingBlanks(_ text: Substring) -> String {
    var rest = text
    while let last = rest.last, last == " " || last == "\t" || last == "\r" { rest.removeLast() }
    return String(rest)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
      || byte == UInt8(ascii: "\r")
  }
}
