import Language

/// A step of the tutorial: what is read, what is typed, and when it is done.
struct TutorialStep: Sendable {
  /// What a step looks for in what was typed.
  enum Judgement {
    /// What is said of it, from what came out.
    case done(String)
    /// It was on the way; what is missing.
    case missing(String)
    case elsewhere
  }

  /// What a step works with, which is gone in a new session.
  enum Need: Sendable {
    case net
    /// A net that was trained on the user's own rows.
    case ownNet
  }

  /// One word, for `start why`.
  let name: String
  let title: String
  /// Paragraphs. In all texts {net} and {data} stand for the first net that was trained and its data, {last}
  /// and {seen} for the last one, {own} for the net of the user's own rows.
  let text: [String]
  /// Lines to type, or to change and type.
  let lines: [String]
  /// What else there is to try, said when the step is done.
  let explore: String
  let hints: [String]
  var needs: Need? = nil
  /// Whether the next step waits for Enter: what was shown fills the screen, or there is more to try.
  var waits = false
  let judge: @Sendable (Evidence, Runtime) -> Judgement
}
