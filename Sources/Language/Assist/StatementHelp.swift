/// The statements, for help and completion.
struct StatementHelp: Sendable {
  let words: [String]
  let form: String
  let summary: String
  /// Whether an expression follows the word, whose own head then counts for completion.
  let takesExpression: Bool

  init(words: [String], form: String, summary: String, takesExpression: Bool = false) {
    self.words = words
    self.form = form
    self.summary = summary
    self.takesExpression = takesExpression
  }

  static let all: [StatementHelp] = [
    .init(
      words: ["param"], form: "param w1 = 0.15, w2 = 0.20",
      summary: "Names what derivatives are taken with respect to."),
    .init(
      words: ["print"], form: "print a, b", summary: "Writes values, one blank between.",
      takesExpression: true),
    .init(
      words: ["check"], form: "check a ≈ 0.593, \"what it means when this fails\"",
      summary: "Says when a condition does not hold; the exit status is then 1.",
      takesExpression: true),
    .init(
      words: ["if", "else"], form: "if c { … } else { … }",
      summary: "Chooses; as an expression it has the value of the block taken.",
      takesExpression: true),
    .init(
      words: ["for", "in"], form: "for x in xs { … }",
      summary: "Runs the block for each element of a range, vector, list or matrix (its rows)."),
    .init(
      words: ["while"], form: "while c { … }", summary: "Runs the block as long as c holds.",
      takesExpression: true),
    .init(
      words: ["repeat"], form: "repeat 10 { … }", summary: "Runs the block so many times.",
      takesExpression: true),
    .init(
      words: ["break", "continue"], form: "break, continue",
      summary: "Leave the innermost loop, or go to its next round."),
    .init(
      words: ["return"], form: "return e", summary: "Ends a function with a value.",
      takesExpression: true),
    .init(words: ["import"], form: "import \"lib.bp\"", summary: "Runs another script here."),
    .init(
      words: ["time"], form: "time e", summary: "Says how long a statement takes.",
      takesExpression: true),
    .init(
      words: ["exercise"],
      form: "exercise \"Title\" points=2 { hint \"…\"; check …; mistake …, \"…\" }",
      summary: """
        A task for students with its checks: bp check FILE says which hold and gives the points. Letters \
        as δ and η are typed as \\delta and \\eta with TAB at the prompt.
        """),
    .init(
      words: ["hint"], form: "hint \"the net input is the weighted sum plus the bias\"",
      summary: """
        Inside an exercise: bp check --hint shows the first one, with --hint --hint the second, of what \
        is not solved.
        """),
    .init(
      words: ["mistake"], form: "mistake y ≈ z, \"You did not squash the net input.\"",
      summary: """
        Inside an exercise: where a check fails and this holds, bp check says the sentence, so that a \
        usual mistake is named.
        """),
    .init(
      words: ["variant"], form: "variant w = 0.1..0.9 by 0.1, x = [1, 2, 3]",
      summary: "Numbers that are drawn for each student; the first where nobody draws."),
    .init(
      words: ["task"], form: "task \"Compute the net input z of a unit with the weight {w}.\"",
      summary: "Inside an exercise: what is asked."),
    .init(
      words: ["answer"], form: "answer z \"the net input\" points=1 digits=4",
      summary: "Inside an exercise: a name that students give a value to."),
    .init(
      words: ["public"], form: "public check y > 0, \"an output of sigmoid is positive\"",
      summary: "Inside an exercise: a check that students see before they hand in.",
      takesExpression: true),
    .init(
      words: ["tests"], form: "tests { check unit(0, 0) ≈ 0.5 }",
      summary: "A student's own checks of a function that a key describes."),
  ]
}
