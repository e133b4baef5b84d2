/// Numbers different texts from 1 in the order in which they first come.
struct TextNumbering {
  private var slots: [Int32] = Array(repeating: 0, count: 64)
  private var hashes: [UInt64] = []
  private var texts: [[UInt8]] = []

  var count: Int { texts.count }

  /// The number of a text, 0 where it would be one more than `limit`.
  mutating func number(of text: UnsafeBufferPointer<UInt8>, limit: Int) -> Int {
    // FNV-1a
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot])
      if hashes[number - 1] == hash, texts[number - 1].elementsEqual(text) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard texts.count < limit else { return 0 }
    texts.append(Array(text))
    hashes.append(hash)
    slots[slot] = Int32(texts.count)
    if texts.count * 2 > slots.count { grow() }
    return texts.count
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for (place, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(place + 1)
    }
  }

  /// The texts in order, and for each number from 1 its place among them, from 1.
  ///
  /// Numbers come in the order of their size, other texts in that of their code points, as pandas
  /// and scikit-learn have it: the order does not depend on that of the rows.
  func sorted() -> (names: [String], places: [Int]) {
    let names = texts.map { String(decoding: $0, as: UTF8.self) }
    let numbers = names.compactMap { Double($0) }
    let order =
      numbers.count == names.count
      ? names.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
      : names.indices.sorted {
        names[$0].unicodeScalars.lexicographicallyPrecedes(names[$1].unicodeScalars)
      }
    var places = Array(repeating: 0, count: names.count)
    for (place, index) in order.enumerated() { places[index] = place + 1 }
    return (order.map { names[$0] }, places)
  }
}
