/// Writes formulas in MathML Core, which browsers set without scripts or typefaces of a page's own.
package enum MathMLWriter {
  /// A formula as an element of a page.
  /// - Parameters:
  ///   - alternative: the same in plain text, for readers that cannot show it.
  ///   - isDisplayed: whether it stands by itself, with fractions of full size.
  package static func element(
    _ layout: MathLayout, alternative: String, isDisplayed: Bool = false
  ) -> String {
    "<math\(isDisplayed ? " displaystyle=\"true\"" : "") alttext=\"\(escaped(alternative))\">"
      + row(layout) + "</math>"
  }

  /// What stands in an element `math`.
  package static func text(_ layout: MathLayout) -> String {
    switch layout {
    case .number(let text):
      guard text.hasPrefix("-") else { return "<mn>\(escaped(text))</mn>" }
      return "<mrow><mo form=\"prefix\">−</mo><mn>\(escaped(String(text.dropFirst())))</mn></mrow>"
    case .letter(let letter):
      // Capital letters of Greek stand upright, as in TeX.
      let isUpright = ("Α"..."Ω").contains(letter)
      return "<mi\(isUpright ? " mathvariant=\"normal\"" : "")>\(escaped(String(letter)))</mi>"
    case .word(let name):
      return "<mi\(name.count == 1 ? " mathvariant=\"normal\"" : "")>\(escaped(name))</mi>"
    case .function(let name):
      let shown = name.map { $0 == "'" ? "′" : String($0) }.joined()
      return "<mi\(name.count == 1 ? " mathvariant=\"normal\"" : "")>\(escaped(shown))</mi>"
    case .sign(let sign): return text(sign)
    case .mark(let mark): return "<mo stretchy=\"false\"\(tight)>\(escaped(String(mark)))</mo>"
    case .space: return "<mspace width=\"0.17em\"></mspace>"
    case .text(let text): return "<mtext>\(escaped(text))</mtext>"
    case .row: return "<mrow>\(row(layout))</mrow>"
    case .fraction(let a, let b): return "<mfrac>\(text(a))\(text(b))</mfrac>"
    case .scripts(let base, let below, let above): return scripts(base, below, above)
    case .root(let inner): return "<msqrt>\(row(inner))</msqrt>"
    case .bracketed(let inner):
      return "<mrow><mo>(</mo>\(row(inner))<mo>)</mo></mrow>"
    case .accented(let accent, let letter):
      return
        "<mover accent=\"true\">\(text(letter))<mo stretchy=\"false\">\(mark(accent))</mo></mover>"
    case .evaluated(let inner, let place):
      return "<msub><mrow>\(text(inner))<mo fence=\"true\" stretchy=\"true\">|</mo></mrow>"
        + "\(text(place))</msub>"
    case .matrix(let rows):
      return "<mrow><mo>(</mo><mtable>" + rows.map { tableRow($0, "") }.joined()
        + "</mtable><mo>)</mo></mrow>"
    case .cases(let cases):
      return "<mrow><mo form=\"prefix\" fence=\"true\" stretchy=\"true\">{</mo><mtable>"
        + cases.map { tableRow([$0.value, $0.condition], left) }.joined() + "</mtable></mrow>"
    case .omitted: return "<mo>…</mo>"
    case .written(_, let layout): return text(layout)
    }
  }

  /// An equation by itself: on one line where that is not wider, else its sides below each other at
  /// their equal signs.
  /// - Parameter width: in the height of its letters.
  package static func element(_ equation: SetEquation, width: Double) -> String {
    let whole = equation.wholeLine
    guard whole.size.width > width else {
      return element(whole, alternative: equation.alternative, isDisplayed: true)
    }
    let cell = "style=\"padding:0.15em 0;text-align"
    let sign = "style=\"padding:0.15em 0.28em\""
    let lines = equation.lines(width: width - equation.left.size.width - 1.5)
    let rows = lines.enumerated().map { place, line in
      "<mtr><mtd \(cell):right\">\(place == 0 ? text(equation.left) : "")</mtd>"
        + "<mtd \(sign)>\(line.isContinued ? "" : text(.equal))</mtd>"
        + "<mtd \(cell):left\">" + (line.isContinued ? "<mspace width=\"1em\"></mspace>" : "")
        + "\(row(line.layout))</mtd></mtr>"
    }
    return "<math displaystyle=\"true\" alttext=\"\(escaped(equation.alternative))\">"
      + "<mtable displaystyle=\"true\">\(rows.joined())</mtable></math>"
  }

  /// Text for an element or a value in double quotes.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // Characters that no document may hold, or whose meaning no two readers share.
      case "\u{0}"..."\u{8}", "\u{B}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}":
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static let left = " style=\"text-align:left\""
  private static let tight = " lspace=\"0\" rspace=\"0\""

  /// The parts of a row without an element around them.
  private static func row(_ layout: MathLayout) -> String {
    guard case .row(let parts) = layout else { return text(layout) }
    return parts.map(text).joined()
  }

  private static func tableRow(_ cells: [MathLayout], _ style: String) -> String {
    "<mtr>" + cells.map { "<mtd\(style)>\(row($0))</mtd>" }.joined() + "</mtr>"
  }

  /// An index and an exponent stand above each other, also where they were added one by one.
  private static func scripts(
    _ base: MathLayout, _ below: MathLayout?, _ above: MathLayout?
  ) -> String {
    var (base, below, above) = (base, below, above)
    if case .written(_, let inner) = base { base = inner }
    if case .scripts(let inner, let low, let high) = base,
      below == nil || low == nil, above == nil || high == nil
    {
      (base, below, above) = (inner, below ?? low, above ?? high)
    }
    switch (below, above) {
    case (let low?, let high?): return "<msubsup>\(text(base))\(text(low))\(text(high))</msubsup>"
    case (let low?, nil): return "<msub>\(text(base))\(text(low))</msub>"
    case (nil, let high?): return "<msup>\(text(base))\(text(high))</msup>"
    case (nil, nil): return text(base)
    }
  }

  private static func text(_ sign: MathLayout.Sign) -> String {
    switch sign {
    case .plus: "<mo>+</mo>"
    case .minus: "<mo>−</mo>"
    case .negative: "<mo form=\"prefix\">−</mo>"
    case .dot: "<mo>·</mo>"
    case .beside: "<mspace width=\"0.17em\"></mspace>"
    case .comma: "<mo separator=\"true\">,</mo>"
    case .equal: "<mo>=</mo>"
    case .notEqual: "<mo>≠</mo>"
    case .less: "<mo>&lt;</mo>"
    case .atMost: "<mo>≤</mo>"
    case .greater: "<mo>&gt;</mo>"
    case .atLeast: "<mo>≥</mo>"
    }
  }

  private static func mark(_ accent: MathLayout.Accent) -> String {
    switch accent {
    case .hat: "^"
    case .bar: "‾"
    case .tilde: "~"
    case .dot: "˙"
    case .vec: "→"
    }
  }
}
