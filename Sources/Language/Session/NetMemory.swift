import Differentiation
import Learning

/// What a session knows of nets besides their weights, for as long as they live.
package struct NetMemory {
  private struct Entry {
    let network: WeakReference<Network>
    /// What it was last trained or evaluated on.
    var data: Samples?
    /// Its last training.
    var run: TrainingRun?
    /// What it was before its last changes, the last one last.
    var earlier: [Version] = []
    /// What `undo` took back, the last one last.
    var later: [Version] = []

    /// Whether nobody else has the net: it is gone, or its last run, which holds it, stands here
    /// alone.
    mutating func isForgotten() -> Bool { network.object == nil || run?.isOnlyHolder() == true }

    /// About how many numbers it holds that nobody else may have.
    var size: Int {
      let parameters = network.object?.count ?? 0
      return parameters * (1 + earlier.count + later.count) + (data?.table?.x.elements.count ?? 0)
    }
  }

  /// What changes a net.
  package enum Change: Hashable {
    case training
    case step
    /// Those of one statement at the top of a source, with its number, are one change: a loop that
    /// sets weights is taken back as a whole.
    case assignment(statement: Int)

    package var words: String {
      switch self {
      case .training: "the training"
      case .step: "the step"
      case .assignment: "the assignment"
      }
    }
  }

  /// A net as it was before or after a change.
  private struct Version {
    let state: Network.State
    let change: Change
  }

  private static let mostEarlier = 100
  /// The most parameters of a net whose earlier values are kept: a copy of a larger one would be a
  /// third of what its training takes.
  package static let largestKept = 1 << 20

  private var entries: [ObjectIdentifier: Entry] = [:]
  /// Entries, and numbers in those that came since the last look, at which forgotten nets are looked
  /// for: seldom enough that a net costs the same however many there are.
  private var nextSweep = Self.fewEntries
  private var sizeOfNew = 0
  private static let fewEntries = 64
  private static let mostOfNew = 1 << 22
  /// The net that `undo` means where none is named.
  package var lastChanged: Network? { changed.object }
  private var changed = WeakReference<Network>(nil)

  package func samples(of network: Network) -> Samples? { entry(of: network)?.data }

  package mutating func remember(_ data: Samples, for network: Network) {
    change(network) { $0.data = data }
  }

  package func run(of network: Network) -> TrainingRun? { entry(of: network)?.run }

  package mutating func remember(_ run: TrainingRun) {
    change(run.network) { $0.run = run }
  }

  /// Keeps what a net is before a change, so that the change can be taken back.
  /// - Parameter state: asked for only where it is kept.
  package mutating func keep(
    _ state: @autoclosure () -> Network.State, of network: Network, before change: Change
  ) {
    changed = WeakReference(network)
    guard network.count <= Self.largestKept else { return }
    if case .assignment = change, entry(of: network)?.earlier.last?.change == change { return }
    let version = Version(state: state(), change: change)
    self.change(network) { entry in
      entry.later = []
      entry.earlier.append(version)
      if entry.earlier.count > Self.mostEarlier { entry.earlier.removeFirst() }
    }
  }

  /// Takes the last change of a net back and gives what it was; nil where there is none.
  package mutating func undo(_ network: Network) -> Change? {
    guard let version = entry(of: network)?.earlier.last else { return nil }
    let now = Version(state: network.state, change: version.change)
    change(network) { entry in
      entry.earlier.removeLast()
      entry.later.append(now)
    }
    network.restore(version.state)
    changed = WeakReference(network)
    return version.change
  }

  /// Makes the change again that was taken back last and gives what it was; nil where there is none.
  package mutating func redo(_ network: Network) -> Change? {
    guard let version = entry(of: network)?.later.last else { return nil }
    let now = Version(state: network.state, change: version.change)
    change(network) { entry in
      entry.later.removeLast()
      entry.earlier.append(now)
    }
    network.restore(version.state)
    changed = WeakReference(network)
    return version.change
  }

  private func entry(of network: Network) -> Entry? {
    guard let entry = entries[ObjectIdentifier(network)], entry.network.object === network else {
      return nil
    }
    return entry
  }

  private mutating func change(_ network: Network, _ body: (inout Entry) -> Void) {
    let known = entry(of: network)
    var entry = known ?? Entry(network: WeakReference(network))
    body(&entry)
    entries[ObjectIdentifier(network)] = entry
    guard known == nil else { return }
    sizeOfNew += entry.size
    if entries.count >= nextSweep || sizeOfNew > Self.mostOfNew { sweep() }
  }

  private mutating func sweep() {
    for key in Array(entries.keys) {
      // Taken out: the entry at hand must be the only one.
      guard var entry = entries.removeValue(forKey: key), !entry.isForgotten() else { continue }
      entries[key] = entry
    }
    nextSweep = max(Self.fewEntries, 2 * entries.count)
    sizeOfNew = 0
  }
}
