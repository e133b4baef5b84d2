/// Compares what a note says with what comes: numbers by the digits that are written, everything else
/// word by word.
enum NoteComparison {
  /// Whether the lines are the same; a line of dots alone stands for any lines.
  static func holds(_ written: [String], _ found: [String]) -> Bool {
    firstDifference(written, found) == nil
  }

  /// The first place at which the lines differ, in the written and in the found ones; nil for none.
  static func firstDifference(
    _ written: [String], _ found: [String]
  ) -> (written: Int, found: Int)? {
    var (place, other) = (0, 0)
    while place < written.count || other < found.count {
      if place < written.count, isGap(written[place]) {
        let rest = Array(written[(place + 1)...])
        if rest.isEmpty { return nil }
        for skipped in other...found.count where holds(rest, Array(found[skipped...])) {
          return nil
        }
        return (place + 1, other)
      }
      guard place < written.count, other < found.count, isSame(written[place], found[other]) else {
        return (place, other)
      }
      place += 1
      other += 1
    }
    return nil
  }

  private static func isGap(_ line: String) -> Bool { ["…", "..."].contains(line.trimmed) }

  static func isSame(_ written: String, _ found: String) -> Bool {
    let (one, other) = (pieces(of: written), pieces(of: found))
    return one.count == other.count && zip(one, other).allSatisfy { $0.agrees(with: $1) }
  }

  private enum Piece: Equatable {
    case word(Substring)
    /// - Parameters:
    ///   - unit: of the last digit that is written.
    ///   - digits: how many are written behind leading zeros.
    case number(Double, unit: Double, digits: Int)

    /// Digits that results are rounded to, at least.
    private static let roundedDigits = 6

    /// - Parameter other: what comes.
    func agrees(with other: Piece) -> Bool {
      switch (self, other) {
      case (.word(let one), .word(let other)): return one == other
      case (.number(let one, let unit, _), .number(let other, let otherUnit, let digits)):
        // Half a unit of the last digit that is written. What comes is rounded, too, where it has
        // many digits; with few of them it is exact.
        let unitOfBoth = digits >= Piece.roundedDigits ? max(unit, otherUnit) : unit
        let room = unitOfBoth / 2 + 1e-12 * max(abs(one), abs(other))
        // Counts are the same or not.
        let areCounts = unit == 1 && otherUnit == 1
        return one == other || !areCounts && abs(one - other) <= room
      default: return false
      }
    }
  }

  /// Words between blanks; numbers apart from what stands around them.
  private static func pieces(of line: String) -> [Piece] {
    var result: [Piece] = []
    for word in line.split(whereSeparator: { $0.isWhitespace }) {
      var rest = word
      while !rest.isEmpty {
        if let (number, end) = number(at: rest.startIndex, of: rest, in: word) {
          result.append(number)
          rest = rest[end...]
        } else {
          let start = rest.startIndex
          var end = rest.index(after: start)
          while end < rest.endIndex, number(at: end, of: rest, in: word) == nil {
            end = rest.index(after: end)
          }
          result.append(.word(rest[start..<end]))
          rest = rest[end...]
        }
      }
    }
    return result
  }

  /// A number that begins at a place, with the unit of its last digit. A digit of a name such as w1 is
  /// none.
  private static func number(
    at start: Substring.Index, of text: Substring, in word: Substring
  ) -> (number: Piece, end: Substring.Index)? {
    if start > word.startIndex {
      let before = word[word.index(before: start)]
      if before.isLetter || before.isNumber || before == "_" || before == "." { return nil }
    }
    var place = start
    func isDigit() -> Bool { place < text.endIndex && text[place].isASCII && text[place].isNumber }
    if place < text.endIndex, text[place] == "-" || text[place] == "−" {
      place = text.index(after: place)
    }
    let firstDigit = place
    while isDigit() { place = text.index(after: place) }
    guard place > firstDigit else { return nil }
    var decimals = 0
    if place < text.endIndex, text[place] == "." {
      let point = place
      place = text.index(after: place)
      while isDigit() {
        decimals += 1
        place = text.index(after: place)
      }
      if decimals == 0 { place = point }
    }
    var exponent = 0
    if place < text.endIndex, text[place] == "e" || text[place] == "E" {
      let mark = place
      place = text.index(after: place)
      let sign = place
      if place < text.endIndex, "+-".contains(text[place]) { place = text.index(after: place) }
      let digits = place
      while isDigit() { place = text.index(after: place) }
      if place > digits, let value = Int(text[sign..<place]), abs(value) < 400 {
        exponent = value
      } else {
        place = mark
      }
    }
    var written = String(text[start..<place])
    if written.hasPrefix("−") { written = "-" + written.dropFirst() }
    guard let number = Double(written) else { return nil }
    let digits = written.prefix { $0 != "e" && $0 != "E" }.filter { $0.isNumber }
      .drop { $0 == "0" }.count
    return (.number(number, unit: power(exponent - decimals), digits: digits), place)
  }

  private static func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 0 }
}
