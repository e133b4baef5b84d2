extension Derivation {
  /// Wider sums are broken into lines on a slide, in the height of its letters.
  private static let mostWidth = 30.0

  /// The derivation for a slide: headings, and the equations aligned at their first equal sign.
  /// It compiles with `amsmath`.
  package func latex(number: @escaping (Double) -> String) -> String {
    typeset(number, open: "\\begin{align*}", close: "\\end{align*}") { row in
      switch row {
      case .heading(let spans):
        "\\medskip\\noindent\\textbf{\(TeXWriter.text(spans))}\\par\\nobreak"
      case .table(let titles, let rows): TeXWriter.table(titles, rows)
      case .title(let spans), .note(let spans): TeXWriter.text(spans)
      case .equation: ""
      }
    }
  }

  /// The derivation in Markdown, formulas between double dollars.
  package func markdown(number: @escaping (Double) -> String) -> String {
    func text(_ spans: [Prose.Span]) -> String {
      spans.map { span in
        switch span {
        case .text(let text): text
        case .formula(let layout, _): "$\(TeXWriter.text(layout))$"
        }
      }.joined()
    }
    return typeset(
      number, open: "$$\n\\begin{aligned}", close: "\\end{aligned}\n$$"
    ) { row in
      switch row {
      case .heading(let spans): return "### \(text(spans))"
      case .title(let spans), .note(let spans): return text(spans)
      case .table(let titles, let rows):
        let head = "| " + titles.map(text).joined(separator: " | ") + " |"
        let rule = "|" + String(repeating: "---|", count: titles.count)
        return
          ([head, rule]
          + rows.map { "| " + $0.map(text).joined(separator: " | ") + " |" })
          .joined(separator: "\n")
      case .equation: return ""
      }
    }
  }

  private func typeset(
    _ number: @escaping (Double) -> String, open: String, close: String, _ write: (Row) -> String
  ) -> String {
    var blocks: [String] = []
    var equations: [String] = []
    func finish() {
      guard !equations.isEmpty else { return }
      blocks.append("\(open)\n" + equations.joined(separator: " \\\\\n") + "\n\(close)")
      equations = []
    }
    for row in rows(number: number) {
      if case .equation(let equation) = row {
        equations.append(TeXWriter.aligned(equation, width: Self.mostWidth))
      } else {
        finish()
        blocks.append(write(row))
      }
    }
    finish()
    return blocks.joined(separator: "\n\n")
  }
}

extension TeXWriter {
  /// Running text with its formulas.
  /// - Parameter escape: writes what is no formula.
  package static func text(
    _ spans: [Prose.Span], escape: (String) -> String = Prose.escaped
  ) -> String {
    spans.map { span in
      switch span {
      case .text(let text): escape(text)
      case .formula(let layout, _): "$\(text(layout))$"
      }
    }.joined()
  }

  package static func table(
    _ titles: [[Prose.Span]], _ rows: [[[Prose.Span]]], escape: (String) -> String = Prose.escaped
  ) -> String {
    let columns = String(repeating: "l", count: titles.count)
    func line(_ cells: [[Prose.Span]]) -> String {
      cells.map { text($0, escape: escape) }.joined(separator: " & ")
    }
    return "\\begin{tabular}{\(columns)}\n\(line(titles)) \\\\\n\\hline\\rule{0pt}{2.5ex}"
      + rows.map(line).joined(separator: " \\\\\n") + "\n\\end{tabular}"
  }

  /// An equation by itself: on one line where that is not wider, else its sides below each other at
  /// their equal signs.
  /// - Parameter width: in the height of its letters.
  package static func element(_ equation: SetEquation, width: Double) -> String {
    let whole = equation.wholeLine
    if whole.size.width <= width { return "$\\displaystyle \(text(whole))$" }
    let steps = steps(of: equation, width: width - equation.left.size.width - 1.5)
    return "$\\begin{aligned}\\displaystyle \(text(equation.left)) &= "
      + steps.joined(separator: " \\\\ &= ") + "\\end{aligned}$"
  }

  /// The sides of an equation, long sums in several lines.
  private static func steps(of equation: SetEquation, width: Double) -> [String] {
    equation.steps.map { step in
      // A line that goes on begins with its plus or minus.
      step.lines(width: width).map(text).joined(separator: " \\\\\n &\\quad")
    }
  }

  /// An equation for an environment that aligns equal signs: short ones on one line.
  static func aligned(_ equation: SetEquation, width: Double) -> String {
    let steps = steps(of: equation, width: width)
    let isShort = equation.steps.count < 4 && steps.joined().count < 90
    return "\(text(equation.left)) &= "
      + steps.joined(separator: isShort ? " = " : " \\\\\n &= ")
  }
}
