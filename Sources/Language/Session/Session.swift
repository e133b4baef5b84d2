import Differentiation
import Explanation
import Learning
import Rendering
import Syntax

/// What lasts from statement to statement besides the variables: sources, number style, notes
/// already given, and the counts of checks.
package final class Session {
  package let host: Host
  /// What has a name before a user gives one.
  package private(set) lazy var catalog = makeCatalog()
  private let makeCatalog: () -> Catalog
  private var sources = SourceMap()
  /// The source whose statements are being run.
  var source: SourceID?
  /// The statements of the prompt that worked.
  package var log = SessionLog()
  /// The entry of the prompt before the one under way.
  package var lastEntry = ""
  /// How numbers are written; `digits` and `decimals` change it, never a value.
  package var style = NumberStyle.standard {
    didSet { hasChosenStyle = true }
  }
  /// Whether the user said how numbers are written; before, matrices show fewer digits.
  package private(set) var hasChosenStyle = false
  /// Whether explanations round every step to what is written: `rounding step`.
  package var roundsSteps = false
  /// The symbols of every explanation of a net.
  package var notation = Notation.mazur
  /// What pictures on a terminal are made of, where their own option does not say.
  package var pictureForm = PictureForm.characters
  /// Places across and up at which maps of the plane ask a net; fewer are faster.
  package var mapCells = 96
  /// What `seed n` set: the start of random numbers that are not given a seed of their own.
  package var seed = 1
  package var random: RandomSource
  package var nets = NetMemory()
  /// What explanations that wrote themselves have shown.
  private var shown = ShownValues()
  /// The statements at the top of sources that were begun.
  var statementCount = 0

  package private(set) var checksHeld = 0
  package private(set) var checksFailed = 0
  private(set) var lastCheckHeld = true
  /// The slides that were begun.
  package private(set) var slides = 0
  /// Called at the beginning of each slide with its title, which is then not written.
  package var slideListener: ((String) -> Void)?
  /// Who is handed each report that writes itself, in place of its text being written.
  package var reportListener: ((Report) -> Void)?
  /// Who is handed each value that is echoed, with the name that it was given, in place of its text
  /// being written.
  package var echoListener: ((_ value: Value, _ name: String?) -> Void)?
  /// Who is handed each error, in place of its text being written beside the output.
  package var errorListener: ((Diagnostic) -> Void)?
  /// Called for what was asked of the catalog and of nets and was answered.
  package var deedListener: ((Deed) -> Void)?
  /// What `start` says; nil where nobody teaches.
  package var tutor: ((_ wish: String?) -> (Display) -> String)?
  /// The entries of a prompt, the oldest first; nil where there is no prompt.
  package var history: (() -> [String])?
  /// Whether the value of an expression is written though nothing is echoed, as behind `-e`.
  package var writesValues = false
  /// Called for each check that compares two values.
  package var checkListener: ((CheckedNumber) -> Void)?
  /// Who listens to exercises; nil outside of checking.
  package var exerciseListener: ((ExerciseEvent) -> Void)?
  /// Called before each statement of a `tests` block where what it tests is there; nil elsewhere.
  package var prepareTest: (() -> Void)?
  /// The numbers that a student typed, by name, while an exercise is checked.
  package var writtenNumbers: [String: [WrittenLiteral]] = [:]
  /// The form of the key that is being run; nil outside of grading.
  package var key: KeyForm?
  /// The derivatives taken while an exercise is checked.
  private(set) var gradients = GradientMemory()
  private var notesGiven: Set<String> = []
  /// Names whose assignment met a blank.
  private var blanks: [String: Blank] = [:]
  /// The first error that did not end the run, because an exercise is checked.
  private(set) var firstProblem: Diagnostic.Kind?
  /// Paths of the scripts under way, so that an import cannot come back to itself.
  var importsUnderWay: [String] = []
  /// The names that each import under way was the first to give a value.
  var namesOfImports: [Set<String>] = []
  private var bytesWritten = 0
  /// How deep in lists and records the value being written is, and how many parts it had so far.
  var nestedTexts = (depth: 0, parts: 0)
  /// Bytes that may be written to the output; nil for no limit.
  private let outputLimit: Int?
  private var hasNotedNotFinite = false
  private var origins = Origins()

  /// - Parameter catalog: made when a name is looked up for the first time.
  package init(
    host: Host, catalog: @autoclosure @escaping () -> Catalog, outputLimit: Int? = nil
  ) {
    self.host = host
    makeCatalog = catalog
    self.outputLimit = outputLimit
    random = RandomSource(seed: 1, stream: "script")
  }

  func add(_ source: SourceText) -> SourceID {
    sources.add(source)
  }

  /// An entry of the prompt is over: its text is needed for a while only.
  func release(_ id: SourceID) { sources.release(id) }

  package func source(_ id: SourceID) -> SourceText? {
    sources[id]
  }

  // MARK: Output

  /// Writes lines that bp made; control characters of names and files in them become visible.
  /// - Throws: where the output is closed, or larger than the limit.
  package func write(_ lines: String, at range: SourceRange) throws(Failure) {
    try write(verbatim: TextWidth.printableLines(lines, keepsColours: false), at: range)
  }

  /// Writes a text of the user as it is.
  /// - Throws: where the output is closed, or larger than the limit.
  package func write(verbatim text: String, at range: SourceRange) throws(Failure) {
    // Of what was cut short nothing is written.
    if Interruption.hasCutShort { throw .interrupted }
    bytesWritten += text.utf8.count
    if let outputLimit, bytesWritten > outputLimit {
      throw Failure(
        Diagnostic(.limit, "more than \(outputLimit) bytes of output", at: range))
    }
    if !host.write(text) {
      throw Failure("the output could not be written", at: range)
    }
  }

  /// Shows a value as the prompt does.
  func echo(_ value: Value, _ name: String?, at range: SourceRange) throws(Failure) {
    if let echoListener { return echoListener(value, name) }
    try write(verbatim: echo(value, name: name) + "\n", at: range)
  }

  func write(_ report: Report, at range: SourceRange) throws(Failure) {
    let report = report.sparing(&shown)
    if let reportListener { return reportListener(report) }
    let text = report.text(host.display())
    if report.isPage, let page = host.page, page(text + "\n") { return }
    try write(verbatim: text.hasSuffix("\n") || text.isEmpty ? text : text + "\n", at: range)
  }

  package func note(_ text: String) {
    if Interruption.hasCutShort || host.isQuiet { return }
    var note = Diagnostic(.runtime, text, at: SourceRange(start: 0, end: 0))
    note.severity = .note
    host.report(
      host.reportsAsJSON
        ? DiagnosticRenderer { _ in nil }.json(note) + "\n"
        : TextWidth.printableLines("note: \(text)\n", keepsColours: false))
  }

  package func noteOnce(_ text: String) {
    if notesGiven.insert(text).inserted { note(text) }
  }

  /// Notes the first value that is not finite although what it is computed from is.
  func noteNotFinite(
    _ value: Value, of operands: [Value], _ range: SourceRange, _ source: SourceID,
    what: (Session) -> String
  ) {
    guard !hasNotedNotFinite, let odd = value.firstNotFinite,
      operands.allSatisfy({ $0.firstNotFinite == nil })
    else { return }
    hasNotedNotFinite = true
    var diagnostic = Diagnostic(
      .runtime, "\(what(self)) is \(text(of: .number(odd)))", at: range,
      label: "the first value that is not finite")
    diagnostic.severity = .note
    diagnostic.source = source
    report(diagnostic)
  }

  // MARK: Nets

  /// Keeps where a net was made, unless it is known already.
  func remember(_ network: Network, madeAt range: SourceRange, in source: SourceID) {
    origins.remember(network, Origins.Place(range: range, source: source))
  }

  package func origin(of network: Network) -> Origins.Place? { origins.place(of: network) }

  /// Where the data set was made that a variable of this name holds.
  func remember(
    _ data: DataSet, named name: String, madeAt range: SourceRange, in source: SourceID
  ) {
    origins.remember(data, named: name, Origins.Place(range: range, source: source))
  }

  /// Nil where the variable has taken other data since, from a list that was unpacked.
  package func origin(of data: DataSet, named name: String) -> Origins.Place? {
    origins.place(of: data, named: name)
  }

  // MARK: Names

  /// A name that held a user's function is another thing from now on: mostly an accident.
  func noteIfReplaced(_ name: String, _ function: Function, by value: Value) {
    guard case .user = function.body, !value.isApplicable else { return }
    noteOnce("\(name) was a function and is now \(value.kind)")
  }

  /// Hiding a built-in is noted once: it is allowed, and mostly an accident.
  func noteIfHidden(_ name: String) {
    guard let what = catalog.description(ofValueNamed: name) else { return }
    noteOnce("\(name) now hides \(what)")
  }

  func markOpen(_ names: [String], because blank: Blank) {
    for name in names { blanks[name] = blank }
  }

  /// Why a name that has no value has none, where a student has yet to provide it.
  package func blank(of name: String) -> Blank? { blanks[name] }

  func reportBlank(_ blank: Blank) {
    if let exerciseListener { return exerciseListener(.metBlank(blank)) }
    guard let source = blank.source.flatMap(source) else { return }
    noteOnce("\(source.name):\(source.line(at: blank.range.start)): not filled in yet")
  }

  // MARK: Slides

  /// Begins a slide: writes its number and title, or calls `slideListener`.
  /// - Throws: where the output is closed.
  package func beginSlide(_ title: String, at range: SourceRange) throws(Failure) {
    slides += 1
    if let slideListener { return slideListener(title) }
    let line = "\(slides). \(title)"
    let rule = String(repeating: "─", count: TextWidth.columns(of: line))
    let under = host.display().isASCII ? String(repeating: "-", count: rule.count) : rule
    try write((bytesWritten == 0 ? "" : "\n") + "\(line)\n\(under)\n", at: range)
  }

  // MARK: Checks

  /// Counts a comparison that a function made as a check of the script; one that does not hold is
  /// said, and the script goes on.
  package func check(_ holds: Bool, _ message: String, at range: SourceRange) {
    guard let source else { return }
    var result = CheckResult(range: range, source: source, outcome: .holds)
    if !holds {
      result.outcome = .fails(found: nil)
      result.message = message
    }
    checked(result)
  }

  var isChecking: Bool { exerciseListener != nil }

  /// Keeps a derivative for the checks of an exercise.
  package func remember(_ add: (inout GradientMemory) -> Void) {
    if isChecking { add(&gradients) }
  }

  func exerciseEvents(_ event: ExerciseEvent) { exerciseListener?(event) }

  func checked(_ result: CheckResult) {
    if case .holds = result.outcome { lastCheckHeld = true } else { lastCheckHeld = false }
    if lastCheckHeld { checksHeld += 1 } else { checksFailed += 1 }
    if let deedListener {
      deedListener(
        .checked(source(result.source)?.text(of: result.range) ?? "", holds: lastCheckHeld))
    }
    if let exerciseListener {
      if case .stopped(let diagnostic) = result.outcome, diagnostic.kind == .limit {
        firstProblem = firstProblem ?? .limit
      }
      return exerciseListener(.checked(result))
    }
    guard case .fails(let found) = result.outcome else { return }
    var diagnostic = Diagnostic(
      .runtime, "check failed" + (result.message.map { ": \($0)" } ?? ""), at: result.range,
      label: found.map { "found \($0)" } ?? "")
    diagnostic.source = result.source
    report(diagnostic)
  }

  // MARK: Files

  /// A path in a script is relative to the script it stands in.
  package func resolvedPath(_ path: String) -> String {
    guard !path.hasPrefix("/"), let current = importsUnderWay.last,
      let slash = current.lastIndex(of: "/")
    else { return path }
    return current[...slash] + path
  }

  func readText(_ path: String, at range: SourceRange) throws(Failure) -> String {
    switch host.files.text(path) {
    case .success(let text): return text
    case .failure(let failure):
      throw Failure("\(path) cannot be read", at: range, label: failure.words)
    }
  }

  // MARK: Diagnostics

  /// Writes diagnostics with the lines of this session's sources.
  package var diagnosticRenderer: DiagnosticRenderer {
    diagnosticRenderer(isColoured: host.hasColouredReports)
  }

  package func diagnosticRenderer(isColoured: Bool) -> DiagnosticRenderer {
    DiagnosticRenderer(style: isColoured ? .terminal : .plain) { [sources] id in
      id.flatMap { sources[$0] }
    }
  }

  /// Writes a diagnostic beside the output, or gives it to the listener of exercises.
  func report(_ diagnostic: Diagnostic) {
    if let exerciseListener {
      guard diagnostic.severity == .error else { return exerciseListener(.noted(diagnostic)) }
      firstProblem = firstProblem ?? diagnostic.kind
      return exerciseListener(.failed(diagnostic))
    }
    if host.isQuiet, diagnostic.severity != .error { return }
    if let errorListener, diagnostic.severity == .error { return errorListener(diagnostic) }
    let renderer = diagnosticRenderer
    host.report(
      (host.reportsAsJSON ? renderer.json(diagnostic) : renderer.render(diagnostic)) + "\n")
  }
}

/// What was asked and answered, for whoever follows a session: a tutorial.
package enum Deed {
  /// A function of the catalog gave a value.
  case called(BuiltinFunction, Arguments, Value)
  /// A net was applied to rows: `net [0.5, 1]`.
  case applied(Network)
  /// A check, with its condition as it is written.
  case checked(String, holds: Bool)
}
