import Explanation

/// How many submissions make a misconception.
struct MisconceptionCount: Hashable {
  var name: String
  /// What is done, as a sentence without a place; nil for one that the key or nobody describes.
  var words: String?
  var submissions: Int
}

extension GradeReport {
  /// The misconceptions of all submissions, the most frequent first.
  var misconceptionCounts: [MisconceptionCount] {
    var counts: [String: Int] = [:]
    for submission in submissions {
      for name in Set(submission.parts.flatMap { $0.misconceptions }) {
        counts[name, default: 0] += 1
      }
    }
    guard !counts.isEmpty else { return [] }
    let words = Dictionary(Misconception.all.map { ($0.name, $0.words) }) { first, _ in first }
    return counts.map { name, count in
      MisconceptionCount(
        name: name, words: words[name].map(Self.withoutPlace), submissions: count)
    }.sorted { ($1.submissions, $0.name) < ($0.submissions, $1.name) }
  }

  /// The place differs from submission to submission.
  private static func withoutPlace(_ words: String) -> String {
    guard let open = words.firstIndex(of: "{"), let close = words[open...].firstIndex(of: "}")
    else {
      return words
    }
    return words[..<open] + "…" + words[words.index(after: close)...]
  }
}
