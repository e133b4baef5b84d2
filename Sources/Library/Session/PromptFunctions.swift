import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  /// What belongs to working at the prompt.
  static let promptFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "run", .session, "Runs another script here: what it defines stays.", traits: .runsScript,
      parameters: [script.parameter]
    ) { arguments throws(Failure) in
      try arguments.runtime.importScript(
        try arguments(script), at: arguments.range(of: script))
      return .nothing
    },
    BuiltinFunction(
      "edit", .session,
      "Opens the last entry in the editor that $EDITOR names and runs what is saved there.",
      traits: [.leavesNoTrace, .opensLastEntry],
      parameters: [name.parameter]
    ) { arguments throws(Failure) in
      guard let edit = arguments.session.host.edit else {
        throw Failure("there is no editor here: edit works at the prompt", at: arguments.range)
      }
      let runtime = arguments.runtime
      var text = arguments.session.lastEntry
      if let name = try arguments.optional(name) {
        guard case .function(let function)? = runtime.global(name),
          case .user(let user) = function.body,
          let source = arguments.session.source(user.source)
        else {
          throw Failure(
            "\(name) is no function of yours", at: arguments.range(of: Catalog.name),
            help: ["edit alone opens the last entry"])
        }
        text = source.text(of: user.definition)
        if !text.hasPrefix("\(name)(") { text = "\(name) = \(text)" }
        let help = user.help?.split(separator: "\n").map { "## \($0)\n" } ?? []
        text = help.joined() + text
      }
      switch edit(text) {
      case .success(let changed):
        if changed.allSatisfy({ $0.isWhitespace }) { return .nothing }
        arguments.session.lastEntry = changed
        try runtime.run(changed, name: "edit", echoes: true)
      case .failure(let problem):
        throw Failure("the editor did not work", at: arguments.range, label: problem.words)
      }
      return .nothing
    },
    BuiltinFunction(
      "start", .session,
      "Begins the tutorial, or goes on with it: ten minutes, typed along at the prompt.",
      traits: .leavesNoTrace, parameters: [wish.parameter]
    ) { arguments throws(Failure) in
      guard let tutor = arguments.session.tutor else {
        throw Failure(
          "the tutorial is typed along at the prompt", at: arguments.range,
          help: ["bp start at the shell opens it"])
      }
      return .report(
        Report(title: "tutorial", text: tutor(try arguments.optional(wish))))
    },
    BuiltinFunction(
      "history", .session, "Lists the lines typed at the prompt, the last one last.",
      traits: .leavesNoTrace, parameters: [count.parameter]
    ) { arguments throws(Failure) in
      guard let history = arguments.session.history else {
        throw Failure(
          "there are no lines here: history works at the prompt", at: arguments.range,
          help: ["the losses of a training are run.losses, with run = train net data"])
      }
      let entries = history()
      let most = try arguments(count)
      return .report(
        Report(title: "history", isPage: true) { _ in
          entries.isEmpty ? "no lines yet" : entries.suffix(most).joined(separator: "\n")
        })
    },
    BuiltinFunction(
      "clc", .session, "Clears the screen, as Ctrl-L does; variables stay.",
      traits: .leavesNoTrace
    ) { arguments throws(Failure) in
      arguments.session.host.clearScreen?()
      return .nothing
    },
  ]

  private static let wish = Key.bareWord(
    "step", .absent,
    "next, back, hint, list, over (from the beginning), stop, or the name of a step.")
  private static let count = Key.wholeNumber(
    "n", .number(20), in: 1...1_000_000, "How many, the last ones.")
  private static let script = Key.string("file", "The path, relative to the script.")
  private static let name = Key.bareWord(
    "name", .absent, "A function of yours; the last entry where left out.")
}
