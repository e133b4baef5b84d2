extension NoteFormat {
  /// Fences of CommonMark, those of Quarto (`{bp}`) and MyST (`{code-cell} bp`) among them.
  static let markdown = NoteFormat(
    name: "Markdown", extensions: ["md", "markdown", "qmd", "mdx", "myst"]
  ) { lines in
    var blocks: [NoteBlock] = []
    var place = 0
    while place < lines.count {
      guard let fence = Fence(lines[place]) else {
        place += 1
        continue
      }
      let start = place + 1
      place = start
      while place < lines.count, !fence.isClosed(by: lines[place]) { place += 1 }
      blocks.append(
        NoteBlock(role: fence.role, lines: start..<place, margin: fence.margin))
      place += 1
    }
    return blocks
  }

  /// The line that opens a block: three or more of a sign, and words behind them.
  private struct Fence {
    let margin: String
    let sign: Character
    let count: Int
    let words: [String]

    init?(_ line: String) {
      margin = line.margin
      let rest = line.dropFirst(margin.count)
      guard let sign = rest.first, sign == "`" || sign == "~" else { return nil }
      let signs = rest.prefix { $0 == sign }
      let info = rest.dropFirst(signs.count)
      // A code span may begin with three signs, and ends in its line.
      guard signs.count >= 3, sign == "~" || !info.contains("`") else { return nil }
      (self.sign, count) = (sign, signs.count)
      words = info.split { " \t{},.".contains($0) }.map(String.init)
    }

    func isClosed(by line: String) -> Bool {
      let text = line.trimmed
      return text.count >= count && text.allSatisfy { $0 == sign }
    }

    var role: NoteBlock.Role {
      let language = words.first == "code-cell" ? words.dropFirst().first : words.first
      guard let language else { return .result }
      if NoteFormat.languages.contains(language) {
        return .code(isHidden: words.contains("hidden"))
      }
      return language == "text" ? .result : .other
    }
  }
}
