/// How a column writes values that are no plain numbers.
enum ValueForm: Hashable, Sendable {
  case plain
  /// Thousands are separated, or the decimal sign is not that of the file. 0 separates nothing.
  case grouped(separator: UInt8, point: UInt8)
  case date(DateText.Order)
  /// Times of a day, as seconds since midnight.
  case time
  /// Numbers with the sign of a currency or of per cent, read without it, and numbers in brackets,
  /// which are negative.
  case amount(separator: UInt8, point: UInt8)
  /// True and false, as 1 and 0.
  case truth

  static let comma: UInt8 = 0x2C
  static let point: UInt8 = 0x2E
  static let blank: UInt8 = 0x20
  static let apostrophe: UInt8 = 0x27
  static let underscore: UInt8 = 0x5F

  /// The number that is all of the text.
  func value(_ text: UnsafeBufferPointer<UInt8>, point: UInt8) -> Double? {
    switch self {
    case .plain: Self.number(text, point: point)
    case .grouped(let separator, let point): Self.number(text, separator, point: point)
    case .amount(let separator, let point): Self.amount(text, separator, point: point)
    case .date(let order): DateText.days(text, order)
    case .time: DateText.seconds(text)
    case .truth:
      switch String(decoding: text.prefix(6), as: UTF8.self).lowercased() {
      case "true": 1
      case "false": 0
      default: Self.number(text, point: point)
      }
    }
  }

  static func number(_ text: UnsafeBufferPointer<UInt8>, point: UInt8) -> Double? {
    guard let base = text.baseAddress else { return nil }
    var value = 0.0
    let end = DecimalNumber.scan(base, base + text.count, point: point, into: &value)
    return end == base + text.count ? value : nil
  }

  /// A number whose groups of three digits may be separated.
  static func number(
    _ text: UnsafeBufferPointer<UInt8>, _ separator: UInt8, point: UInt8
  ) -> Double? {
    guard text.count <= 64 else { return nil }
    if let shape = GroupedDigits(text), shape.separator == separator,
      shape.point == 0 || shape.point == point
    {
      return shape.plain.withUnsafeBufferPointer { number($0, point: point) }
    }
    return number(text, point: point)
  }
}

extension ValueForm {
  private static let signs = [
    "%", "US$", "$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "CHF", "JPY",
  ]

  /// A number apart from the sign of a currency or of per cent before or behind it, as `-$1,234.50`
  /// and `5,00 €`, or a negative one in the brackets of accounts, as `(5.00)` and `($5.00)`; nil
  /// where there is none.
  static func parts(ofAmount text: String) -> (sign: String, number: String)? {
    func trimmed(_ text: Substring) -> Substring {
      let blanks: Set<Character> = [" ", "\u{A0}", "\u{202F}"]
      var text = text.drop { blanks.contains($0) }
      while let last = text.last, blanks.contains(last) { text.removeLast() }
      return text
    }
    guard text.utf8.count <= 64 else { return nil }
    var rest = text[...]
    var minus = ""
    let isInBrackets = rest.hasPrefix("(") && rest.hasSuffix(")")
    if isInBrackets {
      rest = trimmed(rest.dropFirst().dropLast())
      minus = "-"
      guard let first = rest.first, first != "-", first != "+" else { return nil }
    } else if let first = rest.first, first == "-" || first == "+" {
      minus = String(first)
      rest.removeFirst()
    }
    for sign in signs {
      if rest.hasPrefix(sign) {
        rest = trimmed(rest.dropFirst(sign.count))
      } else if rest.hasSuffix(sign) {
        rest = trimmed(rest.dropLast(sign.count))
      } else {
        continue
      }
      let hasDigit = rest.utf8.contains { (0x30...0x39).contains($0) }
      return hasDigit ? (sign, minus + rest) : nil
    }
    guard isInBrackets, let first = rest.utf8.first, (0x30...0x39).contains(first) else {
      return nil
    }
    return ("", minus + rest)
  }

  private static func amount(
    _ text: UnsafeBufferPointer<UInt8>, _ separator: UInt8, point: UInt8
  ) -> Double? {
    let text = String(decoding: text.prefix(65), as: UTF8.self)
    var plain = parts(ofAmount: text)?.number ?? text
    return plain.withUTF8 { number($0, separator, point: point) }
  }
}

/// A number with separated thousands, as `1,708,917.5`, `1.299,99`, `1 234` or `1_234`.
struct GroupedDigits {
  let separator: UInt8
  /// The decimal sign, 0 where there is none.
  let point: UInt8
  let groups: Int
  /// The number without its separators.
  let plain: [UInt8]

  /// Whether it can be nothing else: `1,234` may be a little more than one.
  var isCertain: Bool {
    groups > 1 || point != 0
      || [ValueForm.blank, ValueForm.apostrophe, ValueForm.underscore].contains(separator)
  }

  init?(_ text: UnsafeBufferPointer<UInt8>) {
    var bytes: [UInt8] = []
    var place = 0
    // Blanks that do not break lines, and the typographic apostrophe.
    while place < text.count {
      let rest = text[place...]
      if rest.starts(with: [0xC2, 0xA0]) {
        bytes.append(ValueForm.blank)
        place += 2
      } else if rest.starts(with: [0xE2, 0x80, 0xAF]) || rest.starts(with: [0xE2, 0x80, 0x89]) {
        bytes.append(ValueForm.blank)
        place += 3
      } else if rest.starts(with: [0xE2, 0x80, 0x99]) {
        bytes.append(ValueForm.apostrophe)
        place += 3
      } else {
        bytes.append(text[place])
        place += 1
      }
    }
    place = 0
    var plain: [UInt8] = []
    if let sign = bytes.first, sign == 0x2D || sign == 0x2B {
      plain.append(sign)
      place = 1
    }
    func digits(from start: Int) -> Int {
      var end = start
      while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
      return end - start
    }
    let first = digits(from: place)
    guard (1...3).contains(first), place + first < bytes.count,
      bytes[place] != 0x30
    else { return nil }
    plain += bytes[place..<place + first]
    place += first
    let separator = bytes[place]
    guard
      [
        ValueForm.comma, ValueForm.point, ValueForm.blank, ValueForm.apostrophe,
        ValueForm.underscore,
      ].contains(separator)
    else { return nil }
    var groups = 0
    while place < bytes.count, bytes[place] == separator {
      guard digits(from: place + 1) == 3 else { return nil }
      plain += bytes[place + 1..<place + 4]
      groups += 1
      place += 4
    }
    var point: UInt8 = 0
    if place < bytes.count {
      point = bytes[place]
      guard point == ValueForm.comma || point == ValueForm.point, point != separator else {
        return nil
      }
      let count = digits(from: place + 1)
      guard place + 1 + count == bytes.count else { return nil }
      plain += bytes[place...]
    }
    self.separator = separator
    self.point = point
    self.groups = groups
    self.plain = plain
  }
}
