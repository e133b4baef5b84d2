import Differentiation

/// FNV-1a of the bits of numbers, one after the other.
struct Checksum: Hashable, Sendable {
  private var sum: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ tensor: Tensor) {
    var sum = sum
    tensor.elements.withUnsafeBufferPointer { numbers in
      for number in numbers { sum = (sum ^ number.bitPattern) &* 0x100_0000_01B3 }
    }
    self.sum = sum
  }

  var text: String { String(sum, radix: 16) }
}
