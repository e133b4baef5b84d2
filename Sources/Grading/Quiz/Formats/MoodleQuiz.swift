import Rendering

extension QuizFormat {
  /// Numerical questions, each with one number.
  static let moodle = QuizFormat(
    name: "moodle",
    summary: "Moodle XML: a numerical question for every answer and variant, by category."
  ) { quiz in
    var file = MoodleFile(quiz)
    let html = QuizHTML(quiz.symbols)
    for exercise in quiz.exercises {
      let parts = exercise.variants[0].parts.map { $0.name }
      for (place, name) in parts.enumerated() {
        // A test draws one variant of each part, so that every part is a category.
        let names = [quiz.name, exercise.title.isEmpty ? "Exercise" : exercise.title]
        file.category(parts.count > 1 ? names + [name] : names)
        for variant in exercise.variants {
          let part = variant.parts[place]
          let text =
            html.task(variant)
            + "<p>\(html.asked(part))</p>"
          let answers = part.answers(&quiz, MoodleFractions.text)
          file.question(
            "numerical",
            name: MoodleFile.name(exercise, parts.count > 1 ? name : nil, variant),
            text: text, points: part.points, hints: variant.hints,
            files: html.files(variant)
          ) { xml in
            for answer in answers { numerical(answer, html, &xml) }
            // No units are asked for.
            xml.element("unitgradingtype", "0")
            xml.element("unitpenalty", "0.1")
            xml.element("showunits", "3")
            xml.element("unitsleft", "0")
          }
        }
      }
    }
    return file.finished()
  }

  private static func numerical(_ answer: QuizAnswer, _ html: QuizHTML, _ xml: inout QuizXML) {
    xml.begin("answer", [("fraction", answer.share), ("format", "moodle_auto_format")])
    xml.element("text", answer.value)
    xml.html("feedback", answer.sentence.isEmpty ? "" : html.line(answer.sentence))
    xml.element("tolerance", answer.tolerance)
    xml.end()
  }
}

extension QuizHTML {
  /// The tasks and pictures of a variant.
  func task(_ variant: Quiz.Variant) -> String {
    variant.tasks.map { paragraph($0) }.joined()
      + variant.pictures.indices.map { place in
        Self.picture(Self.fileName(place), variant.pictures[place].title)
      }.joined()
  }

  /// The pictures of a variant, as `task` names them.
  func files(_ variant: Quiz.Variant) -> [QuizFile] {
    variant.pictures.enumerated().map { Self.file(Self.fileName($0), $1) }
  }

  private static func fileName(_ place: Int) -> String { "picture\(place + 1).svg" }

  static func file(_ name: String, _ picture: Picture) -> QuizFile {
    QuizFile(name: name, base64: SVG.base64(Array(SVG.text(picture).utf8)))
  }

  /// Moodle keeps the files of a question beside it.
  static func picture(_ name: String, _ title: String) -> String {
    "<p><img src=\"@@PLUGINFILE@@/\(name)\" alt=\"\(escaped(title))\"></p>"
  }

  /// The line that names what is asked for: `The output y, to 3 digits:`.
  func asked(_ part: Quiz.Part) -> String {
    let words = QuizText.lines(part.description).joined(separator: " ")
    let digits = part.digits == 1 ? "1 digit" : "\(part.digits) digits"
    let what = words.isEmpty ? symbol(part.name) : "\(symbol(part.name)), \(line(words))"
    return "\(what) (to \(digits)):"
  }
}
