import Differentiation
import Explanation
import Language
import Syntax

/// Makes the questions of a quiz from a key.
struct QuizMaker {
  private let grader: Grader
  private var quiz: Quiz
  /// The places in the key of the exercises of the quiz.
  private var places: [Int] = []

  init(_ grader: Grader, misconceptionShare: Double) {
    self.grader = grader
    quiz = Quiz(name: Self.stem(grader.key.source.name))
    quiz.roundingShare = grader.options.rounding
    quiz.misconceptionShare = misconceptionShare
    quiz.symbols = Set(grader.key.answers + grader.key.drawnNames)
  }

  private static func stem(_ file: String) -> String {
    let name = file.split(separator: "/").last ?? ""
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 ? parts.dropLast().joined(separator: ".") : String(name)
  }

  /// - Throws: where a variant has no numbers, or nothing can be asked for.
  mutating func quiz(variants: Int) throws(ExerciseKey.Failure) -> Quiz {
    for (id, form) in try forms(variants) { try add(form, id) }
    guard !quiz.exercises.isEmpty else {
      throw ExerciseKey.Failure(
        quiz.notes + ["the key asks for no number, and a quiz asks for numbers"], in: grader.key)
    }
    return quiz
  }

  /// So many forms with different numbers: those of the ids 1, 2, ….
  private mutating func forms(_ count: Int) throws(ExerciseKey.Failure) -> [(String, Form)] {
    var seen: Set<String> = []
    var result: [(String, Form)] = []
    // A draw that was made before is drawn again under the next id.
    for id in 1...(4 * count) where result.count < count {
      let form = try grader.form(of: "\(id)")
      let numbers = form.drawn.map { form.right.brief($0.value) }.joined(separator: "\n")
      if seen.insert(numbers).inserted { result.append(("\(id)", form)) }
    }
    if result.count < count {
      quiz.note("Only \(result.count) of \(count) variants have numbers of their own.")
    }
    return result
  }

  private mutating func add(_ form: Form, _ id: String) throws(ExerciseKey.Failure) {
    let entries = try PartList(grader.key, form.right).parts
    let follows = FollowOns(grader, form)
    for (index, exercise) in form.right.exercises.enumerated() {
      let own = entries.filter { $0.exercise == index }
      guard !own.isEmpty else { continue }
      var variant = Quiz.Variant(
        id: id, tasks: exercise.tasks, hints: exercise.hints,
        pictures: exercise.pictures, parts: [])
      for entry in own { variant.parts += parts(entry, form) }
      guard !variant.parts.isEmpty else {
        quiz.note("\(Self.words(exercise.title)) asks for no number and is left out.")
        continue
      }
      for place in variant.parts.indices {
        let (found, problem) = follows.of(variant.parts[place], own, variant.parts)
        variant.parts[place].follows = found
        if let problem { quiz.followNotes.append("\(Self.words(exercise.title)): \(problem).") }
      }
      append(variant, to: index, exercise.title)
    }
  }

  private mutating func append(_ variant: Quiz.Variant, to place: Int, _ title: String) {
    guard let index = places.firstIndex(of: place) else {
      places.append(place)
      quiz.exercises.append(Quiz.Exercise(title: title, variants: [variant]))
      return
    }
    let names = quiz.exercises[index].variants[0].parts.map { $0.name }
    guard names == variant.parts.map({ $0.name }) else {
      quiz.note(
        "\(Self.words(title)): variant \(variant.id) asks for other parts and is left out.")
      return
    }
    quiz.exercises[index].variants.append(variant)
  }

  private static func words(_ title: String) -> String {
    title.isEmpty ? "What stands outside of exercises" : "“\(title)”"
  }

  // MARK: Parts

  private mutating func parts(_ entry: PartList.Entry, _ form: Form) -> [Quiz.Part] {
    if let tested = entry.tested {
      quiz.note(
        "Checks of \(tested.joined(separator: " and ")) are graded by bp grade and are left out.")
      return []
    }
    guard let name = entry.answer else {
      quiz.note("The check \(entry.part.name) is about no single number and is left out.")
      return []
    }
    guard let right = form.solution(of: name)?.tensor,
      right.elements.allSatisfy({ $0.isFinite }), !right.elements.isEmpty
    else {
      quiz.note("\(name) is not a number that the key computes, and is left out.")
      return []
    }
    let checks = form.right.exercises[entry.exercise].checks
    let isExact = checks.contains {
      entry.checks.contains($0.place) && $0.sides?.operation == .equal
    }
    let causes = form.wrongAnswers(of: name)
    return right.elements.indices.map { place in
      part(
        Self.elementName(name, place, right.shape), (name, place), entry.part,
        right.elements[place],
        share: Double(right.elements.count), isExact,
        grader.declarations[name]?.digits ?? Explanation.Answer.standardDigits,
        causes.map {
          (Quiz.Cause(name: $0.name, description: $0.description), $0.value.elements[place])
        })
    }
  }

  private mutating func part(
    _ name: String, _ source: (answer: String, element: Int), _ part: GradeReport.Part,
    _ right: Double, share: Double, _ isExact: Bool, _ digits: Int,
    _ causes: [(Quiz.Cause, Double)]
  ) -> Quiz.Part {
    let tolerance = isExact ? QuizNumber.sameShare : QuizNumber.halfUnit(right, digits: digits)
    let rounded = isExact ? [] : Self.rounded(right, digits, tolerance)
    let others = causes.filter { cause, value in
      guard value.isFinite, !QuizNumber.areSame(value, right) else { return false }
      if abs(value - right) <= tolerance * (1 + 1e-6) {
        quiz.note(
          "\(name): what comes out if \(cause.description) is right to \(digits) digits in a variant."
        )
        return false
      }
      return !rounded.contains { QuizNumber.areSame($0.value, value) }
    }
    var wrong: [Quiz.Wrong] = []
    for (cause, value) in others {
      if let known = wrong.firstIndex(where: { QuizNumber.areSame($0.value, value) }) {
        wrong[known].causes.append(cause)
      } else {
        let room = isExact ? QuizNumber.sameShare : QuizNumber.halfUnit(value, digits: digits)
        wrong.append(Quiz.Wrong(value: value, tolerance: room, causes: [cause]))
      }
    }
    return Quiz.Part(
      name: name, answer: source.answer, element: source.element,
      description: part.description, points: part.points / share, digits: digits, right: right,
      tolerance: tolerance, rounded: rounded, wrong: Self.named(wrong))
  }

  /// Wrong numbers that may be written alike name the misconceptions of each other.
  private static func named(_ wrong: [Quiz.Wrong]) -> [Quiz.Wrong] {
    wrong.map { one in
      var result = one
      for other in wrong where abs(other.value - one.value) <= one.tolerance + other.tolerance {
        result.alike += other.causes.filter { !one.causes.contains($0) }
      }
      return result
    }
  }

  private static func rounded(
    _ right: Double, _ digits: Int, _ tolerance: Double
  ) -> [Quiz.Rounded] {
    var result: [Quiz.Rounded] = []
    for fewer in (1..<max(digits, 1)).reversed() {
      let value = QuizNumber.rounded(right, digits: fewer)
      // A single digit without a point is a number that is counted, and not rounded.
      let isCounted = fewer == 1 && value == value.rounded() && abs(value) < 10
      guard abs(value - right) > tolerance * (1 + 1e-6), !isCounted,
        !result.contains(where: { $0.value == value })
      else { continue }
      result.append(Quiz.Rounded(value: value, digits: fewer))
    }
    return result
  }

  /// `W[1,2]`, counted as the language counts.
  static func elementName(_ name: String, _ place: Int, _ shape: Shape) -> String {
    switch shape {
    case .scalar: name
    case .vector: "\(name)[\(place + 1)]"
    case .matrix(_, let columns): "\(name)[\(place / columns + 1),\(place % columns + 1)]"
    }
  }
}

extension Grader {
  /// Variants where nothing is said.
  package static let standardVariants = 50

  /// The key as a quiz.
  /// - Parameters:
  ///   - variants: how many; `standardVariants` where nil. A key without `variant` has one form.
  ///   - misconceptionShare: the share of the points for a wrong number that is explained.
  /// - Throws: where the key has no variants and some are asked for, or asks for no number.
  package func quiz(
    variants: Int?, misconceptionShare: Double = 0
  ) throws(ExerciseKey.Failure) -> Quiz {
    if variants != nil, !key.hasVariants {
      throw ExerciseKey.Failure(
        "the key has no variant, so that it has one form only",
        help: "leave --variants out, or write variant w = 0.1..0.9 by 0.1 at the top of the key",
        in: key)
    }
    var maker = QuizMaker(self, misconceptionShare: misconceptionShare)
    return try maker.quiz(variants: key.hasVariants ? variants ?? Self.standardVariants : 1)
  }
}

extension ExerciseKey.Failure {
  fileprivate init(_ message: String, help: String, in key: ExerciseKey) {
    self.init(message, at: SourceRange(start: 0, end: 0), help: [Advice(help)], in: key.source)
  }

  fileprivate init(_ sentences: [String], in key: ExerciseKey) {
    self.init(
      sentences.last ?? "", at: SourceRange(start: 0, end: 0),
      help: sentences.dropLast().map { Advice($0) },
      in: key.source)
  }
}
