import Rendering

/// Answers as a short text that can be handed in anywhere and graded again: what was filled in, as a
/// script, in letters that survive mail and forms, with a sum that tells when some are missing.
package enum AnswerCode {
  private static let prefix = "bp1-"

  package enum Failure: Error, Hashable, Sendable {
    /// It does not begin as a code does.
    case noCode
    /// Letters are missing or were changed.
    case damaged

    package var words: String {
      switch self {
      case .noCode: "this is no code of answers: one begins with \(prefix)"
      case .damaged: "letters of the code are missing or were changed: copy it again, as a whole"
      }
    }
  }

  /// - Parameters:
  ///   - student: the id, empty where the sheet is for all.
  ///   - answers: names and what stands for each, as it was typed.
  package static func code(
    student: String, answers: [(name: String, text: String)]
  ) -> String {
    var lines = student.isEmpty ? [] : ["# student: \(student)"]
    lines += answers.map { "\($0.name) = \($0.text)" }
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    let text = SVG.base64(bytes).compactMap { letter -> Character? in
      switch letter {
      case "+": "-"
      case "/": "_"
      case "=": nil
      default: letter
      }
    }
    return prefix + String(text) + "." + hex(checksum(bytes))
  }

  /// The script that a code holds.
  /// - Throws: where it is no code, or is damaged.
  package static func script(of code: String) throws(Failure) -> String {
    let letters = code.filter { !$0.isWhitespace }
    guard letters.hasPrefix(prefix) else { throw .noCode }
    let parts = letters.dropFirst(prefix.count).split(
      separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let bytes = decoded(parts[0]), hex(checksum(bytes)) == parts[1],
      let text = String(validating: bytes, as: UTF8.self)
    else { throw .damaged }
    return text
  }

  private static func decoded(_ letters: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var group: UInt32 = 0
    var bits = 0
    for letter in letters.utf8 {
      let value: UInt8
      switch letter {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = letter - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = letter - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = letter - UInt8(ascii: "0") + 52
      case UInt8(ascii: "-"): value = 62
      case UInt8(ascii: "_"): value = 63
      default: return nil
      }
      group = (group << 6 | UInt32(value)) & 0xFFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
      }
    }
    return bytes
  }

  /// FNV-1a, 32 bits.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }

  private static func hex(_ number: UInt32) -> String {
    let digits = Array("0123456789abcdef")
    return String((0..<8).map { digits[Int(number >> UInt32(28 - 4 * $0) & 15)] })
  }
}
