/// A form that quizzes are written in. A new one is an entry here and a file of its own.
package struct QuizFormat: Sendable {
  /// As it stands behind `--as`.
  package let name: String
  /// One sentence.
  package let summary: String
  /// The text of the file; what the format cannot say is noted.
  package let write: @Sendable (inout Quiz) -> String

  package static let all: [QuizFormat] = [.moodle, .cloze, .stack, .text2qti]

  package static func named(_ name: String) -> QuizFormat? { all.first { $0.name == name } }
}
