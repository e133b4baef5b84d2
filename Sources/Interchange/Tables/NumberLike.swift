/// Texts that look like numbers to people or other programs, and are names here.
enum NumberLike {
  /// As `'1.5'`: only double quotes are no part of a value.
  case singleQuoted(String)
  /// As `0x1F`.
  case hexadecimal(String)
  /// As `75:30`, which is no time of a day.
  case clock(String)

  /// What all of the texts are; nil where they are ordinary names.
  init?(_ texts: [String]) {
    guard let example = texts.first else { return nil }
    if texts.allSatisfy({ Self.isSingleQuoted($0) }) {
      self = .singleQuoted(example)
    } else if texts.allSatisfy({ Self.isHexadecimal($0) }) {
      self = .hexadecimal(example)
    } else if texts.allSatisfy({ Self.isClock($0) }) {
      self = .clock(texts.first { DateText.seconds($0) == nil } ?? example)
    } else {
      return nil
    }
  }

  private static func isSingleQuoted(_ text: String) -> Bool {
    guard text.utf8.count > 2, text.hasPrefix("'"), text.hasSuffix("'") else { return false }
    return TableSample.kind(of: String(text.dropFirst().dropLast())).isValue
  }

  private static func isHexadecimal(_ text: String) -> Bool {
    let digits = text.utf8.dropFirst(text.hasPrefix("-") ? 1 : 0)
    return digits.count > 2 && digits.prefix(2).elementsEqual("0x".utf8)
      && digits.dropFirst(2).allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20)
      }
  }

  /// Numbers of two digits behind colons.
  private static func isClock(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: 0x3A, omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), (1...6).contains(parts[0].count) else { return false }
    return parts.allSatisfy { part in part.allSatisfy { (0x30...0x39).contains($0) } }
      && parts.dropFirst().allSatisfy { $0.count == 2 }
  }

  /// - Parameter name: of the column.
  func note(of name: String) -> String {
    switch self {
    case .singleQuoted(let example):
      "\(name): single quotes belong to the values, \(visible(example)) is a name"
        + " (tr -d \"'\" < FILE takes them away; categories=[\"\(name)\"] says that it is meant)"
    case .clock(let example):
      "\(name): \(visible(example)) is no time of a day and is taken for a name"
        + " (write seconds as numbers; categories=[\"\(name)\"] says that it is meant)"
    case .hexadecimal(let example):
      "\(name): hexadecimal numbers are taken for names, as \(visible(example))"
        + " (write them in decimals, in Python int(x, 16); categories=[\"\(name)\"] says that it is"
        + " meant)"
    }
  }
}
