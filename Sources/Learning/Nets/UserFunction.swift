import Differentiation

/// A function that the user wrote, as an activation or a loss.
///
/// Records of built-in activations and losses are kept for all threads, so their type is sendable.
/// What belongs to a script is called only while a graph is built, by the thread that runs the script.
struct UserFunction: @unchecked Sendable {
  /// From the operands of one sample.
  let call: ([Node]) throws(LearningError) -> Node
}
