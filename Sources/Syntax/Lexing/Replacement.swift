// The standard library has these in a part that embedded Swift leaves out.
extension StringProtocol where SubSequence == Substring {
  /// Whether some of the text is `part`, character by character.
  package func contains(part: String) -> Bool {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.starts(with: part) { return true }
      rest.removeFirst()
    }
    return part.isEmpty
  }

  /// What stands before and behind the first `part`; nothing where there is none.
  package func separated(atFirst part: String) -> (before: Substring, after: Substring)? {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.starts(with: part) {
        return (self[..<rest.startIndex], rest.dropFirst(part.count))
      }
      rest.removeFirst()
    }
    return nil
  }

  /// The text with every `part` replaced.
  package func replacingEach(_ part: String, by replacement: String) -> String {
    var result = ""
    var rest = self[...]
    while let first = rest.first {
      if !part.isEmpty, rest.starts(with: part) {
        result += replacement
        rest = rest.dropFirst(part.count)
      } else {
        result.append(first)
        rest.removeFirst()
      }
    }
    return result
  }
}
