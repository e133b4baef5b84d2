import Foundation

/// A decoded PNG file of eight bits a channel, written from the standards (RFC 1950, 1951, 2083) and
/// not from bp's encoder.
struct PNGImage {
  struct Damaged: Error {}

  private(set) var columns = 0
  private(set) var rows = 0
  /// Red, green and blue, row by row.
  private(set) var pixels: [(UInt8, UInt8, UInt8)] = []

  init(_ data: Data) throws {
    let bytes = [UInt8](data)
    guard bytes.count > 8, bytes[1..<4].elementsEqual("PNG".utf8) else { throw Damaged() }
    func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    var place = 8
    var packed: [UInt8] = []
    var channels = 3
    while place + 12 <= bytes.count {
      let length = number(place)
      guard place + 12 + length <= bytes.count else { throw Damaged() }
      let body = Array(bytes[place + 8..<place + 8 + length])
      switch String(decoding: bytes[place + 4..<place + 8], as: UTF8.self) {
      case "IHDR":
        (columns, rows) = (number(place + 8), number(place + 12))
        guard body[8] == 8, body[9] == 2 || body[9] == 6, body[12] == 0 else { throw Damaged() }
        channels = body[9] == 2 ? 3 : 4
      case "IDAT": packed += body
      default: break
      }
      place += 12 + length
    }
    var inflater = Inflater(bytes: Array(packed.dropFirst(2)))
    let raw = try inflater.all()
    let stride = columns * channels
    guard raw.count == rows * (stride + 1) else { throw Damaged() }
    var above = [UInt8](repeating: 0, count: stride)
    pixels.reserveCapacity(rows * columns)
    for row in 0..<rows {
      let start = row * (stride + 1)
      var line = Array(raw[start + 1..<start + 1 + stride])
      let filter = raw[start]
      for index in 0..<stride {
        let left = index >= channels ? Int(line[index - channels]) : 0
        let up = Int(above[index])
        let corner = index >= channels ? Int(above[index - channels]) : 0
        let guess: Int
        switch filter {
        case 0: guess = 0
        case 1: guess = left
        case 2: guess = up
        case 3: guess = (left + up) / 2
        default:
          let estimate = left + up - corner
          let (a, b, c) = (abs(estimate - left), abs(estimate - up), abs(estimate - corner))
          guess = a <= b && a <= c ? left : b <= c ? up : corner
        }
        line[index] &+= UInt8(guess)
      }
      for column in 0..<columns {
        let index = column * channels
        pixels.append((line[index], line[index + 1], line[index + 2]))
      }
      above = line
    }
  }
}

private struct Inflater {
  let bytes: [UInt8]
  private var place = 0
  private var window = 0
  private var available = 0
  private var output: [UInt8] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Symbols by the length and the bits of their code.
  private struct Code {
    private var counts = [Int](repeating: 0, count: 16)
    private var symbols: [Int] = []

    init(lengths: [Int]) {
      for length in lengths where length > 0 { counts[length] += 1 }
      for length in 1...15 {
        symbols += lengths.indices.filter { lengths[$0] == length }
      }
    }

    func symbol(_ bit: () throws -> Int) throws -> Int {
      var (code, first, index) = (0, 0, 0)
      for length in 1...15 {
        code |= try bit()
        let count = counts[length]
        if code - first < count { return symbols[index + code - first] }
        index += count
        first = (first + count) << 1
        code <<= 1
      }
      throw PNGImage.Damaged()
    }
  }

  private mutating func bits(_ count: Int) throws -> Int {
    while available < count {
      guard place < bytes.count else { throw PNGImage.Damaged() }
      window |= Int(bytes[place]) << available
      place += 1
      available += 8
    }
    defer {
      window >>= count
      available -= count
    }
    return window & ((1 << count) - 1)
  }

  mutating func all() throws -> [UInt8] {
    var isLast = false
    while !isLast {
      isLast = try bits(1) == 1
      switch try bits(2) {
      case 0:
        (window, available) = (0, 0)
        guard place + 4 <= bytes.count else { throw PNGImage.Damaged() }
        let length = Int(bytes[place]) | Int(bytes[place + 1]) << 8
        guard place + 4 + length <= bytes.count else { throw PNGImage.Damaged() }
        output += bytes[place + 4..<place + 4 + length]
        place += 4 + length
      case 1:
        let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
        try copy(Code(lengths: lengths), Code(lengths: Array(repeating: 5, count: 30)))
      case 2: try copyWithOwnCodes()
      default: throw PNGImage.Damaged()
      }
    }
    return output
  }

  private mutating func copyWithOwnCodes() throws {
    let (literals, distances, count) = (try bits(5) + 257, try bits(5) + 1, try bits(4) + 4)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var lengths = [Int](repeating: 0, count: 19)
    for index in order.prefix(count) { lengths[index] = try bits(3) }
    let code = Code(lengths: lengths)
    var all: [Int] = []
    while all.count < literals + distances {
      switch try code.symbol({ try bits(1) }) {
      case 16: all += Array(repeating: all.last ?? 0, count: try bits(2) + 3)
      case 17: all += Array(repeating: 0, count: try bits(3) + 3)
      case 18: all += Array(repeating: 0, count: try bits(7) + 11)
      case let length: all.append(length)
      }
    }
    try copy(
      Code(lengths: Array(all[..<literals])), Code(lengths: Array(all[literals...])))
  }

  private mutating func copy(_ literals: Code, _ distances: Code) throws {
    let extraLengths = [
      0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    let extraDistances = (0..<30).map { max($0 / 2 - 1, 0) }
    var bases = [3]
    for extra in extraLengths.dropLast(2) { bases.append(bases[bases.count - 1] + 1 << extra) }
    bases.append(258)
    var offsets = [1]
    for extra in extraDistances.dropLast() {
      offsets.append(offsets[offsets.count - 1] + 1 << extra)
    }
    while true {
      let symbol = try literals.symbol { try bits(1) }
      if symbol == 256 { return }
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      let length = bases[symbol - 257] + (try bits(extraLengths[symbol - 257]))
      let distance = try distances.symbol { try bits(1) }
      let offset = offsets[distance] + (try bits(extraDistances[distance]))
      guard offset <= output.count else { throw PNGImage.Damaged() }
      for _ in 0..<length { output.append(output[output.count - offset]) }
    }
  }
}
