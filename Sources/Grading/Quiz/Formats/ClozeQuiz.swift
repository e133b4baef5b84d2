import Differentiation

extension QuizFormat {
  /// Embedded answers: one question holds all parts of an exercise.
  static let cloze = QuizFormat(
    name: "cloze",
    summary: "Moodle XML with embedded answers: one question for every exercise and variant."
  ) { quiz in
    var file = MoodleFile(quiz)
    let html = QuizHTML(quiz.symbols)
    for exercise in quiz.exercises {
      file.category([quiz.name, exercise.title.isEmpty ? "Exercise" : exercise.title])
      let (weights, factor) = weights(exercise.variants[0].parts.map { $0.points })
      if factor != 1 {
        quiz.note(
          "Moodle takes whole points in embedded answers: those of “\(exercise.title)” are multiplied by \(QuizNumber.text(factor))."
        )
      }
      for variant in exercise.variants {
        var text = html.task(variant)
        for (part, weight) in zip(variant.parts, weights) {
          let answers = part.answers(&quiz, MoodleFractions.text)
          text += "<p>\(html.asked(part)) \(embedded(answers, weight, html))</p>"
        }
        file.question(
          "cloze", name: MoodleFile.name(exercise, nil, variant), text: text, points: nil,
          hints: variant.hints, files: html.files(variant))
      }
    }
    return file.finished()
  }

  /// `{1:NUMERICAL:=0.62:0.0005#…~%0%0.6:0.0005#…}`
  private static func embedded(_ answers: [QuizAnswer], _ weight: Int, _ html: QuizHTML) -> String {
    let alternatives = answers.enumerated().map { place, answer in
      let share = place == 0 ? "=" : "%\(answer.share)%"
      let feedback = answer.sentence.isEmpty ? "" : "#\(feedback(html.line(answer.sentence)))"
      return "\(share)\(answer.value):\(answer.tolerance)\(feedback)"
    }
    return "{\(weight):NUMERICAL:\(alternatives.joined(separator: "~"))}"
  }

  /// Moodle replaces the entities of a feedback once, and only then takes it as HTML.
  private static func feedback(_ html: String) -> String {
    var result = ""
    for scalar in html.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "{", "}", "~", "#", "\\", "%", "\"": result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whole numbers in the ratio of the points, and what the points were multiplied by.
  static func weights(_ points: [Double]) -> (weights: [Int], factor: Double) {
    for factor in [1.0, 2, 3, 4, 5, 6, 8, 10, 12, 20, 60, 100] {
      let scaled = points.map { $0 * factor }
      if scaled.allSatisfy({ abs($0 - $0.rounded()) < 1e-9 && $0 < 1e6 }) {
        return (scaled.compactMap { Int(exactly: $0.rounded()) }, factor)
      }
    }
    return (points.map { Int(clamped: min(($0 * 1000).rounded(), 1e6)) }, 1000)
  }
}
