/// Finds the word that was probably meant.
package enum Spelling {
  /// Longer words are not compared: nobody mistypes them, and the work grows with the square.
  private static let longestWord = 64

  /// The word of `candidates` nearest to `word`: one that differs in case alone, otherwise the
  /// first of those with the least distance, if that is at most a third of the word's length or 1;
  /// otherwise the only one that begins with `word`, if that has three letters, or that `word` begins
  /// with, if that has four.
  ///
  /// In a word of up to four letters a wrong letter counts only where the two keys are neighbours:
  /// `man` is no misspelt `tan`, but `sun` may be `sum`.
  ///
  /// - Complexity: the sum of the products of the lengths compared.
  package static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    let letters = Array(word)
    guard !letters.isEmpty, letters.count <= longestWord else { return nil }
    let lowered = word.lowercased()
    let threshold = max(1, letters.count / 3)
    var best: (distance: Int, word: String)?
    var continued: Set<String> = []
    for candidate in candidates where candidate != word {
      if candidate.lowercased() == lowered { return candidate }
      let (begins, goesOn) = (candidate.lowercased().hasPrefix(lowered), candidate.count >= 4)
      if letters.count >= 3 && begins || goesOn && lowered.hasPrefix(candidate.lowercased()) {
        continued.insert(candidate)
      }
      let other = Array(candidate)
      guard abs(other.count - letters.count) <= threshold else { continue }
      let distance = distance(letters, other)
      // A word of which no letter is left is no misspelling.
      guard distance <= threshold, distance < max(letters.count, other.count),
        distance < best?.distance ?? Int.max,
        letters.count > shortWord || isSlip(letters, other)
      else { continue }
      best = (distance, candidate)
    }
    return best?.word ?? (continued.count == 1 ? continued.first : nil)
  }

  /// Below this a single other letter makes another word.
  private static let shortWord = 4
  private static let keyRows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"].map { Array($0) }

  /// Whether words of one length differ by a swap or a neighbouring key; others are a letter too
  /// many or too few.
  private static func isSlip(_ first: [Character], _ second: [Character]) -> Bool {
    guard first.count == second.count else { return true }
    let places = first.indices.filter { first[$0] != second[$0] }
    guard places.count == 1 else { return true }
    let pair = (first[places[0]], second[places[0]])
    return keyRows.contains { row in
      guard let left = row.firstIndex(of: pair.0), let right = row.firstIndex(of: pair.1) else {
        return false
      }
      return abs(left - right) == 1
    }
  }

  /// The restricted Damerau–Levenshtein distance: insertions, deletions, substitutions and swaps
  /// of neighbours, no stretch edited twice (Boytsov 2011, section 2.1.2).
  static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...second.count)
    for i in first.indices {
      var row = [i + 1]
      for j in second.indices {
        let substitution = previous[j] + (first[i] == second[j] ? 0 : 1)
        var least = min(previous[j + 1] + 1, row[j] + 1, substitution)
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          least = min(least, beforePrevious[j - 1] + 1)
        }
        row.append(least)
      }
      beforePrevious = previous
      previous = row
    }
    return previous[second.count]
  }
}
