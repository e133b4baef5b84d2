import ArgumentParser
import Interchange

/// What may stand at the end of a command line, for the shells.
struct ShellCompletion {
  struct Candidate: Hashable {
    let text: String
    let summary: String
  }

  let command: CommandRecord

  private(set) var candidates: [Candidate] = []
  /// Beside the candidates.
  private(set) var kind = CommandRecord.Completion.none

  /// - Parameter words: of the line without the program; the last one is what is being typed.
  init(_ words: [String], of command: CommandRecord) {
    self.command = command
    // bash takes --as=csv apart into three words.
    var words = words.filter { $0 != "=" }
    var current = words.popLast() ?? ""
    if current.hasPrefix("--"), let sign = current.firstIndex(of: "=") {
      words.append(String(current[..<sign]))
      current = String(current[current.index(after: sign)...])
    }
    complete(current, behind: words)
  }

  private mutating func complete(_ current: String, behind words: [String]) {
    let run = command.commands.first { $0.name == "run" } ?? command
    var called = run
    var isChosen = false
    var arguments = 0
    var awaited: CommandRecord.Option?
    var used: Set<String> = []
    for word in words {
      if awaited != nil {
        awaited = nil
      } else if word.hasPrefix("-"), word != "-" {
        let option = called.option(named: word)
        awaited = option.flatMap { $0.value == nil ? nil : $0 }
        if let option, !option.isRepeating { used.formUnion(option.names) }
      } else if arguments == 0, !isChosen,
        let sub = command.commands.first(where: { $0.name == word })
      {
        called = sub
        isChosen = true
      } else {
        arguments += 1
      }
    }
    if let awaited { return offer(awaited.completion) }
    // What follows a script is the script's.
    if called.name == run.name, arguments > 0 { return offer(.files([])) }
    if current.hasPrefix("-") {
      candidates = called.options.compactMap { option in
        let name = option.names.last { !used.contains($0) }
        return name.map { Candidate(text: $0, summary: option.summary) }
      }
      return
    }
    if !isChosen {
      candidates = command.commands.map { Candidate(text: $0.name, summary: $0.abstract) }
    }
    let places = called.options.filter { $0.names.isEmpty }
    if let place = arguments < places.count ? places[arguments] : places.last,
      arguments < places.count || place.isRepeating
    {
      offer(place.completion)
    }
  }

  private mutating func offer(_ completion: CommandRecord.Completion) {
    if case .values(let values) = completion {
      candidates += values.map { Candidate(text: $0, summary: "") }
    } else {
      kind = completion
    }
  }

  /// Lines for the shells' functions: the kind of files, then a candidate a line with what it is
  /// behind a tab.
  var lines: [String] {
    let head =
      switch kind {
      case .none, .values: "values"
      case .files(let extensions): (["files"] + extensions).joined(separator: " ")
      case .folders: "folders"
      }
    return [head] + candidates.map { $0.summary.isEmpty ? $0.text : "\($0.text)\t\($0.summary)" }
  }
}

/// `bp complete -- WORDS`, which the functions of the shells call.
struct CompleteWords: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "complete", abstract: "Say what may stand at the end of a command line.",
    shouldDisplay: false)

  @Argument(parsing: .postTerminator, help: "The words so far, the last one as far as it is typed.")
  var words: [String] = []

  func run() throws {
    throw ExitCode(
      Worker.run { output in
        guard let command = try? CommandRecord.all() else { return ExitStatus.runtimeError }
        for line in ShellCompletion(words, of: command).lines { _ = output.write(line + "\n") }
        return ExitStatus.done
      })
  }
}
