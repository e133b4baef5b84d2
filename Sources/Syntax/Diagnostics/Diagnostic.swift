/// One thing that went wrong or is worth a word, in the user's terms and with its place.
package struct Diagnostic: Error, Hashable, Sendable {
  package enum Severity: String, Hashable, Sendable {
    case error, note
  }

  /// What an error means for the exit status: see "Exit status" in the reference.
  package enum Kind: String, Hashable, Sendable {
    /// The text is not in the language; a limit of the parser included.
    case syntax
    /// The text is understood, but cannot be carried out.
    case runtime
    /// A run-time limit or the sandbox stopped it.
    case limit
  }

  /// A place with a few words that make sense by themselves.
  package struct Label: Hashable, Sendable {
    package var range: SourceRange
    package var text: String
    /// The source the range lies in, where that is not the diagnostic's own.
    package var source: SourceID?

    package init(_ range: SourceRange, _ text: String, source: SourceID? = nil) {
      self.range = range
      self.text = text
      self.source = source
    }
  }

  /// A call that was under way, innermost first.
  package struct Call: Hashable, Sendable {
    package var function: String
    package var range: SourceRange
    package var source: SourceID?

    package init(function: String, range: SourceRange, source: SourceID? = nil) {
      self.function = function
      self.range = range
      self.source = source
    }
  }

  package var severity = Severity.error
  package var kind: Kind
  /// Lower case, no full stop, stands alone.
  package var message: String
  /// The smallest range whose label makes sense by itself.
  package var range: SourceRange
  /// The source that `range` lies in; nil until the session adds it.
  package var source: SourceID?
  /// Words under the carets; may be empty.
  package var label: String
  package var labels: [Label]
  /// What would work: only here does a diagnostic propose anything.
  package var help: [Advice]
  package var calls: [Call] = []
  /// How many calls in the middle are left out of `calls`.
  package var omittedCalls = 0

  package init(
    _ kind: Kind = .runtime, _ message: String, at range: SourceRange, label: String = "",
    labels: [Label] = [], help: [Advice] = []
  ) {
    self.kind = kind
    self.message = message
    self.range = range
    self.label = label
    self.labels = labels
    self.help = help
  }
}

/// Names one source among those a session has read, in the order of reading.
package struct SourceID: Hashable, Sendable {
  package let index: Int

  package init(index: Int) {
    self.index = index
  }
}
