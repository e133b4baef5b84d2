import Differentiation
import Explanation
import Language
import Rendering
import Syntax

/// A key, run once: with the numbers of a student, and with right or given answers.
final class KeyRun {
  struct Check {
    enum Outcome {
      case holds, fails
      /// An answer it depends on is missing.
      case open
      case stopped(String)
    }

    /// The start of its condition, which tells the checks of a key apart.
    var place: Int
    var line: Int
    /// The condition as it is written.
    var text: String
    var outcome: Outcome
    /// What the check says when it fails.
    var message: String?
    var sides: ComparedSides?
    var points: Double?
    var isPublic: Bool
  }

  struct Exercise {
    var title: String
    var points: Double?
    /// Where it begins in the key.
    var place = 0
    var tasks: [String] = []
    var hints: [String] = []
    var answers: [AnswerDeclaration] = []
    var checks: [Check] = []
    var mistakes: [MistakeResult] = []
    /// What it shows, as a net with its weights.
    var pictures: [Picture] = []
  }

  private(set) var exercises: [Exercise] = []
  /// What was drawn for the names of `variant`.
  private(set) var drawn: [(name: String, value: Value)] = []
  /// Errors of the key itself.
  private(set) var errors: [Diagnostic] = []
  private let interpreter: Interpreter
  private var current: Exercise?
  /// Checks outside of any exercise.
  private var outside = Exercise(title: "", place: -1)

  private let key: ExerciseKey

  /// - Parameters:
  ///   - host: its output is dropped.
  ///   - form: what is drawn, and the answers.
  ///   - notation: the symbols that the key begins with.
  init(
    _ key: ExerciseKey, catalog: Catalog, host: Host, form: KeyForm,
    limits: Runtime.Limits = Runtime.Limits(), notation: Notation? = nil
  ) {
    self.key = key
    var quiet = host
    quiet.write = { _ in true }
    quiet.report = { _ in }
    interpreter = Interpreter(catalog: catalog, host: quiet, limits: limits)
    interpreter.session.key = form
    if let notation { interpreter.session.notation = notation }
  }

  /// Runs the key to its end, or to the first right answer that is not accepted.
  /// - Parameter accepts: is told the name of each answer that was found.
  func run(accepting accepts: @escaping (_ name: String) -> Bool = { _ in true }) {
    session.key?.accepts = accepts
    session.exerciseListener = { [unowned self] event in gather(event) }
    session.reportListener = { [unowned self] report in
      guard current != nil, let picture = report.picture else { return }
      change { $0.pictures.append(picture) }
    }
    defer {
      session.exerciseListener = nil
      session.reportListener = nil
      session.key?.accepts = { _ in true }
    }
    interpreter.openAnswers()
    interpreter.expect(key.text, parsed: key.parsed)
    let outcome = interpreter.run(key.text, name: key.source.name, path: key.path)
    finishCurrent()
    if !outside.checks.isEmpty { exercises.append(outside) }
    if case .limitReached = outcome, errors.isEmpty {
      let place = SourceRange(start: 0, end: 0)
      errors.append(Diagnostic(.limit, "the key reached a limit", at: place))
    }
  }

  private var session: Session { interpreter.session }

  /// The right answers that were found, in the order of their checks.
  var solutions: [(name: String, value: Value)] { session.key?.solutions ?? [] }

  /// The value of a name at the end.
  func value(of name: String) -> Value? { interpreter.runtime.global(name) }

  /// A value as people read it.
  func brief(_ value: Value) -> String { session.brief(value) }

  /// What a value is, where it was computed from something that can be varied.
  func subject(of value: Value) -> Diagnosis.Subject? {
    guard let tensor = value.tensor else { return nil }
    if let derivative = session.gradientSubject(of: tensor) { return derivative }
    guard case .traced(let node) = value, node.primitive != nil else { return nil }
    return .value(of: node)
  }

  private func gather(_ event: ExerciseEvent) {
    switch event {
    case .began(let title, let points, let range, _):
      finishCurrent()
      current = Exercise(title: title, points: points, place: range.start)
    case .task(let text): change { $0.tasks.append(text) }
    case .hint(let text): change { $0.hints.append(text) }
    case .answer(let declaration, _): change { $0.answers.append(declaration) }
    case .drawn(let name, let value): drawn.append((name, value))
    case .mistake(let mistake): change { $0.mistakes.append(mistake) }
    case .checked(let result):
      let check = check(result)
      change { $0.checks.append(check) }
    case .failed(let diagnostic): errors.append(diagnostic)
    case .metBlank, .noted, .testsBegan, .testsEnded: break
    case .ended: finishCurrent()
    }
  }

  private func change(_ body: (inout Exercise) -> Void) {
    guard var exercise = current else { return body(&outside) }
    body(&exercise)
    current = exercise
  }

  private func finishCurrent() {
    if let current { exercises.append(current) }
    current = nil
  }

  private func check(_ result: CheckResult) -> Check {
    let source = session.source(result.source)
    var check = Check(
      place: result.range.start, line: source?.line(at: result.range.start) ?? 1,
      text: source.map { $0.text(of: result.range) } ?? "", outcome: .holds,
      message: result.message, sides: result.sides, points: result.points,
      isPublic: result.isPublic)
    switch result.outcome {
    case .holds: break
    case .fails: check.outcome = .fails
    case .open: check.outcome = .open
    case .stopped(let diagnostic): check.outcome = .stopped(diagnostic.message)
    }
    return check
  }
}
