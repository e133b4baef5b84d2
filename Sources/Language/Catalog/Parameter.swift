import Differentiation
import Rendering

/// What a function of the catalog takes in one place: name, kind, default, and a word of help.
package struct Parameter: Sendable {
  /// The values that are accepted, checked when arguments are bound.
  package indirect enum Kind: Sendable {
    case any
    /// A finite or infinite number of the range; `aboveLow` leaves the lower end out.
    case number(ClosedRange<Double>, aboveLow: Bool)
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
    case run
    case choice(Choice.Kind)
    /// A closed word, which comes before variables of that name.
    case word([String])
    /// A bare word taken as it is written: `freeze=W1`.
    case bareWord
    case either([Kind])
    /// What the kind accepts, or a list of such: always read as the list.
    case alternatives(Kind)
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

  /// As it stands in a signature: `lr=0.1`, `[seed]`, `net`.
  package var signature: String {
    switch standard {
    case .required: name
    case .absent: "[\(name)]"
    case .number(let number): "\(name)=\(briefText(number))"
    case .truth(let truth): "\(name)=\(truth)"
    case .string(let text): "\(name)=\"\(text)\""
    case .word(let word): "\(name)=\(word)"
    }
  }
}

extension Parameter.Kind {
  /// The accepted values as a phrase: `a whole number of at least 1`.
  package var expectation: String {
    switch self {
    case .any: "a value"
    case .number(let range, let aboveLow):
      switch (range.lowerBound > -.infinity, range.upperBound < .infinity) {
      case (false, false): "a number"
      case (true, false):
        "a number \(aboveLow ? "above" : "of at least") \(briefText(range.lowerBound))"
      case (false, true): "a number of at most \(briefText(range.upperBound))"
      case (true, true):
        "a number from \(briefText(range.lowerBound)) to \(briefText(range.upperBound))"
      }
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
    case .data: "a data set"
    case .run: "a training run"
    case .choice(let kind): kind.withArticle
    case .word(let words): words.joined(separator: " or ")
    case .bareWord: "a name"
    case .either(let kinds): kinds.map { $0.expectation }.joined(separator: ", or ")
    case .alternatives(let kind): "\(kind.expectation), or a list of those"
    }
  }

  /// What the help on a parameter adds to its summary: a range or the closed words.
  package var rule: String? {
    switch self {
    case .number(let range, _):
      range.lowerBound > -.infinity || range.upperBound < .infinity ? expectation : nil
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
    case .data: Choice.Kind.data.names
    case .either(let kinds): kinds.flatMap { $0.choices }
    case .alternatives(let kind): kind.choices
    default: []
    }
  }
}

extension Choice.Kind {
  package var withArticle: String {
    switch self {
    case .activation, .optimizer, .initializer: "an \(noun)"
    case .loss, .schedule, .data: "a \(noun)"
    }
  }
}

/// A number in a signature or message: whole numbers without a point.
package func briefText(_ number: Double) -> String {
  NumberStyle.standard.text(number)
}
