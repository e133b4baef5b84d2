import Differentiation
import Learning

/// A declared parameter together with the Swift type its value is read as.
package struct Key<Content>: Sendable {
  package let parameter: Parameter
  package let read: @Sendable (Value) -> Content?
  /// Whether what is read remembers how it was computed; plain numbers do not.
  package let keepsHistory: Bool

  package init(
    _ parameter: Parameter, keepsHistory: Bool = false,
    read: @escaping @Sendable (Value) -> Content?
  ) {
    self.parameter = parameter
    self.keepsHistory = keepsHistory
    self.read = read
  }
}

// For each type the declaration of an argument that may be left out (with its default or
// `.absent`), and of one that must be given.

extension Key where Content == Double {
  package static func number(
    _ name: String, _ standard: Parameter.Default, from low: Double = -.infinity,
    to high: Double = .infinity, aboveLow: Bool = false, aliases: [String] = [], _ summary: String
  ) -> Key {
    Key(
      Parameter(
        name, .number(low...high, aboveLow: aboveLow), standard, aliases: aliases, summary)
    ) { $0.number }
  }

}

extension Key where Content == Int {
  package static func wholeNumber(
    _ name: String, _ standard: Parameter.Default, in range: ClosedRange<Int> = .min ... .max,
    aliases: [String] = [], _ summary: String
  ) -> Key {
    Key(Parameter(name, .wholeNumber(range), standard, aliases: aliases, summary)) {
      $0.number.flatMap { Int(exactly: $0) }
    }
  }

  package static func wholeNumber(
    _ name: String, in range: ClosedRange<Int> = .min ... .max, _ summary: String
  ) -> Key {
    wholeNumber(name, .required, in: range, summary)
  }
}

extension Key where Content == Bool {
  package static func truth(_ name: String, _ standard: Parameter.Default, _ summary: String) -> Key
  {
    Key(Parameter(name, .truth, standard, summary)) {
      if case .truth(let truth) = $0 { truth } else { nil }
    }
  }
}

extension Key where Content == String {
  package static func string(_ name: String, _ standard: Parameter.Default, _ summary: String)
    -> Key
  {
    Key(Parameter(name, .string, standard, summary), read: text)
  }

  package static func string(_ name: String, _ summary: String) -> Key {
    string(name, .required, summary)
  }

  /// A closed word: `reduction=sum`.
  package static func word(
    _ name: String, of words: [String], _ standard: Parameter.Default, _ summary: String
  ) -> Key {
    Key(Parameter(name, .word(words), standard, summary), read: text)
  }

  /// A bare word, taken as it is written.
  package static func bareWord(_ name: String, _ standard: Parameter.Default, _ summary: String)
    -> Key
  {
    Key(Parameter(name, .bareWord, standard, summary), read: text)
  }

  private static func text(_ value: Value) -> String? {
    if case .string(let text) = value { text } else { nil }
  }
}

extension Key where Content == Tensor {
  package static func numeric(_ name: String, _ summary: String) -> Key {
    Key(Parameter(name, .numeric, summary)) { $0.tensor }
  }

  package static func vector(_ name: String, _ standard: Parameter.Default, _ summary: String)
    -> Key
  {
    Key(Parameter(name, .vector, standard, summary)) { $0.tensor }
  }

  package static func vector(_ name: String, _ summary: String) -> Key {
    vector(name, .required, summary)
  }

  package static func matrix(
    _ name: String, _ standard: Parameter.Default, _ summary: String
  ) -> Key {
    Key(Parameter(name, .matrix, standard, summary)) { $0.tensor }
  }

  package static func matrix(_ name: String, _ summary: String) -> Key {
    Key(Parameter(name, .matrix, summary)) { $0.tensor }
  }
}

extension Key where Content == Value {
  package static func any(
    _ name: String, _ kind: Parameter.Kind, _ standard: Parameter.Default,
    aliases: [String] = [], _ summary: String
  ) -> Key {
    Key(
      Parameter(name, kind, standard, aliases: aliases, summary), keepsHistory: true
    ) { $0 }
  }

  package static func any(_ name: String, _ kind: Parameter.Kind, _ summary: String) -> Key {
    any(name, kind, .required, summary)
  }

  package static func any(_ name: String, _ summary: String) -> Key {
    any(name, .any, .required, summary)
  }
}

extension Key where Content == Function {
  package static func function(_ name: String, _ standard: Parameter.Default, _ summary: String)
    -> Key
  {
    Key(Parameter(name, .function, standard, summary)) {
      if case .function(let function) = $0 { function } else { nil }
    }
  }

  package static func function(_ name: String, _ summary: String) -> Key {
    function(name, .required, summary)
  }
}

extension Key where Content == [Value] {
  package static func list(_ name: String, _ standard: Parameter.Default, _ summary: String) -> Key
  {
    Key(Parameter(name, .list, standard, summary)) {
      if case .list(let list) = $0 { list.elements } else { nil }
    }
  }
}

extension Key where Content == Network {
  package static func network() -> Key {
    Key(Parameter("net", .network, "The net.")) {
      if case .network(let network) = $0 { network } else { nil }
    }
  }
}

extension Key where Content == DataSet {
  package static func data(_ standard: Parameter.Default, _ summary: String) -> Key {
    Key(Parameter("data", .data, standard, summary)) {
      if case .data(let data) = $0 { data } else { nil }
    }
  }

  package static func data() -> Key { data(.required, "The samples and their targets.") }

  /// What the net last saw where it is left out.
  package static func lastData() -> Key {
    data(.absent, "The data; what the net last saw where left out.")
  }
}

extension Key where Content == Samples {
  package static func samples(_ standard: Parameter.Default, _ summary: String) -> Key {
    Key(Parameter("data", .samples, standard, summary)) { $0.samples }
  }

  package static func samples() -> Key { samples(.required, "The samples and their targets.") }

  /// What the net last saw where it is left out.
  package static func lastSamples() -> Key {
    samples(.absent, "The data; what the net last saw where left out.")
  }
}

extension Key where Content == Choice {
  package static func choice(
    _ name: String, _ kind: Choice.Kind, _ standard: Parameter.Default, _ summary: String
  ) -> Key {
    Key(Parameter(name, .choice(kind), standard, summary)) {
      if case .choice(let choice) = $0 { choice } else { nil }
    }
  }
}
