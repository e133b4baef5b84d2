/// A formula as it is set on paper: what stands beside, above and below what. TeX and MathML are
/// written from it; it says nothing of either.
package indirect enum MathLayout: Hashable, Sendable {
  /// What stands between two parts, with the room around it that it asks for.
  package enum Sign: Hashable, Sendable {
    case plus, minus
    /// The minus of one part.
    case negative
    case dot
    /// A product that is written by putting its factors beside each other.
    case beside
    case comma
    case equal, notEqual, less, atMost, greater, atLeast
  }

  /// A mark above a letter.
  package enum Accent: String, Hashable, Sendable, CaseIterable {
    case hat, bar, tilde, dot, vec
  }

  /// Digits, perhaps with a minus in front.
  case number(String)
  /// One letter of a quantity, in italics.
  case letter(Character)
  /// A name of several letters, upright.
  case word(String)
  /// The name of a function, upright; marks of derivatives behind it.
  case function(String)
  case sign(Sign)
  /// A bracket, a comma or a stroke that is part of a name.
  case mark(Character)
  case space
  /// Running text within a formula.
  case text(String)
  case row([MathLayout])
  case fraction(MathLayout, MathLayout)
  case scripts(MathLayout, below: MathLayout?, above: MathLayout?)
  case root(MathLayout)
  /// In round brackets that are as high as what they hold.
  case bracketed(MathLayout)
  case accented(Accent, MathLayout)
  /// What is left of a bar with an index: a derivative at a place.
  case evaluated(MathLayout, at: MathLayout)
  /// Rows of numbers in round brackets.
  case matrix([[MathLayout]])
  /// Values and their conditions behind a brace.
  case cases([Case])
  /// What stands for parts that are left out.
  case omitted
  /// A name as its user wrote it in TeX, and what it means.
  case written(tex: String, MathLayout)

  package struct Case: Hashable, Sendable {
    package let value: MathLayout
    package let condition: MathLayout
  }
}

extension MathLayout {
  /// The same without empty and nested rows.
  static func joined(_ parts: [MathLayout]) -> MathLayout {
    parts.count == 1 ? parts[0] : .row(parts)
  }

  /// `above` raised behind a base, which may have an index.
  static func raised(_ base: MathLayout, _ above: MathLayout) -> MathLayout {
    .scripts(base, below: nil, above: above)
  }

  static func indexed(_ base: MathLayout, _ below: MathLayout) -> MathLayout {
    .scripts(base, below: below, above: nil)
  }

  /// As it stands in running text: fractions of one line.
  var inline: MathLayout {
    guard case .fraction(let a, let b) = self else { return self }
    return .row([a, .mark("/"), b])
  }

  // MARK: Size

  /// The room that a formula takes, in the height of its letters: from typefaces that are wide, so that
  /// others fit.
  package struct Size: Hashable, Sendable {
    package var width: Double
    package var ascent: Double
    package var descent: Double
    package var height: Double { ascent + descent }

    static func line(_ width: Double) -> Size { Size(width: width, ascent: 0.78, descent: 0.27) }

    package func scaled(_ factor: Double) -> Size {
      Size(width: factor * width, ascent: factor * ascent, descent: factor * descent)
    }
  }

  private static let script = 0.72

  package var size: Size {
    switch self {
    case .number(let text): return .line(0.53 * Double(text.count))
    case .letter: return .line(0.58)
    case .word(let text), .function(let text), .text(let text):
      return .line(0.56 * Double(text.count))
    case .sign(let sign): return .line(sign.width)
    case .mark: return .line(0.4)
    case .space: return .line(0.17)
    case .omitted: return .line(1)
    case .row(let parts):
      return parts.reduce(Size.line(0)) { sum, part in
        let size = part.size
        return Size(
          width: sum.width + size.width, ascent: max(sum.ascent, size.ascent),
          descent: max(sum.descent, size.descent))
      }
    case .fraction(let a, let b):
      let (top, bottom) = (a.size, b.size)
      return Size(
        width: max(top.width, bottom.width) + 0.3, ascent: 0.42 + top.height,
        descent: bottom.height - 0.1)
    case .scripts(let base, let below, let above):
      var size = base.size
      let (low, high) = (below?.size.scaled(Self.script), above?.size.scaled(Self.script))
      size.width += max(low?.width ?? 0, high?.width ?? 0) + 0.06
      if let low { size.descent = max(size.descent, low.height - 0.35) }
      if let high { size.ascent = max(size.ascent + 0.15, high.height + 0.3) }
      return size
    case .root(let inner):
      var size = inner.size
      size.width += 0.9
      size.ascent += 0.2
      return size
    case .bracketed(let inner):
      var size = inner.size
      size.width += 0.9
      return size
    case .accented(_, let letter):
      var size = letter.size
      size.ascent += 0.2
      return size
    case .evaluated(let inner, let place):
      var size = inner.size
      size.width += 0.4 + Self.script * place.size.width
      return size
    case .matrix(let rows): return Self.grid(rows, besides: 1.1)
    case .cases(let cases): return Self.grid(cases.map { [$0.value, $0.condition] }, besides: 1.2)
    case .written(_, let layout): return layout.size
    }
  }

  private static func grid(_ rows: [[MathLayout]], besides: Double) -> Size {
    var widths: [Double] = []
    var height = 0.0
    for row in rows {
      let sizes = row.map { $0.size }
      for (column, size) in sizes.enumerated() {
        if column < widths.count {
          widths[column] = max(widths[column], size.width)
        } else {
          widths.append(size.width)
        }
      }
      height += (sizes.map { $0.height }.max() ?? 0) + 0.4
    }
    let width = widths.reduce(besides) { $0 + $1 + 0.8 }
    return Size(width: width, ascent: height / 2 + 0.25, descent: height / 2 - 0.25)
  }

  // MARK: Lines

  /// A long sum as lines that are no wider, if that is possible: each begins with its plus or minus.
  package func lines(width: Double) -> [MathLayout] {
    guard case .row(let parts) = self, size.width > width else { return [self] }
    var lines: [[MathLayout]] = [[]]
    var used = 0.0
    var place = 0
    while place < parts.count {
      // A term with the sign in front of it.
      var end = place + 1
      while end < parts.count, parts[end] != .sign(.plus), parts[end] != .sign(.minus) { end += 1 }
      let term = MathLayout.row(Array(parts[place..<end])).size.width
      if used + term > width, used > 0 {
        lines.append([])
        used = 0
      }
      lines[lines.count - 1] += parts[place..<end]
      used += term
      place = end
    }
    return lines.map(MathLayout.joined)
  }
}

extension MathLayout.Sign {
  fileprivate var width: Double {
    switch self {
    case .negative: 0.65
    case .beside: 0.17
    case .comma: 0.5
    case .dot: 0.75
    case .plus, .minus: 1.25
    case .equal, .notEqual, .less, .atMost, .greater, .atLeast: 1.4
    }
  }
}
