/// What went wrong, in the user's words and without a source position: whoever knows the call
/// puts carets under the arguments named by `notes`.
package struct LearningError: Error, Hashable, Sendable {
  /// An argument of the user's call.
  package enum Target: Hashable, Sendable {
    case network
    case data
    case validation
    case sizes
    /// The activation at this position of the list, from 0.
    case activation(Int)
    /// The net at this position of a list of nets, from 0.
    case part(Int)
    /// A positional argument of a record's settings, from 0.
    case setting(Int)
    case option(String)
    /// A parameter of a net by its name, as `W1`.
    case parameter(String)
  }

  /// A few words about one argument, as `takes 2 inputs`.
  package struct Note: Hashable, Sendable {
    package let target: Target
    package let text: String
  }

  package var message: String
  package var notes: [Note]
  package var help: [String]

  package init(_ message: String, _ notes: (Target, String)..., help: [String] = []) {
    self.message = message
    self.notes = notes.map { Note(target: $0.0, text: $0.1) }
    self.help = help
  }
}
