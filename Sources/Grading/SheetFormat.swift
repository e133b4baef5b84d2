import Explanation
import Language
import Rendering
import Syntax

/// A format of sheets, by the name that `--as` gives.
package struct SheetFormat: Sendable {
  package let name: String
  package let summary: String
  package let write: @Sendable (Sheet) -> String

  package static let all: [SheetFormat] = [bp, markdown, tex]

  package static func named(_ name: String) -> SheetFormat? { all.first { $0.name == name } }

  /// A script to fill in and hand in.
  static let bp = SheetFormat(name: "bp", summary: "a script to fill in and hand in") { sheet in
    var lines = ["# \(oneLine(sheet.title))"]
    if !sheet.id.isEmpty { lines.append("# student: \(oneLine(sheet.id))") }
    lines += ["#", "# Replace each ___ by a number or a formula, then: bp check FILE", ""]
    for given in sheet.given { lines.append("\(given.name) = \(given.literal)") }
    lines += sheet.statements
    if !sheet.given.isEmpty || !sheet.statements.isEmpty { lines.append("") }
    for exercise in sheet.exercises {
      for task in exercise.tasks {
        lines += wrapped(PlainTask.text(task), to: 96).map { "# \($0)" }
      }
      let width = exercise.answers.map { TextWidth.columns(of: $0.name) }.max() ?? 0
      for answer in exercise.answers {
        let words = oneLine(SheetText.words(for: answer))
        let padding = String(repeating: " ", count: width - TextWidth.columns(of: answer.name))
        lines.append("\(answer.name) = ___" + (words.isEmpty ? "" : "\(padding)    # \(words)"))
      }
      lines += ["", "exercise \(StringLiteral.written(exercise.title)) {"]
      for answer in exercise.answers {
        var line = "  answer \(answer.name)"
        if let description = answer.description { line += " \(StringLiteral.written(description))" }
        if let digits = answer.digits { line += " digits=\(digits)" }
        lines.append(line)
      }
      lines += exercise.hints.map { "  hint \(StringLiteral.written($0))" }
      lines += exercise.statements.map { "  \($0)" }
      if !exercise.tests.isEmpty {
        let functions = oneLine(exercise.tests.joined(separator: " and "))
        lines += [
          "  tests {", "    # Write checks of \(functions) here: check … ≈ …", "  }",
        ]
      }
      lines += ["}", ""]
    }
    if lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Text with formulas between dollar signs, pictures inlined.
  static let markdown = SheetFormat(name: "md", summary: "Markdown, its formulas in TeX") { sheet in
    var lines = ["# \(MarkdownText.escaped(sheet.title))", ""]
    if !sheet.id.isEmpty { lines += ["Student: \(MarkdownText.escaped(sheet.id))", ""] }
    for exercise in sheet.exercises {
      lines += [
        "## \(MarkdownText.escaped(exercise.title)) (\(SheetText.points(exercise.points)))", "",
      ]
      for task in exercise.tasks {
        lines += [PlainTask.parts(task).map { $0.text(MarkdownText.escaped) }.joined(), ""]
      }
      for picture in exercise.pictures {
        let file = SVG.base64(Array(SVG.text(picture).utf8))
        lines += ["![](data:image/svg+xml;base64,\(file))", ""]
      }
      for answer in exercise.answers {
        let words = MarkdownText.escaped(SheetText.words(for: answer))
        lines.append(
          "- $\(Symbol(name: answer.name).tex) =$ \\_\\_\\_\\_\\_\\_\\_\\_"
            + (words.isEmpty ? "" : "  (\(words))"))
      }
      for function in exercise.tests {
        lines += [
          "- checks of \(MarkdownText.escaped(function)): \\_\\_\\_\\_\\_\\_\\_\\_"
        ]
      }
      lines.append("")
    }
    return lines.dropLast().joined(separator: "\n") + "\n"
  }

  /// A document for pdflatex.
  static let tex = SheetFormat(name: "tex", summary: "a document for pdflatex") { sheet in
    var lines = [
      "\\documentclass[11pt,a4paper]{article}", "\\usepackage[T1]{fontenc}",
      "\\usepackage{lmodern}", "\\usepackage{amsmath}", "\\usepackage{tikz}",
      "\\usepackage[margin=25mm]{geometry}", "\\setlength{\\parindent}{0pt}",
      "\\setlength{\\parskip}{6pt}", "\\begin{document}",
      "{\\Large\\bfseries \(TeXCharacters.text(sheet.title))\\par}",
    ]
    if !sheet.id.isEmpty { lines.append("Student: \(TeXCharacters.text(sheet.id))\n") }
    for exercise in sheet.exercises {
      lines.append(
        "\\section*{\(TeXCharacters.text(exercise.title)) "
          + "\\hfill \\normalsize\\normalfont \(SheetText.points(exercise.points))}")
      for task in exercise.tasks {
        lines += [PlainTask.parts(task).map { $0.text(TeXCharacters.text) }.joined(), ""]
      }
      for picture in exercise.pictures {
        lines += [
          "\\begin{center}\\resizebox{0.6\\linewidth}{!}{%", TikZ.text(picture), "}\\end{center}",
        ]
      }
      for answer in exercise.answers {
        let words = TeXCharacters.text(SheetText.words(for: answer))
        lines.append(
          "$\(Symbol(name: answer.name).tex) =$ \\underline{\\hspace{40mm}}"
            + (words.isEmpty ? "" : " \\quad (\(words))") + "\n")
      }
      for function in exercise.tests {
        lines.append(
          "Checks of \(TeXCharacters.text(function)): \\underline{\\hspace{100mm}}\n")
      }
    }
    lines.append("\\end{document}")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func oneLine(_ text: String) -> String {
    TextWidth.printable(
      String(text.map { $0.isNewline ? " " : $0 }))
  }

  private static func wrapped(_ text: String, to width: Int) -> [String] {
    text.split(whereSeparator: { $0.isNewline }).flatMap { paragraph in
      var lines: [String] = []
      for word in paragraph.split(separator: " ") {
        if let last = lines.last,
          TextWidth.columns(of: last) + 1 + TextWidth.columns(of: String(word)) <= width
        {
          lines[lines.count - 1] = "\(last) \(TextWidth.printable(String(word)))"
        } else {
          lines.append(TextWidth.printable(String(word)))
        }
      }
      return lines
    }
  }
}

/// The text of a task, in which formulas stand between dollar signs as in TeX.
enum PlainTask {
  enum Part {
    case words(String)
    case formula(String)

    /// With its formula between dollar signs.
    func text(_ escaped: (String) -> String) -> String {
      switch self {
      case .words(let words): escaped(words)
      case .formula(let tex): "$\(tex)$"
      }
    }
  }

  /// A dollar sign without a partner, or before a blank, is one.
  static func parts(_ text: String) -> [Part] {
    var parts: [Part] = []
    var words = ""
    var rest = Substring(text)
    while let character = rest.popFirst() {
      guard character == "$", let first = rest.first, first != " ", first != "$",
        let end = rest.firstIndex(of: "$"), !rest[..<end].contains(where: { $0.isNewline })
      else {
        words.append(character)
        continue
      }
      if !words.isEmpty { parts.append(.words(words)) }
      words = ""
      parts.append(.formula(String(rest[..<end])))
      rest = rest[rest.index(after: end)...]
    }
    return words.isEmpty ? parts : parts + [.words(words)]
  }

  /// With formulas as characters, where nothing sets them.
  static func text(_ text: String) -> String {
    parts(text).map { part in
      switch part {
      case .words(let words): words
      case .formula(let tex): Symbol(tex: tex).text
      }
    }.joined()
  }
}

enum MarkdownText {
  /// Running text whose special characters stand for themselves.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if character.isNewline {
        result += "\n"
      } else if "\\`*_{}[]<>#|$~".contains(character) {
        result += "\\\(character)"
      } else {
        result += TextWidth.printable(String(character))
      }
    }
    return result
  }
}
