/// A line of source as a terminal shows it: tabs as blanks, control characters replaced, and no
/// more than `width` columns around the places that matter.
struct SourceLine {
  private static let tabWidth = 4

  private(set) var text = ""
  /// The bytes of the source that are shown.
  private let shown: SourceRange
  /// The column of each shown byte, and of the end.
  private var columnOfByte: [Int] = []

  init(_ source: SourceText, number: Int, around places: [SourceRange], width: Int) {
    let line = source.range(ofLine: number)
    shown = Self.window(line, around: places, width: width, in: source)
    var column = 0
    if shown.start > line.start {
      text = "…"
      column = 1
    }
    for character in source.text(of: shown) {
      let (replacement, width) = Self.display(character)
      text += replacement
      for _ in character.utf8 { columnOfByte.append(column) }
      column += width
    }
    columnOfByte.append(column)
    if shown.end < line.end { text += "…" }
  }

  /// The columns that `range` covers, at least one.
  func columns(of range: SourceRange) -> Range<Int> {
    let low = column(of: range.start)
    return low..<max(low + 1, column(of: range.end))
  }

  private func column(of offset: Int) -> Int {
    columnOfByte[min(max(offset - shown.start, 0), columnOfByte.count - 1)]
  }

  /// The part of `line` to show, which begins and ends between characters.
  private static func window(
    _ line: SourceRange, around places: [SourceRange], width: Int, in source: SourceText
  ) -> SourceRange {
    guard line.end - line.start > width, let place = places.first else { return line }
    // Four bytes a column are enough for any character that takes one.
    if line.end - line.start <= 4 * width {
      let columns = source.text(of: line).reduce(0) { $0 + display($1).width }
      if columns <= width { return line }
    }
    let lead = width / 3
    let focus = min(max(place.start, line.start), line.end)
    let nearStart = max(line.start, focus - 4 * lead)
    let nearEnd = min(line.end, focus + 4 * width)
    let start = aligned(nearStart, in: source, line)
    let end = aligned(nearEnd, in: source, line)
    var low = focus
    var columns = 0
    for character in source.text(of: SourceRange(start: start, end: focus)).reversed() {
      columns += display(character).width
      if columns > lead { break }
      low -= character.utf8.count
    }
    var high = focus
    columns = 0
    for character in source.text(of: SourceRange(start: focus, end: end)) {
      columns += display(character).width
      if columns > width - lead { break }
      high += character.utf8.count
    }
    return SourceRange(start: max(low, line.start), end: min(high, line.end))
  }

  /// The first place from `offset` on at which a character of UTF-8 begins.
  private static func aligned(_ offset: Int, in source: SourceText, _ line: SourceRange) -> Int {
    var offset = offset
    while offset < line.end, offset > line.start, source.bytes[offset] & 0xC0 == 0x80 {
      offset += 1
    }
    return offset
  }

  private static func display(_ character: Character) -> (text: String, width: Int) {
    // Most of every source, and answered without the tables of Unicode.
    if let byte = character.asciiValue, byte >= 0x20, byte < 0x7F { return (String(character), 1) }
    guard let scalar = character.unicodeScalars.first else { return ("", 0) }
    if character == "\t" { return (String(repeating: " ", count: tabWidth), tabWidth) }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: return ("\u{FFFD}", 1)
    case .format: return character.unicodeScalars.count == 1 ? ("\u{FFFD}", 1) : (" ", 1)
    // A mark without a letter would join the character before it.
    case .nonspacingMark, .enclosingMark: return ("\u{25CC}\(character)", 1)
    default: return (String(character), isWide(character, scalar) ? 2 : 1)
    }
  }

  /// Whether a terminal gives the character two columns (Unicode Standard Annex 11, W and F).
  private static func isWide(_ character: Character, _ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isEmojiPresentation { return true }
    if character.unicodeScalars.contains("\u{FE0F}"), scalar.properties.isEmoji { return true }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return true
    default:
      return false
    }
  }
}
