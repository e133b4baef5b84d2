/// Pieces of a manual page in the language of mdoc(7).
enum Mdoc {
  /// Characters that a typesetter would take for commands, or set as other characters than those one
  /// types.
  private static let escapes: [Character: String] = [
    "\\": "\\e", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti", "\"": "\\(dq",
  ]

  private static let longestLine = 78

  /// As mandoc counts: it reads all beyond ASCII as `\\[u00B7]`.
  private static func width(of text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 8) }
  }

  static func text(_ text: some StringProtocol) -> String {
    var result = ""
    var previous: Character = " "
    for character in text {
      // A hyphen within a word is one; what begins an option or a number is a minus.
      let isMinus = character == "-" && !previous.isLetter
      result += isMinus ? "\\-" : escapes[character] ?? String(character)
      previous = character
    }
    return result
  }

  /// One argument of a macro, which is never taken for a macro itself.
  static func quoted(_ text: some StringProtocol) -> String { "\"\\&\(self.text(text))\"" }

  /// A line that stays as it is.
  static func literal(_ line: String) -> String {
    let text = text(line)
    return text.hasPrefix(".") ? "\\&" + text : text
  }

  /// Lines of running text, each sentence on its own, as the pages of manuals are written.
  static func paragraph(_ text: String) -> [String] {
    var lines: [String] = []
    var line = ""
    var endsSentence = false
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      let escaped = self.text(word)
      if endsSentence || width(of: line) + 1 + width(of: escaped) > longestLine {
        if !line.isEmpty { lines.append(line) }
        line = ""
      }
      // A line that begins with a point is a command.
      line += line.isEmpty ? (escaped.hasPrefix(".") ? "\\&" : "") + escaped : " " + escaped
      endsSentence = [".", "?", "!"].contains(word.last)
    }
    return lines + (line.isEmpty ? [] : [line])
  }

  /// The words of a call: `-e CODE [ARG ...]` becomes `Fl e Ar CODE Op Ar ARG ...`.
  static func words(_ form: [Substring]) -> String {
    call(form).map { $0.dropFirst() }.joined(separator: " ")
  }

  /// The same, a line for each group.
  static func call(_ form: [Substring]) -> [String] {
    var lines: [String] = []
    for word in form {
      let bare = word.filter { $0 != "[" && $0 != "]" }
      let macro: String
      if bare.hasPrefix("-"), bare.count > 1 {
        macro = "Fl \(text(bare.dropFirst()))"
      } else if bare == bare.uppercased() || bare.contains("FILE") {
        macro = "Ar \(text(bare))"
      } else {
        macro = "Cm \(text(bare))"
      }
      if word.hasPrefix("[") {
        lines.append(".Op \(macro)")
      } else if let last = lines.last, bare == "..." {
        lines[lines.count - 1] = last + " ..."
      } else {
        lines.append(".\(macro)")
      }
    }
    return lines
  }

  /// An option or an argument with what stands for its value; only its shortest name where `short`.
  static func option(_ option: CommandRecord.Option, short: Bool) -> String {
    let value = option.value.map { "Ar \(text($0))\(option.isRepeating ? " ..." : "")" }
    let names = short ? Array(option.names.prefix(1)) : option.names
    let flags = names.map { "Fl \(text($0.dropFirst()))" }.joined(separator: " , ")
    return [flags, value ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
  }
}
