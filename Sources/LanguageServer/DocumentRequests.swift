import Assistance
import Interchange
import Syntax

// What is asked about a script as a whole.
extension LanguageServer {
  /// One edit that replaces the lines that change; none for what is not in the language.
  func formatted(_ document: TextDocument) -> JSON {
    let analysis = analysis(of: document)
    guard !analysis.isForeign, analysis.parsed.diagnostics.isEmpty,
      let text = try? Formatter.format(analysis.source)
    else { return .null }
    let old = analysis.source.bytes
    let new = Array(text.utf8)
    guard old != new else { return .list([]) }
    func behindLine(_ bytes: [UInt8], _ place: Int) -> Bool {
      place == 0 || place == bytes.count || bytes[place - 1] == UInt8(ascii: "\n")
    }
    var head = 0
    while head < min(old.count, new.count), old[head] == new[head] { head += 1 }
    while head > 0, !(behindLine(old, head) && behindLine(new, head)) { head -= 1 }
    var tail = 0
    while tail < min(old.count, new.count) - head,
      old[old.count - 1 - tail] == new[new.count - 1 - tail]
    {
      tail += 1
    }
    while tail > 0,
      !(behindLine(old, old.count - tail) && behindLine(new, new.count - tail))
    {
      tail -= 1
    }
    let range = SourceRange(start: head, end: old.count - tail)
    return .list([
      .record([
        "range": json(of: range, in: document.text),
        "newText": .text(String(decoding: new[head..<(new.count - tail)], as: UTF8.self)),
      ])
    ])
  }

  func symbols(of document: TextDocument) -> JSON {
    .list(analysis(of: document).outline.map { json(of: $0, in: document) })
  }

  private func json(of item: OutlineItem, in document: TextDocument) -> JSON {
    let kind =
      switch item.kind {
      case .function: 12
      case .variable: 13
      case .exercise: 6
      case .part: 3
      }
    return .record([
      "name": .text(item.name), "detail": .text(item.detail), "kind": .integer(kind),
      "range": json(of: item.range.union(item.selection), in: document.text),
      "selectionRange": json(of: item.selection, in: document.text),
      "children": .list(item.children.map { json(of: $0, in: document) }),
    ])
  }

  func folds(of document: TextDocument) -> JSON {
    .list(
      analysis(of: document).folds.compactMap { fold in
        let start = document.text.position(of: fold.range.start, units).line
        var end = document.text.position(of: fold.range.end, units).line
        // The line of the closing bracket stays visible.
        if fold.kind == .block, end > start + 1 { end -= 1 }
        guard end > start else { return nil }
        let lines: KeyValuePairs<String, JSON> = [
          "startLine": .integer(start), "endLine": .integer(end),
          "kind": .text(fold.kind == .comment ? "comment" : "region"),
        ]
        return .record(lines)
      })
  }

  /// Five numbers a token: lines and units from the one before, length, kind, modifiers.
  func semanticTokens(of document: TextDocument) -> JSON {
    var numbers: [Int] = []
    var last = PlacedText.Position(line: 0, character: 0)
    let kinds = MeaningfulToken.Kind.allCases
    for token in analysis(of: document).meaningfulTokens {
      var start = token.range.start
      // A token is on one line in the protocol.
      for line in lines(of: token.range, in: document.text) {
        start = line.start
        let from = document.text.position(of: start, units)
        let length = document.text.position(of: line.end, units).character - from.character
        guard length > 0 else { continue }
        numbers += [
          from.line - last.line,
          from.line == last.line ? from.character - last.character : from.character, length,
          kinds.firstIndex(of: token.kind) ?? 0,
          (token.isDefinition ? 1 : 0) | (token.isBuiltin ? 2 : 0),
        ]
        last = from
      }
    }
    return .record(["data": .list(numbers.map { .integer($0) })])
  }

  private func lines(of range: SourceRange, in text: PlacedText) -> [SourceRange] {
    var lines: [SourceRange] = []
    var start = range.start
    for place in range.start..<range.end
    where text.bytes[place] == 0x0A || text.bytes[place] == 0x0D {
      if place > start { lines.append(SourceRange(start: start, end: place)) }
      start = place + 1
    }
    if range.end > start { lines.append(SourceRange(start: start, end: range.end)) }
    return lines
  }

  /// Shapes beside the names that are given a value.
  func hints(in document: TextDocument, _ json: JSON?) -> JSON {
    let analysis = analysis(of: document)
    let range =
      range(json, in: document) ?? SourceRange(start: 0, end: document.text.bytes.count)
    return .list(
      analysis.uses.compactMap { use in
        guard case .symbol(_, true) = use.meaning, use.range.start >= range.start,
          use.range.end <= range.end, let known = analysis.values.byPlace[use.range.start],
          let hint = known.hint
        else { return nil }
        let label: KeyValuePairs<String, JSON> = [
          "position": self.json(of: document.text.position(of: use.range.end, units)),
          "label": .text(": \(hint)"), "kind": .integer(1), "tooltip": .text(known.kind),
        ]
        return .record(label)
      })
  }
}
