import Rendering

/// Texts of keys and submissions as documents may hold them. What a submission calls itself or
/// hands in comes from a student.
enum ReportText {
  /// `text` with all that a terminal obeys or nobody sees made visible, as `\u{1b}`; line ends and
  /// tabs stay.
  static func visible(_ text: String) -> String {
    marked(TextWidth.printableLines(text, keepsColours: false))
  }

  /// The same on one line: a blank stands for a line end or a tab.
  static func line(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      result.unicodeScalars.append(scalar == "\n" || scalar == "\t" ? " " : scalar)
    }
    return marked(TextWidth.printable(result))
  }

  /// The same on one line: a line end becomes visible as well.
  static func name(_ text: String) -> String { marked(TextWidth.printable(text)) }

  /// At most so many characters, the last of them `…` where something was cut off.
  static func shortened(_ text: String, to count: Int) -> String {
    // Scalars, since one character may be made of any number of them.
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: count, limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return text }
    return String(scalars[..<end].dropLast()) + "…"
  }

  /// Points to hundredths, whole ones without a point.
  static func points(_ points: Double) -> String {
    let hundredths = (points * 100).rounded() / 100
    return NumberStyle.standard.text(hundredths.isFinite ? hundredths : points)
  }

  /// `1 of 2 points`
  static func points(_ points: Double, of possible: Double) -> String {
    "\(self.points(points)) of \(self.points(possible)) \(possible == 1 ? "point" : "points")"
  }

  /// For the content and the attributes of HTML.
  static func html(_ text: String) -> String {
    // By scalars: a mark that combines with `"` or `<` would hide it from a loop over characters.
    visible(text).unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  /// What neither XML nor YAML can hold, and the mark of direction that is left.
  static func isUnheld(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0xFFFE || scalar.value == 0xFFFF || scalar.value == 0x61C
  }

  private static func marked(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnheld) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      result += isUnheld(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
  }
}
