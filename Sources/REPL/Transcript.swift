/// Cleans what is pasted from a session or a lecture's page: prompts go, and of a transcript the
/// printed results too.
struct Transcript {
  /// Whether a line with a prompt came in the present paste.
  private var isUnderWay = false

  /// - Parameters:
  ///   - continues: whether a statement is open, so that the line belongs to it.
  ///   - isPasted: whether more input follows at once.
  /// - Returns: the line as it is to be run; nil for a printed result.
  mutating func statement(in line: String, continues: Bool, isPasted: Bool) -> String? {
    defer { if !isPasted { isUnderWay = false } }
    let prompts = continues ? PromptText.continuations + [PromptText.first] : [PromptText.first]
    for prompt in prompts where line.hasPrefix(prompt) {
      isUnderWay = true
      var rest = line.dropFirst(prompt.count)
      // Pasting at a prompt that was already copied gives two of them.
      while rest.hasPrefix(PromptText.first) { rest = rest.dropFirst(PromptText.first.count) }
      return String(rest)
    }
    if line == PromptText.bare { return "" }
    return isUnderWay && !continues ? nil : line
  }
}

/// The prompts, all of one width.
enum PromptText {
  static let first = "bp> "
  static let bare = "bp>"

  /// `..( ` while a round bracket is open, `... ` otherwise.
  static func continuation(open: String) -> String {
    ["(", "[", "{"].contains(open) ? "..\(open) " : "... "
  }

  static let continuations = ["", "(", "[", "{"].map(continuation)
}
