import Glibc

/// One setting of a record, as the slope of `leaky(slope=0.1)`: enough to bind, check,
/// complete and document it without knowing the record.
package struct Setting: Sendable {
  package enum Value: Hashable, Sendable {
    case number(Double)
    case word(String)
  }

  package enum Kind: Sendable {
    /// A finite number of the range; an open end is excluded.
    case number(from: Double, to: Double, open: Bool)
    case wholeNumber(ClosedRange<Int>)
    case word([String])
  }

  package let name: String
  package let aliases: [String]
  package let kind: Kind
  package let standard: Value
  package let summary: String

  private init(
    _ name: String, _ aliases: [String], _ kind: Kind, _ standard: Value, _ summary: String
  ) {
    self.name = name
    self.aliases = aliases
    self.kind = kind
    self.standard = standard
    self.summary = summary
  }

  package static func number(
    _ name: String, _ standard: Double, from lower: Double = -.infinity,
    to upper: Double = .infinity, open: Bool = false, aliases: [String] = [], _ summary: String
  ) -> Setting {
    Setting(
      name, aliases, .number(from: lower, to: upper, open: open), .number(standard), summary)
  }

  package static func wholeNumber(
    _ name: String, _ standard: Int, in range: ClosedRange<Int>, aliases: [String] = [],
    _ summary: String
  ) -> Setting {
    Setting(name, aliases, .wholeNumber(range), .number(Double(standard)), summary)
  }

  package static func word(
    _ name: String, _ standard: String, of words: [String], _ summary: String
  ) -> Setting {
    Setting(name, [], .word(words), .word(standard), summary)
  }

  /// The values that are accepted, as a phrase: `a number above 0`.
  package var expectation: String {
    switch kind {
    case .number(let lower, let upper, let open):
      switch (lower.isFinite, upper.isFinite) {
      case (false, false): return "a number"
      case (true, false):
        return open ? "a number above \(brief(lower))" : "a number of at least \(brief(lower))"
      case (false, true):
        return open ? "a number below \(brief(upper))" : "a number of at most \(brief(upper))"
      case (true, true):
        let ends = open ? ", without \(brief(upper))" : ""
        return "a number from \(brief(lower)) to \(brief(upper))\(ends)"
      }
    case .wholeNumber(let range):
      if range == .min ... .max { return "a whole number" }
      if range.upperBound == .max { return "a whole number of at least \(range.lowerBound)" }
      return "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .word(let words):
      return "one of " + words.joined(separator: ", ")
    }
  }

  func accepts(_ value: Value) -> Bool {
    switch (kind, value) {
    case (.number(let lower, let upper, let open), .number(let number)):
      guard number.isFinite, number >= lower, number <= upper else { return false }
      // A range closed to one side only, as [0, 1), keeps its lower end.
      return !(open && (upper.isFinite ? number == upper : number == lower))
    case (.wholeNumber(let range), .number(let number)):
      guard let whole = Int(exactly: number) else { return false }
      return range.contains(whole)
    case (.word(let words), .word(let word)): return words.contains(word)
    default: return false
    }
  }
}

extension Setting.Value: CustomStringConvertible {
  package var description: String {
    switch self {
    case .number(let number): brief(number)
    case .word(let word): "\"\(word)\""
    }
  }
}

/// The values bound to a record's settings.
package struct Settings: Hashable, Sendable {
  package private(set) var values: [String: Setting.Value] = [:]

  init(standard settings: [Setting]) {
    for setting in settings { values[setting.name] = setting.standard }
  }

  /// The number bound to a setting, not a number if the record declares no such setting.
  package func number(_ name: String) -> Double {
    if case .number(let number)? = values[name] { return number }
    return .nan
  }

  package func wholeNumber(_ name: String) -> Int { Int(exactly: number(name)) ?? 0 }

  package func word(_ name: String) -> String {
    if case .word(let word)? = values[name] { return word }
    return ""
  }

  mutating func bind(_ setting: Setting, to value: Setting.Value) { values[setting.name] = value }
}

/// A number in a message: whole numbers without a point.
func brief(_ number: Double) -> String {
  if let whole = Int(exactly: number) { return String(whole) }
  guard number.isFinite else { return "\(number)" }
  // Six significant digits.
  let scale = pow(10, 5 - log10(abs(number)).rounded(.down))
  let rounded = scale.isFinite && scale > 0 ? (number * scale).rounded() / scale : number
  let text = "\(rounded)"
  guard let mark = text.firstIndex(of: "e"), text[mark...].hasPrefix("e+") else { return text }
  return text[..<mark] + "e" + text[mark...].dropFirst(2)
}

/// The number to six significant digits, for messages.
func shortened(_ number: Double) -> Double {
  guard number.isFinite, number != 0 else { return number }
  let places = 5 - Int(log10(abs(number)).rounded(.down))
  guard abs(places) < 300 else { return number }
  let scale = pow(10, Double(abs(places)))
  return places < 0 ? (number / scale).rounded() * scale : (number * scale).rounded() / scale
}

/// `1 input`, `3 inputs`.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// Sizes as they are typed: `[2,20,1]`.
package func written(_ sizes: [Int]) -> String {
  "[\(sizes.map { String($0) }.joined(separator: ","))]"
}
