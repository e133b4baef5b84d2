import Glibc
import Language
import REPL

/// What the program says by its exit status; signals are 128 and their number, as of a shell.
enum ExitStatus {
  static let done: Int32 = 0
  /// A check does not hold, something is not filled in, or a file would be laid out anew.
  static let unsolved: Int32 = 1
  /// A syntax error, or wrong usage.
  static let syntaxError: Int32 = 2
  static let runtimeError: Int32 = 3
  static let limitReached: Int32 = 4

  /// Each with what it says, for the manual.
  static let meanings: [(status: String, meaning: String)] = [
    ("\(done)", "All went well."),
    (
      "\(unsolved)",
      "A check does not hold, something is not filled in, or a file would be laid out anew."
    ),
    ("\(syntaxError)", "A syntax error, or wrong usage."),
    (
      "\(runtimeError)", "An error while a script ran, or a file that could not be read or written."
    ),
    ("\(limitReached)", "A limit was reached."),
    ("128 + n", "The signal n ended the run: 130 after Ctrl-C, 143 after SIGTERM."),
  ]

  static func signal(_ number: Int32) -> Int32 { 128 + number }

  /// - Parameter isSolved: whether all checks hold; evaluated only where there was no other error.
  static func of(_ outcome: Interpreter.Outcome, isSolved: @autoclosure () -> Bool) -> Int32 {
    switch outcome {
    case .done: isSolved() ? done : unsolved
    case .syntaxError: syntaxError
    case .runtimeError: runtimeError
    case .limitReached: limitReached
    case .interrupted: signal(Interrupt.received ?? SIGINT)
    case .left(let status): status
    }
  }
}
