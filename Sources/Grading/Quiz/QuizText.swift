import Explanation

/// Texts of a key in which names of quantities are set as formulas.
struct QuizText {
  enum Piece {
    case words(String)
    /// In TeX.
    case formula(String)
  }

  private let prose: Prose

  init(_ symbols: Set<String>) {
    prose = Prose(symbols: Set(symbols.map { Symbol(name: $0) }))
  }

  /// One line, cut into words and formulas: those between dollar signs, and names of quantities.
  func pieces(_ line: String) -> [Piece] {
    PlainTask.parts(line).flatMap { part -> [Piece] in
      switch part {
      case .words(let words): pieces(ofWords: words)
      case .formula(let tex): Self.isFormula(tex) ? [.formula(tex)] : pieces(ofWords: "$\(tex)$")
      }
    }
  }

  /// Whether every platform takes it for one; prices between dollar signs are none.
  private static func isFormula(_ tex: String) -> Bool {
    guard let last = tex.last, last != " ", last != "\\", !tex.contains("`") else { return false }
    return !zip(tex, tex.dropFirst()).contains { $0 == "]" && $1 == "(" }
  }

  private func pieces(ofWords line: String) -> [Piece] {
    prose.spans(line).map { span in
      switch span {
      case .text(let words): return .words(words)
      case .formula(let layout, let words):
        // Letters that TeX writes as formulas of their own are words.
        let tex = TeXWriter.text(layout)
        return tex.contains("$") || !Self.isFormula(tex) ? .words(words) : .formula(tex)
      }
    }
  }

  /// A name in TeX, that of an element with its index: `{a}_{1,2}` of `a[1,2]`.
  static func tex(ofPart name: String) -> String {
    guard name.hasSuffix("]"), let open = name.firstIndex(of: "[") else {
      return Symbol(name: name).tex
    }
    let index = name[name.index(after: open)...].dropLast()
    return "{\(Symbol(name: String(name[..<open])).tex)}_{\(index)}"
  }

  /// The lines of a text, without those that are empty.
  static func lines(_ text: String) -> [String] {
    text.split(whereSeparator: { $0.isNewline }).map(String.init)
  }
}

/// HTML in which no character of a key means anything.
struct QuizHTML {
  private let text: QuizText

  init(_ symbols: Set<String>) { text = QuizText(symbols) }

  /// Everything that HTML, a formula filter, Cloze or CASText would take for a mark.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'", "{", "}", "[", "]", "~", "#", "%", "@":
        result += "&#\(scalar.value);"
      // An invisible joiner keeps \( and $$ from beginning a formula.
      case "\\", "$": result += "&#\(scalar.value);&#8288;"
      case "\t", "\n", "\r": result += " "
      default:
        // XML has no control characters, and no way to write them.
        let isForbidden = scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
        let isNoCharacter = scalar.value == 0xFFFE || scalar.value == 0xFFFF
        result.unicodeScalars.append(isForbidden || isNoCharacter ? "\u{FFFD}" : scalar)
      }
    }
    return result
  }

  /// One line of HTML with formulas between `\(` and `\)`.
  func line(_ line: String) -> String {
    text.pieces(line).map { piece in
      switch piece {
      case .words(let words): Self.escaped(words)
      case .formula(let tex): Self.formula(tex)
      }
    }.joined()
  }

  /// The name of an answer, or of an element of one.
  func symbol(_ name: String) -> String { Self.formula(QuizText.tex(ofPart: name)) }

  private static func formula(_ tex: String) -> String {
    var result = "\\("
    for scalar in tex.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      // Marks of Cloze and CASText that a brace or bracket before would begin.
      case "@", "#", ":", "~", "[": result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\\)"
  }

  /// A paragraph, whose lines are kept.
  func paragraph(_ text: String) -> String {
    "<p>\(QuizText.lines(text).map { line($0) }.joined(separator: "<br>"))</p>"
  }
}
