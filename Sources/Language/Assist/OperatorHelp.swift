import Rendering

/// The operators and signs of the language, for `help`.
struct OperatorHelp: Sendable {
  /// Every spelling, and words that one may look for.
  let symbols: [String]
  let words: [String]
  let form: String
  let summary: String

  private init(_ symbols: [String], _ words: [String], _ form: String, _ summary: String) {
    self.symbols = symbols
    self.words = words
    self.form = form
    self.summary = summary
  }

  static func named(_ name: String) -> OperatorHelp? {
    let term = Concept.normalized(name)
    return all.first { $0.symbols.contains(name) || $0.words.contains(term) }
  }

  /// From the one that binds tightest.
  static let all: [OperatorHelp] = [
    OperatorHelp(
      ["'"], ["transpose", "prime"], "W'  f'",
      "The transpose of a matrix; the derivative of a function of one number."),
    OperatorHelp(
      ["^"], ["power", "exponent", "caret"], "x^2",
      "A power, element by element; 2^3^2 is 2^(3^2), and -2^2 is -4."),
    OperatorHelp(
      ["@"], ["matrix product", "dot product", "matmul"], "W @ x",
      "The product of matrices and vectors; two vectors give a number."),
    OperatorHelp(
      ["*"], ["product", "times", "multiplication"], "a * b", "A product, element by element."),
    OperatorHelp(["/"], ["quotient", "division"], "a / b", "A quotient, element by element."),
    OperatorHelp(
      ["%"], ["remainder", "modulo"], "a % b",
      "What is left of a division, with the sign of b: -7 % 3 is 2."),
    OperatorHelp(
      ["+"], ["plus", "sum of two", "addition"], "a + b",
      "A sum, element by element; joins strings."),
    OperatorHelp(
      ["-"], ["minus", "difference", "subtraction"], "a - b  -a",
      "A difference, or the negative; as an argument it stands in parentheses: max 2 (-3)."),
    OperatorHelp(
      ["..", "by"], [], "1..10  0..1 by 0.25",
      "A range with both ends, in steps of 1 or as by says."),
    OperatorHelp(
      ["==", "!=", "<", "<=", ">", ">="], ["comparison", "equality", "equal", "less", "greater"],
      "a == b  a != b  a < b <= c",
      "Comparisons, true or false, of vectors element by element."),
    OperatorHelp(
      ["≈", "~~", "within"], ["nearly equal", "approximately"], "a ≈ b  a ≈ b within 1e-3",
      "Equal to the digits that the other side is written with; within says how near. ~~ is ≈."),
    OperatorHelp(
      ["not", "and", "or"], ["logic", "boolean"], "not a  a and b  a or b", "Truth values joined."),
    OperatorHelp(
      ["="], ["assignment", "assign"], "x = 3  W[1,2] = 0.5  a, b = pair",
      "Gives a name, an element or a field a value."),
    OperatorHelp(
      ["+=", "-=", "*=", "/="], [], "x += 1", "Changes a value by another."),
    OperatorHelp(["->"], ["arrow"], "x -> x^2", "A function without a name."),
    OperatorHelp(
      [";"], ["semicolon"], "x = 3; y = 4",
      "Ends a statement; at the end of a line it keeps the echo back."),
    OperatorHelp(["#", "##"], ["hash"], "# words", "A comment; ## above a function is its help."),
    OperatorHelp(
      ["___"], ["blank"], "y = ___", "A blank of an exercise, which the student fills in."),
    OperatorHelp(["?"], ["question mark"], "?train", "Help on a word."),
  ]

  static func table(width: Int) -> String {
    let forms = all.map { TextWidth.columns(of: $0.form) }.max() ?? 0
    return
      (["Operators and signs, those that bind tightest first.", ""]
      + all.flatMap {
        TextWidth.hanging(
          "  \(TextWidth.padded($0.form, to: forms, .left))  ", $0.summary, width: width)
      }).joined(separator: "\n")
  }
}
