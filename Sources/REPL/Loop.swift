import Glibc
import Rendering

/// Prompt, read, run, again: what the prompt asks of the language is a record of closures.
package struct Loop {
  package enum Readiness: Equatable, Sendable {
    /// Can be run, or can never become right by further lines.
    case complete
    /// More lines are wanted; `open` is the innermost open bracket, or empty.
    case incomplete(open: String)
  }

  package enum Outcome: Equatable, Sendable {
    case proceed
    /// The user asked to leave, with this exit status.
    case leave(Int32)
  }

  package struct Evaluator {
    package var readiness: (_ text: String) -> Readiness
    /// Runs an entry and writes what is to be seen, errors included. The history ends with the entry.
    package var run: (_ text: String, _ history: [String]) -> Outcome
    /// Writes what is to be seen where Enter was pressed alone.
    package var lineIsEmpty: () -> Void
    package var complete: (_ text: String, _ cursor: Int) -> LineCompletion

    package init(
      readiness: @escaping (String) -> Readiness,
      run: @escaping (_ text: String, _ history: [String]) -> Outcome,
      lineIsEmpty: @escaping () -> Void = {},
      complete: @escaping (String, Int) -> LineCompletion
    ) {
      self.readiness = readiness
      self.run = run
      self.lineIsEmpty = lineIsEmpty
      self.complete = complete
    }
  }

  private let evaluator: Evaluator
  private let editor: LineEditor
  private var history = HistoryList()
  private var file: HistoryFile?
  private var transcript = Transcript()
  /// Lines of the entry that is being typed.
  private var lines: [String] = []

  /// - Parameter historyPath: nil to remember nothing between sessions.
  package init(_ evaluator: Evaluator, historyPath: String?) {
    self.evaluator = evaluator
    editor = LineEditor()
    file = historyPath.map { HistoryFile(path: $0) }
    history = HistoryList(file?.read() ?? [])
    editor.replaceHistory(history.entries)
  }

  /// Runs until the user leaves.
  ///
  /// - Returns: the exit status.
  package mutating func run() -> Int32 {
    var prompt = PromptText.first
    defer { editor.close() }
    Interrupt.returnsToPrompt()
    while true {
      if lines.isEmpty { takeOver(file?.read() ?? []) }
      let before = lines.map { $0 + "\n" }.joined()
      editor.complete = { [evaluator] line, cursor in
        var completion = evaluator.complete(before + line, before.utf8.count + cursor)
        completion.start -= before.utf8.count
        return completion
      }
      switch editor.read(prompt: prompt) {
      case .end:
        // Behind a prompt, which a pipe does not get.
        if Terminal.isTerminal(STDIN_FILENO) { Terminal.write("\n") }
        if let number = Interrupt.received { return 128 + number }
        if lines.isEmpty { return 0 }
        lines = []
      case .interrupted(let hadText):
        Terminal.write("\n")
        if !hadText, lines.isEmpty { Terminal.write("Ctrl-D or exit leaves bp\n") }
        lines = []
      case .line(let line):
        if line.isEmpty, lines.isEmpty, !editor.isPasted { evaluator.lineIsEmpty() }
        let statement = transcript.statement(
          in: line, continues: !lines.isEmpty,
          isPasted: editor.isPasted)
        guard let statement else { continue }
        lines.append(statement)
      }
      let text = lines.joined(separator: "\n")
      if text.allSatisfy({ $0.isWhitespace }) {
        lines = []
        prompt = PromptText.first
        continue
      }
      switch evaluator.readiness(text) {
      case .incomplete(let open): prompt = PromptText.continuation(open: open)
      case .complete:
        lines = []
        prompt = PromptText.first
        remember(text)
        if case .leave(let status) = evaluator.run(text, history.entries) { return status }
        if let number = Interrupt.received {
          // Ctrl-C only stopped the computation, and what was pasted behind it.
          guard number == SIGINT else { return 128 + number }
          editor.discardTyped()
        }
      }
    }
  }

  private mutating func remember(_ entry: String) {
    let entry = String(entry.reversed().drop { $0.isWhitespace }.reversed())
    if history.entries.last == entry { return }
    // Entries of other prompts come before this one, in the order of the file.
    takeOver(file?.append(entry) ?? [])
    takeOver([entry])
  }

  private mutating func takeOver(_ entries: [String]) {
    var isRearranged = false
    for entry in entries {
      switch history.append(entry) {
      case .none: break
      case .appended: if !isRearranged { editor.remember(entry) }
      case .rearranged: isRearranged = true
      }
    }
    if isRearranged { editor.replaceHistory(history.entries) }
  }
}
