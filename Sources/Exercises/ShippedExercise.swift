import Syntax

/// An exercise that comes with bp, from the comment that its file begins with.
package struct ShippedExercise: Sendable {
  /// The name of its file without the ending.
  package let name: String
  package let title: String
  /// What it teaches, in one line.
  package let summary: String

  /// - Parameter text: the file.
  package init(name: String, text: String) {
    var paragraphs: [[String]] = [[]]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("#") else { break }
      let words = line.drop { $0 == "#" || $0 == " " }
      if words.isEmpty {
        paragraphs.append([])
      } else {
        paragraphs[paragraphs.count - 1].append(String(words))
      }
    }
    let filled = paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
    self.name = name
    title = filled.first ?? name
    let about = filled.dropFirst().first ?? ""
    // Its first sentence; what to type stands in the file itself.
    summary = about.separated(atFirst: ". ").map { "\($0.0)." } ?? about
  }
}
