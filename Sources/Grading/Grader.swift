import Differentiation
import Explanation
import Language
import Rendering
import Syntax

/// Grades submissions by a key. What a submission computes is not run here: only the values of its
/// answers come in, and the checks of the key are run on them.
package final class Grader {
  /// Multiplications for pairs of misconceptions: some milliseconds for a submission.
  static let pairWork = 4e5

  package struct Options: Sendable {
    /// The share of the points for a right number with too few digits.
    package var rounding = 0.5
    /// The name of a notation for explanations in texts of the key; its own where nil.
    package var notation: String?
    package static let notations = Notation.all.map { $0.name }

    package init() {}
  }

  package let key: ExerciseKey
  let options: Options
  let makeRun: (KeyForm) -> KeyRun
  private let variants: Variants
  let makeTests: (KeyRun) throws(ExerciseKey.Failure) -> StudentTests
  /// Those made so far, by student.
  var studentTests: [String: StudentTests] = [:]
  package let parts: [GradeReport.Part]
  /// What the key says of each answer.
  let declarations: [String: AnswerDeclaration]

  /// - Parameters:
  ///   - catalog: the functions that the key may call.
  ///   - host: what the key may read; its output is dropped.
  /// - Throws: where the key has an error, or asks for what no check judges.
  package init(
    _ key: ExerciseKey, catalog: Catalog, host: Host, limits: Runtime.Limits = Runtime.Limits(),
    options: Options = Options()
  ) throws(ExerciseKey.Failure) {
    self.key = key
    self.options = options
    let prepare = { (form: KeyForm) in
      KeyRun(
        key, catalog: catalog, host: host, form: form, limits: limits,
        notation: options.notation.flatMap(Notation.named))
    }
    makeRun = { form in
      let run = prepare(form)
      run.run()
      return run
    }
    makeTests = { run throws(ExerciseKey.Failure) in
      try StudentTests(key, run, catalog: catalog, host: host, limits: limits)
    }
    let names = Set(key.answers)
    let first = makeRun(KeyForm(solving: names) { _, _ in 0 })
    guard first.errors.isEmpty else { throw ExerciseKey.Failure(first.errors, in: key.source) }
    for check in first.exercises.flatMap({ $0.checks }) {
      let place = SourceRange(start: check.place, end: check.place + check.text.utf8.count)
      switch check.outcome {
      case .stopped(let message): throw ExerciseKey.Failure(message, at: place, in: key.source)
      case .fails:
        throw ExerciseKey.Failure(
          "this does not hold for the right answers", at: place,
          help: ["the right answer is what the first check of its name says"], in: key.source)
      case .holds, .open: break
      }
    }
    declarations = Dictionary(
      first.exercises.flatMap { $0.answers }.map { ($0.name, $0) }
    ) { one, _ in one }
    parts = try PartList(key, first).parts.map { $0.part }
    if !key.tests.isEmpty { _ = try makeTests(first) }
    variants = Variants(key, digits: declarations.compactMapValues { $0.digits }) { choose in
      Form(prepare(KeyForm(solving: names, choose: choose)), choose: choose)
    }
  }

  /// The numbers of a student.
  /// - Throws: where no draw tells right and wrong answers apart, or the key fails for it.
  func form(of id: String) throws(ExerciseKey.Failure) -> Form {
    let form = try variants.form(of: id)
    guard form.right.errors.isEmpty else {
      throw ExerciseKey.Failure(form.right.errors, in: key.source)
    }
    return form
  }

  /// - Throws: where the key has no numbers for the student.
  package func grade(_ submission: Submission) throws(ExerciseKey.Failure) -> GradeReport.Submission
  {
    let form = try form(of: submission.id)
    var result = GradeReport.Submission(
      name: submission.name, id: submission.id, status: submission.status,
      sentence: submission.sentence, notes: submission.notes)
    let judge = SubmissionJudge(self, form, submission)
    let tests = try tests(for: submission.id).map { TestJudge(tests: $0, runs: submission.tests) }
    result.parts = try PartList(key, form.right).parts.map { entry in
      var grade = entry.tested.flatMap { tests?.grade(entry.part, of: $0) } ?? judge.grade(entry)
      if grade.points < entry.part.points {
        grade.hints = form.right.exercises[entry.exercise].hints
      }
      return grade
    }
    return result
  }
}

/// The parts that points are given for, from what the key says when it runs.
struct PartList {
  struct Entry {
    var part: GradeReport.Part
    /// The place of its exercise in the run.
    var exercise: Int
    /// The answer that is asked for; nil for a check with points of its own.
    var answer: String?
    /// The places of the checks that judge it.
    var checks: [Int]
    /// The functions that the student's own checks test; nil for what is no such checks.
    var tested: [String]?
  }

  private(set) var parts: [Entry] = []

  /// - Throws: where an answer is asked for that no check judges.
  init(_ key: ExerciseKey, _ run: KeyRun) throws(ExerciseKey.Failure) {
    for (index, exercise) in run.exercises.enumerated() {
      let places = exercise.checks.reduce(into: [KeyRun.Check]()) { list, check in
        if !list.contains(where: { $0.place == check.place }) { list.append(check) }
      }
      let tests = key.tests.filter { $0.exercise == exercise.place }
      // The student's own checks count as an answer does.
      let others = tests.isEmpty ? 0 : 1
      let share: Double
      if exercise.answers.isEmpty {
        share = add(undeclared: places, others, of: exercise, index, key)
      } else {
        share = try add(exercise.answers, others, judgedBy: places, of: exercise, index, key)
      }
      if !tests.isEmpty { add(tests, share, of: exercise, index, key) }
    }
  }

  private mutating func add(
    _ tests: [ExerciseKey.Tests], _ points: Double, of exercise: KeyRun.Exercise, _ index: Int,
    _ key: ExerciseKey
  ) {
    let functions = tests.flatMap { $0.functions }.map { $0.text }
    let isOnly = key.tests.allSatisfy { $0.exercise == exercise.place }
    let words = functions.joined(separator: " and ")
    parts.append(
      Entry(
        part: GradeReport.Part(
          exercise: exercise.title, name: isOnly ? "tests" : "tests of \(words)",
          description: "checks of \(words)", points: points), exercise: index, answer: nil,
        checks: [], tested: functions))
  }

  /// As in an exercise that students check themselves: the points are shared out over the checks.
  /// - Parameter others: what else the points are shared out over.
  /// - Returns: the share of each of these.
  private mutating func add(
    undeclared checks: [KeyRun.Check], _ others: Int, of exercise: KeyRun.Exercise, _ index: Int,
    _ key: ExerciseKey
  ) -> Double {
    let shared = checks.count { $0.points == nil } + others
    let own = checks.reduce(0) { $0 + ($1.points ?? 0) }
    let whole = exercise.title.isEmpty ? 0 : exercise.points ?? 1
    let share = max(whole - own, 0) / Double(max(shared, 1))
    for check in checks {
      let points = check.points ?? share
      let solved = key.checks[check.place]?.solves
      parts.append(
        Entry(
          part: GradeReport.Part(
            exercise: exercise.title, name: solved ?? check.text,
            description: check.message ?? "", points: points), exercise: index, answer: solved,
          checks: [check.place]))
    }
    return share
  }

  /// - Parameter others: what else the points are shared out over.
  /// - Returns: the share of each of these.
  private mutating func add(
    _ answers: [AnswerDeclaration], _ others: Int, judgedBy checks: [KeyRun.Check],
    of exercise: KeyRun.Exercise, _ index: Int, _ key: ExerciseKey
  ) throws(ExerciseKey.Failure) -> Double {
    let said = answers.reduce(0) { $0 + ($1.points ?? 0) }
    let open = answers.count { $0.points == nil } + others
    let share = exercise.points.map { max($0 - said, 0) / Double(max(open, 1)) } ?? 1
    var judging: Set<Int> = []
    for answer in answers {
      let solving = checks.filter { key.checks[$0.place]?.solves == answer.name }
      let own =
        solving.isEmpty
        ? checks.filter {
          $0.points == nil && key.checks[$0.place]?.solves == nil
            && key.checks[$0.place]?.uses.contains(answer.name) == true
        } : solving
      guard !own.isEmpty else {
        throw ExerciseKey.Failure(
          "no check judges the answer \(answer.name)", at: .init(start: 0, end: 0),
          help: ["write check \(answer.name) ≈ … in the exercise \"\(exercise.title)\""],
          in: key.source)
      }
      judging.formUnion(own.map { $0.place })
      parts.append(
        Entry(
          part: GradeReport.Part(
            exercise: exercise.title, name: answer.name,
            description: answer.description ?? own[0].message ?? "",
            points: answer.points ?? solving.first?.points ?? share), exercise: index,
          answer: answer.name, checks: own.map { $0.place }))
    }
    for check in checks where !judging.contains(check.place) {
      guard let points = check.points else { continue }
      parts.append(
        Entry(
          part: GradeReport.Part(
            exercise: exercise.title, name: check.text, description: check.message ?? "",
            points: points), exercise: index, answer: nil, checks: [check.place]))
    }
    return share
  }
}
