/// A stretch of source text, as UTF-8 offsets from its beginning; `end` is not included.
package struct SourceRange: Hashable, Sendable {
  package var start: Int
  package var end: Int

  package init(start: Int, end: Int) {
    self.start = start
    self.end = end
  }

  /// The smallest range that covers this one and `other`.
  package func union(_ other: SourceRange) -> SourceRange {
    SourceRange(start: min(start, other.start), end: max(end, other.end))
  }
}

/// A place as people count it: line and column from 1, the column in characters.
package struct SourcePosition: Hashable, Sendable {
  package let line: Int
  package let column: Int
}

/// The text of one script, one `-e` argument or one entry at the prompt, with its line table.
package struct SourceText: Sendable {
  /// The name that diagnostics print: a file's path, `-e`, `stdin` or the prompt's entry.
  package let name: String
  package let bytes: [UInt8]
  private let lineStarts: [Int]

  package init(name: String, text: String) {
    self.name = name
    bytes = Array(text.utf8)
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// The text of `range`; offsets outside the source are clamped.
  package func text(of range: SourceRange) -> String {
    let start = min(max(range.start, 0), bytes.count)
    let end = min(max(range.end, start), bytes.count)
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The line (from 1) that holds `offset`.
  package func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The range of line `number` (from 1) without its line end.
  package func range(ofLine number: Int) -> SourceRange {
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return SourceRange(start: start, end: end)
  }

  package func position(at offset: Int) -> SourcePosition {
    let number = line(at: offset)
    let start = lineStarts[number - 1]
    return SourcePosition(
      line: number, column: text(of: SourceRange(start: start, end: offset)).count + 1)
  }
}
