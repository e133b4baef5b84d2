import Syntax

/// The sources that diagnostics quote from: scripts for good, entries of a prompt for a while, so
/// that a session of days stays small.
struct SourceMap {
  /// Entries that nothing but nets can still refer to.
  private static let mostPassing = 64
  /// Entries that define functions, whose errors come later.
  private static let mostDefining = 5_000

  private var sources: [Int: SourceText] = [:]
  private var count = 0
  private var passing: [Int] = []
  private var defining: [Int] = []

  mutating func add(_ source: SourceText) -> SourceID {
    sources[count] = source
    count += 1
    return SourceID(index: count - 1)
  }

  subscript(id: SourceID) -> SourceText? { sources[id.index] }

  /// Marks a source as an entry of the prompt that is over.
  mutating func release(_ id: SourceID) {
    guard let bytes = sources[id.index]?.bytes else { return }
    let arrow = zip(bytes, bytes.dropFirst()).contains {
      $0 == UInt8(ascii: "-") && $1 == UInt8(ascii: ">")
    }
    let mayDefine = arrow || bytes.contains { $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: "{") }
    if mayDefine {
      defining.append(id.index)
      if defining.count >= 2 * Self.mostDefining {
        for old in defining.prefix(Self.mostDefining) { sources[old] = nil }
        defining.removeFirst(Self.mostDefining)
      }
    } else {
      passing.append(id.index)
      if passing.count >= 2 * Self.mostPassing {
        for old in passing.prefix(Self.mostPassing) { sources[old] = nil }
        passing.removeFirst(Self.mostPassing)
      }
    }
  }
}
