/// Shares of the points that Moodle knows: the import refuses all others.
enum MoodleFractions {
  /// In percent, as an import compares them.
  static let all = [
    0, 5, 10, 11.11111, 12.5, 14.28571, 16.66667, 20, 25, 30, 33.33333, 40, 50, 60, 66.66667, 70,
    75, 80, 83.33333, 90, 100,
  ]

  /// The one that is closest to a share of 1.
  static func nearest(_ share: Double) -> Double {
    all.min { abs($0 - 100 * share) < abs($1 - 100 * share) } ?? 0
  }

  /// As the file says it, and a note where it is not the share itself.
  static func text(_ share: Double, _ quiz: inout Quiz) -> String {
    let percent = nearest(share)
    if abs(percent - 100 * share) > 0.01 {
      quiz.note(
        "Moodle knows no share of \(QuizNumber.text(share)); \(QuizNumber.text(percent)) % stands in its place."
      )
    }
    return QuizNumber.text(percent)
  }
}

/// What the files for Moodle have in common.
struct MoodleFile {
  private(set) var xml = QuizXML()
  private let html: QuizHTML

  init(_ quiz: Quiz) {
    html = QuizHTML(quiz.symbols)
    xml.begin("quiz")
  }

  mutating func finished() -> String {
    xml.end()
    return xml.text
  }

  /// Questions that follow are in that category; a slash in a name is written twice.
  mutating func category(_ names: [String]) {
    let path = names.map { name in
      let line = QuizText.lines(name).joined(separator: " ")
      return line.map { $0 == "/" ? "//" : String($0) }.joined()
    }
    xml.begin("question", [("type", "category")])
    xml.text("category", (["$course$", "top"] + path).joined(separator: "/"))
    xml.end()
  }

  /// - Parameters:
  ///   - files: the pictures of the text.
  ///   - content: what the kind of question adds.
  mutating func question(
    _ type: String, name: String, text: String, points: Double?, penalty: String = "0.3333333",
    hints: [String], files: [QuizFile],
    _ content: (inout QuizXML) -> Void = { _ in }
  ) {
    xml.begin("question", [("type", type)])
    xml.text("name", name)
    xml.html("questiontext", text, files: files)
    xml.html("generalfeedback", "")
    if let points { xml.element("defaultgrade", QuizNumber.text(points)) }
    xml.element("penalty", penalty)
    xml.element("hidden", "0")
    content(&xml)
    for hint in hints { xml.html("hint", html.paragraph(hint)) }
    xml.end()
  }

  /// What a list of questions shows.
  /// - Parameter variant: nil for a question that holds all variants.
  static func name(
    _ exercise: Quiz.Exercise, _ part: String?, _ variant: Quiz.Variant?
  ) -> String {
    let title = QuizText.lines(exercise.title).joined(separator: " ")
    let words = [String(title.prefix(150)), part.map { String($0.prefix(60)) } ?? ""]
    let name = words.filter { !$0.isEmpty }.joined(separator: ": ")
    let number = exercise.variants.count > 1 ? variant.map { "(\($0.id))" } ?? "" : ""
    return [name.isEmpty ? "Question" : name, number].filter { !$0.isEmpty }
      .joined(separator: " ")
  }
}

extension Quiz.Part {
  /// Every number that is known, in the order that they are looked for: the right one first.
  func answers(_ quiz: inout Quiz, _ share: (Double, inout Quiz) -> String) -> [QuizAnswer] {
    var result = [
      QuizAnswer(
        value: QuizNumber.text(right), tolerance: QuizNumber.toleranceText(tolerance),
        share: share(1, &quiz), sentence: "")
    ]
    for rounded in rounded {
      let digits = rounded.digits == 1 ? "1 digit" : "\(rounded.digits) digits"
      result.append(
        QuizAnswer(
          value: QuizNumber.text(rounded.value),
          tolerance: QuizNumber.text(
            max(abs(rounded.value) * QuizNumber.sameShare, QuizNumber.zero)),
          share: share(quiz.roundingShare, &quiz),
          sentence: "Right to \(digits), and \(self.digits) are asked for."))
    }
    for wrong in wrong {
      result.append(
        QuizAnswer(
          value: QuizNumber.text(wrong.value),
          tolerance: QuizNumber.toleranceText(wrong.tolerance),
          share: share(quiz.misconceptionShare, &quiz), sentence: wrong.sentence))
    }
    return result
  }
}

/// A number that a platform compares with what a student entered.
struct QuizAnswer {
  let value: String
  let tolerance: String
  let share: String
  /// What the student is told; empty where nothing is to be said.
  let sentence: String
}
