/// The units that fronts count the characters of a text in; bp itself counts bytes of UTF-8.
package enum TextUnits: String, Sendable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
  /// Unicode scalars, which Python and Jupyter count.
  case scalars = "utf-32"

  /// How many units a scalar takes.
  private func size(of scalar: Unicode.Scalar) -> Int {
    switch self {
    case .utf8: UTF8.width(scalar)
    case .utf16: UTF16.width(scalar)
    case .scalars: 1
    }
  }

  /// The units before a byte of the text; those of the whole text for what lies behind it.
  package func count(in text: some StringProtocol, beforeByte offset: Int) -> Int {
    if self == .utf8 { return min(max(offset, 0), text.utf8.count) }
    var (bytes, units) = (0, 0)
    for scalar in text.unicodeScalars {
      guard bytes < offset else { break }
      bytes += UTF8.width(scalar)
      units += size(of: scalar)
    }
    return units
  }

  /// The byte that so many units stand before: never one within a character.
  package func byte(in text: some StringProtocol, afterUnits count: Int) -> Int {
    var (bytes, units) = (0, 0)
    for scalar in text.unicodeScalars {
      units += size(of: scalar)
      guard units <= count else { break }
      bytes += UTF8.width(scalar)
    }
    return bytes
  }
}
