/// How many columns of a terminal a text takes: combining marks none, East Asian wide characters
/// and emoji two, all others one; escape sequences of colour none.
package enum TextWidth {
  package enum Side: Hashable, Sendable {
    case left, right, centre
  }

  package static func columns(of text: String) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    var columns = 0
    var isEscape = false
    var afterJoiner = false
    for scalar in text.unicodeScalars {
      if isEscape {
        // A colour ends with its letter: ESC [ 31 m.
        if scalar != "[", (0x40...0x7E).contains(scalar.value) { isEscape = false }
        continue
      }
      if scalar == "\u{1B}" {
        isEscape = true
        continue
      }
      if scalar == "\u{200D}" {
        afterJoiner = true
        continue
      }
      if !afterJoiner { columns += width(of: scalar) }
      afterJoiner = false
    }
    return columns
  }

  /// `text` with control characters, invisible ones and those that change the direction of writing
  /// made visible: `\u{1b}`. Joiners stay: emoji are made of them.
  package static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.reduce(into: "") { $0 += shown($1) }
  }

  /// The same for whole lines: tabs and line ends stay, and colours where `display` has them.
  package static func printableLines(_ text: String, on display: Display) -> String {
    printableLines(text, keepsColours: display.hasColour)
  }

  /// The same for whole lines: tabs and line ends stay, and colours where they are kept.
  package static func printableLines(_ text: String, keepsColours: Bool = true) -> String {
    guard text.unicodeScalars.contains(where: { isControl($0) && $0 != "\n" }) else { return text }
    let scalars = Array(text.unicodeScalars)
    var result = ""
    var place = 0
    while place < scalars.count {
      let scalar = scalars[place]
      if keepsColours, let end = endOfColour(scalars, from: place) {
        result.unicodeScalars.append(contentsOf: scalars[place..<end])
        place = end
        continue
      }
      result += scalar == "\n" || scalar == "\t" ? String(scalar) : shown(scalar)
      place += 1
    }
    return result
  }

  /// Behind the sequence that sets a colour, `ESC [ 31 m`, where one begins here.
  private static func endOfColour(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
    guard start + 2 < scalars.count, scalars[start] == "\u{1B}", scalars[start + 1] == "[" else {
      return nil
    }
    var place = start + 2
    while place < scalars.count, ("0"..."9").contains(scalars[place]) || scalars[place] == ";" {
      place += 1
    }
    return place < scalars.count && scalars[place] == "m" ? place + 1 : nil
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200C, 0x200D: false
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
    default: false
    }
  }

  private static func shown(_ scalar: Unicode.Scalar) -> String {
    isControl(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
  }

  /// `text` with blanks added up to `width` columns; longer text stays as it is.
  package static func padded(_ text: String, to width: Int, _ side: Side) -> String {
    let missing = width - columns(of: text)
    if missing <= 0 { return text }
    switch side {
    case .left: return text + String(repeating: " ", count: missing)
    case .right: return String(repeating: " ", count: missing) + text
    case .centre:
      return String(repeating: " ", count: missing / 2) + text
        + String(repeating: " ", count: missing - missing / 2)
    }
  }

  /// `text` cut to `width` columns, its last one `ellipsis` where something was cut off.
  package static func truncated(
    _ text: String, to width: Int, ellipsis: Character = "…"
  ) -> String {
    if columns(of: text) <= width { return text }
    var result = ""
    var used = 0
    for character in text {
      let next = columns(of: String(character))
      if used + next > width - 1 { break }
      result.append(character)
      used += next
    }
    if width > 0 { result.append(ellipsis) }
    return result
  }

  static func width(of scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x20 || (0x7F..<0xA0).contains(value) { return 0 }
    if value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    return wide.contains { $0.contains(value) } ? 2 : 1
  }

  /// The blocks that Unicode's EastAsianWidth table marks W or F, joined where nothing narrow
  /// that terminals show lies between.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x25FD...0x25FE, 0x2614...0x2615,
    0x2648...0x2653, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5, 0x2705...0x2705,
    0x270A...0x270B, 0x2728...0x2728, 0x274C...0x274C, 0x2753...0x2755, 0x2795...0x2797,
    0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
    0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
    0x1F7E0...0x1F7EB, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
  ]

  /// Lines of whole words, none wider than `columns` but for words that are.
  static func wrapped(_ text: String, to columns: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last,
        Self.columns(of: last) + 1 + Self.columns(of: String(word)) <= columns
      {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// Words behind a head, broken at the width, with a hanging indent as wide as the head.
  package static func hanging(_ head: String, _ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = head
    let indent = String(repeating: " ", count: min(columns(of: head), width / 2))
    var isFirst = true
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !isFirst, columns(of: line) + columns(of: String(word)) + 1 > width {
        lines.append(line)
        line = indent + word
      } else {
        line += isFirst ? String(word) : " \(word)"
      }
      isFirst = false
    }
    return lines + [line]
  }
}
