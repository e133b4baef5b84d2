/// Writes formulas in TeX, for plain LaTeX with amsmath.
package enum TeXWriter {
  package static func text(_ layout: MathLayout) -> String {
    switch layout {
    case .number(let text): return text
    case .letter(let letter): return text(letter)
    case .word(let word): return "\\mathrm{\(word.map(text).joined())}"
    case .function(let name): return text(function: name)
    case .sign(let sign): return text(sign)
    case .mark(let mark): return text(mark)
    case .space: return "\\,"
    case .text(let text): return "\\text{\(Prose.escaped(text))}"
    case .row(let parts): return parts.reduce("") { joined($0, text($1)) }
    case .fraction(let a, let b): return "\\frac{\(text(a))}{\(text(b))}"
    case .scripts(let base, let below, let above):
      return raisable(base, below: below != nil, above: above != nil)
        + (below.map { "_{\(text($0))}" } ?? "") + (above.map { "^{\(text($0))}" } ?? "")
    case .root(let inner): return "\\sqrt{\(text(inner))}"
    case .bracketed(let inner): return "\\left(\(text(inner))\\right)"
    case .accented(let accent, let letter): return "\\\(accent.rawValue){\(text(letter))}"
    case .evaluated(let inner, let place): return "\\left.\(text(inner))\\right|_{\(text(place))}"
    case .matrix(let rows):
      let lines = rows.map { $0.map(text).joined(separator: " & ") }
      return "\\begin{pmatrix} \(lines.joined(separator: " \\\\ ")) \\end{pmatrix}"
    case .cases(let cases):
      let lines = cases.map { "\(text($0.value)) & \(text($0.condition))" }
      return "\\begin{cases} \(lines.joined(separator: " \\\\ ")) \\end{cases}"
    case .omitted: return "\\dots"
    case .written(let tex, _): return tex
    }
  }

  private static func text(_ sign: MathLayout.Sign) -> String {
    switch sign {
    case .plus: " + "
    case .minus: " - "
    case .negative: "-"
    case .dot: " \\cdot "
    case .beside: " \\, "
    case .comma: ", "
    case .equal: " = "
    case .notEqual: " \\ne "
    case .less: " < "
    case .atMost: " \\le "
    case .greater: " > "
    case .atLeast: " \\ge "
    }
  }

  private static func text(_ letter: Character) -> String {
    switch letter {
    case "∂": return "\\partial"
    case "ℓ": return "\\ell"
    case "′": return "\\prime"
    case "∇": return "\\nabla"
    case "×": return "\\times"
    case "−": return "-"
    case "∞": return "\\infty"
    case "√": return "\\surd"
    case "∑": return "\\sum"
    case "‖": return "\\|"
    case "½": return "\\tfrac12"
    case "#", "$", "%", "&", "_", "{", "}": return "\\\(letter)"
    case "\\": return "\\backslash"
    case "^": return "\\wedge"
    case "~": return "\\sim"
    default: return Symbol.greek[letter] ?? String(letter)
    }
  }

  private static func text(function name: String) -> String {
    let marks = name.reversed().prefix { $0 == "'" }.count
    let stem = String(name.dropLast(marks))
    let known = ["tanh", "exp", "log", "ln", "sin", "cos", "max", "min"].contains(stem)
    return (known ? "\\\(stem)" : "\\operatorname{\(stem.map(text).joined())}")
      + String(repeating: "'", count: marks)
  }

  /// A command ends where no letter follows it.
  private static func joined(_ before: String, _ next: String) -> String {
    guard let first = next.first, first.isLetter || first == "\\", !next.hasPrefix("\\left"),
      let command = before.lastIndex(of: "\\")
    else { return before + next }
    let name = before[before.index(after: command)...]
    let isOpen = !name.isEmpty && name.allSatisfy { $0.isLetter }
    return before + (isOpen ? " " : "") + next
  }

  /// In braces where TeX would not take one more script.
  private static func raisable(_ base: MathLayout, below: Bool, above: Bool) -> String {
    let tex = text(base)
    return above && tex.contains("^") || below && tex.contains("_") ? "{\(tex)}" : tex
  }
}

extension Symbol {
  /// As TeX writes it in a formula.
  package var tex: String { TeXWriter.text(layout) }
}
