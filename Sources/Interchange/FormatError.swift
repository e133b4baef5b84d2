import Learning

/// Why bytes are not what a format says, or a value does not fit into one.
package struct FormatError: Error, Hashable, Sendable {
  package enum Place: Hashable, Sendable {
    /// From 1.
    case line(Int)
    /// Bytes from the start of the file.
    case offset(Int)
    case wholeFile
  }

  package let message: String
  package let place: Place
  package let help: [String]
  /// What tracing an activation or a loss threw, where that is the reason: it may stand for an
  /// error of the user's own function.
  package let cause: LearningError?
  /// Whether the file may be sound and only asks for more than a run may use.
  package let isLimit: Bool
  /// Whether the file may be sound and only holds what is not read here.
  let isUnread: Bool

  package init(_ message: String, _ place: Place = .wholeFile, help: [String] = []) {
    self.message = message
    self.place = place
    self.help = help
    cause = nil
    isLimit = false
    isUnread = false
  }

  init(unread message: String, _ place: Place = .wholeFile, help: [String] = []) {
    self.message = message
    self.place = place
    self.help = help
    cause = nil
    isLimit = false
    isUnread = true
  }

  init(_ error: LearningError) {
    message = error.message
    place = .wholeFile
    help = error.help
    cause = error
    isLimit = false
    isUnread = false
  }

  init(overLimit message: String, _ place: Place) {
    self.message = message
    self.place = place
    help = []
    cause = nil
    isLimit = true
    isUnread = false
  }

  /// The same about a part of a file, which it names.
  func within(_ part: String) -> FormatError {
    isLimit
      ? FormatError(overLimit: "\(part): \(message)", place)
      : FormatError("\(part): \(message)", place, help: help)
  }
}

/// Traces something of a net; what it throws becomes an error of this room.
/// - Throws: the error of the body.
func tracing<Result>(
  _ body: @autoclosure () throws(LearningError) -> Result
) throws(FormatError) -> Result {
  do { return try body() } catch { throw FormatError(error) }
}

/// Text from a file as it may be shown: control characters and those that change the direction
/// of writing are made visible.
package func visible(_ text: String, limit: Int = 60) -> String {
  var result = ""
  var count = 0
  for scalar in text.unicodeScalars {
    if count == limit { return result + "…" }
    count += 1
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
