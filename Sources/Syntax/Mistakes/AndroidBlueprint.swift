/// Files of Android's build system end in `.bp` as well.
package enum AndroidBlueprint {
  /// Whether a text is such a file: a module with its properties stands in it, as
  /// `cc_library {` and in the next line `name: "libfoo",`.
  package static func matches(_ text: String) -> Bool {
    var scanner = Scanner(bytes: Array(text.utf8.prefix(1 << 16)))
    while scanner.skipBlanksAndComments() {
      guard scanner.skipWord() else { return false }
      _ = scanner.skipBlanksAndComments()
      if scanner.skip("{") {
        _ = scanner.skipBlanksAndComments()
        if scanner.skip("}") { continue }
        guard scanner.skipWord() else { return false }
        _ = scanner.skipBlanksAndComments()
        return scanner.skip(":")
      }
      // `sources = ["a.c"]` may stand before the first module.
      guard scanner.skip("=") || scanner.skip("+=") else { return false }
      _ = scanner.skipBlanksAndComments()
      guard scanner.skipValue() else { return false }
    }
    return false
  }

  private struct Scanner {
    let bytes: [UInt8]
    var place = 0

    /// Whether something follows.
    mutating func skipBlanksAndComments() -> Bool {
      while place < bytes.count {
        switch bytes[place] {
        case 0x20, 0x09, 0x0A, 0x0D: place += 1
        case UInt8(ascii: "/") where starts(with: "//"):
          while place < bytes.count, bytes[place] != 0x0A { place += 1 }
        case UInt8(ascii: "/") where starts(with: "/*"):
          place += 2
          while place < bytes.count, !starts(with: "*/") { place += 1 }
          place = min(place + 2, bytes.count)
        default: return true
        }
      }
      return false
    }

    func starts(with text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    mutating func skip(_ sign: String) -> Bool {
      guard starts(with: sign) else { return false }
      place += sign.utf8.count
      return true
    }

    mutating func skipWord() -> Bool {
      let start = place
      while place < bytes.count, isPartOfWord(bytes[place]) { place += 1 }
      return place > start
    }

    private func isPartOfWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }

    /// A string, a word, or a list of strings.
    mutating func skipValue() -> Bool {
      if skip("[") {
        while skipBlanksAndComments() {
          if skip("]") { return true }
          if !skip(","), !skipString() { return false }
        }
        return false
      }
      return skipString() || skipWord()
    }

    private mutating func skipString() -> Bool {
      guard skip("\"") else { return false }
      while place < bytes.count, bytes[place] != UInt8(ascii: "\""), bytes[place] != 0x0A {
        place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
      }
      place = min(place, bytes.count)
      return skip("\"")
    }
  }
}
