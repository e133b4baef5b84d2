extension StringProtocol {
  /// The text with every `part` replaced; the standard library's `replacing` is not in every build
  /// of Swift (embedded Swift lacks it).
  package func replacingEach(_ part: String, by replacement: String) -> String {
    let text = Array(utf8)
    let part = Array(part.utf8)
    guard !part.isEmpty else { return String(self) }
    var result: [UInt8] = []
    var position = 0
    while position < text.count {
      if text[position...].starts(with: part) {
        result += replacement.utf8
        position += part.count
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
