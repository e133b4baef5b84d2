import Explanation
import Language
import Rendering

extension Talk {
  /// Lines of formulas in one frame; further ones go on in another.
  private static let mostHeight = 12.0

  /// The talk for beamer: derivations come equation by equation, pictures are drawn by TikZ, and
  /// everything is made as small as its frame wants it.
  /// - Parameter number: how numbers are written in formulas.
  package func beamer(
    theme: Figure.Theme, number: @escaping (Double) -> String = { NumberStyle.standard.text($0) }
  ) -> String {
    var lines = [
      "\\documentclass[aspectratio=169,10pt,hyperref={bookmarks=false}]{beamer}",
      "\\usepackage[T1]{fontenc}",
      "\\usepackage{lmodern}", "\\usefonttheme[onlymath]{serif}", "\\usepackage{amsmath}",
      "\\usepackage{tikz}",
      "\\setbeamertemplate{navigation symbols}{}", "\\setbeamertemplate{footline}[frame number]",
    ]
    if theme == .dark {
      let ground = theme.background
      lines += [
        "\\definecolor{ground}{RGB}{\(ground.red),\(ground.green),\(ground.blue)}",
        "\\setbeamercolor{normal text}{fg=white!92!black,bg=ground}",
        "\\setbeamercolor{frametitle}{fg=white}", "\\setbeamercolor{title}{fg=white}",
        "\\setbeamercolor{structure}{fg=white}",
      ]
    }
    lines += [
      "\\newsavebox\\slidebox", "\\newsavebox\\letterbox",
      "% A symbol that is wider than the letters beside it is made as narrow as they are.",
      "\\newcommand{\\letter}[1]{\\sbox\\letterbox{#1}%",
      "  \\ifdim\\wd\\letterbox>0.525em\\resizebox{0.525em}{\\height}{\\usebox\\letterbox}%",
      "  \\else\\makebox[0.525em][c]{\\usebox\\letterbox}\\fi}",
      "% A box that is too wide or too high for the slide is made smaller.",
      "\\newcommand{\\fitslide}[1]{\\sbox\\slidebox{#1}%",
      "  \\ifdim\\wd\\slidebox>\\linewidth"
        + "\\sbox\\slidebox{\\resizebox{\\linewidth}{!}{\\usebox\\slidebox}}\\fi",
      "  \\ifdim\\dimexpr\\ht\\slidebox+\\dp\\slidebox\\relax>0.72\\textheight"
        + "\\sbox\\slidebox{\\resizebox*{!}{0.72\\textheight}{\\usebox\\slidebox}}\\fi",
      "  \\noindent\\usebox\\slidebox\\par}",
      "% A picture as large as a width and a height let it be.",
      "\\newcommand{\\fitin}[3]{\\sbox\\slidebox{\\resizebox{#1}{!}{#3}}%",
      "  \\ifdim\\dimexpr\\ht\\slidebox+\\dp\\slidebox\\relax>#2"
        + "\\sbox\\slidebox{\\resizebox*{!}{#2}{\\usebox\\slidebox}}\\fi",
      "  \\usebox\\slidebox}",
      "\\title{\(TeXCharacters.text(title))}", "\\date{}", "\\begin{document}",
      "\\begin{frame}[plain]\\titlepage\\end{frame}",
    ]
    for slide in slides { lines += frames(of: slide, theme, number) }
    lines.append("\\end{document}")
    return lines.joined(separator: "\n") + "\n"
  }

  /// A row of a frame that is built up row by row.
  private struct Row {
    let tex: String
    let height: Double
    /// Whether it comes with the row before it.
    var isWithLast = false
    var isHeading = false
  }

  private func frames(
    of slide: Slide, _ theme: Figure.Theme, _ number: @escaping (Double) -> String
  ) -> [String] {
    var bodies: [String] = []
    var rows: [Row] = []
    var items: [TalkLayout.Item] = []
    let hasFormulas = slide.parts.contains { part in
      if case .report(let report, _) = part {
        report.picture == nil && report.derivation() != nil
      } else {
        false
      }
    }
    func finishRows() {
      bodies += Self.built(rows)
      rows = []
    }
    func finishItems() {
      defer { items = [] }
      let lines = items.flatMap { item -> [String] in
        if case .lines(let lines) = item { lines } else { [] }
      }
      let hasPictures = items.contains { if case .picture = $0 { true } else { false } }
      if hasFormulas, !hasPictures, lines.count <= 12 {
        let shown = TalkLayout.wrapped(Self.trimmed(lines), columns: Self.mostColumns)
        guard !shown.isEmpty else { return }
        rows.append(
          Row(
            tex: Self.listing(shown), height: 0.7 * Double(shown.count), isWithLast: !rows.isEmpty))
        return
      }
      guard hasPictures || !Self.trimmed(lines).isEmpty else { return }
      finishRows()
      bodies += TalkLayout(items).pages.map { Self.placed($0, theme) }
    }
    for part in slide.parts {
      switch part {
      case .text(let text): items.append(.lines(Self.lines(of: text)))
      case .report(let report, let text):
        if let picture = report.picture {
          items.append(.picture(picture))
        } else if let derivation = report.derivation() {
          finishItems()
          rows += derivation.rows(number: number).enumerated().map { place, row in
            Row(
              tex: row.tex, height: Double(row.height),
              isHeading: row.tex.hasPrefix("\\textbf") || place == 0 && !derivation.title.isEmpty)
          }
        } else {
          items.append(.lines(Self.lines(of: text)))
        }
      }
    }
    items.append(.lines(Self.lines(of: slide.checksText(on: Display(columns: 90)))))
    finishItems()
    finishRows()
    if bodies.isEmpty { bodies = [""] }
    return bodies.map { body in
      "\\begin{frame}[t]{\(TeXCharacters.text(slide.title))}\n\(body)\n\\end{frame}"
    }
  }

  private static func lines(of text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private static func trimmed(_ lines: [String]) -> [String] {
    func isBlank(_ line: String) -> Bool { line.allSatisfy { $0 == " " } }
    return Array(
      lines.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }

  /// Blocks where the layout puts them; a slide of beamer is 160 mm wide and begins 10 mm from its edge.
  private static func placed(_ page: TalkLayout.Page, _ theme: Figure.Theme) -> String {
    let scale = 1.6
    func text(_ number: Double) -> String { NumberStyle.decimals(2).text(number) }
    var lines = ["\\setlength{\\unitlength}{1mm}\\begin{picture}(0,0)"]
    for block in page {
      switch block {
      case .lines(let rows, let letters, let frame):
        let (x, y) = (scale * frame.x - 10, scale * (TalkLayout.body.y - frame.y) + 3)
        // These letters are narrower than those that the layout reckons with.
        let size = letters * scale * TalkLayout.column / 0.525
        let leading = letters * scale * TalkLayout.line
        lines.append(
          "\\put(\(text(x)),\(text(y))){\\makebox(0,0)[tl]{\\fontsize{\(text(size))mm}"
            + "{\(text(leading))mm}\\selectfont\\ttfamily\n\(table(rows))}}")
      case .picture(let picture, let frame):
        let (width, height) = (scale * frame.width, scale * frame.height)
        let (x, y) = (scale * frame.x - 10, scale * (TalkLayout.body.y - frame.y) + 3 - height)
        let points = max(9.5, 300 / frame.height, 460 / frame.width)
        let size = Figure.Size(frame.width * points, frame.height * points)
        lines.append(
          "\\put(\(text(x)),\(text(y))){\\makebox(\(text(width)),\(text(height)))[c]{"
            + "\\fitin{\(text(width))mm}{\(text(height))mm}{%\n"
            + TikZ.text(picture, theme: theme, size: size) + "}}}")
      }
    }
    return (lines + ["\\end{picture}"]).joined(separator: "\n")
  }

  /// More letters than these make the others too small to be read at the back of a room.
  private static let mostColumns = 84

  /// Lines in letters of one width, as on a terminal.
  private static func listing(_ lines: [String]) -> String {
    "{\\small\\ttfamily\(table(lines))}"
  }

  private static func table(_ lines: [String]) -> String {
    let rows = lines.map { line in
      let spelled = PlainCharacters.drawing(line)
      return spelled.isEmpty
        ? "~" : spelled.map { $0 == " " ? "~" : boxed($0) }.joined()
    }
    return "\\begin{tabular}[t]{@{}l@{}}\n" + rows.joined(separator: "\\\\\n")
      + "\n\\end{tabular}"
  }

  /// A character as wide as all others, so that columns stay below each other.
  private static func boxed(_ character: Character) -> String {
    // Two of them would become one dash.
    if character == "-" { return "-{}" }
    let tex = TeXCharacters.character(character)
    if tex == String(character) || !tex.contains("$") { return tex }
    return "\\letter{\(tex)}"
  }

  /// Rows in frames, an overlay for each.
  private static func built(_ rows: [Row]) -> [String] {
    var result: [String] = []
    var start = 0
    while start < rows.count {
      var end = start
      var height = 0.0
      while end < rows.count, height + rows[end].height <= mostHeight || end == start {
        height += rows[end].height
        end += 1
      }
      // A heading does not end a frame.
      if end < rows.count, end - start > 1, rows[end - 1].isHeading { end -= 1 }
      var step = 0
      var isBelowHeading = false
      let shown = rows[start..<end].map { row in
        // A heading comes with what stands below it.
        if step == 0 || !row.isWithLast && !isBelowHeading { step += 1 }
        isBelowHeading = row.isHeading
        return "\\uncover<\(step)->{\(row.tex)}"
      }
      result.append(
        "\\fitslide{\\begin{tabular}{@{}l@{}}\n" + shown.joined(separator: "\\\\[0.6ex]\n")
          + "\n\\end{tabular}}")
      start = end
    }
    return result
  }
}
