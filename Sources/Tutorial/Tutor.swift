import Language
import Learning
import Rendering
import Syntax

/// Leads through the tutorial: shows a step, follows what is typed, says when it is done, and goes on.
///
/// Whoever has the prompt writes what it gives, calls `entryBegins` and `entryEnded` around each entry
/// and `lineIsEmpty` where Enter was pressed alone.
package final class Tutor {
  package private(set) var progress: TutorialProgress {
    didSet { if progress != oldValue { keep(progress) } }
  }
  private let interpreter: Interpreter
  private let keep: (TutorialProgress) -> Void
  private let witness = Witness()
  /// The kinds of trainings seen in this session.
  private var kinds: Set<String> = []
  /// Whether entries are followed in this session.
  private var isActive = false
  /// Whether the step is done and the next one waits for Enter.
  private var isWaiting = false
  /// Entries since the step was shown that did not do it.
  private var strayEntries = 0
  private var hintsGiven = 0
  /// Whether the entry under way asked for the tutorial itself.
  private var wasAsked = false

  private static let patience = 4

  /// - Parameters:
  ///   - progress: as it was kept.
  ///   - keep: called with what is to be kept, at every change.
  package init(
    _ interpreter: Interpreter, progress: TutorialProgress,
    keep: @escaping (TutorialProgress) -> Void
  ) {
    self.interpreter = interpreter
    self.progress = progress
    self.keep = keep
  }

  private var place: Int {
    TutorialStep.all.firstIndex { $0.name == progress.step } ?? 0
  }

  private var step: TutorialStep { TutorialStep.all[place] }

  // MARK: What `start` says

  /// The answer to `start` or `start next`.
  package func answer(to wish: String?) -> (Display) -> String {
    let text = reply(to: wish)
    return { Self.plain(text($0), $0) }
  }

  private func reply(to wish: String?) -> (Display) -> String {
    wasAsked = true
    let isResumed = !isActive
    switch wish ?? "" {
    case "":
      if progress.state == .finished { return { [self] in list(display: $0) } }
      // Done in an earlier session, which ended before the next one was shown.
      if isWaiting || isResumed && progress.done.contains(progress.step) {
        activate()
        return goOn()
      }
    case "next", "skip", "on", "continue":
      activate()
      return goOn()
    case "back", "previous":
      activate()
      return goTo(max(place - 1, 0))
    case "over", "again", "restart", "begin", "new":
      progress.done = []
      activate()
      return goTo(0)
    case "hint", "help": return hint()
    case "list", "steps": return { [self] in list(display: $0) }
    case "stop", "end", "leave", "quit", "exit", "off":
      return stop()
    case let name:
      guard let place = TutorialStep.all.firstIndex(where: { $0.name == name }) else {
        return { [self] display in
          Self.wrapped("There is no step \(name).", display) + "\n" + list(display: display)
        }
      }
      activate()
      return goTo(place)
    }
    activate()
    return { [self] in page(display: $0, isGreeting: isResumed) }
  }

  private func activate() {
    isActive = true
    if progress.step.isEmpty { progress.step = TutorialStep.all[0].name }
    progress.state = .underWay
    strayEntries = 0
    let witness = self.witness
    interpreter.session.deedListener = { witness.evidence.add($0) }
  }

  private func goTo(_ place: Int) -> (Display) -> String {
    progress.step = TutorialStep.all[place].name
    isWaiting = false
    strayEntries = 0
    hintsGiven = 0
    return { [self] in page(display: $0) }
  }

  private func goOn() -> (Display) -> String {
    guard place + 1 < TutorialStep.all.count else { return finish() }
    return goTo(place + 1)
  }

  private func finish() -> (Display) -> String {
    deactivate()
    progress.state = .finished
    return { display in
      TutorialStep.farewell.map { Self.wrapped($0, display) }.joined(separator: "\n\n")
    }
  }

  private func stop() -> (Display) -> String {
    guard isActive || progress.state == .underWay else {
      return { _ in "The tutorial is not under way; start begins it." }
    }
    deactivate()
    progress.state = .stopped
    return { _ in "The tutorial waits here; start goes on with it." }
  }

  private func deactivate() {
    isActive = false
    isWaiting = false
    interpreter.session.deedListener = nil
  }

  private func hint() -> (Display) -> String {
    guard isActive else { return { _ in "The tutorial is not under way; start begins it." } }
    let hints = step.hints
    let hint = hints[min(hintsGiven, hints.count - 1)]
    hintsGiven += 1
    let isLast = hintsGiven >= hints.count
    return { [self] display in
      Self.wrapped(filled(hint) + (isLast ? "" : " (start hint: one more)"), display)
    }
  }

  // MARK: What is typed

  package func entryBegins() {
    wasAsked = false
    witness.evidence = Evidence()
    witness.evidence.earlierKinds = kinds
  }

  /// What is to be written behind an entry; nil where there is nothing to say.
  package func entryEnded(display: Display) -> String? {
    remark(display).map { Self.plain($0, display) }
  }

  private func remark(_ display: Display) -> String? {
    let evidence = witness.evidence
    // What it holds is not kept alive longer than the user keeps it.
    witness.evidence = Evidence()
    defer { for run in evidence.runs { kinds.insert(run.kind) } }
    guard isActive, !wasAsked, !isWaiting else { return nil }
    switch step.judge(evidence, interpreter.runtime) {
    case .done(let praise):
      let finished = step
      if !progress.done.contains(finished.name) { progress.done.append(finished.name) }
      let mark = display.isASCII ? "*" : "✓"
      let explore = finished.explore.isEmpty ? "" : " You may try: \(filled(finished.explore))"
      let said = Self.wrapped("\(mark) \(praise)\(finished.waits ? explore : "")", display)
      if finished.waits {
        isWaiting = true
        return said + "\n" + Self.wrapped("Enter goes on.", display) + "\n"
      }
      return said + "\n\n" + goOn()(display) + "\n"
    case .missing(let what):
      return Self.wrapped(filled(what), display) + "\n"
    case .elsewhere:
      if evidence.looksUp { return nil }
      strayEntries += 1
      guard strayEntries % Self.patience == 0 else { return nil }
      return Self.wrapped(
        "(\(place + 1) of \(TutorialStep.all.count), \(step.title): start shows it again, start hint helps.)",
        display) + "\n"
    }
  }

  /// What Enter alone shows: the next step, where the last one is done.
  package func lineIsEmpty(display: Display) -> String? {
    isActive && isWaiting ? Self.plain(goOn()(display) + "\n", display) : nil
  }

  // MARK: Pages

  private func page(display: Display, isGreeting: Bool = false) -> String {
    let step = self.step
    var lines = [heading(step, display)]
    lines += step.text.flatMap { TextWidth.hanging("", filled($0), width: Self.width(display)) }
    lines.append("")
    if let missing = missingLines(of: step) {
      lines.append("What it works with is not there in this session. First:")
      lines += missing.map { "  \($0)" } + ["Then:"]
    }
    lines += step.lines.map { "  \(filled($0))" }
    if isGreeting {
      lines.append("")
      lines += TextWidth.hanging(
        "", "start hint helps; start next, back and list move; start stop leaves.",
        width: Self.width(display))
    }
    return lines.joined(separator: "\n")
  }

  private func heading(_ step: TutorialStep, _ display: Display) -> String {
    let text = "\(place + 1) of \(TutorialStep.all.count): \(step.title)"
    let title = display.hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    let rule = String(
      repeating: display.isASCII ? "-" : "─", count: max(Self.width(display) - text.count - 5, 3))
    return "\(rule.prefix(3)) \(title) \(rule)"
  }

  private func list(display: Display) -> String {
    let steps = TutorialStep.all
    let width = steps.map { $0.name.count }.max() ?? 0
    let lines = steps.map { step in
      let isHere = step.name == progress.step && progress.state != .finished
      let mark = progress.done.contains(step.name) ? (display.isASCII ? "*" : "✓") : " "
      return
        "\(isHere ? ">" : " ")\(mark) \(TextWidth.padded(step.name, to: width, .left))  \(step.title)"
    }
    return (lines + ["start NAME goes to a step, start over begins anew"]).joined(separator: "\n")
  }

  /// What a step needs and the session does not hold, as lines to type.
  private func missingLines(of step: TutorialStep) -> [String]? {
    switch step.needs {
    case .net? where trainedNet == nil: TutorialStep.all.first { $0.name == "learn" }?.lines
    case .ownNet? where ownNet == nil: TutorialStep.all.first { $0.name == "data" }?.lines
    default: nil
    }
  }

  // MARK: Names

  private func run(of network: Network) -> TrainingRun? {
    interpreter.session.nets.run(of: network)
  }

  /// The first net of the session that was trained, preferably on rows of bp with two features.
  private var trainedNet: (name: String, network: Network)? {
    let trained = interpreter.runtime.namedNets.filter { run(of: $0.network) != nil }
    return trained.first { !(run(of: $0.network)?.hasOwnData ?? true) } ?? trained.first
  }

  private var ownNet: (name: String, network: Network)? {
    interpreter.runtime.namedNets.last { run(of: $0.network)?.hasOwnData == true }
  }

  /// A text with the names of the session in it.
  private func filled(_ text: String) -> String {
    let (net, last, runtime) = (
      trainedNet, interpreter.session.nets.lastChanged, interpreter.runtime
    )
    return text.replacingEach("{net}", by: net?.name ?? "net")
      .replacingEach("{own}", by: ownNet?.name ?? "mine")
      .replacingEach("{data}", by: net.flatMap { dataName(of: $0.network) } ?? "circles")
      .replacingEach("{last}", by: last.flatMap { runtime.name(of: $0) } ?? "small")
      .replacingEach("{seen}", by: last.flatMap { dataName(of: $0) } ?? "circles")
  }

  private func dataName(of network: Network) -> String? {
    guard let data = run(of: network)?.data else { return nil }
    let runtime = interpreter.runtime
    let variable = runtime.globalNames.first { name in
      guard let other = runtime.global(name)?.samples else { return false }
      return other.title == data.title && other.count == data.count
        && other.featureCount == data.featureCount
    }
    return variable ?? (data.isMadeByBp ? data.title : nil)
  }

  /// A text with the characters that the display has.
  private static func plain(_ text: String, _ display: Display) -> String {
    display.isASCII ? PlainCharacters.ascii(text) : text
  }

  private static func width(_ display: Display) -> Int { min(display.columns, 80) - 1 }

  private static func wrapped(_ text: String, _ display: Display) -> String {
    TextWidth.hanging("", text, width: width(display)).joined(separator: "\n")
  }
}
