import Glibc

/// Numbers different texts from 1 in the order in which they first come.
///
/// Several threads may look texts up as long as none adds one.
final class TextNumbering {
  private struct Text {
    let hash: UInt64
    let start: Int
    let count: Int
  }

  /// Numbers of texts by their hash, 0 where there is none.
  private var slots: UnsafeMutableBufferPointer<Int32>
  private var texts: UnsafeMutableBufferPointer<Text>
  /// The bytes of all texts, one behind the other.
  private var bytes: UnsafeMutableBufferPointer<UInt8>
  private var bytesUsed = 0
  private(set) var count = 0

  init() {
    slots = .allocate(capacity: 64)
    slots.initialize(repeating: 0)
    texts = .allocate(capacity: 32)
    bytes = .allocate(capacity: 256)
  }

  deinit {
    slots.deallocate()
    texts.deallocate()
    bytes.deallocate()
  }

  /// The number of a text, 0 where it is new.
  @inline(__always)
  func number(known text: UnsafeBufferPointer<UInt8>) -> Int {
    Int(slots[slot(of: text, hash: Self.hash(text))])
  }

  /// The number of a text, which is added where it is new; 0 where it would be one more than
  /// `limit`.
  func number(of text: UnsafeBufferPointer<UInt8>, limit: Int) -> Int {
    let hash = Self.hash(text)
    let slot = slot(of: text, hash: hash)
    if slots[slot] != 0 { return Int(slots[slot]) }
    guard count < limit else { return 0 }
    if count == texts.count { texts = Self.doubled(texts, used: count, for: 1) }
    if bytesUsed + text.count > bytes.count {
      bytes = Self.doubled(bytes, used: bytesUsed, for: text.count)
    }
    (texts.baseAddress.map { $0 + count })?.initialize(
      to: Text(hash: hash, start: bytesUsed, count: text.count))
    for byte in text {
      bytes[bytesUsed] = byte
      bytesUsed += 1
    }
    count += 1
    slots[slot] = Int32(count)
    if count * 2 > slots.count { spread() }
    return count
  }

  /// Where the number of a text stands or would stand.
  @inline(__always)
  private func slot(of text: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let other = texts[Int(slots[slot]) - 1]
      if other.hash == hash, other.count == text.count, isSame(other, text) { return slot }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  @inline(__always)
  private func isSame(_ other: Text, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    // Of up to eight bytes no other text of the same length has this hash.
    guard text.count > 8 else { return true }
    guard let mine = bytes.baseAddress, let theirs = text.baseAddress else { return true }
    return memcmp(mine + other.start, theirs, other.count) == 0
  }

  /// Eight bytes at a time, multiplied by an odd number and folded.
  @inline(__always)
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = UInt64(text.count)
    var place = 0
    func take(_ word: UInt64) {
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    let raw = UnsafeRawBufferPointer(text)
    while place + 8 <= text.count {
      take(raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      place += 8
    }
    var rest: UInt64 = 0
    while place < text.count {
      rest = rest << 8 | UInt64(text[place])
      place += 1
    }
    take(rest)
    return hash
  }

  private static func doubled<Element: BitwiseCopyable>(
    _ old: UnsafeMutableBufferPointer<Element>, used: Int, for more: Int
  ) -> UnsafeMutableBufferPointer<Element> {
    let new = UnsafeMutableBufferPointer<Element>.allocate(
      capacity: max(old.count * 2, used + more))
    _ = new.update(fromContentsOf: old[..<used])
    old.deallocate()
    return new
  }

  private func spread() {
    let size = slots.count * 2
    slots.deallocate()
    slots = .allocate(capacity: size)
    slots.initialize(repeating: 0)
    for place in 0..<count {
      var slot = Int(truncatingIfNeeded: texts[place].hash) & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = Int32(place + 1)
    }
  }

  /// The texts in the order that is declared; sorted where none is.
  func names(declared: [String]?) -> (names: [String], places: [Int]) {
    guard let declared else { return sorted() }
    return (declared, Array(1...max(1, declared.count)))
  }

  /// The texts in order, and for each number from 1 its place among them, from 1.
  ///
  /// Numbers come in the order of their size, other texts in that of their code points, as pandas
  /// and scikit-learn have it: the order does not depend on that of the rows.
  func sorted() -> (names: [String], places: [Int]) {
    let names = (0..<count).map { place in
      let text = texts[place]
      return String(decoding: bytes[text.start..<text.start + text.count], as: UTF8.self)
    }
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
