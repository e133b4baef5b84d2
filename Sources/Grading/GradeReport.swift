/// What came of grading the submissions to a key: all that report formats write.
package struct GradeReport {
  /// How a submission ended.
  package enum Status: String, Hashable, Sendable, CaseIterable {
    case graded
    /// It reached a limit of time, memory, steps or output.
    case limit
    /// It is not in the language, or cannot be read.
    case refused
    case crash
  }

  /// What is asked for: an answer, or a check with points of its own.
  package struct Part: Hashable, Sendable {
    package var exercise: String
    /// The name of the answer, else the condition of the check.
    package var name: String
    /// In the words of the key; empty where it says nothing.
    package var description: String
    package var points: Double
  }

  /// A part of one submission.
  package struct PartGrade: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
      case right
      /// Right, with fewer digits than were asked for.
      case rounded
      /// Follows from an earlier answer that is wrong.
      case follows
      case wrong
      /// Some of what it asks for holds.
      case partly
      case missing
    }

    package var part: Part
    package var points: Double
    package var verdict: Verdict
    /// What was handed in, as it is written.
    package var given: String?
    /// Sentences that say why.
    package var reasons: [String] = []
    /// The names of the misconceptions that give what was handed in.
    package var misconceptions: [String] = []
    /// What helps where it is not right, in the words of the key.
    package var hints: [String] = []
  }

  /// Points given by hand.
  package struct Mark: Hashable, Sendable {
    package var part: String
    package var points: Double
    package var comment: String

    package init(part: String, points: Double, comment: String) {
      (self.part, self.points, self.comment) = (part, points, comment)
    }
  }

  package struct Submission: Hashable, Sendable {
    /// What the report calls it: its file.
    package var name: String
    /// The student's id; empty where the key has no variants and nobody said.
    package var id: String
    package var status: Status
    /// Why it ended as it did, where it is not graded to its end.
    package var sentence: String?
    package var parts: [PartGrade] = []
    /// Errors of its statements, and what else is worth knowing.
    package var notes: [String] = []
    package var marks: [Mark] = []

    /// A mark stands in place of the points of the part of its name; another adds to them.
    package var points: Double {
      let machine = parts.reduce(0.0) { sum, grade in
        marks.contains { $0.part == grade.part.name } ? sum : sum + grade.points
      }
      return machine + marks.reduce(0) { $0 + $1.points }
    }
  }

  package var key: String
  package var parts: [Part]
  package var submissions: [Submission] = []
  /// What kept submissions apart from the machine: `Landlock`, `seccomp`, limits.
  package var protections: [String] = []

  package init(key: String, parts: [Part]) {
    (self.key, self.parts) = (key, parts)
  }

  package var possible: Double { parts.reduce(0) { $0 + $1.points } }
}
