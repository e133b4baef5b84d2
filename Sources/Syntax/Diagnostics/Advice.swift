/// What would work, in words; and as edits of the source where they are known.
package struct Advice: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// A replacement of a stretch of source, or with an empty range an insertion.
  package struct Edit: Hashable, Sendable {
    package var range: SourceRange
    package var text: String

    package init(_ range: SourceRange, _ text: String) {
      self.range = range
      self.text = text
    }
  }

  /// A sentence without a full stop: `did you mean train?`
  package var text: String
  /// In the order of the text; empty where words are all there is.
  package var edits: [Edit]

  package init(_ text: String, edits: [Edit] = []) {
    self.text = text
    self.edits = edits
  }

  package init(stringLiteral text: String) { self.init(text) }

  /// `did you mean …?` for a word at a place.
  package static func nearest(_ word: String, to range: SourceRange) -> Advice {
    Advice("did you mean \(word)?", edits: [Edit(range, word)])
  }
}
