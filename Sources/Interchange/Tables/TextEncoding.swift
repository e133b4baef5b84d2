/// How the characters of a text file are written as bytes.
package enum TextEncoding: Hashable, Sendable, CaseIterable {
  case utf8
  case utf16LittleEndian
  case utf16BigEndian
  /// Latin-1 with the letters and signs of Windows where Latin-1 has control characters.
  case windows1252

  /// As `encoding=` takes it and notes say it.
  package var name: String {
    switch self {
    case .utf8: "utf-8"
    case .utf16LittleEndian: "utf-16le"
    case .utf16BigEndian: "utf-16be"
    case .windows1252: "windows-1252"
    }
  }

  /// An encoding by any of its usual names: `latin1`, `ISO-8859-1`, `cp1252`, `utf8`.
  package static func named(_ name: String) -> TextEncoding? {
    let plain = name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    return switch plain {
    case "utf8", "utf8sig", "ascii", "usascii": .utf8
    case "utf16", "utf16le", "unicode", "ucs2": .utf16LittleEndian
    case "utf16be": .utf16BigEndian
    case "latin1", "iso88591", "l1", "windows1252", "cp1252", "ansi", "iso885915", "latin9":
      .windows1252
    default: nil
    }
  }

  /// What is at 0x80 to 0x9F in Windows-1252; the five codes that are free there stay what they
  /// are, as the WHATWG has it.
  static let windowsSigns: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
  ]
}

/// Brings the bytes of a text file, piece by piece, into UTF-8.
///
/// A byte order mark settles the encoding, zeros between letters are UTF-16, and a file whose first
/// bytes beyond ASCII are not UTF-8 is Windows-1252: no valid text of UTF-8 is taken for another.
struct TextDecoder {
  /// Nil as long as all that came was ASCII.
  private(set) var encoding: TextEncoding?
  private let isGiven: Bool
  private var hasBegun = false
  /// Whether characters of several bytes were read as UTF-8.
  private var hasLetters = false
  /// Bytes of a character that is not whole yet.
  private var rest: [UInt8] = []

  init(_ encoding: TextEncoding?) {
    self.encoding = encoding
    isGiven = encoding != nil
  }

  /// Whether what was not UTF-8 was taken for something else.
  var isGuessed: Bool { !isGiven && encoding != nil && encoding != .utf8 }

  enum Problem: Error { case notUTF8, notUTF16, isUTF32 }

  /// Appends the text of the next bytes.
  /// - Throws: where bytes are not what the encoding allows; the text before them is appended.
  mutating func decode(
    _ bytes: ArraySlice<UInt8>, into text: inout [UInt8], isFinal: Bool
  ) throws(Problem) {
    var bytes = bytes
    if !rest.isEmpty {
      bytes = (rest + bytes)[...]
      rest = []
    }
    if !hasBegun {
      guard isFinal || bytes.count >= 512 else {
        rest = Array(bytes)
        return
      }
      hasBegun = true
      if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
        throw .isUTF32
      }
      bytes = begin(bytes)
    }
    switch encoding {
    case nil, .utf8: try decodeUTF8(bytes, into: &text, isFinal)
    case .windows1252: Self.decodeWindows(bytes, into: &text)
    case .utf16LittleEndian, .utf16BigEndian: try decodeUTF16(bytes, into: &text, isFinal)
    }
  }

  /// Looks for a byte order mark and for zeros between letters.
  private mutating func begin(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]), encoding ?? .utf8 == .utf8 {
      encoding = .utf8
      return bytes.dropFirst(3)
    }
    let isUTF16 = encoding == .utf16LittleEndian || encoding == .utf16BigEndian
    if encoding == nil || isUTF16 {
      if bytes.starts(with: [0xFF, 0xFE]) {
        encoding = .utf16LittleEndian
        return bytes.dropFirst(2)
      }
      if bytes.starts(with: [0xFE, 0xFF]) {
        encoding = .utf16BigEndian
        return bytes.dropFirst(2)
      }
    }
    if encoding == nil {
      let pairs = Array(bytes.prefix(512))
      let zeros = [0, 1].map { start in
        stride(from: start, to: pairs.count, by: 2).count { pairs[$0] == 0 }
      }
      let most = pairs.count / 2
      for (place, found) in [(1, TextEncoding.utf16LittleEndian), (0, .utf16BigEndian)]
      where zeros[1 - place] == 0 && most >= 2 {
        // Texts of other scripts have zeros beside digits, separators and line ends only.
        let separators = stride(from: 0, to: most * 2, by: 2).count {
          pairs[$0 + place] == 0 && [0x09, 0x0A, 0x2C, 0x3B].contains(pairs[$0 + 1 - place])
        }
        let isSparse = zeros[place] >= 4 && zeros[place] * 10 >= most * 2 && separators >= 2
        if zeros[place] * 10 >= most * 7 || isSparse { encoding = found }
      }
    }
    return bytes
  }

  // MARK: UTF-8 and Windows-1252

  private mutating func decodeUTF8(
    _ bytes: ArraySlice<UInt8>, into text: inout [UInt8], _ isFinal: Bool
  ) throws(Problem) {
    let wide = bytes.withUnsafeBufferPointer { Self.firstWide($0) }
    guard wide < bytes.count else {
      text += bytes
      return
    }
    var place = bytes.startIndex + wide
    while place < bytes.endIndex {
      if bytes[place] < 0x80 {
        place += 1
        continue
      }
      switch Self.length(bytes[place...]) {
      case let length? where length > 0:
        hasLetters = true
        place += length
      case .some:
        // The character may go on in the next piece.
        if !isFinal {
          text += bytes[..<place]
          rest = Array(bytes[place...])
          if encoding == nil, hasLetters { encoding = .utf8 }
          return
        }
        fallthrough
      case nil:
        text += bytes[..<place]
        guard !isGiven, !hasLetters, encoding != .utf8 else { throw .notUTF8 }
        encoding = .windows1252
        Self.decodeWindows(bytes[place...], into: &text)
        return
      }
    }
    if encoding == nil { encoding = .utf8 }
    text += bytes
  }

  /// How many bytes before the first that is not ASCII.
  private static func firstWide(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    var place = 0
    while place + 64 <= raw.count {
      var all: UInt64 = 0
      for offset in stride(from: 0, to: 64, by: 8) {
        all |= raw.loadUnaligned(fromByteOffset: place + offset, as: UInt64.self)
      }
      if all & 0x8080_8080_8080_8080 != 0 { break }
      place += 64
    }
    while place < raw.count, raw[place] < 0x80 { place += 1 }
    return place
  }

  /// The length of the UTF-8 character that starts with a byte beyond ASCII; 0 where the bytes end
  /// within it, nil where there is none (Unicode 15, table 3-7).
  private static func length(_ bytes: ArraySlice<UInt8>) -> Int? {
    let first = bytes[bytes.startIndex]
    let count: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: count = 2
    case 0xE0...0xEF:
      count = 3
      if first == 0xE0 { second = 0xA0...0xBF }
      if first == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      count = 4
      if first == 0xF0 { second = 0x90...0xBF }
      if first == 0xF4 { second = 0x80...0x8F }
    default: return nil
    }
    for offset in 1..<count {
      guard offset < bytes.count else { return 0 }
      let byte = bytes[bytes.startIndex + offset]
      guard (offset == 1 ? second : 0x80...0xBF).contains(byte) else { return nil }
    }
    return count
  }

  private static func decodeWindows(_ bytes: ArraySlice<UInt8>, into text: inout [UInt8]) {
    for byte in bytes {
      if byte < 0x80 {
        text.append(byte)
      } else {
        let code = byte < 0xA0 ? TextEncoding.windowsSigns[Int(byte) - 0x80] : UInt16(byte)
        append(UInt32(code), to: &text)
      }
    }
  }

  private static func append(_ code: UInt32, to text: inout [UInt8]) {
    func part(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | (code >> shift & 0x3F)) }
    switch code {
    case ..<0x80: text.append(UInt8(truncatingIfNeeded: code))
    case ..<0x800: text += [UInt8(truncatingIfNeeded: 0xC0 | code >> 6), part(0)]
    case ..<0x10000: text += [UInt8(truncatingIfNeeded: 0xE0 | code >> 12), part(6), part(0)]
    default: text += [UInt8(truncatingIfNeeded: 0xF0 | code >> 18), part(12), part(6), part(0)]
    }
  }

  // MARK: UTF-16

  private mutating func decodeUTF16(
    _ bytes: ArraySlice<UInt8>, into text: inout [UInt8], _ isFinal: Bool
  ) throws(Problem) {
    let isLittle = encoding == .utf16LittleEndian
    var place = bytes.startIndex
    func unit(_ place: Int) -> UInt32 {
      let (first, second) = (UInt32(bytes[place]), UInt32(bytes[place + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    while place + 1 < bytes.endIndex {
      let code = unit(place)
      switch code {
      case 0xD800..<0xDC00:
        guard place + 3 < bytes.endIndex else {
          if isFinal { throw .notUTF16 }
          rest = Array(bytes[place...])
          return
        }
        let low = unit(place + 2)
        guard (0xDC00..<0xE000).contains(low) else { throw .notUTF16 }
        Self.append(0x10000 + (code - 0xD800) << 10 + (low - 0xDC00), to: &text)
        place += 4
      case 0xDC00..<0xE000: throw .notUTF16
      default:
        Self.append(code, to: &text)
        place += 2
      }
    }
    if place < bytes.endIndex {
      if isFinal { throw .notUTF16 }
      rest = Array(bytes[place...])
    }
  }
}
