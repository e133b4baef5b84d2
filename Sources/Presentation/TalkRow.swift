import Explanation
import Rendering

/// What stands on a slide below what came before: running text, a formula, a table.
enum TalkRow {
  case paragraph([Prose.Span], indent: Int)
  case heading([Prose.Span])
  case equation(SetEquation)
  /// Column titles, and rows of cells.
  case table([[Prose.Span]], [[[Prose.Span]]])
  /// A line in letters of one width, whose columns stay below those of its neighbours.
  case listing(String)
  /// A line without letters.
  case gap

  /// Room between rows, and around cells, in the height of letters.
  static let rowGap = 0.3
  static let line = 1.3
  static let cellGap = 1.4
  static let cellHeight = 1.55
  static let indent = 0.6
  static let hanging = 1.2
  /// Letters of formulas beside others: they look smaller.
  static let formulaLetters = 1.08
  /// Some typefaces of formulas are wider and higher than what is reckoned with.
  private static let formulaRoom = 1.05 * formulaLetters
  /// Letters of one width beside others: they look larger.
  static let listingLetters = 0.9

  /// How it looks where a line has so much room, in the height of letters.
  struct Look {
    var height: Double
    /// How much smaller its letters must be than those around it.
    var scale = 1.0
  }

  func look(width: Double) -> Look {
    switch self {
    case .gap: return Look(height: 0.45)
    case .heading(let spans):
      return Look(height: 0.35 + Self.height(of: spans, width: width / 1.08))
    case .paragraph(let spans, let indent):
      return Look(
        height: Self.height(of: spans, width: width - Self.indent * Double(indent)))
    case .listing(let line):
      let columns = Double(max(TextWidth.columns(of: line), 1))
      let scale = min(Self.listingLetters, width / (TalkLayout.column * columns))
      return Look(height: TalkLayout.line * scale - Self.rowGap, scale: scale)
    case .equation(let equation):
      let size = Self.size(of: equation, width: Self.formulaWidth(width))
      let scale = min(1, (width - 1) / size.width)
      return Look(height: scale * size.height, scale: scale)
    case .table(let titles, let rows):
      let widths = Self.columnWidths(titles, rows)
      let scale = min(1, width / widths.reduce(0, +))
      return Look(height: scale * Self.cellHeight * Double(rows.count + 1), scale: scale)
    }
  }

  /// What of it is about as high as a line of text: more than one for what can be divided.
  var weight: Int {
    switch self {
    case .gap: 1
    case .listing, .heading: 1
    case .paragraph(let spans, _): 1 + Self.whole(Self.width(of: spans) / 42)
    case .equation(let equation):
      max(1, Self.whole(Self.size(of: equation, width: 40).height / 1.3))
    case .table(_, let rows): rows.count + 1
    }
  }

  private static func whole(_ number: Double) -> Int {
    Int(exactly: number.rounded(.down)) ?? 0
  }

  var isGap: Bool { if case .gap = self { true } else { false } }
  var isHeading: Bool { if case .heading = self { true } else { false } }

  // MARK: Sizes

  /// An equation on one line, or its sides below each other.
  /// - Parameter width: in the height of the letters of formulas.
  static func size(of equation: SetEquation, width: Double) -> (width: Double, height: Double) {
    let whole = equation.wholeLine.size
    if whole.width <= width {
      return (formulaRoom * whole.width, formulaRoom * whole.height + 0.25)
    }
    let left = equation.left.size
    let lines = equation.lines(width: width - left.width - 1.5).map { line -> MathLayout.Size in
      var size = line.layout.size
      if line.isContinued { size.width += 1 }
      return size
    }
    let heights = lines.enumerated().map { place, size in
      place == 0 ? max(size.height, left.height) : size.height
    }
    return (
      formulaRoom * (left.width + 1.5 + (lines.map { $0.width }.max() ?? 0)),
      formulaRoom * heights.reduce(0) { $0 + $1 + 0.35 } + 0.2
    )
  }

  /// The room for an equation in a line, in the height of the letters of formulas.
  static func formulaWidth(_ width: Double) -> Double { (width - 1) / formulaRoom }

  static func columnWidths(_ titles: [[Prose.Span]], _ rows: [[[Prose.Span]]]) -> [Double] {
    titles.indices.map { column in
      ([titles] + rows).reduce(0) { widest, row in
        column < row.count ? max(widest, width(of: row[column])) : widest
      } + cellGap
    }
  }

  static func width(of spans: [Prose.Span]) -> Double {
    spans.reduce(0) { sum, span in
      switch span {
      case .text(let text): sum + width(of: text)
      case .formula(let layout, _): sum + formulaRoom * layout.size.width
      }
    }
  }

  /// Letters of a typeface without serifs, the wider ones of those that browsers take.
  static func width(of text: String) -> Double {
    text.reduce(0) { sum, character in
      switch character {
      case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", " ", "!", "(", ")", "[", "]":
        sum + 0.31
      case "f", "t", "r", "-", "/": sum + 0.38
      case "m", "w", "M", "W", "—", "→", "%": sum + 0.92
      case "A"..."Z", "+", "=", "<", ">", "≈", "≥", "≤": sum + 0.7
      default: sum + (character.isASCII ? 0.57 : 0.62)
      }
    }
  }

  /// The height of running text that is broken at its blanks.
  private static func height(of spans: [Prose.Span], width: Double) -> Double {
    var lines = 1
    var used = 0.0
    var tall = 0.0
    func place(_ word: Double) {
      if used > 0, used + word > width {
        lines += 1
        used = hanging
      }
      used += word
      // A word that is longer than a line is broken within.
      while used > width, width > 4 {
        lines += 1
        used -= width - hanging
      }
    }
    for span in spans {
      switch span {
      case .text(let text):
        for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false)
          .enumerated()
        {
          place(self.width(of: (index > 0 ? " " : "") + word))
        }
      case .formula(let layout, _):
        let size = layout.size.scaled(formulaRoom)
        place(size.width)
        tall = max(tall, size.height - line)
      }
    }
    return line * Double(lines) + tall
  }
}

/// Rows with letters of one height, at a place on a page.
struct TalkText {
  let rows: [TalkRow]
  let letters: Double
  let width: Double
  /// Room between rows, in the height of letters.
  var gap = TalkRow.rowGap

  var height: Double {
    rows.reduce(0) { $0 + ($1.look(width: width / letters).height + gap) * letters }
      - (rows.isEmpty ? 0 : gap * letters)
  }

  /// The height of the smallest letters. Those of tables and listings may be a little smaller, and
  /// what is too wide for a whole page is as large as it can be.
  var leastLetters: Double {
    rows.reduce(letters) { least, row in
      let scale = row.look(width: width / letters).scale
      let widest = row.look(width: TalkLayout.body.width / TalkLayout.smallest).scale
      switch row {
      case .listing: return min(least, letters * scale / widest)
      case .table: return min(least, letters * min(1, scale * 1.15 / widest))
      default: return min(least, letters * scale / widest)
      }
    }
  }

  /// The same with so much room between rows that it takes some of what is left of a height.
  func spread(over height: Double) -> TalkText {
    guard rows.count > 1 else { return self }
    var result = self
    let rest = max(0, height - self.height)
    result.gap += min(0.55, 0.4 * rest / letters / Double(rows.count))
    return result
  }

  /// Rows with the largest letters that fit.
  static func fitting(
    _ rows: [TalkRow], width: Double, height: Double, largest: Double
  ) -> TalkText {
    var best: TalkText?
    for step in stride(from: (largest * 20).rounded(), through: 16, by: -1) {
      let text = TalkText(rows: rows, letters: step / 20, width: width)
      guard text.height <= height else { continue }
      // Smaller letters may leave room for those that are the smallest now.
      guard let before = best else {
        best = text
        if text.leastLetters >= text.letters * 0.999 { break }
        continue
      }
      if text.leastLetters > before.leastLetters + 0.02 { best = text }
      if text.letters < before.leastLetters { break }
    }
    return best ?? TalkText(rows: rows, letters: 0.8, width: width)
  }
}
