import Differentiation

/// A table of decimal numbers in few bytes of source, as `scripts/collect-data` packs it.
struct PackedColumns: Sendable {
  struct Column: Sendable {
    /// The least of its numbers, times 10^decimals.
    let least: Int
    /// What a number takes, counted from the least.
    let bits: Int
    let decimals: Int
  }

  let rows: Int
  /// The last is that of the targets.
  let columns: [Column]
  /// The bits of all numbers, column by column, six in a character of base 64.
  let text: StaticString

  /// The numbers of every column, each the double nearest to its decimal.
  var numbers: [[Double]] {
    text.withUTF8Buffer { characters in
      var place = 0
      func bit() -> Int {
        let sextet = place / 6 < characters.count ? Self.sextet(characters[place / 6]) : 0
        defer { place += 1 }
        return sextet >> (5 - place % 6) & 1
      }
      return columns.map { column in
        let divisor = (0..<column.decimals).reduce(1.0) { power, _ in power * 10 }
        return (0..<rows).map { _ in
          var number = 0
          for _ in 0..<column.bits { number = number << 1 | bit() }
          return Double(column.least + number) / divisor
        }
      }
    }
  }

  private static func sextet(_ character: UInt8) -> Int {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(character) - 97 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character) - 48 + 52
    case UInt8(ascii: "+"): 62
    default: 63
    }
  }

  /// - Parameter classes: their names, in the order of the numbers from 0; empty for numbers.
  func data(features: [String], classes: [String] = [], target: String) -> DataSet {
    let numbers = numbers
    let rows = (0..<rows).map { row in numbers.dropLast().map { $0[row] } }
    let targets = numbers.last ?? []
    return DataSet(
      title: "", rows: rows,
      target: classes.isEmpty
        ? .values(Tensor(.matrix(targets.count, 1), targets))
        : .classes(numbers: targets.map { Int(clamped: $0) + 1 }, names: classes),
      featureNames: features, targetNames: [target])
  }
}
