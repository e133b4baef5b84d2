extension NoteFormat {
  /// `.. code-block:: bplang`; results in a literal block or a code block without a language.
  static let restructuredText = NoteFormat(
    name: "reStructuredText", extensions: ["rst", "rest"]
  ) { lines in
    var blocks: [NoteBlock] = []
    var place = 0
    while place < lines.count {
      let line = lines[place]
      guard let directive = Directive(line) else {
        place += 1
        continue
      }
      place += 1
      // Options of the directive stand right below it.
      while place < lines.count, lines[place].trimmed.hasPrefix(":"),
        lines[place].margin.count > line.margin.count
      {
        place += 1
      }
      while place < lines.count, lines[place].trimmed.isEmpty { place += 1 }
      let start = place
      while place < lines.count,
        lines[place].trimmed.isEmpty || lines[place].margin.count > line.margin.count
      {
        place += 1
      }
      var end = place
      while end > start, lines[end - 1].trimmed.isEmpty { end -= 1 }
      guard end > start else { continue }
      blocks.append(
        NoteBlock(
          role: directive.role, lines: start..<end, margin: commonMargin(lines[start..<end])))
    }
    return blocks
  }

  private struct Directive {
    let role: NoteBlock.Role

    init?(_ line: String) {
      let text = line.trimmed
      let names = [".. code-block::", ".. code::", ".. sourcecode::"]
      guard let name = names.first(where: { text.hasPrefix($0) }) else {
        // The end of a paragraph that a literal block follows.
        guard text.hasSuffix("::"), !text.hasPrefix("..") else { return nil }
        role = .result
        return
      }
      let words = text.dropFirst(name.count).split(separator: " ").map(String.init)
      switch words.first {
      case nil, "text", "none", "console": role = .result
      case let word? where NoteFormat.languages.contains(word):
        role = .code(isHidden: words.contains("hidden"))
      default: role = .other
      }
    }
  }
}
