/// What a text is written for: how wide it may be, which characters and colours it may use.
package struct Display: Hashable, Sendable {
  package enum Characters: String, Hashable, Sendable, CaseIterable {
    /// Seven-bit characters only.
    case ascii
    /// Half blocks, shades and box lines.
    case blocks
    /// Curves in braille dots, finer where the font has them; the rest as `blocks`.
    case braille
  }

  package var columns: Int
  /// Lines of the screen, which a picture should fit; nil where nothing scrolls away.
  package var rows: Int?
  /// Lines for the area of a plot; nil for what suits its width.
  package var plotRows: Int?
  package var characters: Characters
  package var hasColour: Bool
  /// Any colour, not only the 256 that every terminal knows.
  package var hasFullColour: Bool
  /// Whether the middle of long values is left out: for who reads, not for what is read by programs.
  package var shortens = false

  /// A file or a pipe: 80 columns without colour, so that outputs can be compared.
  package static let plain = Display()

  package init(
    columns: Int = 80, rows: Int? = nil, characters: Characters = .blocks, hasColour: Bool = false,
    hasFullColour: Bool = false
  ) {
    self.columns = min(max(columns, 20), 1000)
    self.rows = rows.map { max($0, 10) }
    self.characters = characters
    self.hasColour = hasColour
    self.hasFullColour = hasFullColour
  }

  package var isASCII: Bool { characters == .ascii }

  /// Whether to colour, as no-color.org and bixense.com/clicolors say: a non-empty NO_COLOR
  /// forbids, else CLICOLOR_FORCE or FORCE_COLOR other than `0` demands, else a terminal that is
  /// not dumb and no `CLICOLOR=0`.
  package static func wantsColour(
    environment: (String) -> String?, isTerminal: Bool
  ) -> Bool {
    if let value = environment("NO_COLOR"), !value.isEmpty { return false }
    for name in ["CLICOLOR_FORCE", "FORCE_COLOR"] {
      if let value = environment(name), !value.isEmpty, value != "0" { return true }
    }
    if environment("CLICOLOR") == "0" { return false }
    return isTerminal && !isDumb(environment)
  }

  /// Whether the terminal says by COLORTERM that it shows any colour.
  package static func hasFullColour(environment: (String) -> String?) -> Bool {
    ["truecolor", "24bit"].contains(environment("COLORTERM") ?? "")
  }

  /// Blocks where the locale is UTF-8, ASCII elsewhere and on a dumb terminal.
  ///
  /// The locale is that of the first non-empty variable of LC_ALL, LC_CTYPE and LANG; where none is
  /// set, which is common in containers, UTF-8 is taken for granted.
  package static func characters(
    environment: (String) -> String?, isTerminal: Bool
  ) -> Characters {
    if isTerminal, isDumb(environment) { return .ascii }
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      guard let value = environment(name), !value.isEmpty else { continue }
      // What follows an @ is a modifier, as in de_DE.UTF-8@euro.
      let folded = value.lowercased().prefix { $0 != "@" }
      return folded.hasSuffix("utf-8") || folded.hasSuffix("utf8") ? .blocks : .ascii
    }
    return .blocks
  }

  private static func isDumb(_ environment: (String) -> String?) -> Bool {
    environment("TERM") == "dumb"
  }
}
