/// Reproducible random numbers: the same seed draws the same numbers on every machine.
///
/// The generator is xoshiro256** (Blackman and Vigna, 2018), its state filled by splitmix64.
/// Only additions, multiplications and square roots of IEEE 754 are used, so that no
/// mathematical library can change a drawn number.
package struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spareNormal: Double?

  package init(seed: Int) { self.init(bits: UInt64(bitPattern: Int64(seed))) }

  private init(bits: UInt64) {
    var mixer = SplitMix(state: bits)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// A stream of its own for one purpose (`"init"`, `"shuffle"`), so that drawing more
  /// numbers for one purpose never changes those of another.
  package init(seed: Int, stream label: String) {
    // FNV-1a, spread by the mixer, tells the labels apart.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in label.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    var mixer = SplitMix(state: hash)
    self.init(bits: UInt64(bitPattern: Int64(seed)) ^ mixer.next())
  }

  package mutating func next() -> UInt64 {
    let result = Self.rotated(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = Self.rotated(state.3, by: 45)
    return result
  }

  /// Uniform in [0, 1), a multiple of 2⁻⁵³.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform in [lower, upper).
  package mutating func uniform(from lower: Double, to upper: Double) -> Double {
    lower + (upper - lower) * uniform()
  }

  /// Standard normal, by Marsaglia's polar method.
  package mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let square = u * u + v * v
      guard square > 0, square < 1 else { continue }
      let factor = (-2 * Self.logarithm(square) / square).squareRoot()
      spareNormal = v * factor
      return u * factor
    }
  }

  /// A whole number from 0 up to, not including, `bound`, each equally likely; 0 if `bound` < 1.
  package mutating func below(_ bound: Int) -> Int {
    guard bound > 1 else { return 0 }
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      // Draws under the threshold would make some numbers likelier (Lemire, 2019).
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// Puts the numbers into random order (Fisher and Yates).
  package mutating func shuffle(_ numbers: inout [Int]) {
    numbers.withUnsafeMutableBufferPointer { shuffle($0) }
  }

  /// Puts the numbers into random order (Fisher and Yates).
  package mutating func shuffle(_ numbers: inout [Int32]) {
    numbers.withUnsafeMutableBufferPointer { shuffle($0) }
  }

  @inline(__always)
  private mutating func shuffle<Number>(_ numbers: UnsafeMutableBufferPointer<Number>) {
    guard let first = numbers.baseAddress else { return }
    // A source of its own stays in registers.
    var source = self
    var last = numbers.count - 1
    while last > 0 {
      let end = max(0, last - Interruption.pieceSize)
      while last > end {
        let other = source.below(last + 1)
        (first[last], first[other]) = (first[other], first[last])
        last -= 1
      }
      if last > 0, Interruption.cutsShort() { return }
    }
    self = source
  }

  /// The numbers 0..<count in random order; none where nobody waits any more.
  package mutating func permutation(_ count: Int) -> [Int] {
    var indices = [Int](unsafeUninitializedCapacity: max(0, count)) { buffer, initialized in
      Interruption.pieces(buffer.count) { piece in for place in piece { buffer[place] = place } }
      initialized = max(0, count)
    }
    // What was not written is no place of anything.
    if Interruption.hasCutShort { return [] }
    shuffle(&indices)
    return indices
  }

  private static func rotated(_ bits: UInt64, by count: UInt64) -> UInt64 {
    (bits << count) | (bits >> (64 - count))
  }

  /// ln x for x in (0, 1), from x = m·2ᵉ and ln m = 2 artanh((m−1)/(m+1)).
  private static func logarithm(_ x: Double) -> Double {
    var mantissa = x.significand
    var exponent = Double(x.exponent)
    if mantissa > 1.414_213_562_373_095 {
      mantissa /= 2
      exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var series = 0.0
    for odd in stride(from: 23.0, through: 1.0, by: -2.0) { series = series * square + 1 / odd }
    return 2 * s * series + exponent * 0.693_147_180_559_945_3
  }
}

/// The generator that spreads a seed over a larger state (Steele, Lea and Flood, 2014).
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
