import Differentiation

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
  /// Whether a function that the caller gave (a user's activation or loss, a watcher of a
  /// training) failed. The caller keeps the error of that function; this one only ends what was
  /// under way.
  package private(set) var isOfCaller = false

  package init(_ message: String, _ notes: (Target, String)..., help: [String] = []) {
    self.message = message
    self.notes = notes.map { Note(target: $0.0, text: $0.1) }
    self.help = help
  }

  package init(_ error: ShapeError) {
    message = error.message
    notes = []
    help = error.help.map { [$0] } ?? []
  }

  package init(_ error: DifferentiationError) {
    message = error.message
    notes = []
    help = error.help.map { [$0] } ?? []
  }

  /// What a function that the caller gave throws to end what is under way.
  package static var ofCaller: LearningError {
    var error = LearningError("a function that was given has failed")
    error.isOfCaller = true
    return error
  }
}

/// Builds nodes.
/// - Throws: the message of a `ShapeError` where shapes do not go together.
package func building<Result>(
  _ nodes: @autoclosure () throws(ShapeError) -> Result
) throws(LearningError) -> Result {
  do { return try nodes() } catch { throw LearningError(error) }
}

/// Builds nodes in several statements.
/// - Throws: the message of a `ShapeError` where shapes do not go together.
package func building<Result>(
  _ body: () throws(ShapeError) -> Result
) throws(LearningError) -> Result {
  do { return try body() } catch { throw LearningError(error) }
}

/// Takes derivatives.
/// - Throws: the message of a `DifferentiationError` where there are none.
package func deriving<Result>(
  _ derivatives: @autoclosure () throws(DifferentiationError) -> Result
) throws(LearningError) -> Result {
  do { return try derivatives() } catch { throw LearningError(error) }
}

extension LearningError {
  /// Ends what nobody waits for any more; the error is thrown away with the rest.
  static func throwIfCutShort() throws(LearningError) {
    if Interruption.cutsShort() { throw LearningError("interrupted") }
  }
}
