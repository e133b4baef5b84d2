import Differentiation
import Language
import Syntax

/// What is needed to run a student's own checks: the functions of the key that they test, with the
/// student's numbers, and what can be wrong with these.
package struct StudentTests {
  /// Statements that make the functions.
  package let definitions: String
  /// The names of the functions.
  package let functions: [String]
  package let wrong: [TestedFunctions.WrongFunction]

  /// A check of a student in one run.
  package struct Check: Hashable, Sendable {
    package enum Outcome: Sendable {
      case holds, fails, open, stopped
    }

    /// Where its condition begins, which tells checks apart.
    package var place: Int
    package var line: Int
    package var outcome: Outcome
    /// Why it stopped.
    package var message: String

    package init(place: Int, line: Int, outcome: Outcome, message: String = "") {
      (self.place, self.line, self.outcome, self.message) = (place, line, outcome, message)
    }
  }

  /// - Parameters:
  ///   - run: the key with the numbers of the student.
  ///   - host: its output and its files are left alone.
  /// - Throws: where the functions cannot be made, or no misconception changes one of them.
  init(
    _ key: ExerciseKey, _ run: KeyRun, catalog: Catalog, host: Host, limits: Runtime.Limits
  ) throws(ExerciseKey.Failure) {
    let source = key.source
    definitions = Self.needed(by: key.tests, in: key, run).joined(separator: "\n")
    functions = key.tests.flatMap { $0.functions }.reduce(into: []) { names, name in
      if !names.contains(name.text) { names.append(name.text) }
    }
    let calls = key.tests.flatMap { $0.calls }
    do throws(TestedFunctions.Problem) {
      let tested = try TestedFunctions(
        definitions, making: functions, catalog: catalog, host: host, limits: limits)
      wrong = try tested.wrongFunctions(
        in: calls.map { source.text(of: $0.range) }.joined(separator: "\n"))
    } catch {
      throw ExerciseKey.Failure(
        "what the tests block defines cannot be run by itself: \(error.message)",
        at: calls.first?.range ?? SourceRange(start: 0, end: 0),
        help: ["numbers and functions of the key can be used in it, files cannot"], in: source)
    }
    for name in key.tests.flatMap({ $0.functions }) {
      guard !wrong.contains(where: { $0.function == name.text }) else { continue }
      throw ExerciseKey.Failure(
        "no known misconception changes \(name.text) in this call", at: name.range,
        help: ["call it with other numbers, or write its formula with names, as w1*x1 + b"],
        in: source)
    }
  }

  /// The definitions of blocks after the numbers and statements of the key that they use.
  private static func needed(
    by tests: [ExerciseKey.Tests], in key: ExerciseKey, _ run: KeyRun
  ) -> [String] {
    let own = tests.flatMap { $0.definitions }
    let others =
      key.statements
      + key.statements.flatMap { statement -> [Statement] in
        guard case .exercise(_, _, let body) = statement.kind else { return [] }
        return body.statements
      }
    var open: [String] = []
    for statement in own + tests.flatMap({ $0.calls }) {
      statement.forEachName { open.append($0.text) }
    }
    var done = Set(own.flatMap { $0.assignedNames })
    var given: [String] = []
    var makers: [Statement] = []
    while let name = open.popLast() {
      guard done.insert(name).inserted, let value = run.value(of: name) else { continue }
      if let literal = value.literal {
        // A formula is taken apart where its numbers have names.
        given.append((value.isNumeric ? "param " : "") + "\(name) = \(literal)")
        continue
      }
      for statement in others where statement.assignedNames.contains(name) {
        if !makers.contains(where: { $0.range == statement.range }) { makers.append(statement) }
        statement.forEachName { open.append($0.text) }
      }
    }
    makers.sort { $0.range.start < $1.range.start }
    return given.sorted() + (makers + own).map { key.source.text(of: $0.range) }
  }
}

extension Grader {
  /// What a submission's own checks are run against; nil where the key asks for none.
  /// - Throws: where the key has no numbers for the student, or the functions cannot be made.
  package func tests(for id: String) throws(ExerciseKey.Failure) -> StudentTests? {
    guard !key.tests.isEmpty else { return nil }
    let id = key.hasVariants ? id : ""
    if let known = studentTests[id] { return known }
    let tests = try makeTests(try form(of: id).right)
    studentTests[id] = tests
    return tests
  }
}

/// Judges the checks that a student wrote.
struct TestJudge {
  let tests: StudentTests
  /// The checks with the right functions, then with each wrong one; nil where they were not run.
  let runs: [[StudentTests.Check]?]

  /// - Parameter functions: those of the part.
  func grade(_ part: GradeReport.Part, of functions: [String]) -> GradeReport.PartGrade {
    var grade = GradeReport.PartGrade(part: part, points: 0, verdict: .missing)
    guard let right = runs.first.flatMap({ $0 }), !right.isEmpty else { return grade }
    let places = right.reduce(into: [Int]()) { if !$0.contains($1.place) { $0.append($1.place) } }
    grade.given = "\(places.count) check\(places.count == 1 ? "" : "s")"
    var used: Set<Int> = []
    for place in places {
      guard let odd = right.first(where: { $0.place == place && $0.outcome != .holds }) else {
        used.insert(place)
        continue
      }
      grade.reasons.append("line \(odd.line): \(odd.complaint), so it is not used")
    }
    var caught: [String] = []
    var missed: [String] = []
    for (place, wrong) in tests.wrong.enumerated() where functions.contains(wrong.function) {
      let run = runs.indices.contains(place + 1) ? runs[place + 1] ?? [] : []
      let isCaught = run.contains { used.contains($0.place) && $0.outcome.isCatch }
      let words = functions.count > 1 ? "\(wrong.function): \(wrong.words)" : wrong.words
      if isCaught { caught.append(words) } else { missed.append(words) }
    }
    let all = caught.count + missed.count
    if !caught.isEmpty { grade.reasons.append("catches: \(caught.joined(separator: "; "))") }
    if !missed.isEmpty { grade.reasons.append("lets through: \(missed.joined(separator: "; "))") }
    if runs.contains(where: { $0 == nil }) {
      grade.reasons.append("there was no time left to run the checks against all of them")
    }
    grade.points = part.points * Double(caught.count) / Double(max(all, 1))
    grade.verdict = missed.isEmpty ? .right : caught.isEmpty ? .wrong : .partly
    return grade
  }
}

extension StudentTests.Check {
  /// Why it is no check of the right function.
  fileprivate var complaint: String {
    switch outcome {
    case .holds, .fails: "this check does not hold for the right function"
    case .open: "this check is not filled in"
    case .stopped: message.isEmpty ? "this check stops with an error" : message
    }
  }
}

extension StudentTests.Check.Outcome {
  /// Whether it tells a wrong function from the right one, for which the check holds.
  fileprivate var isCatch: Bool { self == .fails || self == .stopped }
}
