/// The declaration of one value that a user may give: a setting of a catalog entry, an option of
/// a training, an argument of a function. Binding, range errors, help, completion and documentation
/// all follow from it.
package struct Parameter: Sendable {
  /// The values that are accepted.
  package indirect enum Kind: Sendable {
    case any
    case number(NumberRange)
    case wholeNumber(ClosedRange<Int>)
    case truth
    case string
    /// A number, vector or matrix.
    case numeric
    case vector
    case matrix
    case list
    case record
    case function
    case network
    case data
    /// A data set, or a stream of rows.
    case samples
    case run
    /// An entry of one of the catalog's lists.
    case choice(EntryKind)
    /// A closed word, which comes before variables of that name.
    case word([String])
    /// A bare word taken as it is written: `freeze=W1`.
    case bareWord
    case either([Kind])
    /// What the kind accepts, or a list of such: always read as the list.
    case alternatives(Kind)

    /// Any number of the range, infinite ones where it is open to a side; `aboveLow` leaves the
    /// lower end out.
    package static func number(_ range: ClosedRange<Double>, aboveLow: Bool = false) -> Kind {
      .number(
        NumberRange(
          range.lowerBound, range.upperBound, excludesLow: aboveLow, allowsInfinity: true))
    }
  }

  package enum Default: Sendable {
    /// The argument must be given.
    case required
    /// Nothing: the function does without.
    case absent
    case number(Double)
    case truth(Bool)
    case string(String)
    case word(String)
  }

  /// What a setting of a catalog entry holds.
  package enum Value: Hashable, Sendable {
    case number(Double)
    case word(String)
  }

  package let name: String
  package let aliases: [String]
  package let kind: Kind
  package let standard: Default
  package let summary: String

  package init(
    _ name: String, _ kind: Kind, _ standard: Default, aliases: [String] = [],
    _ summary: String
  ) {
    self.name = name
    self.aliases = aliases
    self.kind = kind
    self.standard = standard
    self.summary = summary
  }

  /// An argument that must be given.
  package init(_ name: String, _ kind: Kind, _ summary: String) {
    self.init(name, kind, .required, summary)
  }

  package var isRequired: Bool {
    if case .required = standard { true } else { false }
  }

  /// The same where each of several values may be given.
  package var withAlternatives: Parameter {
    Parameter(name, .alternatives(kind), standard, aliases: aliases, summary)
  }

  // MARK: Settings

  /// A setting that is a finite number; `open` leaves out the upper end where there is one, else
  /// the lower end.
  package static func number(
    _ name: String, _ standard: Double, from low: Double = -.infinity,
    to high: Double = .infinity, open: Bool = false, aliases: [String] = [], _ summary: String
  ) -> Parameter {
    let range = NumberRange(
      low, high, excludesLow: open && !high.isFinite, excludesHigh: open && high.isFinite)
    return Parameter(name, .number(range), .number(standard), aliases: aliases, summary)
  }

  package static func wholeNumber(
    _ name: String, _ standard: Int, in range: ClosedRange<Int>, aliases: [String] = [],
    _ summary: String
  ) -> Parameter {
    Parameter(
      name, .wholeNumber(range), .number(Double(standard)), aliases: aliases, summary)
  }

  package static func word(
    _ name: String, _ standard: String, of words: [String], _ summary: String
  ) -> Parameter {
    Parameter(name, .word(words), .word(standard), summary)
  }

  /// What the setting holds where the user says nothing.
  package var standardValue: Value {
    switch standard {
    case .number(let number): .number(number)
    case .word(let word), .string(let word): .word(word)
    case .truth, .absent, .required: .word("")
    }
  }
}

/// Numbers from one end to another.
package struct NumberRange: Hashable, Sendable {
  package let low: Double
  package let high: Double
  package let excludesLow: Bool
  package let excludesHigh: Bool
  /// Whether a side without an end takes in infinity.
  package let allowsInfinity: Bool

  package init(
    _ low: Double = -.infinity, _ high: Double = .infinity, excludesLow: Bool = false,
    excludesHigh: Bool = false, allowsInfinity: Bool = false
  ) {
    self.low = low
    self.high = high
    self.excludesLow = excludesLow
    self.excludesHigh = excludesHigh
    self.allowsInfinity = allowsInfinity
  }

  /// Whether the number lies in the range; nothing holds for what is not a number.
  package func contains(_ number: Double) -> Bool {
    (allowsInfinity || number.isFinite) && number >= low && number <= high
      && !(excludesLow && number == low) && !(excludesHigh && number == high)
  }

  package var isBounded: Bool { low > -.infinity || high < .infinity }

  /// As a phrase: `a number above 0`.
  package var expectation: String {
    switch (low > -.infinity, high < .infinity) {
    case (false, false): "a number"
    case (true, false): "a number \(excludesLow ? "above" : "of at least") \(brief(low))"
    case (false, true): "a number \(excludesHigh ? "below" : "of at most") \(brief(high))"
    case (true, true):
      "a number from \(brief(low)) to \(brief(high))"
        + (excludesHigh ? ", without \(brief(high))" : "")
    }
  }
}

extension Parameter.Kind {
  /// The accepted values as a phrase: `a whole number of at least 1`.
  package var expectation: String {
    switch self {
    case .any: "a value"
    case .number(let range): range.expectation
    case .wholeNumber(let range):
      if range.lowerBound == .min {
        "a whole number"
      } else if range.upperBound == .max {
        "a whole number of at least \(range.lowerBound)"
      } else {
        "a whole number from \(range.lowerBound) to \(range.upperBound)"
      }
    case .truth: "true or false"
    case .string: "a string"
    case .numeric: "a number, vector or matrix"
    case .vector: "a vector"
    case .matrix: "a matrix"
    case .list: "a list"
    case .record: "a record"
    case .function: "a function"
    case .network: "a net"
    case .data, .samples: "a data set"
    case .run: "a training run"
    case .choice(let kind): kind.withArticle
    case .word(let words):
      words.count > 3
        ? "one of \(words.joined(separator: ", "))" : words.joined(separator: " or ")
    case .bareWord: "a name"
    case .either(let kinds): kinds.map { $0.expectation }.joined(separator: ", or ")
    case .alternatives(let kind): "\(kind.expectation), or a list of those"
    }
  }

  /// What the help on a parameter adds to its summary: a range or the closed words.
  package var rule: String? {
    switch self {
    case .number(let range): range.isBounded ? expectation : nil
    case .wholeNumber, .word: expectation
    case .either(let kinds):
      kinds.contains { $0.rule != nil } ? expectation : nil
    case .alternatives(let kind): kind.rule == nil ? nil : expectation
    default: nil
    }
  }

  /// The words and choices that completion offers and errors list.
  package var choices: [String] {
    switch self {
    case .truth: ["true", "false"]
    case .choice(let kind): kind.names
    case .word(let words): words
    case .data, .samples: EntryKind.data.names
    case .either(let kinds): kinds.flatMap { $0.choices }
    case .alternatives(let kind): kind.choices
    default: []
    }
  }

  /// Whether a setting may hold the value.
  func accepts(_ value: Parameter.Value) -> Bool {
    switch (self, value) {
    case (.number(let range), .number(let number)): range.contains(number)
    case (.wholeNumber(let range), .number(let number)):
      Int(exactly: number).map { range.contains($0) } ?? false
    case (.word(let words), .word(let word)): words.contains(word)
    case (.either(let kinds), _): kinds.contains { $0.accepts(value) }
    default: false
    }
  }
}

extension Parameter.Value: CustomStringConvertible {
  package var description: String {
    switch self {
    case .number(let number): brief(number)
    case .word(let word): "\"\(word)\""
    }
  }
}

/// The values bound to the settings of a catalog entry.
package struct Settings: Hashable, Sendable {
  package private(set) var values: [String: Parameter.Value] = [:]

  init(standard settings: [Parameter]) {
    for setting in settings { values[setting.name] = setting.standardValue }
  }

  /// The number bound to a setting, not a number if the entry declares no such setting.
  package func number(_ name: String) -> Double {
    if case .number(let number)? = values[name] { return number }
    return .nan
  }

  package func wholeNumber(_ name: String) -> Int { Int(exactly: number(name)) ?? 0 }

  package func word(_ name: String) -> String {
    if case .word(let word)? = values[name] { return word }
    return ""
  }

  mutating func bind(_ setting: Parameter, to value: Parameter.Value) {
    values[setting.name] = value
  }
}
