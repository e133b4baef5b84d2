import Language

/// The manual page, in the language of mdoc(7), made from the records that help and the parser of the
/// command line are made from.
struct ManualPage {
  let command: CommandRecord
  let sections: [HelpSection]
  /// As `November 29, 2026`.
  let date: String

  private typealias Item = (head: String, text: String)

  var text: String {
    (head + synopsis + description + commands + language + surroundings).joined(separator: "\n")
      + "\n"
  }

  private var head: [String] {
    [
      ".Dd \(date)", ".Dt BP 1", ".Os", ".Sh NAME", ".Nm bp",
      ".Nd \(Mdoc.text(lowered(command.abstract)))",
    ]
  }

  /// The lines of the usage, each a form of a call and what it does.
  private var calls: [(form: [Substring], summary: String)] {
    Command.configuration.usage?.split(separator: "\n").map { line in
      let line = String(line)
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      // The form ends at the first two blanks.
      let end = words.firstIndex(of: "") ?? words.endIndex
      return (
        words[..<end].dropFirst().map { $0 },
        words[end...].filter { !$0.isEmpty }.joined(separator: " ")
      )
    } ?? []
  }

  private var synopsis: [String] {
    [".Sh SYNOPSIS"] + calls.flatMap { [".Nm bp"] + Mdoc.call($0.form) }
  }

  private var description: [String] {
    let items = calls.map { call in
      Item(
        (".It " + (call.form.isEmpty ? "Nm bp" : "Nm bp " + Mdoc.words(call.form))), call.summary)
    }
    let run = command.commands.first { $0.name == "run" }
    return [".Sh DESCRIPTION"]
      + Mdoc.paragraph(
        "bp is a small language and a prompt for building, training and explaining multi-layer "
          + "perceptrons. It takes one of these forms:")
      + list(items)
      + [".Pp", "The options of a run:"] + optionList(run?.options ?? [])
      + [".Pp"] + Mdoc.paragraph(command.discussion)
  }

  /// Options that several commands take are told once, with the run.
  private var commands: [String] {
    let known = Set(command.commands.first { $0.name == "run" }?.options ?? [])
    let others = command.commands.filter { $0.name != "run" }
    return [".Sh COMMANDS"]
      + others.flatMap { command -> [String] in
        let own = command.options.filter { !known.contains($0) && !$0.names.contains("--help") }
        let shared = command.options.filter { known.contains($0) && !$0.names.contains("--help") }
        var lines = [".Ss bp \(command.name)"] + usage(of: command, own)
        lines += Mdoc.paragraph(command.abstract)
        if !command.discussion.isEmpty { lines += [".Pp"] + Mdoc.paragraph(command.discussion) }
        if own.contains(where: { !$0.summary.isEmpty }) { lines += optionList(own) }
        if !shared.isEmpty {
          let names = shared.compactMap { $0.names.last }.joined(separator: ", ")
          lines += [".Pp"] + Mdoc.paragraph("It also takes \(names), as a run does.")
        }
        return lines
      }
  }

  private func usage(of command: CommandRecord, _ options: [CommandRecord.Option]) -> [String] {
    let words = options.map { option -> String in
      let text = Mdoc.option(option, short: true)
      return option.isOptional ? ".Op \(text)" : ".\(text)"
    }
    return [".Bd -ragged -offset indent", ".Nm bp", ".Cm \(command.name)"] + words
      + [".Ed", ".Pp"]
  }

  private func optionList(_ options: [CommandRecord.Option]) -> [String] {
    list(options.map { Item(".It " + Mdoc.option($0, short: false), $0.summary) })
  }

  private func list(_ items: [Item]) -> [String] {
    [".Bl -tag -width Ds"] + items.flatMap { [$0.head] + Mdoc.paragraph($0.text) } + [".El"]
  }

  private var language: [String] {
    [".Sh THE LANGUAGE"]
      + Mdoc.paragraph(
        "What the language knows; bp help NAME tells more of each, with its options and examples.")
      + sections.flatMap { section in
        [".Ss \(Mdoc.text(section.title))"]
          + list(section.entries.map { Item(".It Ic \(Mdoc.quoted($0.form))", $0.summary) })
      }
  }

  private var surroundings: [String] {
    [".Sh ENVIRONMENT"]
      + list(Surroundings.variables.map { Item(".It Ev \($0.name)", $0.meaning) })
      + [".Sh FILES"] + list(Surroundings.files.map { Item(".It Pa \($0.name)", $0.meaning) })
      + [".Sh EXIT STATUS"]
      + list(ExitStatus.meanings.map { Item(".It Li \($0.status)", $0.meaning) })
      + [".Sh EXAMPLES"]
      + Surroundings.examples.flatMap { example in
        Mdoc.paragraph(example.meaning)
          + [".Bd -literal -offset indent", Mdoc.literal(example.name), ".Ed", ".Pp"]
      }.dropLast()
  }

  private func lowered(_ sentence: String) -> String {
    sentence.prefix(1).lowercased() + sentence.dropFirst().filter { $0 != "." }
  }
}
