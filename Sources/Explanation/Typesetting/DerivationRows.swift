import Differentiation

extension Derivation {
  /// One line of a derivation for a slide, in TeX.
  package struct Row {
    package let tex: String
    /// How many lines of equations it takes.
    package let height: Int
  }

  /// Headings, notes, tables and equations one by one, each a row of a table in TeX.
  package func rows(number: @escaping (Double) -> String) -> [Row] {
    let writing = Writing(.tex, number: number)
    let prose = TeXText(symbols: symbols.map { ($0.text, writing.text($0)) })
    var rows = title.isEmpty ? [] : [Row(tex: prose.typeset(title), height: 1)]
    for part in parts {
      switch part {
      case .heading(let text):
        rows.append(Row(tex: "\\textbf{\(prose.typeset(text))}", height: 1))
      case .note(let text): rows.append(Row(tex: prose.typeset(text), height: 1))
      case .equation(let equation):
        let steps = Self.steps(of: equation, writing)
        rows.append(
          Row(
            tex: "$\\begin{aligned}\\displaystyle \(writing.text(equation.left)) &= "
              + steps.joined(separator: " \\\\ &= ") + "\\end{aligned}$",
            height: steps.reduce(0) { $0 + Self.lines(of: $1) }))
      case .table(let titles, let cells):
        rows.append(Row(tex: Self.table(titles, cells, writing, prose), height: cells.count + 1))
      }
    }
    return rows
  }

  /// The lines of a side of an equation: a matrix has as many as it has rows.
  private static func lines(of step: String) -> Int {
    let parts = step.split(separator: "\\", omittingEmptySubsequences: false)
    // Two backslashes without anything between them end a line.
    return 1 + zip(parts, parts.dropFirst()).dropFirst().count { $0.0.isEmpty }
  }

  /// The sides of an equation, those that rounding made equal written once, long sums in several
  /// lines.
  static func steps(of equation: Equation, _ writing: Writing) -> [String] {
    let steps = equation.steps.map(writing.text) + [writing.text(equation.value)]
    return steps.enumerated().filter { $0 == 0 || steps[$0 - 1] != $1 }.map { broken($0.element) }
  }

  /// More letters than these do not stand on one line of a slide.
  private static let mostLetters = 72

  /// A long sum with a line end before a plus or minus outside of all brackets.
  static func broken(_ tex: String) -> String {
    guard letters(of: tex) > mostLetters else { return tex }
    var result = ""
    var line = 0
    var depth = 0
    let words = tex.split(separator: " ", omittingEmptySubsequences: false)
    for (index, word) in words.enumerated() {
      if depth == 0, word == "+" || word == "-", index > 0, line > mostLetters / 2 {
        result += " \\\\\n &\\quad "
        line = 0
      } else if index > 0 {
        result += " "
      }
      result += word
      line += letters(of: String(word)) + 1
      var rest = word
      while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
        depth += rest[open] == "{" ? 1 : -1
        rest = rest[rest.index(after: open)...]
      }
      depth += count("\\left", in: word) - count("\\right", in: word)
    }
    return result
  }

  /// How often a command stands in a word.
  private static func count(_ command: String, in word: Substring) -> Int {
    word.split(separator: "\\", omittingEmptySubsequences: false).dropFirst()
      .count { $0.hasPrefix(command.dropFirst()) }
  }

  /// About how many letters a formula shows.
  private static func letters(of tex: String) -> Int {
    var count = 0
    var isCommand = false
    for character in tex {
      if character == "\\" {
        isCommand = true
        count += 1
      } else if isCommand, character.isLetter {
        continue
      } else {
        isCommand = false
        if !"{}_^ ".contains(character) { count += 1 }
      }
    }
    return count
  }

  static func table(
    _ titles: [String], _ rows: [[Cell]], _ writing: Writing, _ prose: TeXText
  ) -> String {
    let columns = String(repeating: "l", count: titles.count)
    let lines =
      [titles.map(prose.typeset).joined(separator: " & ")]
      + rows.map { row in
        row.map { cell in
          if case .text(let text) = cell { return prose.typeset(text) }
          return "$\(text(cell, writing))$"
        }.joined(separator: " & ")
      }
    return "\\begin{tabular}{\(columns)}\n" + lines.joined(separator: " \\\\\n")
      + "\n\\end{tabular}"
  }
}
