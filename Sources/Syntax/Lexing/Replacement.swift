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
