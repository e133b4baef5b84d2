import Differentiation
import Foundation
import Interchange
import Testing

/// Feeds a reader with valid files that were damaged at random.
///
/// The environment variable `BP_FUZZ` sets how many inputs are tried for each format.
enum Mutations {
  static var count: Int {
    ProcessInfo.processInfo.environment["BP_FUZZ"].flatMap { Int($0) } ?? 3_000
  }

  private static let telling: [UInt8] = [
    0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x22, 0x2C, 0x30, 0x5B, 0x7B,
  ]

  /// - Parameter read: may throw `FormatError` and nothing else.
  static func run(seeds: [[UInt8]], seed: Int = 1, _ read: ([UInt8]) throws -> Void) throws {
    for bytes in seeds {
      // Every beginning of a valid file is an input of its own.
      for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 400)) {
        try attempt(Array(bytes[..<length]), read)
      }
    }
    var random = RandomSource(seed: seed, stream: "mutations")
    for _ in 0..<count {
      var bytes = seeds[random.below(seeds.count)]
      for _ in 0...random.below(4) { change(&bytes, seeds, &random) }
      try attempt(bytes, read)
    }
  }

  private static func attempt(_ bytes: [UInt8], _ read: ([UInt8]) throws -> Void) throws {
    do { try read(bytes) } catch is FormatError {}
  }

  private static func change(
    _ bytes: inout [UInt8], _ seeds: [[UInt8]], _ random: inout RandomSource
  ) {
    guard !bytes.isEmpty else {
      bytes = [telling[random.below(telling.count)]]
      return
    }
    let place = random.below(bytes.count)
    switch random.below(7) {
    case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 1: bytes[place] ^= 1 << UInt8(random.below(8))
    case 2: bytes[place] = telling[random.below(telling.count)]
    case 3: bytes.remove(at: place)
    case 4: bytes.insert(telling[random.below(telling.count)], at: place)
    case 5: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(16)))
    default:
      let other = seeds[random.below(seeds.count)]
      guard !other.isEmpty else { return }
      let start = random.below(other.count)
      let length = min(other.count - start, 1 + random.below(32))
      bytes.insert(contentsOf: other[start..<start + length], at: place)
    }
  }
}
