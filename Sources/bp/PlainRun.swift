import ArgumentParser

extension Command {
  /// What most calls say: a script, `-`, lines behind `-e`, or nothing, with `-i` and `--json`. The
  /// parser is not asked about them, since looking at every option of every command takes most of a
  /// start.
  /// - Returns: nil where anything else is said, which the parser then reads.
  static func plainRun(_ words: [String]) -> ScriptRun? {
    var rest = words[...]
    var code: [String] = []
    var staysOpen = false
    var json = false
    var isQuiet = false
    while let word = rest.first, word.hasPrefix("-"), word != "-" {
      rest.removeFirst()
      switch word {
      case "-i": staysOpen = true
      case "--json": json = true
      case "--quiet": isQuiet = true
      case "-e":
        guard let line = rest.popFirst(), !line.hasPrefix("-") else { return nil }
        code.append(line)
      default: return nil
      }
    }
    if let first = rest.first, isCommand(first) { return nil }
    return ScriptRun(
      code: code, file: rest.first, arguments: Array(rest.dropFirst()), staysOpen: staysOpen,
      json: json, isQuiet: isQuiet, limits: RunLimits.standard)
  }

  /// Commands are single words; a path mostly tells by its characters that it is none, before the
  /// descriptions of all commands are made.
  private static func isCommand(_ word: String) -> Bool {
    word.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
      && configuration.subcommands.contains { $0.configuration.commandName == word }
  }
}
