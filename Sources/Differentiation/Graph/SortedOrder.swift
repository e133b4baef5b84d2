/// The places of the numbers in ascending order, or in descending order; equal ones keep theirs, and
/// what is no number comes last.
///
/// A radix sort of the bits (Knuth, The Art of Computer Programming, 5.2.5): linear, and ended early
/// where nobody waits any more.
package func sortedOrder(of numbers: [Double], descending: Bool = false) -> [Int] {
  var keys = [UInt64](repeating: 0, count: numbers.count)
  Interruption.pieces(numbers.count) { piece in
    for place in piece { keys[place] = sortingKey(numbers[place], descending) }
  }
  var order = [Int](repeating: 0, count: numbers.count)
  Interruption.pieces(numbers.count) { piece in for place in piece { order[place] = place } }
  if numbers.count < 256 {
    order.sort { keys[$0] == keys[$1] ? $0 < $1 : keys[$0] < keys[$1] }
    return order
  }
  var other = [Int](repeating: 0, count: numbers.count)
  let digitBits: UInt64 = 11
  let mask = UInt64(1) << digitBits - 1
  for shift in stride(from: UInt64(0), to: 64, by: Int(digitBits)) {
    var starts = [Int](repeating: 0, count: Int(mask) + 1)
    Interruption.pieces(keys.count) { piece in
      for place in piece { starts[Int(keys[place] >> shift & mask)] += 1 }
    }
    if Interruption.cutsShort() { return order }
    // All in one place: this digit changes nothing.
    if starts.contains(keys.count) { continue }
    var sum = 0
    for digit in starts.indices { (starts[digit], sum) = (sum, sum + starts[digit]) }
    Interruption.pieces(order.count) { piece in
      for place in piece {
        let digit = Int(keys[order[place]] >> shift & mask)
        other[starts[digit]] = order[place]
        starts[digit] += 1
      }
    }
    swap(&order, &other)
  }
  return order
}

/// The numbers in ascending order, what is no number last.
package func sorted(_ numbers: [Double]) -> [Double] {
  let order = sortedOrder(of: numbers)
  return [Double](count: order.count) { numbers[order[$0]] }
}

/// Whole numbers in the order of the numbers they stand for.
private func sortingKey(_ number: Double, _ descending: Bool) -> UInt64 {
  if number.isNaN { return .max }
  // Both zeros are one.
  let bits = number == 0 ? 0 : number.bitPattern
  let rising = bits >> 63 == 1 ? ~bits : bits | 1 << 63
  return descending ? ~rising : rising
}
