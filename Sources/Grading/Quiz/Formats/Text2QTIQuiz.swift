extension QuizFormat {
  /// For Canvas, through the program text2qti.
  static let text2qti = QuizFormat(
    name: "text2qti",
    summary: "Plain text for text2qti 0.8, which makes a quiz for Canvas: a group for every answer."
  ) { quiz in
    let text = QuizMarkdown(quiz.symbols)
    var lines = ["Quiz title: \(text.title(quiz.name))"]
    var number = 0
    var seen: Set<String> = []
    let (weights, factor) = weights(
      quiz.exercises.flatMap { $0.variants[0].parts.map { $0.points } })
    if factor != 1 {
      quiz.note(
        "Canvas takes whole points here: all are multiplied by \(QuizNumber.text(factor)).")
    }
    var points = weights.map { max($0, 1) }
    for exercise in quiz.exercises {
      for place in exercise.variants[0].parts.indices {
        let questions = exercise.variants.compactMap { variant -> [String]? in
          let part = variant.parts[place]
          guard let range = CanvasRange(part) else {
            quiz.note(
              "Canvas has four decimals: \(part.name) of “\(exercise.title)” is too small for it in variant \(variant.id)."
            )
            return nil
          }
          if let caught = part.wrong.first(where: { range.contains($0.value) }) {
            quiz.note(
              "Canvas has four decimals: it takes \(QuizNumber.text(caught.value)) for \(part.name) in variant \(variant.id)."
            )
          }
          number += 1
          var paragraphs = variant.tasks.map { text.lines($0) } + [[text.asked(part)]]
          paragraphs.removeAll { $0.isEmpty }
          // Two questions with one text are refused.
          if !seen.insert(paragraphs.joined().joined(separator: " ")).inserted {
            paragraphs.append(["\(number)"])
          }
          return question(paragraphs, variant, part, range, exercise.title, number, text)
        }
        let worth = points.removeFirst()
        guard !questions.isEmpty else { continue }
        lines.append("")
        if questions.count > 1 {
          lines += ["GROUP", "pick: 1", "points per question: \(worth)", ""]
          lines += questions.flatMap { $0 + [""] } + ["END_GROUP"]
        } else {
          lines += [questions[0][0], "Points: \(worth)"] + questions[0].dropFirst()
        }
      }
    }
    if quiz.exercises.contains(where: { !$0.variants[0].pictures.isEmpty }) {
      quiz.note("text2qti takes pictures from files: they are left out.")
    }
    quiz.note("Canvas has one text for all wrong numbers: it lists what they come from.")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func question(
    _ paragraphs: [[String]], _ variant: Quiz.Variant, _ part: Quiz.Part, _ range: CanvasRange,
    _ title: String, _ number: Int, _ text: QuizMarkdown
  ) -> [String] {
    let start = "\(number). "
    let indent = String(repeating: " ", count: start.count)
    var lines = ["Title: \(text.title(title.isEmpty ? "Question" : title))"]
    for (place, paragraph) in paragraphs.enumerated() {
      if place > 0 { lines.append("") }
      lines += paragraph.enumerated().map { (place + $0 == 0 ? start : indent) + $1 }
    }
    var wrong = part.wrong.map {
      let value = QuizNumber.rounded($0.value, digits: part.digits)
      return "\(QuizNumber.text(value)): \($0.sentence)"
    }
    wrong.insert(contentsOf: variant.hints, at: 0)
    for (place, sentence) in wrong.enumerated() {
      let line = text.lines(sentence).joined(separator: " ")
      if place > 0 { lines.append("") }
      lines.append((place == 0 ? "-   " : "    ") + line)
    }
    return lines + ["=   \(range.text)"]
  }
}

/// The numbers that Canvas takes: text2qti writes their bounds with four decimals.
private struct CanvasRange {
  let low: Double
  let high: Double
  let text: String

  /// Nil for numbers that Canvas takes for 0.
  init?(_ part: Quiz.Part) {
    let (low, high) = (part.right - part.tolerance, part.right + part.tolerance)
    // Outwards, so that the right number is taken however it is rounded.
    let bounds = (Self.decimals(low, .down), Self.decimals(high, .up))
    guard abs(bounds.0) >= 1e-4, abs(bounds.1) >= 1e-4, part.right.magnitude < 1e9 else {
      return nil
    }
    (self.low, self.high) = bounds
    let isFine = part.tolerance >= 2e-4
    text =
      isFine
      ? "\(Self.plain(part.right)) +- \(Self.plain(part.tolerance * (1 + 1e-6)))"
      : "[\(Self.plain(bounds.0)), \(Self.plain(bounds.1))]"
  }

  func contains(_ number: Double) -> Bool { low...high ~= number }

  private static func decimals(_ number: Double, _ rule: FloatingPointRoundingRule) -> Double {
    // What is four decimals already stays.
    let scaled = number * 1e4
    let whole = scaled.rounded()
    return (abs(scaled - whole) < 1e-6 ? whole : scaled.rounded(rule)) / 1e4
  }

  private static func plain(_ number: Double) -> String { QuizNumber.text(number) }
}

/// Markdown in which no character of a key means anything.
private struct QuizMarkdown {
  private let text: QuizText

  init(_ symbols: Set<String>) { text = QuizText(symbols) }

  func lines(_ text: String) -> [String] {
    QuizText.lines(text).map { line($0) }.filter { !$0.isEmpty }
  }

  func line(_ line: String) -> String {
    // White space at the ends means something to Markdown.
    var words = ""
    for piece in text.pieces(line) {
      switch piece {
      case .words(let text): words += Self.escaped(text)
      case .formula(let tex):
        // Two dollar signs would be something else.
        words += (words.hasSuffix("$") ? "&#8288;" : "") + "$\(tex)$"
      }
    }
    return words.split(separator: " ").joined(separator: " ")
  }

  func title(_ title: String) -> String {
    let line = QuizText.lines(title).joined(separator: " ")
    let words = Self.plain(line).split(separator: " ").joined(separator: " ")
    return words.isEmpty ? "Quiz" : words
  }

  func asked(_ part: Quiz.Part) -> String {
    let words = lines(part.description).joined(separator: " ")
    let digits = part.digits == 1 ? "1 digit" : "\(part.digits) digits"
    let name = "$\(QuizText.tex(ofPart: part.name))$"
    return (words.isEmpty ? name : "\(name), \(words)") + " (to \(digits)):"
  }

  private static func plain(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isForbidden =
        scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || 0xFFFE...0xFFFF ~= scalar.value
      result.unicodeScalars.append(isForbidden ? "\u{FFFD}" : scalar)
    }
    return result
  }

  /// Every mark as the character that it is.
  private static func escaped(_ text: String) -> String {
    let scalars = Array(plain(text).unicodeScalars)
    var result = ""
    for (place, scalar) in scalars.enumerated() {
      switch scalar {
      case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "<", ">", "#", "!", "$", "&", "|",
        "~",
        "^", "\"", "'", "%", "=", "@", ":":
        result += "&#\(scalar.value);"
      // Between or before letters and digits they mean nothing.
      case "-", "+", ".":
        let next = place + 1 < scalars.count ? scalars[place + 1] : " "
        result += isWord(next) ? "\(scalar)" : "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
  }
}
