/// A function that the user wrote, as an activation, a loss or an optimizer.
///
/// Records of built-in entries are kept for all threads, so their types are sendable. What belongs to
/// a script is called only while a graph is built, by the thread that runs the script.
struct UserRule<Operands, Result>: @unchecked Sendable {
  let call: (Operands) throws(LearningError) -> Result
}
