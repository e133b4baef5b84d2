import Syntax

/// What came of an exercise file: every check, the points, and what was wrong beside the checks.
package struct ExerciseReport {
  /// One `check`.
  package struct Check {
    package enum Result: String, Hashable, Sendable, CaseIterable {
      case holds, fails
      /// It depends on something that is not filled in yet.
      case open
    }

    /// The file it stands in, where that is not the exercise file itself.
    package var file: String?
    package var line: Int
    /// The condition as it is written.
    package var text: String
    package var result: Result
    /// The value found, where the check compares.
    package var found: String?
    /// What the check says when it fails, why it is open, or the error it stopped with.
    package var message: String?
    /// What was probably done, where a wrong derivative is what a known misconception gives.
    package var misconception: String?
  }

  /// A value that is handed in; whether it is right is not said here.
  package struct Answer {
    package var name: String
    /// What it is, in the words of the exercise.
    package var description: String?
    package var isFilledIn: Bool
  }

  /// One `exercise`, or the checks outside of any, which have no title and give no points.
  package struct Exercise {
    package var title: String?
    package var line: Int
    package var pointsPossible: Double
    package var checks: [Check] = []
    package var answers: [Answer] = []
    package var hints: [String] = []
    /// The mistakes that were made, in the words of the exercise.
    package var mistakes: [String] = []
    /// Its own lines that are not filled in yet.
    package var openLines: [Int] = []
    /// The student's own checks of what is not here: they run where they are handed in. Nil where
    /// none are asked for.
    package var waitingTests: Int?

    package var isSolved: Bool {
      openLines.isEmpty && !(checks.isEmpty && answers.isEmpty && waitingTests == nil)
        && waitingTests != 0 && answers.allSatisfy { $0.isFilledIn }
        && checks.allSatisfy { $0.result == .holds }
    }

    /// Whether its points are given where the answers are handed in.
    package var isJudgedElsewhere: Bool { !answers.isEmpty || waitingTests != nil }

    /// The points are shared out equally over the checks.
    package var points: Double {
      if isJudgedElsewhere { return 0 }
      if isSolved { return pointsPossible }
      guard !checks.isEmpty else { return 0 }
      let held = checks.count { $0.result == .holds }
      return pointsPossible * Double(held) / Double(checks.count)
    }
  }

  package var file: String
  package var exercises: [Exercise] = []
  /// Errors in statements that are no checks, and the errors of the language itself.
  package var errors: [Diagnostic] = []
  /// Notes with a place, as of a value that is not finite. They say nothing about the checks.
  package var notes: [Diagnostic] = []
  /// All lines that are not filled in yet.
  package var openLines: [Int] = []
  /// What the file printed.
  package var output = ""

  /// - Parameter file: what the report calls the file.
  package init(file: String) {
    self.file = file
  }

  package var points: Double { exercises.reduce(0) { $0 + $1.points } }
  package var pointsPossible: Double { exercises.reduce(0) { $0 + $1.pointsPossible } }

  /// Whether every check holds and nothing is left to fill in.
  package var isSolved: Bool {
    errors.isEmpty && openLines.isEmpty && !exercises.isEmpty
      && exercises.allSatisfy { $0.isSolved }
  }

  package func count(_ result: Check.Result) -> Int {
    exercises.reduce(0) { $0 + $1.checks.count { $0.result == result } }
  }
}
