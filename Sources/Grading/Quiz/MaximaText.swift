/// Numbers and strings as Maxima reads them, and its random numbers.
enum MaximaText {
  /// `0.6225`, `5.0`, `1.5e-5`; negative ones in parentheses.
  static func number(_ number: Double) -> String {
    // What a computation left of 2.5 is 2.5.
    let text = "\(QuizNumber.rounded(number, digits: 15))"
    return number.sign == .minus ? "(\(text))" : text
  }

  static func string(_ text: String) -> String {
    var result = "\""
    for character in text {
      if character == "\"" || character == "\\" { result.append("\\") }
      result.append(character)
    }
    return result + "\""
  }

  static func list(_ items: [String]) -> String { "[\(items.joined(separator: ","))]" }

  /// What `random(count)` gives right after a seed was set: the first number of MT19937.
  static func random(below count: Int, seed: UInt32) -> Int {
    var state = [seed]
    while state.count < 398 {
      let last = state[state.count - 1]
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(state.count))
    }
    let mixed = state[0] & 0x8000_0000 | state[1] & 0x7fff_ffff
    var number = state[397] ^ mixed >> 1 ^ (mixed & 1 == 1 ? 0x9908_b0df : 0)
    number ^= number >> 11
    number ^= number << 7 & 0x9d2c_5680
    number ^= number << 15 & 0xefc6_0000
    number ^= number >> 18
    return Int(number % UInt32(max(count, 1)))
  }

  /// For every place of a list a seed with which `random` chooses it.
  static func seeds(choosingEachOf count: Int) -> [UInt32] {
    guard count > 1 else { return [1] }
    var found: [Int: UInt32] = [:]
    // A place is missed by so many seeds about once in e^50 lists.
    for seed in 1...UInt32(50 * count + 500) where found.count < count {
      let place = random(below: count, seed: seed)
      if found[place] == nil { found[place] = seed }
    }
    return (0..<count).compactMap { found[$0] }
  }
}
