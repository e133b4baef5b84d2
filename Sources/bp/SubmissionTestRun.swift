import Grading
import Language
import Library
import Rendering
import Sandbox
import Syntax

/// Runs a submission once for the right functions of a key and once for each wrong one, and gathers
/// what becomes of the checks in its `tests` blocks.
struct SubmissionTestRun {
  /// One for each run; nil where there was no time left for it.
  private(set) var runs: [[SubmittedCheck]?] = []
  /// Errors of statements in the blocks that are no checks, with the right functions.
  private(set) var errors: [Diagnostic] = []

  /// Less time than this is no use to a run.
  private static let shortest = 0.02

  /// - Parameters:
  ///   - limits: of the whole; what is left of the time is shared by the runs as they come.
  ///   - host: its output is dropped.
  init(
    _ tests: SubmissionTests, of submission: SubmissionRequest, host: Host, limits: Runtime.Limits,
    parserLimits: ParserLimits
  ) {
    var host = host
    host.write = { _ in true }
    host.report = { _ in }
    host.showProgress = nil
    guard
      let tested = try? TestedFunctions(
        tests.definitions, making: tests.functions, catalog: .standard, host: host, limits: limits)
    else { return }
    let end = host.clock() + (limits.seconds ?? .infinity)
    let wrong = tests.wrong.map {
      TestedFunctions.WrongFunction(
        function: $0.function, name: $0.name, description: $0.description)
    }
    for wrong in [nil] + wrong.map(Optional.some) {
      var limits = limits
      limits.seconds = limits.seconds.map { _ in end - host.clock() }
      guard limits.seconds ?? 1 > Self.shortest else {
        runs.append(nil)
        continue
      }
      Supervisor.setLimits(limits)
      let functions = tests.functions.compactMap { name in
        tested.function(name, wrong).map { (name, Value.function($0)) }
      }
      let gatherer = Gatherer()
      let interpreter = Interpreter(
        catalog: .standard, host: host, limits: limits, parserLimits: parserLimits)
      // What the submission defines under these names is not what its checks are about.
      let prepare = { [unowned interpreter] in
        for (name, function) in functions { interpreter.runtime.setGlobal(name, to: function) }
      }
      interpreter.session.prepareTest = prepare
      interpreter.session.exerciseListener = { [unowned interpreter] in
        gatherer.gather($0, interpreter.session)
      }
      _ = interpreter.run(submission.text, name: submission.name, skipsSyntaxErrors: true)
      interpreter.session.exerciseListener = nil
      interpreter.session.prepareTest = nil
      if wrong == nil { errors = gatherer.errors }
      runs.append(gatherer.checks)
      // Nothing to run against anything.
      if wrong == nil, gatherer.checks.isEmpty { break }
    }
    if runs.count < tests.runs { runs = [] }
  }

  private final class Gatherer {
    var checks: [SubmittedCheck] = []
    var errors: [Diagnostic] = []
    private var depth = 0

    func gather(_ event: ExerciseEvent, _ session: Session) {
      switch event {
      case .testsBegan: depth += 1
      case .testsEnded: depth -= 1
      case .failed(let diagnostic) where depth > 0: errors.append(diagnostic)
      case .checked(let result) where depth > 0 && checks.count < SubmittedCheck.most:
        checks.append(SubmittedCheck(result, session))
      default: break
      }
    }
  }
}

extension SubmittedCheck {
  fileprivate init(_ result: CheckResult, _ session: Session) {
    self.init(
      place: result.range.start,
      line: session.source(result.source)?.line(at: result.range.start) ?? 1, outcome: .holds)
    switch result.outcome {
    case .holds: break
    case .fails: outcome = .fails
    case .open: outcome = .open
    case .stopped(let diagnostic):
      outcome = .stopped
      let text = TextWidth.printable(String(diagnostic.message.prefix(100)))
      message = text.utf8.count <= Self.mostBytes ? text : ""
    }
  }
}
