/// What may stand at the cursor in place of what was typed there.
package struct LineCompletion: Sendable {
  package struct Candidate: Hashable, Sendable {
    /// What replaces the typed part.
    package var text: String
    /// How a list shows it: `lr=0.1 (number)`.
    package var display: String
    /// Typed behind a candidate that is the only one: a blank, nothing behind `epochs=`.
    package var suffix: String

    package init(_ text: String, display: String? = nil, suffix: String = "") {
      self.text = text
      self.display = display ?? text
      self.suffix = suffix
    }
  }

  /// Where the typed part begins, in bytes of UTF-8 from the beginning of the entry; it ends at the
  /// cursor.
  package var start: Int
  package var candidates: [Candidate]

  package init(start: Int, _ candidates: [Candidate]) {
    self.start = start
    self.candidates = candidates
  }

  /// What all candidates begin with.
  var commonPrefix: String {
    guard let first = candidates.first?.text else { return "" }
    return candidates.dropFirst().reduce(first) { prefix, candidate in
      String(zip(prefix, candidate.text).prefix { $0 == $1 }.map { $0.0 })
    }
  }
}
