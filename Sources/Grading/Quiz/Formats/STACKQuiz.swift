import Rendering

extension QuizFormat {
  /// One question for all variants, judged by an answer tree for every part.
  static let stack = QuizFormat(
    name: "stack",
    summary: "Moodle XML for STACK 4.11: variants drawn by seeds, answer trees, question tests."
  ) { quiz in
    for note in quiz.followNotes { quiz.note(note) }
    var file = MoodleFile(quiz)
    let html = QuizHTML(quiz.symbols)
    for exercise in quiz.exercises {
      file.category([quiz.name, exercise.title.isEmpty ? "Exercise" : exercise.title])
      let question = STACKQuestion(exercise, quiz, html)
      for problem in question.problems { quiz.note(problem) }
      file.question(
        "stack", name: MoodleFile.name(exercise, nil, nil), text: question.text,
        points: exercise.points, penalty: "0.1",
        hints: exercise.variants[0].hints, files: question.files
      ) { question.write(&$0) }
    }
    return file.finished()
  }
}

/// A question of STACK: all numbers are computed beforehand, and chosen by the number of the variant.
struct STACKQuestion {
  private let exercise: Quiz.Exercise
  private let parts: [STACKPart]
  private let seeds: [UInt32]
  private var variables: [String]
  let text: String
  /// The pictures of all variants.
  private(set) var files: [QuizFile] = []
  /// What cannot be said in STACK.
  private(set) var problems: [String] = []

  init(_ exercise: Quiz.Exercise, _ quiz: Quiz, _ html: QuizHTML) {
    self.exercise = exercise
    let count = exercise.variants.count
    seeds = MaximaText.seeds(choosingEachOf: count)
    variables = [count > 1 ? "variantno: rand(\(count))+1;" : "variantno: 1;"]
    let names = exercise.variants[0].parts.map { $0.name }
    parts = names.indices.map { place in
      STACKPart(
        number: place + 1, exercise.variants.map { $0.parts[place] }, among: names, quiz, html)
    }
    // What later parts are computed from may be left empty without taking them along.
    let needed = Set(parts.flatMap { $0.earlier })
    for place in parts.indices { variables += parts[place].variables }
    var texts = STACKTexts(count)
    var text = ""
    for task in 0..<(exercise.variants.map { $0.tasks.count }.max() ?? 0) {
      let all = exercise.variants.map { $0.tasks.indices.contains(task) ? $0.tasks[task] : "" }
      text += "<p>\(texts.common(all.map { QuizText.lines($0).map(html.line) }))</p>"
    }
    for place in 0..<(exercise.variants.map { $0.pictures.count }.min() ?? 0) {
      let pictures = exercise.variants.map { $0.pictures[place] }
      // The number of the variant as it is, and not as a formula.
      let name = "picture\(place + 1)"
      text += QuizHTML.picture("\(name)-{#variantno#}.svg", pictures[0].title)
      files += pictures.enumerated().map { QuizHTML.file("\(name)-\($0 + 1).svg", $1) }
    }
    for (place, part) in exercise.variants[0].parts.enumerated() {
      let number = place + 1
      text += "<p>\(html.asked(part)) [[input:ans\(number)]] [[validation:ans\(number)]]</p>"
      text += "[[feedback:prt\(number)]]"
    }
    self.text = text
    variables += texts.variables
    optional = needed
    problems = parts.flatMap { $0.problems }
  }

  /// The numbers of the inputs that may be left empty.
  private let optional: Set<Int>

  func write(_ xml: inout QuizXML) {
    xml.text("stackversion", "2025042500")
    xml.text("questionvariables", variables.joined(separator: "\n"))
    xml.html("specificfeedback", "")
    xml.html("questionnote", "Variant {@variantno@}")
    xml.element("questionsimplify", "1")
    xml.element("assumepositive", "0")
    xml.element("assumereal", "0")
    xml.element("decimals", ".")
    xml.element("multiplicationsign", "dot")
    xml.element("sqrtsign", "1")
    xml.element("complexno", "i")
    xml.element("inversetrig", "cos-1")
    xml.element("logicsymbol", "lang")
    xml.element("matrixparens", "[")
    xml.element("variantsselectionseed", "")
    for part in parts { part.writeInput(&xml, mayBeEmpty: optional.contains(part.number)) }
    for part in parts { part.writeTree(&xml, optional) }
    if seeds.count > 1 {
      for seed in seeds { xml.element("deployedseed", "\(seed)") }
    }
    writeTests(&xml)
  }

  // MARK: Tests of the question

  /// The right answers, and each misconception on its own beside right answers to the other parts.
  private func writeTests(_ xml: inout QuizXML) {
    var number = 1
    write(test: number, "Right answers", wrong: nil, &xml)
    for part in parts {
      for node in part.testable {
        number += 1
        write(test: number, node.note, wrong: (part.number, node), &xml)
      }
    }
  }

  private func write(
    test number: Int, _ description: String, wrong: (part: Int, node: STACKPart.Node)?,
    _ xml: inout QuizXML
  ) {
    xml.begin("qtest")
    xml.element("testcase", "\(number)")
    xml.element("description", description)
    for part in parts {
      xml.begin("testinput")
      xml.element("name", "ans\(part.number)")
      let isWrong = wrong?.part == part.number
      xml.element("value", isWrong ? wrong?.node.teacher ?? "" : "ta\(part.number)")
      xml.end()
    }
    for part in parts {
      let node = wrong?.part == part.number ? wrong?.node : nil
      xml.begin("expected")
      xml.element("name", "prt\(part.number)")
      xml.element("expectedscore", node?.score ?? "1")
      xml.element("expectedpenalty", node == nil || node?.score == "1" ? "0" : "0.1")
      xml.element("expectedanswernote", node?.note ?? "right")
      xml.end()
    }
    xml.end()
  }
}

/// Texts that differ between variants, as variables of the question.
private struct STACKTexts {
  private let count: Int
  private(set) var variables: [String] = []

  init(_ count: Int) { self.count = count }

  /// The lines of one paragraph, of every variant; words that differ become variables.
  mutating func common(_ variants: [[String]]) -> String {
    let words = variants.map { lines in
      lines.joined(separator: " <br> ").split(separator: " ", omittingEmptySubsequences: false)
        .map(String.init)
    }
    guard let first = words.first else { return "" }
    // A word inside of a formula would be set as one.
    let isAligned = words.allSatisfy { other in
      other.count == first.count
        && zip(other, first).allSatisfy { $0 == $1 || !$0.contains("\\") && !$1.contains("\\") }
    }
    guard isAligned else { return variable(words.map { $0.joined(separator: " ") }) }
    return first.indices.map { place in
      let all = words.map { $0[place] }
      return all.allSatisfy { $0 == first[place] } ? first[place] : variable(all)
    }.joined(separator: " ")
  }

  private mutating func variable(_ texts: [String]) -> String {
    let name = "text\(variables.count + 1)"
    variables.append("\(name): \(MaximaText.list(texts.map(MaximaText.string)))[variantno];")
    return "{@\(name)@}"
  }
}
