import Differentiation

extension Derivation {
  /// The derivation as lines of text.
  /// - Parameters:
  ///   - number: how numbers are written.
  ///   - width: an equation that would be longer is broken at its equal signs.
  package func text(number: @escaping (Double) -> String, width: Int) -> String {
    let writing = Writing(.page, number: number)
    var lines = title.isEmpty ? [] : [title]
    var indent = ""
    var last: Part?
    for part in parts {
      switch part {
      case .heading(let heading):
        lines += ["", heading]
        indent = "  "
      case .note(let note):
        if case .definition? = last { lines.append("") }
        lines.append(indent + note)
      case .equation(let equation):
        lines += Self.lines(equation, writing, width: width - indent.count).map { indent + $0 }
      case .definition(let definition):
        if !lines.isEmpty { lines.append("") }
        lines += definition.lines(number: number).map { indent + $0 }
      case .table(let titles, let rows):
        lines += Self.lines(titles, rows, writing).map { indent + $0 }
      }
      last = part
    }
    return lines.joined(separator: "\n")
  }

  private static func lines(
    _ equation: Equation, _ writing: Writing, width: Int
  ) -> [String] {
    let left = writing.text(equation.left)
    var steps = equation.steps.map(writing.text)
    let value = writing.text(equation.value)
    if steps.last != value { steps.append(value) }
    // Rounding for display may make neighbours equal.
    steps = steps.enumerated().filter { $0 == 0 || steps[$0 - 1] != $1 }.map { $0.element }
    let line = ([left] + steps).joined(separator: " = ")
    if line.count <= width || steps.count < 2 { return [line] }
    let margin = String(repeating: " ", count: left.count)
    return steps.enumerated().flatMap { index, step in
      let start = index == 0 ? "\(left) = " : "\(margin) = "
      return wrapped(step, after: start, width: width, margin: margin + "   ")
    }
  }

  /// Breaks a long sum before a plus or minus, outside of brackets where that is possible.
  private static func wrapped(
    _ step: String, after start: String, width: Int, margin: String
  ) -> [String] {
    guard start.count + step.count > width else { return [start + step] }
    var depth = 0
    var words: [(text: String, depth: Int)] = []
    for word in step.split(separator: " ") {
      words.append((String(word), depth))
      for character in word {
        if character == "(" || character == "[" { depth += 1 }
        if character == ")" || character == "]" { depth -= 1 }
      }
    }
    let signs = words.dropFirst().filter { $0.text == "+" || $0.text == "-" }
    guard let outermost = signs.map({ $0.depth }).min() else {
      return rows(of: step).enumerated().map { index, row in
        index == 0 ? start + row : margin + " " + row
      }
    }
    var terms: [String] = []
    for (index, word) in words.enumerated() {
      let isBreak = index > 0 && word.depth == outermost && (word.text == "+" || word.text == "-")
      if index == 0 || isBreak {
        terms.append(word.text)
      } else {
        terms[terms.count - 1] += " " + word.text
      }
    }
    var lines: [String] = []
    var current = start + terms[0]
    for term in terms.dropFirst() {
      if current.count + 1 + term.count > width {
        lines.append(current)
        current = margin + term
      } else {
        current += " " + term
      }
    }
    return lines + [current]
  }

  /// A matrix row by row.
  private static func rows(of step: String) -> [String] {
    guard step.hasPrefix("[[") else { return [step] }
    var rows: [String] = []
    for character in step {
      if rows.isEmpty { rows.append("") }
      rows[rows.count - 1].append(character)
      if rows[rows.count - 1].hasSuffix("],") { rows.append("") }
    }
    return rows.map { $0.hasPrefix(" ") ? String($0.dropFirst()) : $0 }
  }

  private static func lines(
    _ titles: [String], _ rows: [[Cell]], _ writing: Writing
  ) -> [String] {
    let cells = [titles] + rows.map { $0.map { text($0, writing) } }
    var widths = Array(repeating: 0, count: cells.map { $0.count }.max() ?? 0)
    for row in cells {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    return cells.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell + String(repeating: " ", count: widths[column] - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  static func text(_ cell: Cell, _ writing: Writing) -> String {
    switch cell {
    case .symbol(let symbol): writing.text(symbol)
    case .number(let value): writing.number(value)
    case .text(let text): text
    }
  }
}
