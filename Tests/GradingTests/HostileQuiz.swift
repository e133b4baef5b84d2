import Differentiation
import Grading

@testable import Grading

/// Quizzes with random numbers, whose texts are full of the marks of every format.
struct HostileQuiz {
  private var random: RandomSource

  init(seed: Int) { random = RandomSource(seed: seed, stream: "quiz") }

  private static let marks = [
    "<script>alert(1)</script>", "]]>", "<![CDATA[", "{1:NUMERICAL:=3}", "{2:MC:=a~b}", "~%100%5",
    "}#", "{", "}", "\\(x\\)", "\\[y\\]", "$$z$$", "\\}", "\\~", "\\", "{@1+1@}", "{#1#}",
    "[[input:ans9]]", "[[/if]]", "&amp;", "&#125;", "\"", "'", "%50%", "%", "@@PLUGINFILE@@",
    "ünï∂", "😀", "‮abc", "\u{1}\u{7F}", "\n", "- item", "1. item", "* item", "+ item", "# head",
    "GROUP", "END_GROUP", "COMMENT", "```", "~~~", "Title: no", "=   3", "... no", "! no", "_a_",
    "**b**", "| a | b |", "[^1]: note", "[a](b)", "![a](b.png)", "{.class #id}", "<!-- no -->",
    "\\num{3}", "http://a.b/c", "<b", "--", "...", "-- x", "*/", "a_b", "∂E/∂w5", "$w_1$", "$",
    "$5",
    "word", "number", "0.25", "is", "the",
  ]

  private mutating func text(_ count: Int) -> String {
    (0..<count).map { _ in Self.marks[random.below(Self.marks.count)] }.joined(separator: " ")
  }

  private mutating func number() -> Double {
    let digits = Double(random.below(90_000) + 10_000)
    let scaled = digits / [100.0, 10_000, 100_000][random.below(3)]
    return random.below(3) == 0 ? -scaled : scaled
  }

  private mutating func part(_ name: String) -> Quiz.Part {
    let right = number()
    let digits = 3
    let tolerance = QuizNumber.halfUnit(right, digits: digits)
    var wrong: [Quiz.Wrong] = []
    for place in 0..<random.below(4) {
      let value = right + Double(place + 1) * 40 * tolerance
      wrong.append(
        Quiz.Wrong(
          value: value, tolerance: QuizNumber.halfUnit(value, digits: digits),
          causes: [Quiz.Cause(name: "slip\(place)", description: text(3))]))
    }
    return Quiz.Part(
      name: name, answer: name, element: 0, description: text(random.below(3)), points: 1,
      digits: digits, right: right, tolerance: tolerance, rounded: [], wrong: wrong)
  }

  /// So many questions, of two parts each.
  mutating func quiz(_ count: Int) -> Quiz {
    var quiz = Quiz(name: text(2))
    quiz.symbols = ["z", "word"]
    for _ in 0..<count {
      let variant = Quiz.Variant(
        id: "1", tasks: [text(random.below(12) + 1)], hints: [], pictures: [],
        parts: [part("z"), part("net_o1")])
      quiz.exercises.append(Quiz.Exercise(title: text(random.below(4)), variants: [variant]))
    }
    return quiz
  }
}
