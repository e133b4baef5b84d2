import Differentiation

/// FNV-1a over words or bytes, one after the other.
package struct Checksum: Hashable, Sendable {
  package private(set) var sum: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let prime: UInt64 = 0x100_0000_01B3

  package init() {}

  package mutating func add(_ word: UInt64) { sum = (sum ^ word) &* Self.prime }

  package mutating func add(_ bytes: [UInt8]) {
    for byte in bytes { add(UInt64(byte)) }
  }

  /// The bits of all numbers.
  mutating func add(_ tensor: Tensor) {
    var sum = sum
    tensor.elements.withUnsafeBufferPointer { numbers in
      for number in numbers { sum = (sum ^ number.bitPattern) &* Self.prime }
    }
    self.sum = sum
  }

  var text: String { String(sum, radix: 16) }
}
