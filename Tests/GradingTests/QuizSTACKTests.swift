import Differentiation
import Foundation
import Language
import Testing

@testable import Grading

/// The engine of STACK judges exported questions as the grader does. `BP_STACK` names its folder.
@Suite struct QuizSTACKTests {
  private static let engine = ProcessInfo.processInfo.environment["BP_STACK"]

  /// What is handed in for one variant of a question.
  private struct Case {
    let question: Int
    let id: String
    let seed: UInt32
    /// As it is typed, in the order of the parts.
    let typed: [String]
  }

  @Test(.enabled(if: engine != nil, "BP_STACK names no folder of STACK"))
  func theEngineJudgesAsTheGraderDoes() throws {
    guard let engine = Self.engine else { return }
    let folder = try QuizReaderTests.folder("stack")
    defer { try? FileManager.default.removeItem(at: folder) }
    var count = 0
    for key in QuizKeys.all {
      let grader = try grader(key)
      var quiz = try grader.quiz(variants: 3)
      let file = folder.appendingPathComponent("quiz.xml")
      try Data(QuizFormat.stack.write(&quiz).utf8).write(to: file)
      let cases = quiz.exercises.enumerated().flatMap { Self.cases($0, $1) }
      var job: [[String: Any]] = cases.map { one in
        let answers = one.typed.enumerated().map { ("ans\($0 + 1)", $1) }
        return [
          "question": one.question, "seed": Int(one.seed),
          "answers": Dictionary(uniqueKeysWithValues: answers),
        ]
      }
      job.append(["question": 0, "seed": Int(cases[0].seed), "tests": true])
      let results = try Self.judged(job, file, engine, folder)
      try #require(results.count == job.count)
      for (one, result) in zip(cases, results) {
        try Self.compare(one, result, quiz.exercises[one.question], grader)
        count += 1
      }
      let tests = try #require(results.last)
      #expect(tests["failed"] as? [String] == [])
      #expect((tests["passed"] as? Int ?? 0) > 5)
    }
    print("stack: \(count) submissions judged as bp does")
  }

  @Test(.enabled(if: engine != nil, "BP_STACK names no folder of STACK"))
  func theEngineReadsHostileTexts() throws {
    guard let engine = Self.engine else { return }
    let folder = try QuizReaderTests.folder("stack-texts")
    defer { try? FileManager.default.removeItem(at: folder) }
    var random = HostileQuiz(seed: 8)
    var quiz = random.quiz(10)
    let file = folder.appendingPathComponent("quiz.xml")
    try Data(QuizFormat.stack.write(&quiz).utf8).write(to: file)
    let job: [[String: Any]] = quiz.exercises.indices.map { place in
      let parts = quiz.exercises[place].variants[0].parts
      let answers = ["ans1": Self.text(parts[0].right, 3), "ans2": "1234.5"]
      return ["question": place, "seed": 1, "answers": answers]
    }
    let results = try Self.judged(job, file, engine, folder)
    try #require(results.count == job.count)
    for result in results {
      #expect(result["error"] == nil, "\(result["error"] ?? "")")
      let trees = try #require(result["trees"] as? [String: [String: Any]])
      #expect(trees["prt1"]?["notes"] as? [String] == ["right"])
      #expect((trees["prt2"]?["notes"] as? [String])?.last == "unknown")
    }
  }

  /// Right answers; each misconception once; wrong answers that later ones follow from.
  private static func cases(_ question: Int, _ exercise: Quiz.Exercise) -> [Case] {
    let seeds = MaximaText.seeds(choosingEachOf: exercise.variants.count)
    var cases: [Case] = []
    for (variant, seed) in zip(exercise.variants, seeds) {
      let right = variant.parts.map { text($0.right, $0.digits) }
      func add(_ typed: [String]) {
        cases.append(Case(question: question, id: variant.id, seed: seed, typed: typed))
      }
      add(right)
      add(variant.parts.map { text($0.right, $0.digits + 3) })
      add(right.indices.map { "\(77 + 31 * $0).25" })
      for (place, part) in variant.parts.enumerated() {
        // Of each variant others, so that all are seen and the engine is not asked a hundred times.
        let chosen = part.wrong.enumerated().filter { index, _ in
          index % exercise.variants.count == cases.count % exercise.variants.count
        }
        for (_, wrong) in chosen.prefix(2) {
          var typed = right
          typed[place] = text(wrong.value, part.digits + 2)
          add(typed)
        }
      }
    }
    // What follows from a wrong first answer, by the textbook.
    if exercise.title == "Forward pass" {
      for (variant, seed) in zip(exercise.variants, seeds) {
        for z in [-0.5, 0.25, 3.75] {
          cases.append(
            Case(
              question: question, id: variant.id, seed: seed,
              typed: [text(z, 4), text(1 / (1 + exp(-z)), 4)]))
        }
      }
    }
    return cases
  }

  /// So many significant digits, those that are 0 included.
  private static func text(_ number: Double, _ digits: Int) -> String {
    let rounded = QuizNumber.rounded(number, digits: digits)
    let unit = 2 * QuizNumber.halfUnit(rounded, digits: digits)
    return String(format: "%.*f", max(0, Int((-log10(unit)).rounded())), rounded)
  }

  private static func judged(
    _ cases: [[String: Any]], _ file: URL, _ engine: String, _ folder: URL
  ) throws -> [[String: Any]] {
    let runner = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("stack.php").path
    let job = try JSONSerialization.data(withJSONObject: ["xml": file.path, "cases": cases])
    let run = try #require(
      QuizReaderTests.run(
        "php", [runner, engine, folder.appendingPathComponent("work").path], input: job))
    #expect(run.status == 0)
    let results = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    return try #require(results as? [[String: Any]])
  }

  private static func compare(
    _ one: Case, _ result: [String: Any], _ exercise: Quiz.Exercise, _ grader: Grader
  ) throws {
    #expect(result["error"] == nil, "\(result["error"] ?? "")")
    let trees = try #require(result["trees"] as? [String: [String: Any]])
    let parts = try #require(exercise.variants.first { $0.id == one.id }?.parts)
    let grades = try grader.grade(submission(one, parts)).parts
    for answer in Set(parts.map { $0.answer }) {
      let own = parts.indices.filter { parts[$0].answer == answer }
      let grade = try #require(grades.first { $0.part.name == answer })
      let found = try own.map { try #require(trees["prt\($0 + 1)"]) }
      let score = found.reduce(0.0) { $0 + (($1["score"] as? Double) ?? -1) }
      let notes = found.compactMap { ($0["notes"] as? [String])?.last }
      let feedback = found.compactMap { $0["feedback"] as? String }.joined(separator: " ")
      let what = "\(answer) of \(one.typed): \(grade.verdict) \(grade.reasons), \(notes)"
      // The grader gives the points of a vector as a whole, the quiz those of each element.
      if own.count == 1 {
        #expect(score == grade.points / max(grade.part.points, 1e-9), "\(what)")
        if grade.verdict == .follows { #expect(notes == ["follows"], "\(what)") }
        for misconception in grade.misconceptions where grade.misconceptions.count == 1 {
          #expect(notes.contains { $0.hasPrefix(misconception) }, "\(what)")
        }
        if !grade.misconceptions.isEmpty {
          #expect(feedback.hasPrefix("That is what comes out if"), "\(what)")
        }
      } else {
        #expect((score == Double(own.count)) == (grade.points == grade.part.points), "\(what)")
      }
    }
  }

  private static func submission(_ one: Case, _ parts: [Quiz.Part]) -> Submission {
    var answers: [String: Submission.Answer] = [:]
    for answer in Set(parts.map { $0.answer }) {
      let texts = zip(parts, one.typed).filter { $0.0.answer == answer }.map { $0.1 }
      let numbers = texts.compactMap { Double($0) }
      answers[answer] = .value(
        numbers.count == 1 ? .number(numbers[0]) : .init(Tensor(vector: numbers)), literals: texts)
    }
    return Submission(name: "\(one.id).bp", id: one.id, answers: answers)
  }
}
