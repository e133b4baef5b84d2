import Explanation
import Language
import Rendering

extension Talk {
  /// Lines of formulas in one frame; further ones go on in another.
  private static let mostHeight = 16.0

  /// The talk for beamer: derivations come equation by equation, pictures are drawn by TikZ, and
  /// everything is made as small as its frame wants it.
  package func beamer(theme: Figure.Theme) -> String {
    var lines = [
      "\\documentclass[aspectratio=169,10pt,hyperref={bookmarks=false}]{beamer}",
      "\\usepackage[T1]{fontenc}",
      "\\usepackage{lmodern}", "\\usefonttheme[onlymath]{serif}", "\\usepackage{amsmath}",
      "\\usepackage{tikz}",
      "\\setbeamertemplate{navigation symbols}{}", "\\setbeamertemplate{footline}[frame number]",
      "\\setbeamerfont{title}{size=\\huge,series=\\bfseries}",
      "\\setbeamerfont{frametitle}{size=\\Large,series=\\bfseries}",
      "\\setbeamercolor{structure}{fg=black!85}",
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
      "% Formulas as large as the slide lets them be.",
      "\\newcommand{\\fitslide}[1]{\\sbox\\slidebox{\\scalebox{1.3}{#1}}%",
      "  \\ifdim\\wd\\slidebox>\\linewidth"
        + "\\sbox\\slidebox{\\resizebox{\\linewidth}{!}{\\usebox\\slidebox}}\\fi",
      "  \\ifdim\\dimexpr\\ht\\slidebox+\\dp\\slidebox\\relax>0.8\\textheight"
        + "\\sbox\\slidebox{\\resizebox*{!}{0.8\\textheight}{\\usebox\\slidebox}}\\fi",
      "  \\noindent\\usebox\\slidebox\\par}",
      "% A picture as large as a width and a height let it be.",
      "\\newcommand{\\fitin}[3]{\\sbox\\slidebox{\\resizebox{#1}{!}{#3}}%",
      "  \\ifdim\\dimexpr\\ht\\slidebox+\\dp\\slidebox\\relax>#2"
        + "\\sbox\\slidebox{\\resizebox*{!}{#2}{\\usebox\\slidebox}}\\fi",
      "  \\usebox\\slidebox}",
      "\\newcommand{\\spaced}[1]{\\raisebox{0pt}"
        + "[\\dimexpr\\height+0.4ex\\relax][\\dimexpr\\depth+0.8ex\\relax]{#1}}",
      "\\newcommand{\\fittitle}[1]{\\sbox\\letterbox{#1}%",
      "  \\ifdim\\wd\\letterbox>\\textwidth\\resizebox{\\textwidth}{!}{\\usebox\\letterbox}%",
      "  \\else\\usebox\\letterbox\\fi}",
      "% Rows of a text, those that are too wide made smaller, and so is a text that is too high.",
      "\\newcommand{\\fitrow}[1]{\\sbox\\letterbox{#1}%",
      "  \\ifdim\\wd\\letterbox>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox\\letterbox}%",
      "  \\else\\usebox\\letterbox\\fi\\par}",
      "\\newcommand{\\fittext}[3]{\\sbox\\slidebox{\\begin{minipage}[t]{#1}\\raggedright"
        + "\\hbadness=10000\\hfuzz=\\maxdimen\\relax",
      "  #3\\end{minipage}}%",
      "  \\ifdim\\dimexpr\\ht\\slidebox+\\dp\\slidebox\\relax>#2"
        + "\\sbox\\slidebox{\\resizebox*{!}{#2}{\\usebox\\slidebox}}\\fi",
      "  \\usebox\\slidebox}",
      "\\title{\(TeXCharacters.text(title))}", "\\date{}", "\\begin{document}",
      "\\begin{frame}[plain]\\titlepage\\end{frame}",
    ]
    let symbols = symbols
    for slide in slides { lines += frames(of: slide, theme, symbols) }
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

  /// With more equations than these a derivation is built up beside no picture.
  private static let mostBesidePicture = 6

  private func frames(of slide: Slide, _ theme: Figure.Theme, _ symbols: Set<Symbol>) -> [String] {
    let items = items(of: slide, symbols)
    func equations(_ items: [TalkLayout.Item]) -> Int {
      items.reduce(0) { count, item in
        guard case .rows(let rows) = item else { return count }
        return count + rows.count { if case .equation = $0 { true } else { false } }
      }
    }
    var bodies: [String] = []
    var waiting: [TalkLayout.Item] = []
    func finish() {
      defer { waiting = [] }
      let rows = waiting.reduce(into: [TalkRow]()) { rows, item in
        if case .rows(let own) = item { rows += own }
      }
      guard equations(waiting) > 0, rows.reduce(0, { $0 + $1.weight }) > 0,
        !waiting.contains(where: { if case .picture = $0 { true } else { false } })
      else {
        if !waiting.isEmpty { bodies += TalkLayout(waiting).pages.map { Self.placed($0, theme) } }
        return
      }
      bodies += Self.built(Self.rows(rows))
    }
    let hasPictures = items.contains { if case .picture = $0 { true } else { false } }
    let isBuilt =
      !hasPictures || items.contains { equations([$0]) > Self.mostBesidePicture }
    for item in items {
      if isBuilt, hasPictures, !waiting.isEmpty, equations([item]) > 0 || equations(waiting) > 0 {
        finish()
      }
      waiting.append(item)
    }
    finish()
    if bodies.isEmpty { bodies = [""] }
    return bodies.map { body in
      "\\begin{frame}[t]{\\fittitle{\(TeXCharacters.text(slide.title))}}\n\(body)\n\\end{frame}"
    }
  }

  /// Rows of a frame that is built up: what is printed comes with what stands above it.
  private static func rows(_ rows: [TalkRow]) -> [Row] {
    var result: [Row] = []
    var listing: [String] = []
    func finish() {
      guard !listing.isEmpty else { return }
      result.append(
        Row(
          tex: "{\\small\\ttfamily\(table(listing))}", height: 0.7 * Double(listing.count),
          isWithLast: !result.isEmpty))
      listing = []
    }
    for row in rows {
      if case .listing(let line) = row {
        listing.append(line)
        continue
      }
      finish()
      let height = Double(row.weight)
      switch row {
      case .gap, .listing: break
      case .heading(let spans):
        result.append(
          Row(
            tex: "\\textbf{\(TeXWriter.text(spans, escape: TeXCharacters.text))}", height: height,
            isHeading: true))
      case .paragraph(let spans, let indent):
        let tex =
          "\\hspace*{\(text(TalkRow.indent * Double(indent)))em}\(TeXWriter.text(spans, escape: TeXCharacters.text))"
        let isLong = TalkRow.width(of: spans) > 42
        result.append(
          Row(
            tex: isLong ? "\\parbox[t]{30em}{\\raggedright \(tex)}" : tex, height: height,
            isWithLast: !result.isEmpty))
      case .equation(let equation):
        result.append(Row(tex: TeXWriter.element(equation, width: 34), height: 1.2 * height))
      case .table(let titles, let cells):
        result.append(
          Row(tex: TeXWriter.table(titles, cells, escape: TeXCharacters.text), height: 0.9 * height)
        )
      }
    }
    finish()
    return result
  }

  private static func text(_ number: Double) -> String { NumberStyle.decimals(2).text(number) }

  /// The rows of a text below each other.
  /// - Parameter size: of its letters, in millimetres.
  private static func tex(_ text: TalkText, size: Double) -> String {
    var lines: [String] = []
    var listing: [String] = []
    var scale = 1.0
    func font(_ scale: Double) -> String {
      "\\fontsize{\(self.text(scale * size))mm}{\(self.text(scale * size * TalkRow.line))mm}"
        + "\\selectfont"
    }
    func finish() {
      guard !listing.isEmpty else { return }
      // These letters are narrower than those that the layout reckons with.
      let own = scale * TalkLayout.column / 0.525
      lines.append("\\fitrow{\(font(own))\\ttfamily\n\(table(listing))}")
      lines.append("\\vspace{\(self.text(text.gap + 0.1))em}")
      listing = []
      scale = 1
    }
    for row in text.rows {
      let look = row.look(width: text.width / text.letters)
      if case .listing(let line) = row {
        listing.append(line)
        scale = min(scale, look.scale)
        continue
      }
      finish()
      switch row {
      case .listing: break
      case .gap: lines.append("\\vspace{\(self.text(look.height))em}")
      case .heading(let spans):
        lines.append("\\textbf{\(TeXWriter.text(spans, escape: TeXCharacters.text))}\\par")
      case .paragraph(let spans, let indent):
        let left = self.text(TalkRow.indent * Double(indent))
        lines.append(
          "\\hangindent=\(self.text(TalkRow.hanging + TalkRow.indent * Double(indent)))em"
            + "\\hspace*{\(left)em}\(TeXWriter.text(spans, escape: TeXCharacters.text))\\par")
      case .equation(let equation):
        lines.append(
          "\\fitrow{\\hspace*{1em}"
            + "\(TeXWriter.element(equation, width: TalkRow.formulaWidth(text.width / text.letters)))}"
        )
      case .table(let titles, let rows):
        lines.append(
          "\\fitrow{\(font(look.scale))\(TeXWriter.table(titles, rows, escape: TeXCharacters.text))}"
        )
      }
      lines.append("\\vspace{\(self.text(text.gap))em}")
    }
    finish()
    return font(1) + "\n" + lines.joined(separator: "\n")
  }

  /// Blocks where the layout puts them; a slide of beamer is 160 mm wide and begins 10 mm from its edge.
  private static func placed(_ page: TalkLayout.Page, _ theme: Figure.Theme) -> String {
    let scale = 1.6
    var lines = ["\\setlength{\\unitlength}{1mm}\\begin{picture}(0,0)"]
    for block in page {
      switch block {
      case .text(let rows, let frame):
        let (x, y) = (scale * frame.x - 10, scale * (TalkLayout.body.y - frame.y) + 3)
        lines.append(
          "\\put(\(text(x)),\(text(y))){\\makebox(0,0)[tl]{"
            + "\\fittext{\(text(scale * frame.width))mm}{\(text(scale * frame.height))mm}{%\n"
            + "\(tex(rows, size: scale * rows.letters))}}}")
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

  /// Lines in letters of one width, as on a terminal.
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
    // Of several frames none is nearly empty.
    let all = rows.reduce(0) { $0 + $1.height }
    let most = all / (all / mostHeight).rounded(.up) * 1.08
    while start < rows.count {
      var end = start
      var height = 0.0
      while end < rows.count, height + rows[end].height <= most || end == start {
        height += rows[end].height
        end += 1
      }
      if rows[end...].reduce(0, { $0 + $1.height }) <= 0.3 * mostHeight { end = rows.count }
      // A heading does not end a frame.
      if end < rows.count, end - start > 1, rows[end - 1].isHeading { end -= 1 }
      var step = 0
      var isBelowHeading = false
      let shown = rows[start..<end].map { row in
        // A heading comes with what stands below it.
        if step == 0 || !row.isWithLast && !isBelowHeading { step += 1 }
        isBelowHeading = row.isHeading
        return "\\uncover<\(step)->{\\spaced{\(row.tex)}}"
      }
      result.append(
        "\\fitslide{\\begin{tabular}{@{}l@{}}\n" + shown.joined(separator: "\\\\\n")
          + "\n\\end{tabular}}")
      start = end
    }
    return result
  }
}
