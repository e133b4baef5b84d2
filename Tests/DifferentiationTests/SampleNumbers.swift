import Differentiation

/// The numbers of the tests: the same in every run (splitmix64).
struct SampleNumbers {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func bits() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func number(in range: ClosedRange<Double>) -> Double {
    let unit = Double(bits() >> 11) * 0x1p-53
    return range.lowerBound + (range.upperBound - range.lowerBound) * unit
  }

  mutating func below(_ limit: Int) -> Int { Int(bits() % UInt64(limit)) }

  mutating func tensor(_ shape: Shape, in range: ClosedRange<Double> = -1...1) -> Tensor {
    Tensor(shape, (0..<shape.count).map { _ in number(in: range) })
  }
}
