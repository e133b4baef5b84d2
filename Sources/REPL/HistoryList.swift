/// Entries of a history, the newest last, each of them once.
struct HistoryList {
  let limit: Int
  private(set) var entries: [String] = []
  private var known: Set<String> = []

  init(limit: Int = HistoryFile.keptEntries, _ entries: [String] = []) {
    self.limit = limit
    // From the end, so that the last of equal entries is the one that stays.
    var kept: [String] = []
    for entry in entries.reversed() where kept.count < limit {
      if known.insert(entry).inserted { kept.append(entry) }
    }
    self.entries = kept.reversed()
  }

  enum Change: Equatable {
    /// The last entry again.
    case none
    case appended
    /// An older equal entry, or the oldest one, had to go.
    case rearranged
  }

  mutating func append(_ entry: String) -> Change {
    if entries.last == entry { return .none }
    if !known.insert(entry).inserted {
      entries.removeAll { $0 == entry }
      entries.append(entry)
      return .rearranged
    }
    entries.append(entry)
    guard entries.count > limit else { return .appended }
    // A fifth at once, so that this is rare.
    for old in entries.prefix(limit / 5) { known.remove(old) }
    entries.removeFirst(limit / 5)
    return .rearranged
  }
}
