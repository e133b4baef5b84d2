import Explanation
import Language
import Rendering

extension Talk {
  /// Lines of one frame; a longer text goes on in another one.
  private static let mostLines = 30
  private static let mostEquations = 8

  /// The talk for beamer: derivations come equation by equation, pictures are drawn by TikZ, and
  /// everything is made as small as its frame wants it.
  /// - Parameter number: how numbers are written in formulas.
  package func beamer(
    theme: Figure.Theme, number: @escaping (Double) -> String = { NumberStyle.standard.text($0) }
  ) -> String {
    var lines = [
      "\\documentclass[aspectratio=169,10pt,hyperref={bookmarks=false}]{beamer}",
      "\\usepackage[T1]{fontenc}",
      "\\usepackage{lmodern}", "\\usepackage{amsmath}", "\\usepackage{tikz}",
      "\\setbeamertemplate{navigation symbols}{}", "\\setbeamertemplate{footline}[frame number]",
    ]
    if theme == .dark {
      lines += [
        "\\setbeamercolor{normal text}{fg=white!92!black,bg=black!88}",
        "\\setbeamercolor{frametitle}{fg=white}", "\\setbeamercolor{title}{fg=white}",
        "\\setbeamercolor{structure}{fg=white}",
      ]
    }
    lines += [
      "\\newsavebox\\slidebox",
      "% A box that is too wide or too high for the slide is made smaller.",
      "\\newcommand{\\fitslide}[1]{\\sbox\\slidebox{#1}%",
      "  \\ifdim\\wd\\slidebox>\\linewidth"
        + "\\sbox\\slidebox{\\resizebox{\\linewidth}{!}{\\usebox\\slidebox}}\\fi",
      "  \\ifdim\\dimexpr\\ht\\slidebox+\\dp\\slidebox\\relax>0.72\\textheight"
        + "\\sbox\\slidebox{\\resizebox*{!}{0.72\\textheight}{\\usebox\\slidebox}}\\fi",
      "  \\noindent\\usebox\\slidebox\\par}",
      "\\title{\(TeXCharacters.text(title))}", "\\date{}", "\\begin{document}",
      "\\begin{frame}[plain]\\titlepage\\end{frame}",
    ]
    for slide in slides { lines += frames(of: slide, theme, number) }
    lines.append("\\end{document}")
    return lines.joined(separator: "\n") + "\n"
  }

  private func frames(
    of slide: Slide, _ theme: Figure.Theme, _ number: @escaping (Double) -> String
  ) -> [String] {
    var bodies: [String] = []
    var text: [String] = []
    func finish() {
      while text.last?.allSatisfy({ $0 == " " }) == true { text.removeLast() }
      for start in stride(from: 0, to: text.count, by: Self.mostLines) {
        bodies.append(Self.listing(Array(text[start..<min(start + Self.mostLines, text.count)])))
      }
      text = []
    }
    func add(_ lines: String) {
      var lines = lines.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if lines.last == "" { lines.removeLast() }
      text += lines.flatMap(Self.wrapped)
    }
    for part in slide.parts {
      switch part {
      case .text(let lines): add(lines)
      case .report(let report, let lines):
        if let picture = report.picture {
          finish()
          bodies.append(
            "\\centering\\fitslide{%\n"
              + TikZ.text(picture, theme: theme, size: Figure.Size(960, 500)) + "}")
        } else if let derivation = report.derivation() {
          finish()
          bodies += Self.steps(of: derivation, number)
        } else {
          add(lines)
        }
      }
    }
    finish()
    add(slide.checksText(on: Display(columns: 90)))
    finish()
    if bodies.isEmpty { bodies = [""] }
    return bodies.map { body in
      "\\begin{frame}[t]{\(TeXCharacters.text(slide.title))}\n\(body)\n\\end{frame}"
    }
  }

  /// More letters than these make the others too small to be read at the back of a room.
  private static let mostColumns = 84

  /// A line that is too wide, broken at blanks.
  private static func wrapped(_ line: String) -> [String] {
    guard TextWidth.columns(of: line) > mostColumns, !line.contains("  ") else { return [line] }
    var result: [String] = []
    var current = ""
    for word in line.split(separator: " ") {
      if !current.isEmpty,
        TextWidth.columns(of: current) + 1 + TextWidth.columns(of: String(word)) > mostColumns
      {
        result.append(current)
        current = "    \(word)"
      } else {
        current += current.isEmpty ? String(word) : " \(word)"
      }
    }
    return result + [current]
  }

  /// Lines in letters of one width, as on a terminal.
  private static func listing(_ lines: [String]) -> String {
    let rows = lines.map { line in
      let spelled = PlainCharacters.drawing(line)
      return "\\strut "
        + spelled.map { $0 == " " ? "~" : boxed($0) }.joined()
    }
    return "\\fitslide{\\ttfamily\\begin{tabular}{@{}l@{}}\n"
      + rows.joined(separator: "\\\\[-0.4ex]\n") + "\n\\end{tabular}}"
  }

  /// A character as wide as all others, so that columns stay below each other.
  private static func boxed(_ character: Character) -> String {
    let tex = TeXCharacters.character(character)
    if tex == String(character) || !tex.contains("$") { return tex }
    return "\\makebox[0.525em][c]{\(tex)}"
  }

  /// A derivation in frames, an overlay for each equation.
  private static func steps(
    of derivation: Derivation, _ number: @escaping (Double) -> String
  ) -> [String] {
    let rows = derivation.rows(number: number)
    var result: [String] = []
    var start = 0
    while start < rows.count {
      var end = start
      var height = 0
      while end < rows.count, height + rows[end].height <= mostEquations + 4 || end == start {
        height += rows[end].height
        end += 1
      }
      let shown = rows[start..<end].enumerated().map { place, row in
        "\\uncover<\(place + 1)->{\(row.tex)}"
      }
      result.append(
        "\\fitslide{\\begin{tabular}{@{}l@{}}\n" + shown.joined(separator: "\\\\[0.6ex]\n")
          + "\n\\end{tabular}}")
      start = end
    }
    return result
  }
}
