import Rendering

/// The exercises of a key as questions of a learning platform: each with the numbers of every variant.
package struct Quiz {
  /// What a wrong way is called, and what it does.
  struct Cause: Hashable {
    /// The name of the misconception.
    let name: String
    /// As it follows `if`.
    let description: String
  }

  /// A wrong number that misconceptions give.
  struct Wrong {
    let value: Double
    let tolerance: Double
    var causes: [Cause]
    /// What gives numbers that may be written alike.
    var alike: [Cause] = []

    var sentence: String { Quiz.sentence(causes + alike) }
  }

  /// The right number with fewer digits than are asked for.
  struct Rounded {
    let value: Double
    let digits: Int
  }

  /// One number that is asked for: a whole answer, or an element of a vector or matrix.
  struct Part {
    /// `y`, or `y[2]`.
    let name: String
    /// The name that it is asked for by.
    let answer: String
    /// Which element of it, counted from 0 row by row.
    let element: Int
    /// What it is, in the words of the key; empty where it says nothing.
    let description: String
    let points: Double
    /// Significant digits.
    let digits: Int
    let right: Double
    /// Half a unit of the last digit that is asked for.
    let tolerance: Double
    /// All of them numbers that are not accepted as right.
    let rounded: [Rounded]
    /// None of them is accepted as right; the right number is looked for first all the same.
    let wrong: [Wrong]
    /// What follows from other answers of the exercise; nil where it depends on none.
    var follows: FollowOn?
  }

  /// An exercise with the numbers of one variant.
  struct Variant {
    let id: String
    let tasks: [String]
    let hints: [String]
    let pictures: [Picture]
    var parts: [Part]
  }

  struct Exercise {
    let title: String
    /// At least one; all ask for the same parts.
    var variants: [Variant]

    var points: Double { variants[0].parts.reduce(0) { $0 + $1.points } }
  }

  /// Of the key's file, without its extension.
  let name: String
  var exercises: [Exercise] = []
  /// Names that are set as formulas where they stand alone in a text.
  var symbols: Set<String> = []
  /// The share of the points for a right number with too few digits.
  var roundingShare = 0.5
  /// The share of the points for a wrong number that a misconception explains.
  var misconceptionShare = 0.0
  /// Why parts that follow from others have no formula: for formats that could use one.
  var followNotes: [String] = []
  /// What was left out, and why: sentences.
  package var notes: [String] = []

  package var exerciseCount: Int { exercises.count }
  package var variantCount: Int { exercises.first?.variants.count ?? 0 }

  mutating func note(_ sentence: String) {
    if !notes.contains(sentence) { notes.append(sentence) }
  }

  /// `That is what comes out if the bias is forgotten, or if the sign is wrong.`
  static func sentence(_ causes: [Cause]) -> String {
    var ways: [String] = []
    for cause in causes where !ways.contains(cause.description) { ways.append(cause.description) }
    return "That is what comes out if \(ways.joined(separator: ", or if "))."
  }
}
