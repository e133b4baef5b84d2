import ArgumentParser

extension Command {
  /// `bp FILE.bp arg…` and `bp`, the calls without an option: the parser is not asked about them,
  /// since looking at every option of every command takes most of a start.
  /// - Returns: nil where an option or a command comes first.
  static func plainRun(_ words: [String]) -> ScriptRun? {
    if let first = words.first {
      let commands = configuration.subcommands.compactMap { $0.configuration.commandName }
      guard !first.hasPrefix("-"), !commands.contains(first) else { return nil }
    }
    return ScriptRun(
      code: [], file: words.first, arguments: Array(words.dropFirst()), staysOpen: false,
      json: false, limits: RunLimits.standard)
  }
}
