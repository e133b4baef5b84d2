import Rendering

/// Candidates below the line, in columns read downwards.
enum CompletionList {
  static let longest = 200

  static func text(_ candidates: [String], columns: Int) -> String {
    let shown = candidates.prefix(longest).map { TextWidth.truncated($0, to: columns) }
    let widest = (shown.map { TextWidth.columns(of: $0) }.max() ?? 0) + 2
    let perLine = max((columns + 2) / widest, 1)
    let lineCount = (shown.count + perLine - 1) / perLine
    var lines = (0..<lineCount).map { line -> String in
      let cells = stride(from: line, to: shown.count, by: lineCount).map { shown[$0] }
      return cells.dropLast().map { TextWidth.padded($0, to: widest, .left) }.joined()
        + (cells.last ?? "")
    }
    if candidates.count > longest { lines.append("… \(candidates.count - longest) more") }
    return lines.joined(separator: "\n")
  }
}
