/// Every node that some are computed from, each after its inputs, with the place of each.
struct NodeOrder {
  private(set) var nodes: [Node] = []
  /// Places by the number in which a node was met; -1 until all its inputs have theirs.
  private var places: [Int] = []
  /// Identities and numbers in an open table. What a sweep asks several times for every edge of a
  /// graph costs a multiplication and a look here, and a keyed hash in a dictionary.
  private var identities: [UInt]
  private var numbers: [Int]
  private var shift: Int

  init(of outputs: [Node]) {
    let bits = 6
    identities = Array(repeating: 0, count: 1 << bits)
    numbers = Array(repeating: 0, count: 1 << bits)
    shift = 64 - bits
    var path: [(node: Node, number: Int, next: Int)] = []
    for output in outputs {
      guard let number = number(ofNew: output) else { continue }
      path.append((output, number, 0))
      while let (node, number, next) = path.last {
        if next == node.inputs.count {
          places[number] = nodes.count
          nodes.append(node)
          path.removeLast()
        } else {
          path[path.count - 1].next += 1
          let input = node.inputs[next]
          if let number = self.number(ofNew: input) { path.append((input, number, 0)) }
        }
      }
    }
  }

  /// The place of a node in the order; nil for one that is none of it.
  func place(of node: Node) -> Int? {
    let identity = UInt(bitPattern: ObjectIdentifier(node))
    let slot = slot(of: identity)
    return identities[slot] == identity ? places[numbers[slot]] : nil
  }

  /// Where an identity is, or would be.
  private func slot(of identity: UInt) -> Int {
    // The golden ratio spreads addresses, which have their steps in common, over the upper bits.
    var slot = Int(truncatingIfNeeded: (UInt64(identity) &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while identities[slot] != 0, identities[slot] != identity {
      slot = (slot + 1) & (identities.count - 1)
    }
    return slot
  }

  /// Nil for a node that was met before.
  private mutating func number(ofNew node: Node) -> Int? {
    let identity = UInt(bitPattern: ObjectIdentifier(node))
    let slot = slot(of: identity)
    guard identities[slot] == 0 else { return nil }
    let number = places.count
    identities[slot] = identity
    numbers[slot] = number
    places.append(-1)
    if 2 * places.count > identities.count { grow() }
    return number
  }

  private mutating func grow() {
    let old = zip(identities, numbers).filter { $0.0 != 0 }
    identities = Array(repeating: 0, count: 2 * identities.count)
    numbers = Array(repeating: 0, count: identities.count)
    shift -= 1
    for (identity, number) in old {
      let slot = slot(of: identity)
      identities[slot] = identity
      numbers[slot] = number
    }
  }
}
